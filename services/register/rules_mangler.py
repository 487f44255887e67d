"""Which roles nobody can be reached in, and on which days: vacancies must raise an alarm (Oslostandarden S:611)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle
from services.register.rules_roller import FAST_PLASS

Alvor = Literal["ubemannet", "bare_vara", "uten_vara"]
"""Nobody at all; no holder, but a deputy; a holder without the deputy the role ought to have."""

DAGER_MAKS = 366
MED_VARA = frozenset({Rolle.SALTO_KOORDINATOR})
"""«En SaLTo-koordinator i hver av de 15 bydelene» (S:137): one person, so one deputy too."""

BORTE = "alle er borte"
DEMO = "bare demopersoner, og de varsles aldri for alvor"
UTEN_KANAL = "ingen har mobil eller e-post som kan brukes"
UGYLDIG = "ingen er gyldig i perioden"
INGEN = "ingen er registrert"
GRUNNER = (BORTE, DEMO, UTEN_KANAL, UGYLDIG, INGEN)

_ETT_STED = frozenset({Rolle.SALTO_SENTRUM, Rolle.UTESEKSJONEN})
"""The city has one; owners write one unit or the other."""

_IKKE_VARSLET = frozenset({Rolle.BYDELSDIREKTOER})
"""Has a fixed place, but is head of the escalation and never called by table O (domene D46)."""

KREVDE: tuple[tuple[Rolle, tuple[str, ...]], ...] = tuple(
    (rolle, enheter)
    for rolle, plasser in FAST_PLASS.items()
    if rolle not in _IKKE_VARSLET
    for enheter in ([plasser] if rolle in _ETT_STED else [(plass,) for plass in plasser])
)
"""Every role the routing rules can call (domene table O), with the units any of which may hold it."""


@dataclass(frozen=True)
class Funn:
    """A role that is not manned as it ought to be, from a day to a day, both included."""

    rolle: Rolle
    enhet: str
    fra: date
    til: date
    alvor: Alvor
    aarsak: str


@dataclass(frozen=True)
class Dekning:
    """How the directory covers a day: who is away, and whether persons flagged demo can be reached."""

    fravaer: Mapping[object, Sequence[Fravaer]]
    demo_naas: bool

    def naas(self, rad: RolleRad, dag: date) -> str | None:
        """None when the person can be reached in the role that day; otherwise why not."""
        if (rad.gyldig_fra and dag < rad.gyldig_fra) or (rad.gyldig_til and dag > rad.gyldig_til):
            return UGYLDIG
        if not rad.har:
            return UTEN_KANAL
        if rad.demo and not self.demo_naas:
            return DEMO
        if any(f.fra <= dag <= f.til for f in self.fravaer.get(rad.person_id, ())):
            return BORTE
        return None


def mangler(
    roller: Iterable[RolleRad], fravaer: Iterable[Fravaer], fra: date, til: date, *, demo_naas: bool
) -> tuple[Funn, ...]:
    """Every role of table O without a reachable holder on some day from `fra` to `til`, gravest first.

    Args:
        roller: the whole directory.
        fravaer: every absence that touches the days.
        fra: the first day (Oslo).
        til: the last; at most `DAGER_MAKS` days later.
        demo_naas: whether the gateway takes persons flagged demo.
    """
    borte: dict[object, list[Fravaer]] = {}
    for f in fravaer:
        borte.setdefault(f.person_id, []).append(f)
    dekning = Dekning(borte, demo_naas)
    plasser: dict[tuple[Rolle, str], list[RolleRad]] = {}
    for rad in roller:
        plasser.setdefault((rad.rolle, rad.enhet), []).append(rad)
    dager = [fra + timedelta(days=n) for n in range((til - fra).days + 1)]
    funn = [
        ett
        for rolle, enheter in KREVDE
        for ett in _perioder(
            rolle, enheter[0], [r for e in enheter for r in plasser.get((rolle, e), ())], dager, dekning
        )
    ]
    return tuple(sorted(funn, key=lambda f: ("ubemannet", "bare_vara", "uten_vara").index(f.alvor)))


def _perioder(
    rolle: Rolle, enhet: str, rader: Sequence[RolleRad], dager: Sequence[date], dekning: Dekning
) -> list[Funn]:
    ut: list[Funn] = []
    for dag in dager:
        dom = _dom(rolle, rader, dag, dekning)
        if dom is None:
            continue
        siste = ut[-1] if ut else None
        if siste and (siste.alvor, siste.aarsak, siste.til) == (*dom, dag - timedelta(days=1)):
            ut[-1] = replace(siste, til=dag)
        else:
            ut.append(Funn(rolle, enhet, dag, dag, *dom))
    return ut


def _dom(rolle: Rolle, rader: Sequence[RolleRad], dag: date, dekning: Dekning) -> tuple[Alvor, str] | None:
    """What is wrong that day; None when nothing is."""
    innehavere = [dekning.naas(r, dag) for r in rader if r.vara_for is None]
    varaer = [dekning.naas(r, dag) for r in rader if r.vara_for is not None]
    if None in innehavere:
        return ("uten_vara", _aarsak(varaer)) if rolle in MED_VARA and None not in varaer else None
    return ("bare_vara" if None in varaer else "ubemannet"), _aarsak(innehavere)


def _aarsak(grunner: Sequence[str | None]) -> str:
    """One reason for all of them: the one that was nearest to no reason."""
    return min((g for g in grunner if g), key=GRUNNER.index, default=INGEN)
