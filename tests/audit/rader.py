"""Chains to test on: rows made of events, and of bytes that are none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid5

from contracts.event import AnyEvent
from contracts.kanal import KanalData, KanalStoppet
from services.audit.rules import Hode, Raa, Rad, kjed
from services.audit.tid import mikrosekunder

ROM = UUID("00000000-0000-4000-8000-00000000a0d1")
NAA = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def en_id(navn: str) -> UUID:
    """The same id for the same name."""
    return uuid5(ROM, navn)


def hendelser(antall: int, *, hendelse_id: UUID | None = None) -> list[AnyEvent]:
    """Some small events, each about another fictitious person."""
    return [
        KanalStoppet.ny(KanalData(person_id=en_id(str(nr))), naa=NAA, hendelse_id=hendelse_id) for nr in range(antall)
    ]


def raa(events: Iterable[AnyEvent], *, fra: int = 1) -> list[Raa]:
    """The events as the journal would give them."""
    return [Raa(nr, mikrosekunder(e.time), e.subjekt(), e.til_bytes()) for nr, e in enumerate(events, fra)]


def kjedet(events: Iterable[AnyEvent]) -> list[Rad]:
    """The events as rows of a fresh archive."""
    return kjed(Hode(), raa(events), hull_sett=False)


def hodet(rader: list[Rad]) -> Hode:
    """The head that belongs to the rows."""
    return Hode(rader[-1].epoke, rader[-1].sekvens, rader[-1].hash)
