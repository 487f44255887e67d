"""What the house tells about itself: refusals, replays of dead letters, insight into restricted things."""

from __future__ import annotations

from typing import Literal

from contracts.event import Aktoer, Event, Fakta


class AvvistData(Fakta):
    doer: str
    grunn: str


class FeilkoeData(Fakta):
    feilkoe_id: int
    rom_navn: str
    utfall: Literal["behandlet", "feilet"]


class InnsynData(Fakta):
    av: Aktoer
    gjelder: str
    antall: int = 0


class EpokeData(Fakta):
    epoke: int
    fra_sekvens: int = 1
    """The first journal sequence that belongs to the new epoch."""
    grunn: str
    av: Aktoer


class WebhookAvvist(Event[AvvistData]):
    """Somebody knocked at a signed door without a valid signature."""

    emne = "webhook.avvist"
    rom = "sms"


class FeilkoeKjoert(Event[FeilkoeData]):
    """A dead letter was handed to the failed room again."""

    emne = "feilkoe.kjoert"
    rom = "infra"


class InnsynGitt(Event[InnsynData]):
    """Names, numbers or an export were read: one event per page or export."""

    emne = "innsyn.gitt"
    rom = "infra"


class EpokeAapnet(Event[EpokeData]):
    """A person decided that the archive goes on from a journal that is not the one it knew (architecture, Audit)."""

    emne = "audit.epoke_aapnet"
    rom = "audit"
