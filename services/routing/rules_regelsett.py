"""What a rule set is made of: conditions, calls, owner rules, and the reasons for not calling."""

from __future__ import annotations

from datetime import date
from typing import Literal

from contracts.event import Fakta
from contracts.hendelse import Alvorlighet, Driftsenhet, HendelseType, Tema
from contracts.mobilisering import Art
from contracts.roller import Rolle

Maalgruppe = Literal["ja", "nei", "ukjent", "aldersuavhengig"]
"""«aldersuavhengig»: said not to be involved, but the theme is worked with regardless of age (5, S:858)."""


class Vilkaar(Fakta, extra="forbid"):
    """A condition over a small closed vocabulary. Every field given must hold; an empty condition always holds."""

    alle: tuple[Vilkaar, ...] = ()
    en_av: tuple[Vilkaar, ...] = ()
    ikke: Vilkaar | None = None

    type: tuple[HendelseType, ...] = ()
    tema: tuple[Tema, ...] = ()
    alvorlighet: tuple[Alvorlighet, ...] = ()
    maalgruppe: tuple[Maalgruppe, ...] = ()

    stor: bool | None = None
    varslet: bool | None = None
    uten_sted: bool | None = None
    har_bydel: bool | None = None
    """A bydel 01-15 answers for the place: its own, or the nearest when it lies in Marka."""
    sentrum: bool | None = None
    sentrum_valgt: bool | None = None
    """A person, not the map, says it is sentrum."""
    marka: bool | None = None
    utenfor_oslo: bool | None = None
    flere_bydeler: bool | None = None
    byomfattende: bool | None = None
    utvidet: bool | None = None
    utvidet_til_sentrum: bool | None = None
    skole: bool | None = None
    """The place is a school, or the theme is."""
    skolested: bool | None = None
    """The place is a school."""
    andre_kommuner: bool | None = None
    hjembydeler: bool | None = None


FLAGG: tuple[str, ...] = tuple(navn for navn, felt in Vilkaar.model_fields.items() if felt.annotation == (bool | None))
LISTER = ("type", "tema", "alvorlighet", "maalgruppe")


class Kall(Fakta, extra="forbid"):
    """A role to call, in the units that `enhet` selects. Reason and source fall back on the rule's."""

    rolle: Rolle | Literal["eier", "utvidelsen"]
    enhet: str
    art: Art = "foresporsel"
    hjemmel: str = ""
    grunn: str = ""
    kort: str = ""
    """The reason in a word or two, for the SMS."""


class Forankret(Fakta, extra="forbid"):
    """Everything that decides has an id of its own and a source: «Grunnlag i Oslostandarden»."""

    id: str
    hjemmel: str


class Regel(Forankret):
    """When the condition holds, these are called; `grunn` says to the person why it is them."""

    naar: Vilkaar
    grunn: str = ""
    kaller: tuple[Kall, ...]


class Eierregel(Forankret):
    """The first that holds gives the one owner."""

    naar: Vilkaar = Vilkaar()
    rolle: Rolle
    enhet: str
    grunn: str


class Vurdert(Fakta, extra="forbid"):
    """A role that is considered, and why it is not called when no rule calls it."""

    rolle: Rolle
    enhet: str
    naar: Vilkaar = Vilkaar()
    grunn: str


class Virkning(Forankret):
    """Something that holds for the whole decision: informed only, assessment wanted, nobody called."""

    naar: Vilkaar
    grunn: str


class Regelsett(Fakta, extra="forbid"):
    """A whole rule set as data. The same `versjon` always decides the same."""

    navn: str
    gyldig_fra: date
    versjon: str = ""
    """First twelve hex digits of the SHA-256 of the content; the loader fills it in."""

    aldersuavhengige_tema: tuple[Tema, ...]
    sentrumsbydelene: tuple[str, ...]
    sentrum_politikontakt: str
    driftsenheter: dict[Driftsenhet, tuple[str, ...]]
    regioner: dict[str, tuple[str, ...]]
    byens_roller: dict[Rolle, str]
    """Roles the city has one of, with their unit: found in whichever unit the register puts them."""

    eier: tuple[Eierregel, ...]
    ingen_kalles: Virkning
    bare_orientering: Virkning
    vurdering_kreves: Virkning
    regler: tuple[Regel, ...]
    vurderes: tuple[Vurdert, ...]
