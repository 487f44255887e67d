"""What Twilio's answers and error codes mean: certain or in doubt, for good or for now, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.melding import Feil


class Slag(StrEnum):
    """What is known after a call."""

    SENDT = "sendt"
    """Accepted."""
    AVVIST = "avvist"
    """Not accepted, and trying again does not help."""
    VENT = "vent"
    """Not accepted for certain; try again later."""
    STANS = "stans"
    """Not accepted, and nothing will be before a person mends our account: the line stops."""
    IKKE_SENDT = "ikke_sendt"
    """We never called."""
    TVIL = "tvil"
    """Nobody knows. It is looked up, never sent again blindly."""


@dataclass(frozen=True)
class Dom:
    """What a call came to. `ukjent`: a refusal we have no words for, which somebody should hear about."""

    slag: Slag
    feil: Feil | None = None
    pause_sekunder: float = 0
    """How long to wait at least before this message is tried again."""
    ukjent: bool = False


SENDT, TVIL, IKKE_SENDT = Dom(Slag.SENDT), Dom(Slag.TVIL), Dom(Slag.IKKE_SENDT)
VENT = Dom(Slag.VENT)
KOE_FULL_SEKUNDER = 30.0
KOE_FULL = Dom(Slag.VENT, pause_sekunder=KOE_FULL_SEKUNDER)
STOPPET_KODE = 21610

_STANSER = frozenset({20002, 20003, 20005, 20006, 20404})
_UTESTENGT = frozenset({401, 403, 404, 405, 407})
"""Without a code of Twilio's it is the address or the account that is wrong, not the message."""
_TRYGT_IGJEN = frozenset({20429, 14107, 22107})

_PERMANENTE: dict[int, str] = {
    20422: "Leverandøren avviste meldingen som ugyldig",
    21211: "Mobilnummeret er ugyldig",
    21212: "Avsendernummeret vårt er ugyldig",
    21214: "Mobilnummeret kan ikke nås",
    21217: "Mobilnummeret er ugyldig",
    21265: "Mobilnummeret er ugyldig",
    21401: "Mobilnummeret er ugyldig",
    21408: "SMS til dette landet er ikke åpnet hos leverandøren",
    21601: "Avsendernummeret vårt kan ikke sende SMS",
    21602: "Meldingen var tom",
    21603: "Avsendernummer manglet",
    21604: "Mottakernummer manglet",
    21605: "Meldingen er for lang",
    21606: "Avsendernummeret vårt kan ikke brukes til denne mottakeren",
    21608: "Mottakernummeret er ikke godkjent på prøvekontoen hos leverandøren",
    21609: "Adressen for statusmeldinger ble avvist av leverandøren",
    21610: "Mottakeren har sagt STOPP til SMS fra oss",
    21612: "Nummeret kan ikke nås fra avsenderen vår",
    21614: "Nummeret er ikke en mobiltelefon",
    21617: "Meldingen er for lang",
    21635: "Nummeret er en fasttelefon",
    21659: "Avsendernummeret er ikke vårt",
    21660: "Avsendernummeret er ikke vårt",
    21703: "Meldingstjenesten hos leverandøren har ingen avsender",
    21705: "Meldingstjenesten hos leverandøren finnes ikke",
    30034: "Avsenderen vår er ikke registrert hos operatøren",
    63038: "Dagskvoten hos leverandøren er brukt opp",
}

_LEVERING: dict[int, tuple[str, bool]] = {
    30001: ("Køen hos leverandøren var full", False),
    30002: ("Kontoen hos leverandøren er stengt", True),
    30003: ("Telefonen er av eller utenfor dekning", False),
    30004: ("Meldingen ble blokkert av mottakeren eller operatøren", True),
    30005: ("Nummeret er ukjent eller ikke i bruk", True),
    30006: ("Nummeret er en fasttelefon eller kan ikke nås", True),
    30007: ("Operatøren stoppet meldingen", True),
    30008: ("Meldingen kom ikke fram. Operatøren sier ikke hvorfor", False),
    30010: ("Meldingen ble dyrere enn tillatt", True),
    30017: ("Mobilnettet var overbelastet", False),
    30023: ("Dagskvoten hos operatøren er brukt opp", False),
    30034: ("Avsenderen vår er ikke registrert hos operatøren", True),
    30036: ("Fristen gikk ut før meldingen kom fram", False),
    30410: ("Operatøren svarte ikke i tide", False),
}

INGEN_MOBIL = Feil(kode="ingen_mobil", tekst="Ingen mobil registrert")
UGYLDIG_NUMMER = Feil(kode="21211", tekst=_PERMANENTE[21211])
DEMO = Feil(kode="demo", tekst="Demopersoner får ikke SMS fra den ekte leverandøren")
STOPPET = Feil(kode=str(STOPPET_KODE), tekst=_PERMANENTE[STOPPET_KODE])
FOR_SENT = Feil(kode="for_sent", tekst="For sent: fristen for å sende var ute")
TRUKKET = Feil(kode="trukket", tekst="Trukket før den ble sendt")
INGEN_LEVERANDOER = Feil(kode="ingen_leverandoer", tekst="Ingen SMS-leverandør er satt opp")
UVISS = Feil(kode="uviss", tekst="Vi vet ikke om meldingen gikk ut. Den sendes ikke igjen av seg selv", permanent=False)


def doem_svar(status: int, kode: int | None = None) -> Dom:
    """What a call that got an HTTP answer came to (architecture law 3).

    Certain are only a 2xx, a definite 4xx and a 429; a 408 is a time-out by another name.

    Args:
        status: the HTTP status.
        kode: Twilio's own error code, when the answer had one.
    """
    if 200 <= status < 300:
        return SENDT
    if status == 408 or not 400 <= status < 500:
        return TVIL
    if status == 429 or kode in _TRYGT_IGJEN:
        return VENT
    if kode == 21611:
        return KOE_FULL
    if kode in _STANSER or (status in _UTESTENGT and kode in {None, status}):
        return Dom(Slag.STANS, Feil(kode=str(kode or status), tekst="Leverandøren slipper oss ikke inn"))
    tekst = _PERMANENTE.get(kode or 0)
    if tekst is None:
        ukjent = f"Leverandøren avviste meldingen ({kode or status})"
        return Dom(Slag.AVVIST, Feil(kode=str(kode or status), tekst=ukjent), ukjent=True)
    return Dom(Slag.AVVIST, Feil(kode=str(kode), tekst=tekst))


def leveringsfeil(kode: int | None) -> Feil:
    """Why a message that was accepted did not reach the phone."""
    tekst, permanent = _LEVERING.get(kode or 0, ("", False))
    if not tekst:
        tekst = _PERMANENTE.get(kode or 0, f"Meldingen kom ikke fram ({kode or 'ukjent grunn'})")
        permanent = (kode or 0) in _PERMANENTE
    return Feil(kode=str(kode or "ukjent"), tekst=tekst, permanent=permanent)
