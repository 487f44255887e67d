"""An archivist alone in a process of its own, to be killed: `python -m tests.audit.prosess NATS TOKEN DATABASE`."""

from __future__ import annotations

import asyncio
import sys

from infra.db import Database
from infra.journal import Journal
from services.audit.handlers import Arkivar


async def arkiver(nats: str, token: str, database: str) -> None:
    """Archives until the process ends."""
    journal = Journal(nats, token)
    await journal.koble_til()
    await Arkivar(journal, Database(database)).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(arkiver(*sys.argv[1:]))
