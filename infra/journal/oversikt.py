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
from infra.journal import hukommelse
from infra.journal.feilkoe import Feilkoe
from infra.journal.forteller import Forteller
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


async def foerste_ukjente(
    forteller: Forteller, filtre: Collection[str], batcher: AsyncIterator[list[Melding]]
) -> int | None:
    """The first sequence the room has settled, by its consumer, and its tables do not know; None when they know all.

    What was set aside is settled too, and known to the dead-letter queue alone.
    """
    bortlagt: set[int] | None = None
    async for batch in batcher:
        for sekvens in await _ukjente(forteller, filtre, batch):
            if bortlagt is None:
                bortlagt = await _bortlagt(forteller)
            if sekvens not in bortlagt:
                return sekvens
    return None


async def _ukjente(forteller: Forteller, filtre: Collection[str], batch: Sequence[Melding]) -> list[int]:
    hoert = {UUID(hode["id"]): m.sekvens for m in batch if (hode := _hode(m)) and _FILTER.get(hode["type"]) in filtre}
    async with forteller.db.les() as tx:
        kjente = await hukommelse.lest_foer(tx, forteller.rom, list(hoert))
    return sorted(sekvens for event_id, sekvens in hoert.items() if event_id not in kjente)


async def _bortlagt(forteller: Forteller) -> set[int]:
    return {brev.sekvens for brev in await Feilkoe(forteller.journal).liste() if brev.rom == forteller.rom}


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
