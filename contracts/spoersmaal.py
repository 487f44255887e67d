"""Questions between rooms: request and reply, nothing is stored, nothing is decided for good."""

from __future__ import annotations

from uuid import UUID

from contracts.event import Fakta
from contracts.hendelse import Eier, Hendelse, HendelseType, Sted, Tema, Utvidelse
from contracts.mobilisering import BesluttetData, Kanal

STEDFEST = "routing.stedfest"
FORESLAA = "routing.foreslaa"
TEKSTER = "utkalling.tekster"
KONTAKT = "register.kontakt"


class StedInn(Fakta):
    """A place as the sender wrote it."""

    navn: str | None = None
    lat: float | None = None
    lon: float | None = None
    bydeler: tuple[str, ...] = ()
    sentrum: bool | None = None


class Stedsspoersmaal(Fakta):
    """Where is it, and who owns a hendelse like this there?"""

    type: HendelseType
    sted: StedInn | None = None
    stor: bool = False
    maalgruppe: bool | None = None
    tema: tuple[Tema, ...] = ()
    utvidelser: tuple[Utvidelse, ...] = ()


class Feltfeil(Fakta):
    """What is wrong with one field, in bokmål."""

    felt: str
    tekst: str


class Stedssvar(Fakta):
    """The resolved place and its owner, or what was wrong."""

    sted: Sted | None = None
    eier: Eier | None = None
    feil: tuple[Feltfeil, ...] = ()


class Forslagsspoersmaal(Fakta):
    """What would routing decide for this hendelse now?"""

    hendelse: Hendelse


class Tekstspoersmaal(Fakta):
    """What would each recipient of this decision be told?"""

    beslutning: BesluttetData


class Meldingsutkast(Fakta):
    person_id: UUID
    kanal: Kanal
    tekst: str
    koding: str
    segmenter: int


class Tekstsvar(Fakta):
    meldinger: tuple[Meldingsutkast, ...] = ()
