"""Waiting for tasks and events so that nobody's cancellation is lost on the way.

Python 3.11's `asyncio.wait_for` drops a cancellation that comes in the moment the awaited thing is done; so we wait
with `asyncio.timeout`. nats-py waits with `wait_for`: whoever ends a task that may be in there asks again until it has.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

SPOER_IGJEN_SEKUNDER = 0.2


async def vent_paa(hendelse: asyncio.Event, sekunder: float) -> bool:
    """Waits until the event is set, at most so long; whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(sekunder):
            await hendelse.wait()
    return hendelse.is_set()


async def avslutt(*oppgaver: asyncio.Task[Any]) -> None:
    """Cancels these tasks, and returns when each has ended. What one failed with is not swallowed: asyncio says it."""
    while rest := {oppgave for oppgave in oppgaver if not oppgave.done()}:
        for oppgave in rest:
            oppgave.cancel()
        await asyncio.wait(rest, timeout=SPOER_IGJEN_SEKUNDER)
