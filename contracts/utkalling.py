"""Call-outs: one per person and hendelse, and what becomes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import Aktoer, Event, Fakta
from contracts.mobilisering import Art, RolleGrunn

Svar = Literal["kommer", "kommer_ikke", "framme", "ferdig"]


class UtkallingStatus(StrEnum):
    """The newest answer over escalated/expired over the best channel status; stood down over all (API §3)."""

    PLANLAGT = "planlagt"
    BESTILT = "bestilt"
    SENDT = "sendt"
    LEVERT = "levert"
    UVISS = "uviss"
    FEILET = "feilet"
    ESKALERT = "eskalert"
    UTLOEPT = "utloept"
    KOMMER = "kommer"
    KOMMER_IKKE = "kommer_ikke"
    FRAMME = "framme"
    FERDIG = "ferdig"
    AVLYST = "avlyst"


class NyUtkalling(Fakta):
    id: UUID
    person_id: UUID
    art: Art
    roller: tuple[RolleGrunn, ...]
    svarfrist: AwareDatetime | None = None
    vara_for: UUID | None = None
    """The call-out this one is deputy for."""
    avlyst: bool = False
    """Born stood down: the decision was caused before the event was called off."""


class OpprettetData(Fakta):
    utkallinger: tuple[NyUtkalling, ...]


class Kvittering(Fakta):
    utkalling_id: UUID
    svar: Svar
    eta: AwareDatetime | None = None
    antall: int | None = None
    kanal: Literal["sms", "epost", "telefon", "portal"]
    mottatt: AwareDatetime
    sen: bool = False
    svar_id: UUID | None = None
    """The inbound answer this is the meaning of."""
    av: Aktoer | None = None
    """Who took the answer, when a person did (by phone, in the portal, or settling an unclear answer)."""
    nivaa: str | None = None
    gjelder: UUID | None = None


class KvittertData(Fakta):
    kvitteringer: tuple[Kvittering, ...]


class UtkallingerData(Fakta):
    utkallinger: tuple[UUID, ...]
    grunn: str = ""


class Eskalering(Fakta):
    utkalling_id: UUID
    vara: tuple[UUID, ...] = ()
    """Call-outs of the deputies that were called; empty is a shortfall."""
    grunn: Literal["nei", "stille", "feilet", "stoppet"]


class EskalertData(Fakta):
    utkallinger: tuple[Eskalering, ...]


class BemannetData(Fakta):
    kommer: int
    minst: int


class UtkallingOpprettet(Event[OpprettetData]):
    """Call-outs exist. At most 500 in one event."""

    emne = "utkalling.opprettet"
    rom = "utkalling"


class UtkallingKvittert(Event[KvittertData]):
    """Answers count. Every answer is kept; the newest counts."""

    emne = "utkalling.kvittert"
    rom = "utkalling"


class UtkallingPurret(Event[UtkallingerData]):
    """The silent were reminded."""

    emne = "utkalling.purret"
    rom = "utkalling"


class UtkallingEskalert(Event[EskalertData]):
    """A holder said no, was silent or unreachable; the deputy is called, or a shortfall is raised."""

    emne = "utkalling.eskalert"
    rom = "utkalling"


class UtkallingUtloept(Event[UtkallingerData]):
    """The deadline passed with no answer, and nobody is left to call."""

    emne = "utkalling.utloept"
    rom = "utkalling"


class UtkallingAvlyst(Event[UtkallingerData]):
    """Stood down: these need not come."""

    emne = "utkalling.avlyst"
    rom = "utkalling"


class UtkallingBemannet(Event[BemannetData]):
    """Enough have said they come. Said once."""

    emne = "utkalling.bemannet"
    rom = "utkalling"
