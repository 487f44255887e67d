"""What time it is: the only place that reads the machine's clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
_den_gang: ContextVar[datetime | None] = ContextVar("den_gang", default=None)


@contextmanager
def den_gang(tid: datetime | None) -> Iterator[None]:
    """What is done here is done as it was then: a replay decides by the time of the first time. None: now."""
    token = _den_gang.set(tid)
    try:
        yield
    finally:
        _den_gang.reset(token)


class Clock:
    """The wall clock, aware and in UTC."""

    def now(self) -> datetime:
        return _den_gang.get() or self.vegg()

    def vegg(self) -> datetime:
        """What the wall clock shows, whatever is being replayed."""
        return datetime.now(UTC)


class StillbarClock(Clock):
    """A clock that tests and drills may move forward; it goes on ticking from there."""

    def __init__(self) -> None:
        self._frem = timedelta()

    def vegg(self) -> datetime:
        return super().vegg() + self._frem

    def frem(self, **deler: float) -> None:
        """Moves the clock forward by a timedelta's arguments: `frem(minutes=30)`."""
        self._frem += timedelta(**deler)
