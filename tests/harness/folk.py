"""Demo Oslo's people by role and unit: numbers and addresses from the demo register itself."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from services.register.demo import FIL


@dataclass(frozen=True)
class Demoperson:
    """One fictitious person in one role."""

    noekkel: str
    mobil: str
    epost: str
    rolle: str
    enhet: str
    vara_for: str
    navn: str = ""


@cache
def folk() -> tuple[Demoperson, ...]:
    with FIL.open(encoding="utf-8") as fil:
        return tuple(
            Demoperson(
                r["person_id"],
                r["mobil"].replace(" ", ""),
                r["epost"],
                r["rolle"],
                r["enhet"],
                r["vara_for"],
                r["navn"],
            )
            for r in csv.DictReader(fil, delimiter=";")
        )


def innehaver(rolle: str, enhet: str | None = None) -> Demoperson:
    """The holder of a role (in a unit)."""
    return next(p for p in folk() if p.rolle == rolle and enhet in {None, p.enhet} and not p.vara_for)


def vara_for(rolle: str, enhet: str) -> Demoperson:
    """The deputy of a role in a unit."""
    return next(p for p in folk() if p.rolle == rolle and p.enhet == enhet and p.vara_for)
