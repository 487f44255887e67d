"""Waiting for the archive to have what the journal has: a log that is opened right after a POST must show it."""

from __future__ import annotations

import asyncio

from infra.db import Database
from infra.journal import Journal, JournalNede
from services.audit import store

FRIST_SEKUNDER = 1.0
SPOERREFRIST_SEKUNDER = 0.5
"""A journal that is only busy has this long to say how far it is, however short a caller waits for the archive."""
_SE_IGJEN_SEKUNDER = 0.002


async def ajour(journal: Journal, db: Database, *, frist: float = FRIST_SEKUNDER) -> int | None:
    """Waits until all that the journal has by now is archived; never longer than `frist` seconds.

    Returns:
        How many messages are still missing (0: none), or None when the journal did not answer. What is archived
        can be read all the same. It looks in the database, so that it holds in a process without an archivist too.
    """
    # Asked in a task of its own: a question cut off in the middle is not what the connection expects.
    spoersmaal = asyncio.create_task(journal.siste_sekvens())
    await asyncio.wait({spoersmaal}, timeout=max(frist, SPOERREFRIST_SEKUNDER))
    if not spoersmaal.done():
        spoersmaal.add_done_callback(lambda sent: sent.cancelled() or sent.exception())  # heard, and of no use now
        return None
    try:
        maal = spoersmaal.result()
    except JournalNede:
        return None
    loop = asyncio.get_running_loop()
    slutt, pause = loop.time() + frist, _SE_IGJEN_SEKUNDER
    while True:
        async with db.les() as tx:
            mangler = max(0, maal - (await store.hode(tx)).sekvens)
        if not mangler or loop.time() >= slutt:
            return mangler
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.05)
