"""Which times the form takes: a wrong year and a deadline nobody can meet are caught before anybody is called.

The API takes them all: another system may tell of what was, and of what is far ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

FORTID = timedelta(hours=24)
"""So long ago may a start be that somebody reports: it is going on, or it was last night."""
FREMTID = timedelta(days=2 * 365 + 1)
"""Two years, one of them a leap year."""

FOR_LENGE_SIDEN = "Datoen er for lenge siden. Sjekk året."
FOR_LANGT_FRAM = "Datoen er over to år fram. Sjekk året."
FRISTEN_PASSERT = "Svarfristen er passert. Velg en tid som ikke har vært."
FRISTEN_ETTER_START = "Svarfristen er etter start. Velg en tid før det starter."


def tidsfeil(tider: Mapping[str, datetime], foer: Mapping[str, datetime], naa: datetime) -> dict[str, str]:
    """What is wrong with `start` and `svarfrist`, by the form's fields; those that stand as before are let be.

    A deadline is after the start of what has begun already: otherwise it could have none.
    """
    start, frist = tider.get("start"), tider.get("svarfrist")
    feil: dict[str, str] = {}
    if start and start != foer.get("start"):
        if start < naa - FORTID:
            feil["start_dato"] = FOR_LENGE_SIDEN
        elif start > naa + FREMTID:
            feil["start_dato"] = FOR_LANGT_FRAM
    if frist and frist != foer.get("svarfrist"):
        if frist < naa:
            feil["svarfrist_dato"] = FRISTEN_PASSERT
        elif start and naa < start < frist:
            feil["svarfrist_dato"] = FRISTEN_ETTER_START
    return feil
