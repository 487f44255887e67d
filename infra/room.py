"""What a room is to the program: handlers, doors, ticks and answers, under one name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fastapi import APIRouter

from contracts.event import AnyEvent
from infra.clock import Clock
from infra.db import Database
from infra.journal.forteller import Forteller
from infra.journal.gjenspill import Gjenreising
from infra.journal.journal import Journal
from infra.journal.mottak import Handler
from infra.settings import Settings
from infra.web.skall import Skall

Gjoer = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Hus:
    """What every room is given."""

    settings: Settings
    clock: Clock
    journal: Journal
    db: Database

    @cached_property
    def skall(self) -> Skall:
        """The shell of the pages: layout, menu, and what rooms lend each other's pages."""
        return Skall(self.settings)

    def forteller(self, rom: str) -> Forteller:
        """The voice of a room: its transactions, and what they tell."""
        return Forteller(rom, self.db, self.journal, self.clock)


@dataclass(frozen=True)
class Tick:
    """Work that is due every so often; it decides nothing, and several replicas may do it."""

    navn: str
    gjoer: Gjoer
    sekunder: float


@dataclass(frozen=True)
class Rom:
    """A room as its composition root (`app.py`) hands it over."""

    navn: str
    forteller: Forteller
    handlers: Mapping[type[AnyEvent], Handler] = field(default_factory=dict)
    ruter: Sequence[APIRouter] = ()
    ticks: Sequence[Tick] = ()
    svarer: Callable[[Journal], None] | None = None
    """Registers the questions the room answers."""
    reising: Gjenreising = field(default_factory=Gjenreising)
    """What the room does when its tables are a backup."""
    start: Gjoer | None = None
    stopp: Gjoer | None = None
