"""Work that nobody waits for, held on to until it is done or the simulator stops."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Bakgrunn:
    """Tasks by reference: the event loop alone would let them be collected half-way."""

    def __init__(self) -> None:
        self._oppgaver: set[asyncio.Task[None]] = set()

    def start(self, arbeid: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Starts the work; returns at once."""
        oppgave = asyncio.create_task(arbeid)
        self._oppgaver.add(oppgave)
        oppgave.add_done_callback(self._oppgaver.discard)
        return oppgave

    async def stopp(self) -> None:
        """Drops what is under way; what is on disk is still to be done."""
        oppgaver = list(self._oppgaver)
        for oppgave in oppgaver:
            oppgave.cancel()
        await asyncio.gather(*oppgaver, return_exceptions=True)
