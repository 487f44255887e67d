"""Reading a stretch of what was told, in order and to its end: from the journal, and before it from the archive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Protocol, cast
from uuid import UUID

from infra.journal.journal import Journal, Melding

ALT = "salto.>"


class Arkiv(Protocol):
    """Where everything that was told is kept, also when the journal is made anew."""

    def les(self, fra: int, til: int) -> AsyncIterator[list[Melding]]:
        """What is archived between two sequences, both included, in order."""

    async def siste(self) -> int:
        """The last sequence that is archived."""

    async def kjente(self, ider: Sequence[UUID]) -> set[UUID]:
        """Those of these events that are archived."""


async def les(
    journal: Journal, fra: int, til: int, *, arkiv: Arkiv | None = None, begynner: int = 0
) -> AsyncIterator[list[Melding]]:
    """Every message between two sequences, both included.

    Args:
        journal: what is there now.
        fra: the first.
        til: the last; what has not been told yet is not waited for.
        arkiv: where to read what stood in a journal that is gone.
        begynner: the first sequence of this journal that is its own; before it, it is the archive that knows.
    """
    if arkiv and fra < begynner:
        async for batch in arkiv.les(fra, min(til, begynner - 1)):
            yield batch
        fra = begynner
    siste = await journal.siste_paa(ALT)
    til = min(til, siste.sekvens if siste else 0)
    if fra > til:
        return
    async with aclosing(cast("AsyncGenerator[list[Melding]]", journal.les_fra(fra))) as strom:
        async for batch in strom:
            yield [m for m in batch if m.sekvens <= til]
            if batch[-1].sekvens >= til:
                return
