"""Asking another room: again while it is silent, for the one who was asked may be dead, and its neighbour alive."""

from __future__ import annotations

import asyncio

from nats.aio.client import Client
from nats.aio.msg import Msg

from infra.journal.feil import NEDE_FEIL, JournalNede
from infra.oppgave import avslutt

IGJEN_FOERST_SEKUNDER, IGJEN_SEKUNDER = 0.25, 0.5
"""Of two replicas, the server may hand a question to the one that is gone, until it knows."""


async def spoer(nc: Client, subjekt: str, data: bytes, *, frist: float, igjen: bool) -> bytes:
    """The first answer that comes; raises JournalNede when there is none in `frist` seconds, or nobody to ask."""
    loop = asyncio.get_running_loop()
    slutt, pause = loop.time() + frist, IGJEN_FOERST_SEKUNDER
    ute: set[asyncio.Task[Msg]] = set()
    try:
        while True:
            rest = slutt - loop.time()
            ute.add(asyncio.create_task(nc.request(subjekt, data, timeout=rest)))
            siste = not igjen or rest <= pause
            besvart, _ = await asyncio.wait(ute, timeout=None if siste else pause, return_when=asyncio.FIRST_COMPLETED)
            if besvart:
                return besvart.pop().result().data
            pause = IGJEN_SEKUNDER
    except NEDE_FEIL as feil:
        raise JournalNede(f"{subjekt}: {type(feil).__name__}") from feil
    finally:
        await avslutt(*ute)
        await asyncio.gather(*ute, return_exceptions=True)  # one has answered: of the others nobody need hear
