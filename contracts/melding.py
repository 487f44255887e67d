"""Messages out: ordered, withdrawn, and what the channel knows about them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import Aktoer, Event, Fakta
from contracts.mobilisering import Kanal

Formaal = Literal[
    "utkalling",
    "orientering",
    "purring",
    "endring",
    "avlysning",
    "bekreftelse",
    "spoersmaal",
    "info",
    "hjelp",
    "lukket",
    "uklart",
    "oppgave",
    "ukjent",
]
Prioritet = Literal[0, 1, 2, 3]
"""0 akutt, 1 stand-down and confirmations, 2 ordinary, 3 low."""
Valg = Literal["send_igjen", "regn_som_sendt"]
"""What a person can choose about a message that nobody knows about."""


class Bestilling(Fakta):
    """An order for one message. The text names roles, never people; the channel asks `register` for the address."""

    id: UUID
    utkalling_id: UUID | None = None
    person_id: UUID
    kanal: Kanal
    formaal: Formaal
    tekst: str
    emne: str = ""
    ref: str = ""
    koding: str = "gsm7"
    segmenter: int = 0
    prioritet: Prioritet = 2
    send_foer: AwareDatetime
    svarlenke: bool = False
    """The channel fills in an answer link at send time; it is never logged."""
    oevelse: bool = False


class BestiltData(Fakta):
    meldinger: tuple[Bestilling, ...]


class TrukketData(Fakta):
    meldinger: tuple[UUID, ...]


class Feil(Fakta):
    """Why a message did not reach: the provider's code, a sentence in bokmål, and whether trying again can help."""

    kode: str
    tekst: str
    permanent: bool = True


class Utfall(Fakta):
    """What a channel knows about one message."""

    melding_id: UUID
    utkalling_id: UUID | None = None
    kanal: Kanal
    tid: AwareDatetime
    leverandoer_id: str | None = None
    forsoek: int = 0
    feil: Feil | None = None


class UtfallData(Fakta):
    meldinger: tuple[Utfall, ...]


class AvgjortData(Fakta):
    """What a person chose about a message that was `uviss`."""

    melding_id: UUID
    utkalling_id: UUID | None = None
    kanal: Kanal
    forsoek: int
    """The attempt nobody knows about: the choice is about this one, and void when the channel has gone on."""
    valg: Valg
    av: Aktoer
    grunn: str = ""


class MeldingBestilt(Event[BestiltData]):
    """Orders to the channels. At most 500 in one event."""

    emne = "melding.bestilt"
    rom = "utkalling"


class MeldingTrukket(Event[TrukketData]):
    """Orders that must not go out any more, if they have not already."""

    emne = "melding.trukket"
    rom = "utkalling"


class MeldingSendt(Event[UtfallData]):
    """The provider has accepted them."""

    emne = "melding.sendt"
    rom = "kanal"


class MeldingLevert(Event[UtfallData]):
    """The phone has them."""

    emne = "melding.levert"
    rom = "kanal"


class MeldingFeilet(Event[UtfallData]):
    """They did not go out, or did not arrive; `feil` says why."""

    emne = "melding.feilet"
    rom = "kanal"


class MeldingUviss(Event[UtfallData]):
    """Nobody can say whether they went out. A person decides; nothing is sent again blindly."""

    emne = "melding.uviss"
    rom = "kanal"


class MeldingAvgjort(Event[AvgjortData]):
    """A person decided about a message in doubt: sent again, once, or regarded as sent."""

    emne = "melding.avgjort"
    rom = "utkalling"
