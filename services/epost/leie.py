"""The lease of what a worker has claimed: renewed while it lives, so that its silence means something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from infra.clock import Clock
from infra.db import NEDE, Database
from infra.oppgave import vent_paa
from services.epost import store
from services.epost.rules import LEIE


@asynccontextmanager
async def leid(
    db: Database, clock: Clock, arbeider: UUID, i_haanden: Callable[[], Collection[UUID]]
) -> AsyncIterator[None]:
    """Keeps the lease of whatever the worker has in its hands."""
    ferdig = asyncio.Event()
    fornyer = asyncio.create_task(_forny(db, clock, arbeider, i_haanden, ferdig))
    try:
        yield
    finally:
        ferdig.set()  # asked to end, not cancelled: a cancelled commit takes its connection with it
        await fornyer


async def _forny(
    db: Database, clock: Clock, arbeider: UUID, i_haanden: Callable[[], Collection[UUID]], ferdig: asyncio.Event
) -> None:
    while not await vent_paa(ferdig, LEIE.total_seconds() / 3):
        if ider := i_haanden():
            with suppress(*NEDE):
                async with db.skriv() as tx:
                    await store.forny(tx, ider, arbeider, clock.now() + LEIE)
