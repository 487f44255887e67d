"""The panel «Utkallinger»: each call-out as a row, those who need a look first, and many of them by unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import Aktoer
from contracts.roller import enhetsnavn, rolle_i_enhet
from contracts.tavle import Svartall
from services.utkalling import rules, rules_vara, visning_ord
from services.utkalling.sak import Sak, Utkalling
from services.utkalling.tall import GRUPPER, Gruppe, gruppe, tell
from services.utkalling.visning_uviss import Uvisst, uvisse

MANGE = 30
"""From so many asked on, they stand by unit."""
TITLER: dict[Gruppe, str] = {
    "sviktet": "Må ses på",
    "venter": "Venter på svar",
    "kommer": "Kommer",
    "kommer_ikke": "Kommer ikke",
    "avlyst": "Avlyst",
}
SVARTE_IKKE = "Svarte ikke"
"""What waiting has become when it is over."""
STANDARDEN = "Oslostandarden "
_VERST = ("feilet", "uviss", "planlagt", "utloept")
_SIST = "eskalert"
"""Somebody else has been called: the least of what needs a look."""


@dataclass(frozen=True)
class Rad:
    """One call-out as it is shown."""

    id: UUID
    gruppe: Gruppe
    roller: tuple[str, ...]
    enheter: tuple[str, ...]
    navn: str
    status: str
    statustekst: str
    """Instead of the status's own word; empty where that says it."""
    under: tuple[str, ...]
    vara: str
    grunner: tuple[tuple[str, str, str], ...]
    """Role, reason, and what the reason is built on, for each role."""
    meldinger: tuple[str, ...]
    svar: tuple[str, ...]
    uvisse: tuple[Uvisst, ...]
    kan_svare: bool
    egen: bool
    rang: tuple[int, int, datetime, int]

    @property
    def enhet(self) -> str:
        return enhetsnavn(self.enheter[0]) if self.enheter else ""


@dataclass(frozen=True)
class Del:
    """Some rows under one heading. `brettet`: None = always open, else whether it is folded at first."""

    id: str
    tittel: str
    rader: tuple[Rad, ...]
    sammendrag: str = ""
    brettet: bool | None = None


@dataclass(frozen=True)
class Filter:
    """A link that shows some of them."""

    vis: str
    tekst: str
    valgt: bool


@dataclass(frozen=True)
class Panel:
    """All the panel shows."""

    tall: Svartall
    filtre: tuple[Filter, ...]
    deler: tuple[Del, ...]
    orienterte: Del | None
    uvisse: tuple[Uvisst, ...]
    """Messages in doubt that belong to no call-out."""
    vis: str


@dataclass(frozen=True)
class Grunnlag:
    """What a row is made of: the desk, what was sent and answered, names when they may be shown, and who looks."""

    sak: Sak
    meldinger: Mapping[UUID, Sequence[Row[Any]]]
    svar: Mapping[UUID, Sequence[Row[Any]]]
    navn: Mapping[UUID, str]
    av: Aktoer
    andre: Sequence[Row[Any]] = ()
    """Messages in doubt that belong to no call-out."""

    @cached_property
    def varaer(self) -> Mapping[UUID, Sequence[Utkalling]]:
        """Who was called instead of whom."""
        ut: dict[UUID, list[Utkalling]] = {}
        for v in self.sak.utkallinger.values():
            if v.vara_for:
                ut.setdefault(v.vara_for, []).append(v)
        return ut


