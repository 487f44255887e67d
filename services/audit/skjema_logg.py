"""What is asked of the log in an address: a moment in Oslo's time, and the place to read on from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from infra.clock import OSLO
from services.audit.store_sider import Sted

_STED = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})")
_SEKUND, _MINUTT = timedelta(seconds=1), timedelta(minutes=1)
_MINST = timedelta(microseconds=1)


@dataclass(frozen=True)
class Utsnitt:
    """Which part of the log is asked for. `til` is included; `feil` is by field, in bokmål."""

    dag: str = ""
    klokke: str = ""
    til: datetime | None = None
    feil: dict[str, str] = field(default_factory=dict)


def les_utsnitt(til: str, kl: str) -> Utsnitt:
    """The end of the part that is asked for: to the end of the day, the minute or the second that is named.

    Args:
        til: a date, or a whole time with an offset (as the API takes it); empty for all.
        kl: a time of day in Oslo; when the clock was set back, the later of the two hours is meant.
    """
    if "T" in til:
        return _av_hel(til)
    if not til:
        return Utsnitt(klokke=kl, feil={"til": "Velg datoen også."}) if kl else Utsnitt()
    try:
        dag = date.fromisoformat(til)
    except ValueError:
        return Utsnitt(til, kl, feil={"til": "Datoen må skrives som år-måned-dag, for eksempel 2026-11-28."})
    try:
        return Utsnitt(til, kl, _slutten(dag, kl))
    except ValueError:
        return Utsnitt(til, kl, feil={"kl": "Klokkeslettet må skrives som timer:minutter, for eksempel 14:03."})


def _av_hel(til: str) -> Utsnitt:
    try:
        tid = datetime.fromisoformat(til).astimezone(OSLO)
    except (ValueError, OverflowError):
        return Utsnitt(feil={"til": "Datoen må skrives som år-måned-dag, for eksempel 2026-11-28."})
    return Utsnitt(tid.date().isoformat(), f"{tid:%H:%M:%S}", tid)


def _slutten(dag: date, kl: str) -> datetime:
    klokke = time.fromisoformat(kl) if kl else time(23, 59)
    if klokke.tzinfo:
        raise ValueError("et klokkeslett her er norsk tid")
    lengde = _SEKUND if kl.count(":") > 1 else _MINUTT
    begynner = datetime.combine(dag, klokke.replace(microsecond=0, fold=1), OSLO)
    return (begynner + lengde - _MINST).replace(fold=1)  # adding forgets which of the two hours it was


def les_sted(tekst: str) -> Sted | None:
    """«1.4711»: epoch and sequence; None when it is neither."""
    treff = _STED.fullmatch(tekst)
    return (int(treff[1]), int(treff[2])) if treff else None
