"""A machine that is short of time, as a plugin: `pytest -p tests.harness.uro`. No test may fall because of it.

What a room waits for (a transaction, the journal, the gateway) takes a random while longer, and now and then the
processes under a test stand still: all of them, or one alone. A test that falls has waited for how fast a thing is
instead of for the thing, or has found a window that is open in earnest. With `--treg ROM` one room is long behind the
others, too: whoever has seen what another room made of an event then knows nothing of this one.
"""

from __future__ import annotations

import asyncio
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import ParamSpec, TypeVar

import psutil
import pytest
from nats.aio.msg import Msg

from infra.db import Database, Tx
from infra.journal.behandling import Behandling
from infra.journal.journal import Journal, Melding
from services.audit.handlers import Arkivar
from services.sms.leverandoer import Http

P = ParamSpec("P")
T = TypeVar("T")
OFTE, SJELDEN = 0.6, 0.02
"""How many of all waits take longer, and how many take much longer."""
MYE = 8
ETTER_SEKUNDER = 0.5


class Uro:
    """Holds up what is waited for, for `sekunder` at most; eight times that, rarely."""

    def __init__(self, sekunder: float) -> None:
        self._sekunder = sekunder

    async def _noel(self) -> None:
        hvor_ofte = random.random()
        lengst = self._sekunder * (MYE if hvor_ofte < SJELDEN else 1)
        await asyncio.sleep(random.uniform(0, lengst) if hvor_ofte < OFTE else 0)

    def rundt(self, kall: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """The same call, held up before and after."""

        async def tregt(*a: P.args, **kw: P.kwargs) -> T:
            await self._noel()
            try:
                return await kall(*a, **kw)
            finally:
                await self._noel()

        return tregt

    def i(
        self, transaksjon: Callable[[Database], AbstractAsyncContextManager[Tx]]
    ) -> Callable[[Database], AbstractAsyncContextManager[Tx]]:
        """The same transaction, held up before it begins, before it commits, and before anybody hears of it."""

        @asynccontextmanager
        async def treg(db: Database) -> AsyncIterator[Tx]:
            await self._noel()
            async with transaksjon(db) as tx:
                yield tx
                await self._noel()
            await self._noel()

        return treg


def stans(under: psutil.Process, sekunder: float) -> None:
    """Lets everything under a process, and itself, or one of all these, stand still for up to so long."""
    alle = [p for p in (under, *under.children(recursive=True)) if p.pid != os.getpid()]
    stanset = []
    for prosess in alle if random.random() < 1 / 2 else [random.choice(alle)]:
        with suppress(psutil.Error):
            if prosess.status() != psutil.STATUS_STOPPED:  # or the test itself has stopped it
                prosess.suspend()
                stanset.append(prosess)
    time.sleep(random.uniform(0, sekunder))
    for prosess in stanset:
        with suppress(psutil.Error):
            prosess.resume()


def pytest_addoption(parser: pytest.Parser) -> None:
    gruppe = parser.getgroup("uro")
    gruppe.addoption("--opphold", type=float, default=0.03, help="seconds that a wait takes longer, at most")
    gruppe.addoption("--treg", default="", help="the room that is half a second behind the others")
    gruppe.addoption("--stans", type=float, default=0.5, help="seconds that processes stand still, at most")


def pytest_configure(config: pytest.Config) -> None:
    """Shakes this process, when it is one that runs tests."""
    uro = Uro(config.getoption("--opphold"))
    for klasse, navn in ((Journal, "publiser"), (Journal, "spoer"), (Http, "request")):
        setattr(klasse, navn, uro.rundt(getattr(klasse, navn)))
    for navn in ("skriv", "les"):
        setattr(Database, navn, uro.i(getattr(Database, navn)))
    _bak_de_andre(config.getoption("--treg"))
    sekunder = config.getoption("--stans")
    if sekunder and ("PYTEST_XDIST_WORKER" in os.environ or not config.getoption("numprocesses", None)):
        kommando = [sys.executable, "-m", "tests.harness.uro", str(os.getpid()), str(sekunder)]
        prosess = subprocess.Popen(kommando, stdin=subprocess.PIPE)  # noqa: S603 - our own module
        # It ends when its input does, also when we are killed; killed itself, it would leave others standing still.
        config.add_cleanup(partial(_avslutt, prosess))


def _bak_de_andre(rom: str) -> None:
    behandle, legg_til = Behandling.behandle, Arkivar._legg_til

    async def senere(self: Behandling, msgs: Sequence[Msg]) -> None:
        await asyncio.sleep(ETTER_SEKUNDER if self.rom == rom else 0)
        await behandle(self, msgs)

    async def arkivet_senere(self: Arkivar, epoke: int, batch: Sequence[Melding]) -> bool:
        await asyncio.sleep(ETTER_SEKUNDER if rom == "audit" else 0)
        return await legg_til(self, epoke, batch)

    for klasse, navn, tregere in ((Behandling, "behandle", senere), (Arkivar, "_legg_til", arkivet_senere)):
        setattr(klasse, navn, tregere)  # put in from outside, as in a program that knows nothing of it


def _avslutt(prosess: subprocess.Popen[bytes]) -> None:
    prosess.communicate()


def main() -> None:
    """`python -m tests.harness.uro PID SEKUNDER`: until standard input is closed."""
    under, sekunder = psutil.Process(int(sys.argv[1])), float(sys.argv[2])
    while not select.select([sys.stdin], [], [], random.uniform(0, 4 * sekunder))[0]:
        with suppress(psutil.NoSuchProcess):
            stans(under, sekunder)


if __name__ == "__main__":
    main()
