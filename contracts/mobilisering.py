"""Who must be mobilised, and why: routing's decision, told in chunks."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from contracts.event import Event, Fakta
from contracts.hendelse import Hendelse
from contracts.roller import Rolle

Art = Literal["foresporsel", "orientering"]
Kanal = Literal["sms", "epost"]


class RolleGrunn(Fakta):
    """Why a person is called in one role: rule, «Grunnlag i Oslostandarden» and a sentence."""

    rolle: Rolle
    enhet: str
    regel: str
    hjemmel: str
    grunn: str
    kort: str = ""
    """The reason in a word or two, for an SMS: «sentrumsbydel»."""
    art: Art = "foresporsel"
    vara: tuple[UUID, ...] = ()
    """Deputies in this role, in the order they are called."""


class Mottaker(Fakta):
    """One person, once, with every role that calls."""

    person_id: UUID
    art: Art
    kanaler: tuple[Kanal, ...]
    roller: tuple[RolleGrunn, ...]
    demo: bool = False


class Vara(Fakta):
    """How a deputy can be reached, should the holder say no or be silent."""

    person_id: UUID
    kanaler: tuple[Kanal, ...]
    demo: bool = False


class IkkeValgt(Fakta):
    """Someone who was considered and not called, with the reason."""

    person_id: UUID | None = None
    rolle: Rolle
    enhet: str
    grunn: str


class Mangel(Fakta):
    """A role the rules call that nobody reachable holds."""

    rolle: Rolle
    enhet: str
    aarsak: str
    hjemmel: str = ""


class BesluttetData(Fakta):
    """One chunk of a decision. A person is never split over chunks."""

    beslutning_id: UUID
    utloest_av: UUID
    utloest_sekvens: int
    del_nr: int
    deler: int
    regelsett: str
    register_sekvens: int
    hendelse: Hendelse
    mottakere: tuple[Mottaker, ...] = ()
    vara: tuple[Vara, ...] = ()
    ikke_valgt: tuple[IkkeValgt, ...] = ()
    mangler: tuple[Mangel, ...] = ()
    ikke_lenger: tuple[UUID, ...] = ()
    """Everyone any earlier decision called who is out of scope now: they are stood down. In the first chunk alone."""
    i_andre_deler: tuple[UUID, ...] = ()
    """Whom the other chunks call, beside `ikke_lenger`: they stay, also when one they are deputy for does not."""
    sekretariat: tuple[UUID, ...] = ()
    """Who in the sekretariat is told by e-mail of what waits for a person."""
    vurdering_kreves: bool = False
    """The sekretariat has to assess whether it takes a central role (table O row 3)."""


class MobiliseringBesluttet(Event[BesluttetData]):
    """Routing has decided; the whole decision was stored before any of it was told."""

    emne = "mobilisering.besluttet"
    rom = "routing"
