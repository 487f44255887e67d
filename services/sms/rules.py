"""How one message moves: claimed, sent, in doubt, looked up, known. Pure steps; each says what is to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.melding import Feil
from services.sms import rules_feil as feil
from services.sms.rules_feil import Dom, Slag
from services.sms.rules_takt import neste_forsoek

BLIKK_MINST = 3
"""Looks in vain before an attempt counts as never accepted."""
FORSOEK_I_TVIL_MAKS = 3
"""After so many attempts that the gateway left in doubt and does not list, a person decides: its list may be wrong."""
FOERSTE_STATUSSPOERSMAAL = timedelta(minutes=2)
STATUS_SPOERRES_I = timedelta(hours=24)
UVISS_LETES_HVERT = timedelta(minutes=3)
ALDRI = timedelta(days=3650)
UTSATT_MAKS = timedelta(minutes=5)
"""Longer than the room ever puts off a try, a look or the end of a lease."""

LEVERT = frozenset({"delivered", "read"})
IKKE_LEVERT = frozenset({"undelivered", "failed", "canceled"})


@dataclass(frozen=True, slots=True)
class Tider:
    """How long things may take, in seconds. The lease outlives the call; settling outlives lease and listing lag."""

    ro: float
    anrop: float = 10.0
    koble: float = 3.0
    leie: float = 15.0

    @classmethod
    def av(cls, *, anrop: float, ro: float) -> Tider:
        """The times that follow from how long a call may take, and how long doubt is looked into."""
        return cls(ro=ro, anrop=anrop, koble=min(3.0, anrop), leie=anrop * 1.5)


@dataclass(frozen=True, slots=True)
class Rad:
    """One message as the ledger knows it. The fields are columns of `sms_melding`, in this order."""

    id: UUID
    utkalling_id: UUID | None
    hendelse_id: UUID | None
    person_id: UUID | None
    til_direkte: str | None
    aarsak: UUID
    tekst: str
    ref: str
    prioritet: int
    bestilt: datetime
    send_foer: datetime
    oevelse: bool
    status: str
    forsoek: int
    neste: datetime
    startet: datetime | None
    leie_til: datetime | None
    sid: str | None
    blikk: int
    ikke_funnet: int
    trekkes: bool
    arbeider: UUID | None
    """Whose newest attempt it is; empty once that worker is taken for dead."""


FaktumSlag = Literal["sendt", "levert", "feilet", "uviss"]


@dataclass(frozen=True, slots=True)
class Faktum:
    """Something to tell about one message."""

    slag: FaktumSlag
    rad: Rad
    feil: Feil | None = None


Steg = tuple[Rad, tuple[Faktum, ...]]
"""The row as it is now, and what is to be told about it."""


def slutt(rad: Rad, status: str, slag: FaktumSlag, grunn: Feil | None = None) -> Steg:
    """The row at rest in `status`, and the fact that says so. An unknown sender's number is needed no more."""
    til_direkte = rad.til_direkte if status == "uviss" else None
    ny = replace(rad, status=status, leie_til=None, til_direkte=til_direkte)
    return ny, (Faktum(slag, ny, grunn),)


def avvis(rad: Rad, grunn: Feil) -> Steg:
    """A message that does not go out, with the reason."""
    return slutt(rad, "feilet", "feilet", grunn)


def trekk(rad: Rad) -> Steg:
    """Withdrawn: not sent any more. What is on its way is only kept from being tried again."""
    if rad.status == "klar":
        return slutt(rad, "trukket", "feilet", feil.TRUKKET)
    if rad.status in {"sender", "tvil", "uviss"}:
        return replace(rad, trekkes=True), ()
    return rad, ()


def uviss(rad: Rad, naa: datetime) -> Steg:
    """A person decides. It is not sent again by itself, but looked for now and then: the truth may yet be found."""
    return slutt(replace(rad, neste=naa + UVISS_LETES_HVERT), "uviss", "uviss", feil.UVISS)


def igjen(rad: Rad, neste: datetime) -> Steg:
    """Back in the queue, for it certainly did not go out."""
    if rad.trekkes:
        return slutt(rad, "trukket", "feilet", feil.TRUKKET)
    return replace(rad, status="klar", neste=neste, leie_til=None, blikk=0), ()


def i_tvil(rad: Rad, naa: datetime) -> Rad:
    """Nobody knows whether it went out: it is looked up, from now on."""
    return replace(rad, status="tvil", neste=naa, leie_til=None, blikk=0)


def etter_leien(rad: Rad, naa: datetime) -> Rad:
    """The worker is taken for dead. What it was sending is in doubt, and the gateway has done nothing wrong."""
    return replace(i_tvil(rad, naa), arbeider=None)


