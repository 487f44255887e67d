"""What a reading means for which call-out: the open ones, the answer before, and a question still pending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from uuid import UUID

from contracts.lesning import Betydning, Lesning

VENTER_MINUTTER = 30
"""How long a bare kodeord completes an answer that was unclear about which (API §4)."""

_FOR_ALLE = frozenset({Betydning.HJELP, Betydning.STOPP, Betydning.START})
_ETTER_OPPMOETE = frozenset({Betydning.FRAMME, Betydning.FERDIG})
_MOETER = frozenset({Betydning.KOMMER, Betydning.FRAMME})


class Utfall(StrEnum):
    """Why the meaning is what it is; each but `forstaatt` has an answer of its own to the sender."""

    FORSTAATT = auto()
    UKLAR_TEKST = auto()
    HVILKEN = auto()
    """Several are open: the sender is asked which."""
    HVILKET_TALL = auto()
    """A bare number under five: people, hours or minutes?"""
    LUKKET = auto()
    """The kodeord of a closed event."""
    UKJENT_KODEORD = auto()
    FLERE_KODEORD = auto()
    BARE_KODEORD = auto()
    """A kodeord alone, and no answer waits for one."""
    INGEN_AAPNE = auto()
    FEIL_REKKEFOELGE = auto()
    """`framme` or `ferdig` from somebody who has not said `kommer`."""


_GRUNN = {
    Utfall.HVILKEN: "Flere utkallinger er åpne.",
    Utfall.LUKKET: "Hendelsen med dette kodeordet er avsluttet.",
    Utfall.UKJENT_KODEORD: "Kodeordet gjelder ingen åpen utkalling.",
    Utfall.FLERE_KODEORD: "Svaret har flere kodeord.",
    Utfall.BARE_KODEORD: "Svaret er bare et kodeord.",
    Utfall.INGEN_AAPNE: "Ingen utkallinger er åpne.",
    Utfall.FEIL_REKKEFOELGE: "Framme eller ferdig uten å ha svart kommer.",
}


@dataclass(frozen=True)
class Aapen:
    """An open call-out of the sender: its event's kodeord, and the answer before, if any."""

    id: UUID
    kodeord: str
    svar: Betydning | None = None


@dataclass(frozen=True)
class Venter:
    """An answer that was clear but for which call-out, and when it came."""

    lesning: Lesning
    tid: datetime


@dataclass(frozen=True)
class Tolkning:
    """A meaning and the call-outs it is about.

    For `uklart` and `spoer`, `gjelder` are the call-outs it may be about. `eta_minutter` counts from now.
    """

    betydning: Betydning
    gjelder: tuple[UUID, ...] = ()
    eta_minutter: int | None = None
    utfall: Utfall = Utfall.FORSTAATT
    grunn: str = ""


def tolk(
    lesning: Lesning,
    aapne: Sequence[Aapen],
    venter: Venter | None,
    naa: datetime,
    lukkede: Sequence[str] = (),
) -> Tolkning:
    """What a reading means for the sender's open call-outs (API §4). Nothing is guessed.

    Args:
        lesning: the text read on its own.
        aapne: the sender's open call-outs.
        venter: the sender's last answer, if it waits for a kodeord; older than 30 minutes it is forgotten.
        naa: when the answer came, aware.
        lukkede: kodeord of closed events the sender was called to.
    """
    if lesning.svar in _FOR_ALLE:
        return Tolkning(lesning.svar, tuple(a.id for a in aapne))
    if lesning.svar is Betydning.UKLART:
        return _uklar_tekst(lesning, aapne)
    valgt = _velg(lesning, aapne, lukkede)
    if isinstance(valgt, Utfall):
        return _uten_svar(valgt, aapne)
    if lesning.svar is None:
        return _fullfoer(valgt, aapne, venter, naa)
    return _svar(lesning.svar, lesning.eta_minutter, valgt, lesning.grunn)


def _velg(lesning: Lesning, aapne: Sequence[Aapen], lukkede: Sequence[str]) -> Aapen | Utfall:
    """The one call-out a reading is about, or why there is none."""
    if len(lesning.kodeord) > 1:
        return Utfall.FLERE_KODEORD
    if lesning.kodeord:
        return _med_kodeord(lesning.kodeord[0], aapne, lukkede)
    naer = [a for a in aapne if a.kodeord in lesning.kodeord_naer]
    if len(naer) == 1:
        return naer[0]
    if lesning.naer_kreves:
        return Utfall.UKJENT_KODEORD
    if not aapne:
        return Utfall.INGEN_AAPNE
    return aapne[0] if len(aapne) == 1 else Utfall.HVILKEN


def _med_kodeord(kodeord: str, aapne: Sequence[Aapen], lukkede: Sequence[str]) -> Aapen | Utfall:
    treff = [a for a in aapne if a.kodeord == kodeord]
    if treff:
        return treff[0] if len(treff) == 1 else Utfall.HVILKEN
    return Utfall.LUKKET if kodeord in lukkede else Utfall.UKJENT_KODEORD


def _fullfoer(valgt: Aapen, aapne: Sequence[Aapen], venter: Venter | None, naa: datetime) -> Tolkning:
    """A bare kodeord completes the answer that waits for it; the minutes that have gone are gone."""
    if venter is None or venter.lesning.svar is None or naa - venter.tid > timedelta(minutes=VENTER_MINUTTER):
        return _uten_svar(Utfall.BARE_KODEORD, [valgt])
    eta = venter.lesning.eta_minutter
    if eta is not None:
        eta = max(0, eta - int((naa - venter.tid).total_seconds() // 60))
    return _svar(venter.lesning.svar, eta, valgt, venter.lesning.grunn)


def _svar(svar: Betydning, eta_minutter: int | None, valgt: Aapen, grunn: str) -> Tolkning:
    if svar is Betydning.SPOER:
        return Tolkning(svar, (valgt.id,), utfall=Utfall.HVILKET_TALL, grunn=grunn)
    if svar in _ETTER_OPPMOETE and valgt.svar not in _MOETER:
        return _uten_svar(Utfall.FEIL_REKKEFOELGE, [valgt])
    return Tolkning(svar, (valgt.id,), eta_minutter)


def _uten_svar(utfall: Utfall, kan_gjelde: Sequence[Aapen]) -> Tolkning:
    betydning = Betydning.SPOER if utfall is Utfall.HVILKEN else Betydning.UKLART
    return Tolkning(betydning, tuple(a.id for a in kan_gjelde), utfall=utfall, grunn=_GRUNN[utfall])


def _uklar_tekst(lesning: Lesning, aapne: Sequence[Aapen]) -> Tolkning:
    nevnt = [a.id for a in aapne if a.kodeord in lesning.kodeord]
    gjelder = tuple(nevnt or [a.id for a in aapne])
    return Tolkning(Betydning.UKLART, gjelder, utfall=Utfall.UKLAR_TEKST, grunn=lesning.grunn)