def panel(g: Grunnlag, vis: str = "") -> Panel:
    """The whole panel; `vis` is the group that is asked for, empty = all."""
    alle = sorted((rad(g, u) for u in g.sak.utkallinger.values()), key=lambda r: r.rang)
    orienterte = tuple(r for r in alle if r.gruppe == "orientert")
    spurte = [r for r in alle if r.gruppe != "orientert"]
    valgt = vis if vis in TITLER else ""
    titler = TITLER if g.sak.aapen else {**TITLER, "venter": SVARTE_IKKE}
    vist = [r for r in spurte if not valgt or r.gruppe == valgt]
    inndeling = _Inndeling(titler, valgt, mange=len(spurte) > MANGE, egen=g.av.enhet)
    return Panel(
        tall=tell(((u, 1) for u in g.sak.utkallinger.values()), g.sak.naa),
        filtre=inndeling.filtre(spurte),
        deler=tuple(inndeling.deler(vist)),
        orienterte=_orienterte(orienterte) if orienterte else None,
        uvisse=uvisse(g.sak, None, g.andre, g.av, g.sak.naa),
        vis=valgt,
    )


@dataclass(frozen=True)
class _Inndeling:
    """How rows are parted: the own unit first; then by what they stand at, or by unit when they are many."""

    titler: Mapping[Gruppe, str]
    valgt: str
    mange: bool
    egen: str | None

    def filtre(self, spurte: Sequence[Rad]) -> tuple[Filter, ...]:
        """All, and each group that has somebody."""
        grupper = {r.gruppe for r in spurte}
        alle = Filter("", "Alle", valgt=not self.valgt)
        synlige = [n for n in self.titler if n in grupper or n == self.valgt]
        return (alle, *(Filter(n, self.titler[n], valgt=n == self.valgt) for n in synlige))

    def deler(self, rader: Sequence[Rad]) -> Iterator[Del]:
        """The parts in their order."""
        egne, andre = _del_i_to(rader, lambda r: r.egen)
        if egne and self.egen:
            yield Del("egne", f"Din enhet: {enhetsnavn(self.egen)}", egne)
        if not self.mange:
            for navn, like in groupby(andre, key=lambda r: r.gruppe):
                yield Del(f"gruppe-{navn}", self.titler[navn], tuple(like))
            return
        foerst, resten = _del_i_to(andre, lambda r: r.gruppe == "sviktet" and not self.valgt)
        if foerst:
            yield Del("gruppe-sviktet", self.titler["sviktet"], foerst)
        yield from self._etter_enhet(resten)

    def _etter_enhet(self, rader: Sequence[Rad]) -> Iterator[Del]:
        def enhet(r: Rad) -> str:
            return r.enheter[0] if r.enheter else ""

        for navn, like in groupby(sorted(rader, key=enhet), key=enhet):  # stable: in a unit they keep their order
            r = tuple(like)
            merke = re.sub(r"[^a-z0-9]+", "-", navn.lower())
            yield Del(f"enhet-{merke}", _stor(enhetsnavn(navn)), r, self._sammendrag(r), brettet=not self.valgt)

    def _sammendrag(self, rader: Sequence[Rad]) -> str:
        """«3 kommer, 2 venter på svar»."""
        antall = Counter(r.gruppe for r in rader)
        return ", ".join(f"{antall[n]} {tittel.lower()}" for n, tittel in self.titler.items() if antall[n])


def _del_i_to(rader: Sequence[Rad], hvor: Callable[[Rad], bool]) -> tuple[tuple[Rad, ...], tuple[Rad, ...]]:
    return tuple(r for r in rader if hvor(r)), tuple(r for r in rader if not hvor(r))


def _orienterte(rader: tuple[Rad, ...]) -> Del:
    borte = sum(r.status in {"feilet", "uviss", "planlagt"} for r in rader)
    hva = f"{len(rader)} er bare orientert" + (f" ({borte} er kanskje ikke nådd)" if borte else "")
    return Del("orienterte", hva, rader, "De trenger ikke å svare, og får ingen påminnelse.", brettet=True)


