"""Work that nobody waits for, held on to until it is done or the simulator stops."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from infra.oppgave import avslutt


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
        await avslutt(*self._oppgaver)
