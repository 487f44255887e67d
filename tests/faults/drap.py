"""SIGKILL as a fault: to each room at its named points and at random, to all at once, to journal and database."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

from infra.nats import server as nats
from infra.simulator.klient import IkkeSkjedd, vent
from tests.faults.drift import OPPE_SEKUNDER, ROM, WEB, Drift
from tests.faults.feil import POSTGRESQL, Feil
from tests.faults.natt import Natt
from tests.faults.punkter import VED_ROM
from tests.harness.prosesser import barn, lever
from tests.harness.ro import frys

KOMMER_DIT_SEKUNDER = 5.0
"""How long a process may take to come to the point where it dies; what does not, is ended where it is."""
Slag = Callable[[Drift, random.Random], Awaitable[None]]


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


async def _midt_i(natt: Natt, terning: random.Random, ganger: int, slaa_til: Slag, hver: int = 3) -> None:
    """Strikes at any moment while people are called; every so often more of them are."""
    for nr in range(ganger):
        if nr % hver == 0:
            await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 0.5))  # the moment is the test: nothing is waited for
        await slaa_til(natt.drift, terning)


async def _ett(navn: str, d: Drift, _: random.Random) -> None:
    await d.drep(navn)
    d.drept += 1
    await d.start(navn)


async def _et_av_rommene(d: Drift, terning: random.Random) -> None:
    await _ett(_et_rom(d, terning), d, terning)


async def _pent(d: Drift, terning: random.Random) -> None:
    """SIGTERM: what is in flight is finished or handed back."""
    navn = _et_rom(d, terning)
    await d.stopp(navn)
    await d.start(navn)


def _et_rom(d: Drift, terning: random.Random) -> str:
    return terning.choice([navn for navn in d.pider if navn != WEB])


async def _alle(d: Drift, _: random.Random) -> None:
    alle = list(d.pider)
    await d.drep(*alle)
    d.drept += len(alle)
    await d.start_alle(alle)


async def _journalen(d: Drift, _: random.Random) -> None:
    d.journal.prosess.kill()
    d.journal.prosess.wait(10)
    d.drept += 1
    d.journal.prosess = (await nats.start(d.mappe / "nats", port=d.journal.port, bare_der=True)).prosess


async def _databasen(d: Drift, _: random.Random) -> None:
    assert d.postgres
    assert d.postgres.prosess
    frys(d.postgres.prosess.pid)  # or it may begin one more, which nobody ends
    rester = barn(d.postgres.prosess.pid)
    d.postgres.drep()
    d.drept += 1
    await vent(partial(_borte, rester), "alt av PostgreSQL er borte", OPPE_SEKUNDER)  # they share memory with the next
    d.postgres.start()
    await d.postgres.oppe()


async def _borte(pider: list[int]) -> bool | None:
    return not any(map(lever, pider)) or None


PUNKTVIS = tuple(
    Feil(f"kill -9 av {rom} ved {len(punkter)} navngitte punkter", partial(_ved_punktene, rom), ganger=8)
    for rom, punkter in VED_ROM.items()
)
TILFELDIG = tuple(
    Feil(f"kill -9 av {rom}: når som helst", partial(_midt_i, slaa_til=partial(_ett, rom), hver=5), ganger=20)
    for rom in (*ROM, WEB)
)
STORE = (
    Feil("kill -9 av alle prosessene på én gang", partial(_midt_i, slaa_til=_alle), ganger=12),
    Feil("kill -9 av nats-server", partial(_midt_i, slaa_til=_journalen), ganger=8),
    Feil("kill -9 av PostgreSQL", partial(_midt_i, slaa_til=_databasen), ganger=8, baser=(POSTGRESQL,)),
    Feil(
        "to av hvert rom, drept om hverandre", partial(_midt_i, slaa_til=_et_av_rommene, hver=4), ganger=40, replikaer=2
    ),
    Feil("SIGTERM til rommene etter tur", partial(_midt_i, slaa_til=_pent), ganger=12),
)
DRAP = (*PUNKTVIS, *TILFELDIG, *STORE)
