"""A fault: what is done to a deployment while it has work, and one run of it from empty stores to the verdict."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.faults.drift import ROM, Drift, Mor, drift_i
from tests.faults.fasit import Utslag, sjekk
from tests.faults.natt import Natt
from tests.harness.postgres import Postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Feil:
    """One kind of fault. `kjoer` returns when it is over: everything after that is recovery."""

    navn: str
    kjoer: Callable[[Natt, random.Random, int], Awaitable[None]]
    """What is done: to whom, by which dice, and how many times."""
    ganger: int = 1
    """How many times in one run of the long form; once in the short."""
    folk: int = 10
    baser: tuple[str, ...] = (SQLITE, POSTGRESQL)
    kort: tuple[str, ...] = ()
    """Where the short form runs it, when that is not on all of them: the database is not what it is about."""
    bare_lang: bool = False
    """So like another that the short form does without it."""
    skjult: bool = False
    """The truth is hidden from us: `uviss` is the honest answer."""
    oppsett: Callable[[Drift, AsyncExitStack], Awaitable[None]] | None = None
    """Before the rooms are started: a proxy, and the setting that points at it."""
    replikaer: int = 1
    """How many of every room."""
    disk: Callable[[Path, Postgres | None], AbstractAsyncContextManager[None]] | None = None
    """What a store lies on, from before it is made until it is gone."""


def like(en: Feil) -> tuple[object, ...]:
    """What faults must have in common to follow each other in one deployment."""
    return en.oppsett, en.replikaer, en.skjult, en.baser, en.kort, en.disk


async def en_gang(
    feilene: Sequence[Feil], mappe: Path, mor: Mor, postgres: Postgres | None, *, froe: int, ganger: int = 1
) -> Utslag:
    """One run: a deployment on empty stores, its work, the faults one after the other, and what came of it.

    Args:
        feilene: alike, by `like`.
        mappe: for everything of this run.
        mor: whose children the processes are.
        postgres: the server to make a database on; None = SQLite.
        froe: of the dice.
        ganger: how many times each fault strikes.
    """
    foerst = feilene[0]
    async with AsyncExitStack() as stakk:
        if foerst.disk:
            await stakk.enter_async_context(foerst.disk(mappe, postgres))
        d = await stakk.enter_async_context(drift_i(mappe, mor, postgres, start=False))
        if foerst.oppsett:
            await foerst.oppsett(d, stakk)
        await d.start_alle()
        await d.start_alle([f"{rom}/{nr}" for nr in range(2, foerst.replikaer + 1) for rom in ROM])
        async with Natt(d, foerst.folk) as natt:
            for feil in feilene:
                await feil.kjoer(natt, random.Random(froe), ganger)
            over = asyncio.get_running_loop().time()
            await natt.i_maal()
            utslag = await sjekk(natt, skjult=foerst.skjult)
            utslag.hentet_inn_sekunder = asyncio.get_running_loop().time() - over
            return utslag
