"""SIGKILL as a fault: to each room at its named points and at random, to all at once, to journal and database."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

from infra.nats import server as nats
from infra.simulator.klient import IkkeSkjedd
from tests.faults.drift import ROM, WEB
from tests.faults.feil import POSTGRESQL, Feil
from tests.faults.natt import Natt
from tests.faults.punkter import VED_ROM

KOMMER_DIT_SEKUNDER = 5.0
"""How long a process may take to come to the point where it dies; what does not, is ended where it is."""
Kjoer = Callable[[Natt, random.Random, int], Awaitable[None]]


async def _ved_punktene(navn: str, natt: Natt, terning: random.Random, ganger: int) -> None:
    for _ in range(ganger):
        for punkt in VED_ROM[navn]:
            await _ved_punkt(navn, punkt, natt, terning)


async def _ved_punkt(navn: str, punkt: str, natt: Natt, terning: random.Random) -> None:
    d = natt.drift
    await d.stopp(navn) if terning.random() < 0.5 else await d.drep(navn)
    await d.start(navn, punkt=punkt, gang=terning.randint(1, 4))
    await d.oppe(navn, eller_borte=True)  # what the one before left can bring it there at once
    arbeid = asyncio.create_task(natt.meld())
    try:
        await d.borte(navn, KOMMER_DIT_SEKUNDER)
    except IkkeSkjedd:
        await d.drep(navn)
    d.drept += 1
    await d.start(navn)
    await arbeid


async def _naar_som_helst(navn: str, natt: Natt, terning: random.Random, ganger: int) -> None:
    d = natt.drift
    for nr in range(ganger):
        if nr % 5 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.5))  # the moment is the test: nothing is waited for
        await d.drep(navn)
        d.drept += 1
        await d.start(navn)


async def _alle(natt: Natt, terning: random.Random, ganger: int) -> None:
    d = natt.drift
    for nr in range(ganger):
        if nr % 3 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.6))  # the moment is the test
        alle = list(d.pider)
        await d.drep(*alle)
        d.drept += len(alle)
        await d.start_alle(alle)


async def _journalen(natt: Natt, terning: random.Random, ganger: int) -> None:
    d = natt.drift
    for nr in range(ganger):
        if nr % 3 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.5))  # the moment is the test
        d.journal.prosess.kill()
        d.journal.prosess.wait(10)
        d.drept += 1
        d.journal.prosess = (await nats.start(d.mappe / "nats", port=d.journal.port, bare_der=True)).prosess


async def _databasen(natt: Natt, terning: random.Random, ganger: int) -> None:
    d = natt.drift
    assert d.postgres
    for nr in range(ganger):
        if nr % 3 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.5))  # the moment is the test
        d.postgres.drep()
        d.drept += 1
        d.postgres.start()
        await d.postgres.oppe()


async def _om_hverandre(natt: Natt, terning: random.Random, ganger: int) -> None:
    """Two of every room, and now one, now the other, is ended."""
    d = natt.drift
    for nr in range(ganger):
        if nr % 4 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.3))  # the moment is the test
        navn = terning.choice([n for n in d.pider if n != WEB])
        await d.drep(navn)
        d.drept += 1
        await d.start(navn)


async def _pent(natt: Natt, terning: random.Random, ganger: int) -> None:
    """SIGTERM: what is in flight is finished or handed back."""
    d = natt.drift
    for nr in range(ganger):
        if nr % 3 == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.3))  # the moment is the test
        navn = terning.choice([n for n in d.pider if n != WEB])
        await d.stopp(navn)
        await d.start(navn)


PUNKTVIS = tuple(
    Feil(f"kill -9 av {rom} ved {len(punkter)} navngitte punkter", partial(_ved_punktene, rom), ganger=8)
    for rom, punkter in VED_ROM.items()
)
TILFELDIG = tuple(
    Feil(f"kill -9 av {rom}: når som helst", partial(_naar_som_helst, rom), ganger=20) for rom in (*ROM, WEB)
)
STORE = (
    Feil("kill -9 av alle prosessene på én gang", _alle, ganger=12),
    Feil("kill -9 av nats-server", _journalen, ganger=8),
    Feil("kill -9 av PostgreSQL", _databasen, ganger=8, baser=(POSTGRESQL,)),
    Feil("to av hvert rom, drept om hverandre", _om_hverandre, ganger=40, replikaer=2),
    Feil("SIGTERM til rommene etter tur", _pent, ganger=12),
)
DRAP = (*PUNKTVIS, *TILFELDIG, *STORE)
