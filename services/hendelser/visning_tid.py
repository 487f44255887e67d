"""When something is, as people say it: «i dag kl. 14–17», «om 2 timer», «pågår nå»."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from infra.clock import OSLO
from infra.web.norsk import dato
from services.hendelser.ord import relativ

NAER = timedelta(days=14)
"""Further away than this, «om 31 dager» helps nobody."""


class Tid(NamedTuple):
    """A time on the clock, and how near it is; the latter is empty when it says nothing."""

    naar: str
    naerhet: str


def tid(start: datetime | None, slutt: datetime | None, naa: datetime) -> Tid:
    """When a hendelse is, seen from now."""
    if start is None:
        return Tid("Uten tidspunkt", "")
    return Tid(_naar(start, slutt, naa), _naerhet(start, slutt, naa))


def _naar(start: datetime, slutt: datetime | None, naa: datetime) -> str:
    fra = f"{_dag(start, naa)} kl. {_klokka(start)}"
    if slutt is None or slutt <= start:
        return fra
    if slutt.astimezone(OSLO).date() == start.astimezone(OSLO).date():
        return f"{fra}–{_klokka(slutt)}"
    return f"{fra} – {_dag(slutt, naa)} kl. {_klokka(slutt)}"


def _naerhet(start: datetime, slutt: datetime | None, naa: datetime) -> str:
    if min(abs(start - naa), abs((slutt or start) - naa)) > NAER:
        return ""
    if start > naa:
        return relativ(start, naa)
    if slutt is None:
        return f"begynte {relativ(start, naa)}"
    return "pågår nå" if naa < slutt else f"ferdig {relativ(slutt, naa)}"


def _dag(tid_: datetime, naa: datetime) -> str:
    her, i_dag = tid_.astimezone(OSLO).date(), naa.astimezone(OSLO).date()
    ord_ = {-1: "i går", 0: "i dag", 1: "i morgen"}.get((her - i_dag).days)
    return ord_ or (dato(her) if her.year == i_dag.year else f"{dato(her)}{her.year}")


def _klokka(tid_: datetime) -> str:
    her = tid_.astimezone(OSLO)
    return f"{her:%H.%M}" if her.minute else f"{her:%H}"
