"""What the e-mail channel decides: what stops a message, what a server's reply means, and when to try again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.event import NAVNEROM
from contracts.melding import Feil
from contracts.register import Kontakt

LEIE = timedelta(seconds=30)
"""How long a worker may be silent about what it has claimed; it renews at a third of this."""
LENKE_LEVETID = timedelta(days=14)
"""How long after `send_foer` an answer link works: late answers count, but not for ever."""
GJENTATT = timedelta(minutes=1)
UTSETT_FOERST = timedelta(seconds=5)
UTSETT_MAKS = timedelta(minutes=5)
UTSATT_MAKS = 2 * UTSETT_MAKS
"""Longer than the room ever puts off a try or the end of a lease."""
ETA_MAKS_MINUTTER = 720


class Slag(StrEnum):
    """What one attempt came to."""

    SENDT = "sendt"
    FEILET = "feilet"
    TRUKKET = "trukket"
    UVISS = "uviss"
    IGJEN = "igjen"
    """Certainly not sent: tried again after a while."""
    TILBAKE = "tilbake"
    """Never begun: due again at once, and not counted as an attempt."""


STATUS = {
    Slag.SENDT: "sendt",
    Slag.FEILET: "feilet",
    Slag.TRUKKET: "trukket",
    Slag.UVISS: "uviss",
    Slag.IGJEN: "klar",
    Slag.TILBAKE: "klar",
}


@dataclass(frozen=True)
class Oppdrag:
    """An order that a worker has claimed."""

    id: UUID
    utkalling_id: UUID | None
    hendelse_id: UUID | None
    person_id: UUID
    emne: str
    tekst: str
    prioritet: int
    forsoek: int
    send_foer: datetime
    svarlenke: bool
    oevelse: bool
    nr_i_hendelse: int = 0


@dataclass(frozen=True)
class Hold:
    """What a row says of the worker that claimed it."""

    status: str
    forsoek: int
    leie_til: datetime | None
    data_begynt: datetime | None = None


@dataclass(frozen=True)
class Resultat:
    """What became of an order, and why when it did not go out."""

    slag: Slag
    feil: Feil | None = None
    brems: bool = False
    """The server is not there, or says that we are too many: the connection rests before it tries again."""


@dataclass(frozen=True)
class Lenke:
    """An answer link with what it is about."""

    sha256: str
    utkalling_id: UUID
    person_id: UUID
    hendelse_id: UUID | None
    utloeper: datetime
    brukt: datetime | None
    svar: str | None
    eta_minutter: int | None
    antall_svar: int
    emne: str
    tekst: str
    oevelse: bool


TRUKKET = Resultat(Slag.TRUKKET, Feil(kode="trukket", tekst="Trukket før den ble sendt"))
FOR_SENT = Resultat(Slag.FEILET, Feil(kode="for_sent", tekst="Kunne ikke sendes i tide"))
IKKE_SATT_OPP = Resultat(
    Slag.FEILET, Feil(kode="ikke_satt_opp", tekst="E-post er ikke satt opp i denne tjenesten (SALTO_SMTP_URL)")
)
UTEN_ADRESSE = Resultat(Slag.FEILET, Feil(kode="uten_adresse", tekst="Ingen e-postadresse registrert"))
UGYLDIG_ADRESSE = Resultat(Slag.FEILET, Feil(kode="ugyldig_adresse", tekst="E-postadressen kan ikke brukes"))
DEMOPERSON = Resultat(Slag.FEILET, Feil(kode="demoperson", tekst="Demopersoner får ikke e-post fra den ekte tjeneren"))
IKKE_SLUPPET_INN = Resultat(
    Slag.FEILET, Feil(kode="innlogging", tekst="E-posttjeneren godtar ikke innloggingen vår (SALTO_SMTP_URL)")
)
KAN_IKKE_SKRIVES = Resultat(
    Slag.FEILET, Feil(kode="kan_ikke_skrives", tekst="Meldingen kunne ikke settes opp som e-post")
)
SENDT = Resultat(Slag.SENDT)
IGJEN = Resultat(Slag.IGJEN)
TILBAKE = Resultat(Slag.TILBAKE)
INGEN_VEI = Resultat(Slag.TILBAKE, brems=True)
UVISS = Resultat(
    Slag.UVISS,
    Feil(kode="uviss", tekst="Forbindelsen ble brutt under sending: ingen kan si om e-posten gikk", permanent=False),
)

_AVVIST = {
    550: "Mottakerens e-posttjener kjenner ikke adressen",
    551: "Mottakerens e-posttjener kjenner ikke adressen",
    552: "Postkassen hos mottakeren er full",
    553: "Mottakerens e-posttjener kjenner ikke adressen",
    554: "E-posttjeneren avviste meldingen",
    556: "Mottakerens domene tar ikke imot e-post",
}
_FOR_MYE = re.compile(r"4\.(3\.2|4\.5|5\.3|7\.\d+)\b")
"""RFC 3463: not accepting messages, congestion, too many recipients; and policy, which is how limits are told."""


def foer_sending(oppdrag: Oppdrag, naa: datetime, *, trukket: bool, har_tjener: bool) -> Resultat | None:
    """What stops an order before anybody is asked for an address; None = nothing does."""
    if trukket:
        return TRUKKET
    if naa >= oppdrag.send_foer:
        return FOR_SENT
    return None if har_tjener else IKKE_SATT_OPP


def mottaker(kontakt: Kontakt | None, *, simulator: bool) -> str | Resultat:
    """The address to use, or why there is none: the real gateway never writes to people who are made up."""
    if kontakt is None or not kontakt.epost:
        return UTEN_ADRESSE
    if kontakt.demo and not simulator:
        return DEMOPERSON
    return kontakt.epost


def kan_begynne(hold: Hold | None, oppdrag: Oppdrag, naa: datetime) -> bool:
    """The fence before DATA: this very attempt has the row, and its lease holds."""
    if hold is None or hold.status != "sender" or hold.forsoek != oppdrag.forsoek:
        return False
    return hold.leie_til is not None and naa < hold.leie_til


def kan_avslutte(hold: Hold | None, oppdrag: Oppdrag) -> bool:
    """Whether a row still waits for the outcome of this very attempt.

    Also when somebody took its worker for dead meanwhile, and when a person has chosen to send it again and nobody
    has begun to: knowledge is better than doubt.
    """
    if hold is None or hold.forsoek != oppdrag.forsoek:
        return False
    return hold.status in {"sender", "uviss"} or (hold.status == "klar" and hold.data_begynt is not None)


def svar_fra_tjener(kode: int, tekst: str = "", *, etter_data: bool) -> Resultat:
    """What a reply means (RFC 5321 4.2.1): 2xx taken, 4xx not now, 5xx never; all else after DATA is doubt."""
    match kode // 100:
        case 2 if etter_data:
            return SENDT
        case 4:
            return Resultat(Slag.IGJEN, brems=kode == 421 or _FOR_MYE.match(tekst) is not None)
        case 5:
            grunn = _AVVIST.get(kode, "E-posttjeneren avviste meldingen")
            return Resultat(Slag.FEILET, Feil(kode=str(kode), tekst=f"{grunn} (kode {kode})"))
        case _:
            return UVISS if etter_data else IGJEN


def neste_gang(resultat: Resultat, oppdrag: Oppdrag, naa: datetime) -> datetime:
    """When the row is due again: at once when it never began, else later each time, but told by `send_foer`."""
    if resultat.slag is not Slag.IGJEN:
        return naa
    venting: timedelta = min(UTSETT_FOERST * 2 ** min(oppdrag.forsoek - 1, 10), UTSETT_MAKS)
    return min(naa + venting, oppdrag.send_foer)


def svar_id(lenke: Lenke, svar: str, eta_minutter: int | None) -> UUID:
    """The id of an answer: pressing twice, or again after a doubt, is the same one until it is registered."""
    return uuid5(NAVNEROM, f"epost/{lenke.sha256}/{lenke.antall_svar}/{svar}/{eta_minutter}")


def gjentatt(lenke: Lenke, svar: str, eta_minutter: int | None, naa: datetime) -> bool:
    """Whether this is the answer just given, once more: a page that was loaded again."""
    samme = (lenke.svar, lenke.eta_minutter) == (svar, eta_minutter)
    return samme and lenke.brukt is not None and naa - lenke.brukt < GJENTATT
