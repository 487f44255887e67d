"""Asking another room: again while it is silent, for the one who was asked may be dead, and its neighbour alive."""

from __future__ import annotations

import asyncio

from nats.aio.client import Client
from nats.aio.msg import Msg

from infra.journal.feil import NEDE_FEIL, JournalNede
from infra.oppgave import avslutt

IGJEN_FOERST_SEKUNDER, IGJEN_SEKUNDER = 0.25, 0.5
"""Of two replicas, the server may hand a question to the one that is gone, until it knows."""
EVIG_SEKUNDER = 3600.0
"""The client's own time-out: it must not come before ours."""
ETTERSLEP_SEKUNDER = 0.25
"""Who has stood still, on a machine short of time, hears what was said meanwhile before saying that nobody answered."""


async def spoer(nc: Client, subjekt: str, data: bytes, *, frist: float, igjen: bool) -> bytes:
    """The first answer that comes; raises JournalNede when there is none in `frist` seconds, or nobody to ask."""
    loop = asyncio.get_running_loop()
    slutt, pause = loop.time() + frist, IGJEN_FOERST_SEKUNDER
    ute: set[asyncio.Task[Msg]] = set()
    try:
        while (rest := slutt - loop.time()) > 0:
            ute.add(asyncio.create_task(nc.request(subjekt, data, timeout=frist + EVIG_SEKUNDER)))
            if svar := await _foerste(ute, min(rest, pause) if igjen else rest):
                return svar.data
            pause = IGJEN_SEKUNDER
        if svar := await _foerste(ute, ETTERSLEP_SEKUNDER):
            return svar.data
        raise TimeoutError
    except NEDE_FEIL as feil:
        raise JournalNede(f"{subjekt}: {type(feil).__name__}") from feil
    finally:
        await avslutt(*ute)
        await asyncio.gather(*ute, return_exceptions=True)  # one has answered: of the others nobody need hear


async def _foerste(ute: set[asyncio.Task[Msg]], sekunder: float) -> Msg | None:
    """The first answer within so long; raises what the question came to where it could not be asked."""
    besvart, _ = await asyncio.wait(ute, timeout=sekunder, return_when=asyncio.FIRST_COMPLETED)
    return besvart.pop().result() if besvart else None
