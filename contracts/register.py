"""The directory as others may know it: roles by random person id, never contact data."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.event import Aktoer, Event, Fakta
from contracts.mobilisering import Kanal
from contracts.roller import Rolle


class RolleRad(Fakta):
    """One person in one role. `har` says which channels the person can be reached on, not how."""

    id: UUID
    person_id: UUID
    rolle: Rolle
    enhet: str
    vara_for: UUID | None = None
    """The person_id this person is deputy for in the role; None = holder."""
    har: tuple[Kanal, ...] = ()
    gyldig_fra: date | None = None
    gyldig_til: date | None = None
    demo: bool = False


class Fravaer(Fakta):
    id: UUID
    person_id: UUID
    fra: date
    til: date


class RegisterData(Fakta):
    roller: tuple[RolleRad, ...] = ()
    """Whole rows: a row given replaces the one with the same id."""
    fjernet: tuple[UUID, ...] = ()
    """Ids of rows that are no more."""
    fravaer: tuple[Fravaer, ...] = ()
    fravaer_fjernet: tuple[UUID, ...] = ()
    av: Aktoer


class RegisterEndret(Event[RegisterData]):
    """The directory changed."""

    emne = "register.endret"
    rom = "register"


class Kontaktspoersmaal(Fakta):
    """A question to `register.kontakt`: by person, or by the number or address something came from."""

    personer: tuple[UUID, ...] = ()
    numre: tuple[str, ...] = ()
    navn: bool = False
    """Names are wanted too: only for pages and reports whose reader may see them."""


class Kontakt(Fakta):
    """How a person is reached. Travels in request/reply only, never in an event."""

    person_id: UUID
    noekkel: str | None = None
    navn: str | None = None
    mobil: str | None = None
    epost: str | None = None
    demo: bool = False


class Kontaktsvar(Fakta):
    kontakter: tuple[Kontakt, ...] = ()
