"""What the journal can tell a room about itself: what it has told, about what and when, and what it does not know."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.event import AnyEvent
from contracts.katalog import HENDELSER
from contracts.melding import UtfallData
from infra.db import Database
from infra.journal import hukommelse
from infra.journal.feilkoe import Feilkoe
from infra.journal.journal import Journal, Melding
from infra.journal.levering import les_event

_ROM = {klasse.typenavn(): klasse.rom for klasse in HENDELSER}
_FILTER = {klasse.typenavn(): klasse.filter() for klasse in HENDELSER}


@dataclass
class Fortalt:
    """What a stretch holds: every event's id, and the causes a room has told about, each with when it did."""

    ider: set[UUID] = field(default_factory=set)
    aarsaker: dict[UUID, datetime] = field(default_factory=dict)


async def fortalt_fra(batcher: AsyncIterator[list[Melding]], rom: str) -> Fortalt:
    """An overview of a stretch."""
    ut = Fortalt()
    async for batch in batcher:
        for hode in filter(None, map(_hode, batch)):
            ut.ider.add(UUID(hode["id"]))
            if _ROM.get(hode["type"]) == rom and "aarsak" in hode:
                ut.aarsaker.setdefault(UUID(hode["aarsak"]), datetime.fromisoformat(hode["time"]))
    return ut


async def har_ukjente(
    db: Database, journal: Journal, rom: str, filtre: Collection[str], batcher: AsyncIterator[list[Melding]]
) -> bool:
    """Whether a stretch that a room has settled, by its consumer, has something that its tables do not know.

    What was set aside is settled too, and known to the dead-letter queue alone.
    """
    bortlagt: set[int] | None = None
    async for batch in batcher:
        ukjente = await _ukjente(db, rom, filtre, batch)
        if ukjente and bortlagt is None:
            bortlagt = {brev.sekvens for brev in await Feilkoe(journal).liste() if brev.rom == rom}
        if ukjente - (bortlagt or set()):
            return True
    return False


async def _ukjente(db: Database, rom: str, filtre: Collection[str], batch: Sequence[Melding]) -> set[int]:
    hoert = {UUID(hode["id"]): m.sekvens for m in batch if (hode := _hode(m)) and _FILTER.get(hode["type"]) in filtre}
    async with db.les() as tx:
        kjente = await hukommelse.lest_foer(tx, rom, list(hoert))
    return {sekvens for event_id, sekvens in hoert.items() if event_id not in kjente}


async def siste_fortalte(journal: Journal, rom: str, egne: Mapping[type[AnyEvent], Any]) -> int:
    """The last thing a room has told because of something else: it had handled that, though its consumer is gone."""
    klasser: Iterable[type[AnyEvent]] = {*(k for k in HENDELSER if k.rom == rom), *egne}
    siste = [m for k in klasser if (m := await journal.siste_paa(k.filter())) and _foelger_av_noe(m)]
    return max((m.sekvens for m in siste), default=0)


def _foelger_av_noe(melding: Melding) -> bool:
    try:
        event = les_event(melding.data)
    except ValueError:
        return False
    return event.aarsak is not None or isinstance(event.data, UtfallData)


def _hode(melding: Melding) -> dict[str, Any] | None:
    """The envelope of an event; None when the bytes are none."""
    try:
        hode = json.loads(melding.data)
        UUID(hode["id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return hode if hode.get("type") in _ROM else None
