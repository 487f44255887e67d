"""What time it is: the only place that reads the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


class Clock:
    """The wall clock, aware and in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StillbarClock(Clock):
    """A clock that tests and drills may move forward; it goes on ticking from there."""

    def __init__(self) -> None:
        self._frem = timedelta()

    def now(self) -> datetime:
        return super().now() + self._frem

    def frem(self, **deler: float) -> None:
        """Moves the clock forward by a timedelta's arguments: `frem(minutes=30)`."""
        self._frem += timedelta(**deler)
