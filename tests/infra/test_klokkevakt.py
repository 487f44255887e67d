"""A clock that is moved does not stop the ticks: not by jumping, nor by going away and coming back unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime, tzinfo

import pytest
from apscheduler.schedulers import base
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from infra.clock import Clock, StillbarClock
from infra.klokkevakt import Puls, vaak
from infra.oppgave import avslutt
from infra.simulator.klient import vent

PULS_SEKUNDER = 0.2
_klokka: ContextVar[StillbarClock | None] = ContextVar("klokka", default=None)


class Klokketid(datetime):
    """What APScheduler reads the time by: here the test's clock, and elsewhere in this process the machine's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # a plain datetime is enough
        klokke = _klokka.get()
        return klokke.vegg().astimezone(tz) if klokke else datetime.now(tz)


class Hoppende(Clock):
    """A reading of a clock that is set back right after it has been read for the second time."""

    def __init__(self, klokke: StillbarClock) -> None:
        self._klokke = klokke
        self.lest = 0

    def vegg(self) -> datetime:
        naa = self._klokke.vegg()
        self.lest += 1
        if self.lest == 2:
            self._klokke.frem(hours=-2)
        return naa


class Verk:
    """A scheduler with one tick, and how many times it came."""

    def __init__(self) -> None:
        self.tikk = 0
        self.klokkeverk = AsyncIOScheduler(timezone="UTC")
        puls = Puls(seconds=PULS_SEKUNDER, timezone="UTC")
        self.klokkeverk.add_job(self._tikk, puls, coalesce=True, max_instances=1, misfire_grace_time=None)

    async def _tikk(self) -> None:
        self.tikk += 1

    async def tikker(self) -> None:
        """Waits for two more ticks: one may have been on its way."""
        nok = self.tikk + 2

        async def kommet() -> bool | None:
            return self.tikk >= nok or None

        await vent(kommet, "klokkeverket tikker", 20)


@asynccontextmanager
async def i_gang(klokke: StillbarClock, lest_av: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Verk]:
    """The scheduler by `klokke`, and its watch."""
    monkeypatch.setattr(base, "datetime", Klokketid)
    token = _klokka.set(klokke)
    verk = Verk()
    verk.klokkeverk.start()
    vakt = asyncio.create_task(vaak(lest_av, verk.klokkeverk))
    try:
        await verk.tikker()
        yield verk
    finally:
        await avslutt(vakt)
        verk.klokkeverk.shutdown(wait=False)
        _klokka.reset(token)


@pytest.mark.parametrize("timer", [-2, 2])
async def test_ticks_go_on_after_a_jump(timer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    klokke = StillbarClock()
    async with i_gang(klokke, klokke, monkeypatch) as verk:
        klokke.frem(hours=timer)
        await verk.tikker()


async def test_ticks_go_on_when_the_clock_went_back_and_came_again_between_two_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    klokke = StillbarClock()
    async with i_gang(klokke, klokke, monkeypatch) as verk:
        klokke.frem(hours=-2)
        verk.klokkeverk.wakeup()  # as when its alarm goes: the next one is set for two hours ahead
        await asyncio.sleep(0)
        klokke.frem(hours=2)
        await verk.tikker()


async def test_a_jump_right_after_a_look_is_seen_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    klokke = StillbarClock()
    lest_av = Hoppende(klokke)
    async with i_gang(klokke, lest_av, monkeypatch) as verk:

        async def hoppet() -> bool | None:
            return lest_av.lest >= 2 or None

        await vent(hoppet, "klokka er satt tilbake", 20)
        await verk.tikker()
