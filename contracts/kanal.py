"""A channel that a person closed or opened again."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from contracts.event import Event, Fakta


class KanalData(Fakta):
    person_id: UUID
    kanal: Literal["sms", "epost"] = "sms"
    grunn: str = ""


class KanalStoppet(Event[KanalData]):
    """The person wants no more on this channel («STOPP»), or the provider says so (21610)."""

    emne = "kanal.stoppet"
    rom = "kanal"


class KanalStartet(Event[KanalData]):
    """The channel is open again («START»)."""

    emne = "kanal.startet"
    rom = "kanal"
