"""When the wall clock is moved: it is noticed, and ticks go on from there, neither hours later nor by the thousand."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

from infra.clock import Clock
from infra.maalinger import KLOKKE_SPRANG

logg = structlog.get_logger("klokke")
HVERT_SEKUND = 1.0
SPRANG_SEKUNDER = 2.0
"""Less than this is a clock that is being adjusted, or a machine with much to do."""


class Puls(IntervalTrigger):  # type: ignore[misc] # APScheduler has no types
    """Every so many seconds, from when it is asked. What a jump ahead passed over is one tick, not thousands."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        interval: timedelta = self.interval
        if previous_fire_time is None or previous_fire_time + interval < now:
            return now + interval
        neste: datetime | None = super().get_next_fire_time(previous_fire_time, now)
        return neste


async def vaak(clock: Clock, klokkeverk: BaseScheduler) -> None:
    """Compares the wall clock with one that only goes forward, without end; after a jump, every tick comes soon.

    A clock that is moved away and back between two looks is not seen to have jumped. In the meantime the scheduler may
    have set its alarm by it, hours ahead: so it is woken at each look, and sees for itself what is due.
    """
    foer = _forskjell(clock)
    while True:
        await asyncio.sleep(HVERT_SEKUND)
        naa = _forskjell(clock)
        sprang, foer = naa - foer, naa
        if abs(sprang) > SPRANG_SEKUNDER:
            KLOKKE_SPRANG.labels("frem" if sprang > 0 else "tilbake").inc()
            logg.error("klokka_sprang", sekunder=round(sprang))
            for jobb in klokkeverk.get_jobs():  # by a clock that was set back, the next could be hours away
                jobb.reschedule(jobb.trigger)
        klokkeverk.wakeup()


def _forskjell(clock: Clock) -> float:
    """Seconds between the two clocks; read again when the machine stood still between the one and the other."""
    gang = asyncio.get_running_loop().time
    while True:
        foer, vegg, etter = gang(), clock.vegg().timestamp(), gang()
        if etter - foer < SPRANG_SEKUNDER / 4:
            return vegg - etter
