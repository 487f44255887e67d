"""The register as the journal has it: what every copy of it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.register import Fravaer, RegisterEndret, RolleRad
from infra.journal.journal import Journal
from infra.journal.levering import les_event


@dataclass(frozen=True)
class Fortalt:
    """Roles and absence by their ids, and the id of the last change."""

    roller: Mapping[UUID, RolleRad]
    fravaer: Mapping[UUID, Fravaer]
    siste: UUID | None


async def fortellinger(journal: Journal) -> AsyncIterator[RegisterEndret]:
    """Every change of the register that the journal has, in order; one that cannot be read is in no copy either."""
    sekvens = 0
    while melding := await journal.neste_paa(RegisterEndret.filter(), sekvens + 1):
        sekvens = melding.sekvens
        try:
            event = les_event(melding.data)
        except ValueError:
            continue
        if isinstance(event, RegisterEndret):
            yield event


async def les_fortalt(journal: Journal) -> Fortalt:
    """All of it, folded."""
    return fold([event async for event in fortellinger(journal)])


def fold(endringer: Sequence[RegisterEndret]) -> Fortalt:
    """What the register is after these changes."""
    roller: dict[UUID, RolleRad] = {}
    fravaer: dict[UUID, Fravaer] = {}
    for data in (event.data for event in endringer):
        roller |= {rad.id: rad for rad in data.roller}
        fravaer |= {ett.id: ett for ett in data.fravaer}
        for borte in data.fjernet:
            roller.pop(borte, None)
        for borte in data.fravaer_fjernet:
            fravaer.pop(borte, None)
    return Fortalt(roller, fravaer, endringer[-1].id if endringer else None)
