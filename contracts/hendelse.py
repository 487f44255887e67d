"""What is announced, happens or shows, and the life cycle of a hendelse."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from contracts.event import Aktoer, Event, Fakta
from contracts.roller import Rolle


class HendelseType(StrEnum):
    """The kinds Oslostandarden 4.1 names: «arrangementer, demonstrasjoner og hendelser», and «utviklingstrekk»."""

    DEMONSTRASJON = "demonstrasjon"
    ARRANGEMENT = "arrangement"
    HENDELSE = "hendelse"
    UTVIKLINGSTREKK = "utviklingstrekk"


class Alvorlighet(StrEnum):
    """Severity. A product decision: the standard has no scale (domene N)."""

    LAV = "lav"
    MIDDELS = "middels"
    HOEY = "hoey"
    AKUTT = "akutt"


class Tema(StrEnum):
    """What the event is about (domene A5)."""

    KRIMINALITET = "kriminalitet"
    RUS = "rus"
    HATKRIMINALITET = "hatkriminalitet"
    RADIKALISERING = "radikalisering"
    EKSTREMISME = "ekstremisme"
    SKOLE = "skole"


class Status(StrEnum):
    """Where a hendelse is in its life."""

    UTKAST = "utkast"
    AAPEN = "aapen"
    AVLYST = "avlyst"
    AVSLUTTET = "avsluttet"


Kilde = Literal["politi", "kommune", "skole", "arrangoer", "annen"]
Driftsenhet = Literal["vest", "sentrum", "ost"]


class Eier(Fakta):
    """The one owner of a hendelse: always exactly one (domene L123)."""

    rolle: Rolle
    enhet: str


class Sted(Fakta):
    """A place, resolved once at the door, so that a replay decides as the first time."""

    navn: str | None = None
    lat: float | None = None
    lon: float | None = None
    bydel: str | None = None
    """The polygon's number, 16 (Sentrum) and 17 (Marka) too; None outside Oslo or without a point."""
    bydeler: tuple[str, ...] = ()
    """Every bydel that has a leg: named by the sender, hit by the point, or within 50 m of it."""
    ansvarlig: str | None = None
    """The bydel 01-15 that answers for the place; Marka is the nearest bydel's, Sentrum has none."""
    driftsenhet: Driftsenhet | None = None
    medvarsles: tuple[Driftsenhet, ...] = ()
    sentrum: bool = False
    sentrum_kilde: Literal["forslag", "person"] = "forslag"
    sentrum_grunn: str = ""
    utenfor_oslo: bool = False
    skole: str | None = None
    presisjon_m: int | None = None


class Bemanning(Fakta):
    """How many must come before the event is manned."""

    minst: int = Field(ge=1, le=1000)


class Utvidelse(Fakta):
    """One widening of the scope, decided by a person."""

    bydeler: tuple[str, ...] = ()
    region: str | None = None
    byomfattende: bool = False
    enhet: str | None = None
    rolle: Rolle | None = None


class Hendelse(Fakta):
    """A whole hendelse as the door accepted it. System level only: never a name or a number of a young person."""

    type: HendelseType
    tittel: str
    beskrivelse: str = ""
    kilde: Kilde = "annen"
    sted: Sted | None = None
    oppmoete: str = ""
    vakttelefon: str | None = None
    start: AwareDatetime | None = None
    slutt: AwareDatetime | None = None
    varslet: bool = False
    alvorlighet: Alvorlighet = Alvorlighet.MIDDELS
    stor: bool = False
    forventet_antall: int | None = None
    tema: tuple[Tema, ...] = ()
    maalgruppe: bool | None = None
    maalgruppe_grunn: str = ""
    hjembydeler: tuple[str, ...] = ()
    andre_kommuner: tuple[str, ...] = ()
    bemanning: Bemanning | None = None
    svarfrist: AwareDatetime | None = None
    oevelse: bool = False
    utkast: bool = False
    kodeord: str
    eier: Eier
    utvidelser: tuple[Utvidelse, ...] = ()


class Tilstand(Fakta):
    """Every event of a hendelse carries the whole hendelse as it then is: a reader needs no memory."""

    hendelse: Hendelse
    av: Aktoer


class MeldtData(Tilstand):
    foresporsel: str = ""
    """Digest of the request body: the same Idempotency-Key with another body is told apart by it."""


class EndretData(Tilstand):
    felt: tuple[str, ...] = ()


class GrunnData(Tilstand):
    grunn: str = ""


class AvsluttetData(Tilstand):
    oppsummering: str = ""


class OverfoertData(GrunnData):
    fra: Eier
    til: Eier


class SentrumData(GrunnData):
    sentrum: bool


class VurdertData(GrunnData):
    sentral_rolle: bool


class UtvidetData(GrunnData):
    utvidelse: Utvidelse


class HendelseMeldt(Event[MeldtData]):
    """A varslet hendelse, or a draft of one, is in the journal."""

    emne = "hendelse.meldt"
    rom = "hendelser"


class HendelseSendt(Event[Tilstand]):
    """A draft became open: people are called."""

    emne = "hendelse.sendt"
    rom = "hendelser"


class HendelseEndret(Event[EndretData]):
    """Something that people were told has changed."""

    emne = "hendelse.endret"
    rom = "hendelser"


class HendelseAvlyst(Event[GrunnData]):
    """Called off: exactly those mobilised are stood down."""

    emne = "hendelse.avlyst"
    rom = "hendelser"


class HendelseAvsluttet(Event[AvsluttetData]):
    """Over: nobody is chased any more."""

    emne = "hendelse.avsluttet"
    rom = "hendelser"


class HendelseOverfoert(Event[OverfoertData]):
    """Ownership was handed over, explicitly (domene L123)."""

    emne = "hendelse.overfoert"
    rom = "hendelser"


class HendelseVurdert(Event[VurdertData]):
    """The sekretariat's assessment «når dette anses nødvendig» (Oslostandarden 4.4, S:757-761)."""

    emne = "hendelse.vurdert"
    rom = "hendelser"


class SentrumBestemt(Event[SentrumData]):
    """A person decided whether the place counts as Oslo sentrum («skjønnsmessig», Oslostandarden 4.2, S:648)."""

    emne = "hendelse.sentrum_bestemt"
    rom = "hendelser"


class HendelseUtvidet(Event[UtvidetData]):
    """A person widened the scope (domene E61)."""

    emne = "hendelse.utvidet"
    rom = "hendelser"
