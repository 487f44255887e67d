"""A desk as the tests set it: a hendelse, fictitious people in roles, and what was decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.event import ny_id
from contracts.hendelse import Alvorlighet, Bemanning, Eier, Hendelse, HendelseType, Sted
from contracts.mobilisering import Art, Kanal, Mottaker, RolleGrunn
from contracts.roller import Rolle
from contracts.utkalling import Kvittering, Svar
from services.utkalling import rules, rules_kall
from services.utkalling.sak import Sak, Utkalling

NAA = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
START = NAA + timedelta(days=7)
ALLE_KANALER: tuple[Kanal, ...] = ("sms", "epost")


def person(nr: int) -> UUID:
    """Fictitious person number so and so."""
    return UUID(int=1000 + nr)


def hendelse(**felt: Any) -> Hendelse:
    """A demonstration on Eidsvolls plass in a week, unless told otherwise."""
    grunn: dict[str, Any] = {
        "type": HendelseType.DEMONSTRASJON,
        "tittel": "Markering",
        "sted": Sted(navn="Eidsvolls plass", bydeler=("16",), sentrum=True),
        "start": START,
        "alvorlighet": Alvorlighet.MIDDELS,
        "kodeord": "ELG",
        "eier": Eier(rolle=Rolle.SALTO_SENTRUM, enhet="sentrum"),
    }
    return Hendelse(**{**grunn, **felt})


def rolle(enhet: str = "bydel:05", *, vara: Sequence[int] = (), slag: Rolle = Rolle.SALTO_KOORDINATOR) -> RolleGrunn:
    """Why one is called: as a SaLTo-koordinator, with these persons as deputies."""
    return RolleGrunn(
        rolle=slag,
        enhet=enhet,
        regel="R2-sentrum",
        hjemmel="Oslostandarden 4.2",
        grunn="Fordi.",
        kort="sentrumsbydel",
        vara=tuple(person(v) for v in vara),
    )


def mottaker(
    nr: int, *roller: RolleGrunn, art: Art = "foresporsel", kanaler: Sequence[Kanal] = ALLE_KANALER
) -> Mottaker:
    """One recipient of a decision."""
    return Mottaker(person_id=person(nr), art=art, kanaler=tuple(kanaler), roller=roller or (rolle(),))


def sak(**felt: Any) -> Sak:
    """An open desk with nobody called yet; persons 50-59 can be reached as deputies."""
    grunn: dict[str, Any] = {
        "hendelse_id": UUID(int=1),
        "hendelse": hendelse(),
        "aapen": True,
        "bemannet": False,
        "utkallinger": {},
        "vara": {person(nr): ALLE_KANALER for nr in range(50, 60)},
        "naa": NAA,
        "aarsak": UUID(int=2),
    }
    return Sak(**{**grunn, **felt})


def med_kalte(*mottakere: Mottaker, kanalstatus: str = "levert", **felt: Any) -> Sak:
    """A desk with these called and reached, and a clean sheet for what is decided next."""
    bord = sak(**felt)
    rules_kall.kall_ut(bord, mottakere, avlyst=False)
    for u in list(bord.utkallinger.values()):
        bord.sett(u, kanalstatus=dict.fromkeys(u.kanaler, kanalstatus))
    return neste(bord)


def neste(bord: Sak, **felt: Any) -> Sak:
    """The same desk the next time it is opened, by another event."""
    grunn: dict[str, Any] = {
        "hendelse_id": bord.hendelse_id,
        "hendelse": bord.hendelse,
        "aapen": bord.aapen,
        "bemannet": bord.bemannet,
        "utkallinger": dict(bord.utkallinger),
        "vara": bord.vara,
        "naa": bord.naa,
        "aarsak": ny_id(bord.aarsak, "neste"),
        "stoppede": bord.stoppede,
    }
    return Sak(**{**grunn, **felt})


def av(bord: Sak, nr: int) -> Utkalling:
    """The call-out of a person on the desk."""
    u = bord.finn(person(nr))
    assert u is not None
    return u


def svarer(bord: Sak, nr: int, svar: Svar, *, etter: timedelta = timedelta(), **felt: Any) -> bool:
    """Somebody answers by SMS."""
    u, mottatt = av(bord, nr), bord.naa + etter
    grunn: dict[str, Any] = {"kanal": "sms", "mottatt": mottatt, "sen": rules.er_sen(u, mottatt)}
    return rules.kvitter(bord, u, Kvittering(utkalling_id=u.id, svar=svar, **{**grunn, **felt}))


def bemannet_av(minst: int) -> Hendelse:
    """A hendelse that needs so many."""
    return hendelse(bemanning=Bemanning(minst=minst))