def rad(g: Grunnlag, u: Utkalling) -> Rad:
    """One call-out as it is shown."""
    naa, hvor = g.sak.naa, gruppe(u, g.sak.naa)
    if hvor == "sviktet" and not g.sak.aapen:
        hvor = "venter"  # over: nobody has to look any more
    kan_svare = g.sak.aapen and not u.avlyst and rules.roller_til_svar(g.sak, u, g.av)
    return Rad(
        id=u.id,
        gruppe=hvor,
        roller=_roller(u),
        enheter=tuple(dict.fromkeys(r.enhet for r in u.roller)),
        navn=g.navn.get(u.person_id, ""),
        status=str(u.status),
        statustekst=_statustekst(g, u),
        under=tuple(_under(u, naa, aapen=g.sak.aapen)),
        vara=_vara(g, u),
        grunner=tuple((rolle_i_enhet(r.rolle, r.enhet), r.grunn, r.hjemmel.removeprefix(STANDARDEN)) for r in u.roller),
        meldinger=tuple(visning_ord.melding(m, naa) for m in _i_rekkefoelge(g.meldinger.get(u.id, ()))),
        svar=tuple(visning_ord.svar(s, naa, merknad=kan_svare) for s in g.svar.get(u.id, ())),
        uvisse=uvisse(g.sak, u, _i_rekkefoelge(g.meldinger.get(u.id, ())), g.av, naa),
        kan_svare=kan_svare,
        egen=g.av.enhet is not None and any(r.enhet == g.av.enhet for r in u.roller),
        rang=(GRUPPER.index(hvor), _alvor(u), u.opprettet, u.nr),
    )


def _roller(u: Utkalling) -> tuple[str, ...]:
    """Each role once; the first begins a line, and has a capital letter."""
    foerste, *andre = dict.fromkeys(rolle_i_enhet(r.rolle, r.enhet) for r in u.roller) or ["Mottaker"]
    return _stor(foerste), *andre


def _stor(tekst: str) -> str:
    return tekst[:1].upper() + tekst[1:]


def _alvor(u: Utkalling) -> int:
    """Those nobody has reached first, those somebody else was called for last."""
    status = str(u.status)
    if status == _SIST:
        return len(_VERST) + 1
    return _VERST.index(status) if status in _VERST else len(_VERST)


def _i_rekkefoelge(meldinger: Sequence[Row[Any]]) -> list[Row[Any]]:
    return sorted(meldinger, key=lambda m: min(m.tider.values(), default=""))


def _statustekst(g: Grunnlag, u: Utkalling) -> str:
    """What the status is called here, where its own word would say too little or too much."""
    status = str(u.status)
    if status == "eskalert" and u.id not in g.varaer:
        return "Ingen vara å kalle"
    if status == "planlagt" and u.spurt:
        return "Har ingen kanal"
    if u.venter_svar and not g.sak.aapen:
        return SVARTE_IKKE
    return "Venter på svar" if status == "levert" and u.spurt else ""


def _under(u: Utkalling, naa: datetime, *, aapen: bool) -> list[str]:
    """What stands under the status: when somebody is there, with how many, or how long there is left to answer."""
    if u.svar:
        ut = [f"framme ca. {visning_ord.naar(u.eta, naa)}"] if u.eta and u.svar == "kommer" else []
        ut += [f"{u.antall} personer"] if u.antall and u.antall > 1 else []
        return ut + (["svarte etter fristen"] if u.sen else [])
    if not u.venter_svar or u.svarfrist is None or not aapen:
        return []
    return [f"{'fristen gikk ut' if rules.er_sen(u, naa) else 'frist'} {visning_ord.naar(u.svarfrist, naa)}"]


def _vara(g: Grunnlag, u: Utkalling) -> str:
    """Whom somebody is deputy for, and who was called instead."""
    deler = []
    if u.vara_for and (innehaver := g.sak.utkallinger.get(u.vara_for)):
        deler.append(f"Vara for {_hvem(g, innehaver)}")
    varaer = [_hvem(g, v) for v in g.varaer.get(u.id, ()) if not v.avlyst]
    deler += [f"Vara som er kalt: {', '.join(varaer)}"] if varaer else []
    return ". ".join(deler)


def _hvem(g: Grunnlag, u: Utkalling) -> str:
    return g.navn.get(u.person_id) or rules_vara.hvem(u)