def etter_anrop(rad: Rad, nr: int, dom: Dom, sid: str | None, naa: datetime) -> Steg:
    """What our own call number `nr` came to. A verdict about an older attempt counts only when it is proof."""
    if dom.slag is Slag.SENDT and sid:
        return akseptert(rad, sid, naa)
    if rad.forsoek != nr or rad.status not in {"sender", "tvil"}:
        return rad, ()
    match dom.slag:
        case Slag.AVVIST:
            return slutt(rad, "feilet", "feilet", dom.feil)
        case Slag.VENT | Slag.STANS:
            return igjen(rad, neste_forsoek(rad.id, nr, naa, minst=dom.pause_sekunder))
        case Slag.IKKE_SENDT:
            return igjen(rad, naa)
        case _:
            return i_tvil(rad, naa), ()


def akseptert(rad: Rad, sid: str, naa: datetime) -> Steg:
    """Proof that the provider has it: whatever we believed, it is sent. Said once, also where a person said it."""
    if rad.sid is not None:
        return rad, ()
    ny, fakta = slutt(replace(rad, sid=sid, neste=naa + FOERSTE_STATUSSPOERSMAAL), "sendt", "sendt")
    return ny, () if rad.status == "antatt" else fakta


def etter_ord(rad: Rad, sid: str, ord_: str, kode: int | None, naa: datetime) -> Steg:
    """The provider's word about a message: in any order, any number of times, never backwards."""
    rad, fakta = akseptert(rad, sid, naa)
    if ord_ in LEVERT and rad.status in {"sendt", "feilet"}:
        rad, flere = slutt(rad, "levert", "levert")
        return rad, fakta + flere
    if ord_ in IKKE_LEVERT and rad.status == "sendt" and rad.sid == sid:
        rad, flere = slutt(rad, "feilet", "feilet", feil.leveringsfeil(kode))
        return rad, fakta + flere
    return rad, fakta


def etter_leting(rad: Rad, sett: int, naa: datetime, ro_sekunder: float) -> Steg:
    """Looked for at the provider, and not there.

    Several looks, spread over the settling time since the attempt began, close it as never accepted.

    Args:
        rad: the message, as it is now.
        sett: `blikk` when the look began; another look since then makes this one void.
        naa: when the look began.
        ro_sekunder: the settling time; longer than a call and the provider's listing lag.
    """
    if rad.status != "tvil" or rad.blikk != sett:
        return _let_senere(rad, naa)
    rad = replace(rad, blikk=sett + 1)
    ro = timedelta(seconds=ro_sekunder)
    rolig = (rad.startet or rad.bestilt) + ro
    faller_til_ro = naa < rolig <= naa + ro
    if rad.blikk < BLIKK_MINST or faller_til_ro:
        pause = _jevnt(rad.blikk, rolig - naa, ro) if faller_til_ro else _uten_klokke(rad, ro)
        return replace(rad, neste=naa + pause), ()
    return _lukk_forsoek(rad, naa)


def _let_senere(rad: Rad, naa: datetime) -> Steg:
    """Nothing new about this one. What a person decides, or has decided, is looked for again, for a day."""
    if rad.status not in {"uviss", "antatt"}:
        return rad, ()
    return replace(rad, neste=naa + (UVISS_LETES_HVERT if naa - rad.bestilt < STATUS_SPOERRES_I else ALDRI)), ()


def _jevnt(blikk: int, igjen: timedelta, ro: timedelta) -> timedelta:
    return max(igjen / max(1, BLIKK_MINST - blikk), ro / 6)


def _uten_klokke(rad: Rad, ro: timedelta) -> timedelta:
    """The time of the attempt says nothing: it is long ago, or ahead. Perhaps the clock was moved while it was made.

    Then the looks themselves take the settling time. An order that nobody has begun on needs less.
    """
    return ro / (BLIKK_MINST - 1) if rad.startet else ro / 6


def _lukk_forsoek(rad: Rad, naa: datetime) -> Steg:
    if rad.forsoek and rad.arbeider:
        rad = replace(rad, ikke_funnet=rad.ikke_funnet + 1)
    if rad.ikke_funnet >= FORSOEK_I_TVIL_MAKS:
        return uviss(rad, naa)
    return igjen(rad, naa)


def etter_brudd(rad: Rad, sett: int, naa: datetime, ro_sekunder: float) -> Steg:
    """The provider could not be asked. Past the time it had to be out by, a person decides."""
    if rad.status != "tvil" or rad.blikk != sett:
        return _let_senere(rad, naa)
    rolig = (rad.startet or rad.bestilt) + timedelta(seconds=ro_sekunder)
    if naa > max(rad.send_foer, rolig):
        return uviss(rad, naa)
    return replace(rad, neste=naa + timedelta(seconds=max(0.2, ro_sekunder / 6))), ()


def dobbel(rad: Rad, sid: str) -> bool:
    """Whether the provider has another copy than the one we know. Must never be; somebody has to hear of it."""
    return rad.sid is not None and rad.sid != sid
