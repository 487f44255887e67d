"""What the report says: every table of it as a frozen value, the same for JSON, HTML and CSV.

Persons are named by role and unit alone («SaLTo-koordinator Frogner (1)»): events have no names.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

FORSEGLING = "Denne loggen er kjedet, men ennå ikke forseglet utenfor huset."


def ubesvart(*, aapen: bool) -> str:
    """What is said of one who has not answered: nobody has «never» answered while there is time."""
    return "Har ikke svart ennå" if aapen else "Svarte aldri"


class Del(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True)


class Hode(Del):
    """The hendelse as it last was."""

    hendelse_id: UUID
    type: str
    tittel: str
    sted: str
    sentrum: str
    start: AwareDatetime | None
    slutt: AwareDatetime | None
    kodeord: str
    status: str
    aapen: bool
    """Not over yet: the report is of what is so far."""
    eier: str
    varslet: bool
    oevelse: bool
    stor: bool
    alvorlighet: str
    maalgruppe: str
    tema: tuple[str, ...]
    svarfrist: AwareDatetime | None
    meldt: AwareDatetime
    beskrivelse: str
    oppsummering: str

    @property
    def ubesvart(self) -> str:
        """What is said of one who has not answered."""
        return ubesvart(aapen=self.aapen)


class Avgjoerelse(Del):
    """What a person decided, and why."""

    tid: AwareDatetime
    hva: str
    hvem: str
    grunn: str


class Beslutning(Del):
    """One decision by the rules. `register_sekvens` and `regelsett` are what it can be repeated with."""

    nr: int
    tid: AwareDatetime
    utloest_av: str
    regelsett: str
    register_sekvens: int
    mottakere: int
    ikke_valgt: int
    mangler: int
    hel: bool
    """Every chunk of it was told."""


class Rollegrunn(Del):
    rolle: str
    regel: str
    grunnlag: str
    """«Grunnlag i Oslostandarden»."""
    grunn: str


class Svar(Del):
    tid: AwareDatetime
    svar: str
    kanal: str
    framme: AwareDatetime | None = None
    antall: int | None = None
    sen: bool = False
    registrert_av: str = ""
    """The person who took the answer, when it did not come from the one asked."""


class Spurt(Del):
    """One who was called, why, and what came of it."""

    hvem: str
    utkalling_id: UUID | None = None
    art: Literal["foresporsel", "orientering"]
    roller: tuple[Rollegrunn, ...]
    vara_for: str = ""
    kalt: AwareDatetime | None
    sendt: AwareDatetime | None = None
    levert: AwareDatetime | None = None
    svar: tuple[Svar, ...] = ()
    svartid_sekunder: int | None = None
    """From the first message was sent (or else ordered) to the first answer."""
    purret: int = 0
    merknader: tuple[str, ...] = ()


class IkkeSpurt(Del):
    hvem: str
    grunn: str
    beslutning: int


class Mangel(Del):
    rolle: str
    aarsak: str
    grunnlag: str
    beslutning: int


class Melding(Del):
    """One message, word by word. `status` is what the channel last knew."""

    til: str
    kanal: str
    formaal: str
    emne: str
    tekst: str
    segmenter: int
    bestilt: AwareDatetime
    sendt: AwareDatetime | None = None
    levert: AwareDatetime | None = None
    status: str
    feil: str = ""
    oevelse: bool = False
    svarlenke: bool = False


class Uklart(Del):
    """An answer that was not guessed, and who settled it."""

    tid: AwareDatetime
    hvem: str
    grunn: str
    haster: bool
    avklart: str
    avklart_tid: AwareDatetime | None = None
    avklart_av: str = ""


class Eskalering(Del):
    tid: AwareDatetime
    hvem: str
    grunn: str
    vara: tuple[str, ...]
    """The deputies called; none is a shortfall."""


class Tvil(Del):
    """A message that failed, or that nobody can say whether went out."""

    tid: AwareDatetime
    til: str
    kanal: str
    hva: Literal["uviss", "feilet"]
    feil: str
    ble: str
    """What it came to in the end."""


class Linje(Del):
    """One thing that happened. `ordrett` is the exact text of a message."""

    tid: AwareDatetime
    hva: str
    ordrett: str = ""
    oppfoelging: str = ""


class Minutt(Del):
    """The things that happened within one minute, in order."""

    tid: AwareDatetime
    linjer: tuple[Linje, ...]


class Svartider(Del):
    """First, last and median time from message to first answer, in seconds."""

    antall: int
    foerste_svar: AwareDatetime | None = None
    foerste_hvem: str = ""
    siste_svar: AwareDatetime | None = None
    siste_hvem: str = ""
    raskeste_sekunder: int | None = None
    tregeste_sekunder: int | None = None
    median_sekunder: int | None = None


class Tall(Del):
    navn: str
    verdi: str


class Kilde(Del):
    """The rows of the archive that the report is made from."""

    rader: int
    uleste: int
    """Rows of a type we do not know, or that cannot be read: they are not in the report."""
    fra_sekvens: int
    til_sekvens: int
    siste_tid: AwareDatetime
    """When the last thing that was read for it was told."""
    siste_hash: str
    forsegling: str = FORSEGLING


class Rapport(Del):
    """The whole report."""

    hode: Hode
    avgjoerelser: tuple[Avgjoerelse, ...]
    beslutninger: tuple[Beslutning, ...]
    aapne_vurderinger: tuple[str, ...]
    """What a person should have decided, and nobody has."""
    spurt: tuple[Spurt, ...]
    ikke_spurt: tuple[IkkeSpurt, ...]
    mangler: tuple[Mangel, ...]
    svartider: Svartider
    aldri_svart: tuple[Spurt, ...]
    uklare: tuple[Uklart, ...]
    eskaleringer: tuple[Eskalering, ...]
    tvil: tuple[Tvil, ...]
    tidslinje: tuple[Minutt, ...]
    meldinger: tuple[Melding, ...]
    tall: tuple[Tall, ...]
    kilde: Kilde
