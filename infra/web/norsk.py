"""Times and numbers as people here write them: «lør 28.11. kl. 14.00», «1 200»."""

from __future__ import annotations

from datetime import date, datetime

from infra.clock import OSLO

UKEDAGER = ("man", "tir", "ons", "tor", "fre", "lør", "søn")


def tidspunkt(tid: datetime | str | None) -> str:
    """«lør 28.11. kl. 14.00» in Oslo's time; empty for nothing."""
    return f"{dato(tid)} kl. {klokka(tid)}" if tid else ""


def dato(dag: datetime | date | str | None) -> str:
    """«lør 28.11.» in Oslo's time; empty for nothing."""
    if not dag:
        return ""
    her = _her(dag) if not isinstance(dag, date) or isinstance(dag, datetime) else dag
    return f"{UKEDAGER[her.weekday()]} {her.day}.{her.month}."


def klokka(tid: datetime | str | None) -> str:
    """«14.00» in Oslo's time."""
    return f"{_her(tid):%H.%M}" if tid else ""


def tall(verdi: float) -> str:
    """«1 200», «12,50»: a no-break space between thousands, a comma before decimals."""
    skrevet = f"{verdi:,}" if isinstance(verdi, int) else f"{verdi:,.2f}"
    return skrevet.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def _her(tid: datetime | str) -> datetime:
    return (datetime.fromisoformat(tid) if isinstance(tid, str) else tid).astimezone(OSLO)
