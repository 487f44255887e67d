"""The call list: whom to ring, on which number, those nobody has heard from first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.event import Aktoer
from contracts.register import Kontakt
from infra.web import norsk
from services.utkalling import tekster
from services.utkalling.sak import Sak
from services.utkalling.visning_panel import Grunnlag, Rad, rad


@dataclass(frozen=True)
class Ringelinje:
    """One person to ring. `mobil` is empty for one who has e-mail alone."""

    rad: Rad
    mobil: str
    lenke: str


@dataclass(frozen=True)
class Ringeliste:
    """The page. `hentet` says how old the paper is."""

    kodeord: str
    hva: str
    tittel: str
    oppmoete: str
    vakttelefon: str
    hentet: str
    linjer: tuple[Ringelinje, ...]
    ubesvart: int


def ringeliste(sak: Sak, kontakter: Mapping[UUID, Kontakt], av: Aktoer) -> Ringeliste:
    """Everyone asked who has not been stood down: not answered first, by unit within each."""
    navn = {i: k.navn for i, k in kontakter.items() if k.navn}
    spurte = [u for u in sak.utkallinger.values() if u.spurt and not u.avlyst]
    grunnlag = Grunnlag(sak, {}, {}, navn, av)
    linjer = [_linje(rad(grunnlag, u), kontakter.get(u.person_id)) for u in spurte]
    h = sak.hendelse
    return Ringeliste(
        kodeord=h.kodeord,
        hva=tekster.hva(h, sak.naa),
        tittel=h.tittel,
        oppmoete=h.oppmoete,
        vakttelefon=h.vakttelefon or "",
        hentet=norsk.tidspunkt(sak.naa),
        linjer=tuple(sorted(linjer, key=lambda linje: _rekkefoelge(linje.rad))),
        ubesvart=sum(u.svar is None for u in spurte),
    )


def _linje(vist: Rad, kontakt: Kontakt | None) -> Ringelinje:
    mobil = (kontakt.mobil or "") if kontakt else ""
    return Ringelinje(vist, _lesbart(mobil), mobil)


def _lesbart(mobil: str) -> str:
    """«900 00 001», as people here say a number; others as they are."""
    norsk_nummer = mobil.removeprefix("+47")
    if norsk_nummer == mobil or len(norsk_nummer) != 8:
        return mobil
    return f"{norsk_nummer[:3]} {norsk_nummer[3:5]} {norsk_nummer[5:]}"


def _rekkefoelge(vist: Rad) -> tuple[bool, str, tuple[int, int, datetime, int]]:
    return vist.gruppe not in {"sviktet", "venter"}, vist.enheter[0] if vist.enheter else "", vist.rang
