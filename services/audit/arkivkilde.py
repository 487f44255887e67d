"""The archive as a source: what was told in a journal that is gone, for rooms whose tables have not come so far."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from infra.db import Database
from infra.journal import Melding
from services.audit import store

BUNT = 500
_START = datetime(1970, 1, 1, tzinfo=UTC)


class Arkivkilde:
    """Reads the archive by sequence, over every epoch: sequences never go back."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def siste(self) -> int:
        """The last sequence that is archived."""
        async with self._db.les() as tx:
            return (await store.hode(tx)).sekvens

    async def kjente(self, ider: Sequence[UUID]) -> set[UUID]:
        """Those of these events that are archived."""
        kjente: set[UUID] = set()
        async with self._db.les() as tx:
            for fra in range(0, len(ider), BUNT):
                kjente |= await store.kjente(tx, ider[fra : fra + BUNT])
        return kjente

    async def les(self, fra: int, til: int) -> AsyncIterator[list[Melding]]:
        """What is archived between two sequences, both included, in order."""
        while fra <= til:
            async with self._db.les() as tx:
                rader = await store.mellom(tx, fra, til, BUNT)
            if not rader:
                return
            yield [
                Melding(r.sekvens, r.subjekt, _START + timedelta(microseconds=r.tid), r.data) for r in rader if r.data
            ]
            fra = rader[-1].sekvens + 1
