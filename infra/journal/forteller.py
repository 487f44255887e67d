"""One transaction of a room: what it writes and what it tells belong together.

Law 1 of the design: a fact that is born in a table is kept until its PubAck, and told again by a tick until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from contracts.event import AnyEvent
from infra.clock import Clock
from infra.db import Database, Tx
from infra.journal import hukommelse
from infra.journal.feil import JournalNede
from infra.journal.gjenfinning import HUSKES, ikke_fortalt
from infra.journal.hukommelse import Ufortalt
from infra.journal.journal import Journal

logg = structlog.get_logger("journal")
FORLATT_ETTER = timedelta(seconds=30)
"""A round that has waited so long belongs to a process that is gone, or to a journal that is."""


@dataclass
class Transaksjon:
    """An open transaction: write through `tx`, tell with `fortell`, and it is all or nothing."""

    tx: Tx
    runde: UUID = field(default_factory=uuid4)
    events: list[AnyEvent] = field(default_factory=list)
    etterpaa: list[Callable[[], None]] = field(default_factory=list)
    alt_fortalt: Collection[UUID] | None = None
    """While older tables are replayed: the causes the room has told about before. None: this is the first time."""

    @property
    def gjenspilles(self) -> bool:
        """Whether what is done here was, or may have been, done before."""
        return self.alt_fortalt is not None

    def fortell(self, *events: AnyEvent) -> None:
        """Tells these once the transaction is committed."""
        self.events.extend(events)

    def etter_commit(self, gjoer: Callable[[], None]) -> None:
        """Calls `gjoer` once the transaction is committed: to wake a ledger, for example."""
        self.etterpaa.append(gjoer)


class Forteller:
    """A room's voice: commits first, then tells, and forgets only what is confirmed."""

    def __init__(self, rom: str, db: Database, journal: Journal, clock: Clock) -> None:
        self.rom = rom
        self.db = db
        self.journal = journal
        self.clock = clock
        self._bekreftet: set[UUID] = set()
        self._ubekreftet = True  # until the first look, a crash may have left something
        self._sett_etter = clock.now()
        self._en_om_gangen = asyncio.Lock()

    @asynccontextmanager
    async def transaksjon(self, *, maa_fortelles: bool = False) -> AsyncIterator[Transaksjon]:
        """One transaction that tells afterwards.

        Args:
            maa_fortelles: raise JournalNede when the telling is not confirmed; otherwise a tick tells it again.
        """
        try:
            async with self.db.skriv() as tx:
                t = Transaksjon(tx)
                yield t
                await hukommelse.husk(tx, self.rom, t.events, t.runde, self.clock.now())
        except BaseException:
            self._ubekreftet = True  # a commit whose answer never came may stand: what it was to tell is looked for
            raise
        for gjoer in t.etterpaa:
            gjoer()
        try:
            await self.fortell({t.runde: t.events} if t.events else {})
        except JournalNede:
            if maa_fortelles:
                raise

    async def fortell(self, runder: dict[UUID, list[AnyEvent]]) -> None:
        """Publishes whole rounds, pipelined; raises JournalNede when one is not confirmed."""
        if not runder:
            return
        try:
            await self.journal.publiser([e for events in runder.values() for e in events])
        except BaseException as feil:  # cancelled half-way is as unconfirmed as refused
            self._ubekreftet = True
            logg.warning("fortelling_ubekreftet", rom=self.rom, runder=len(runder), feil=type(feil).__name__)
            raise
        self._bekreftet.update(runder)

    async def fortell_paa_nytt(self, runder: Mapping[UUID, Ufortalt]) -> None:
        """Tells rounds that may have been told: what the server may have forgotten is looked for first."""
        await self.fortell({runde: await self._ikke_fortalt(en) for runde, en in runder.items()})

    async def _ikke_fortalt(self, runde: Ufortalt) -> list[AnyEvent]:
        huskes = runde.lagt >= self.clock.now() - HUSKES
        return runde.events if huskes else await ikke_fortalt(self.journal, runde.events, etter=runde.lagt)

    async def tikk(self) -> None:
        """Tells what a crash or an outage left untold, and forgets what is confirmed: not while somebody waits."""
        await self._se_etter_forlatte()
        await self.fortell_igjen()
        if glemmes := set(self._bekreftet):
            async with self.db.skriv() as tx:
                await hukommelse.glem(tx, self.rom, glemmes)
            self._bekreftet -= glemmes

    async def _se_etter_forlatte(self) -> None:
        """What another process of the room committed, and did not live to tell, is told by whoever is left."""
        naa = self.clock.now()
        if abs(naa - self._sett_etter) < FORLATT_ETTER:
            return
        async with self.db.les() as tx:
            gamle = await hukommelse.lagt_foer(tx, self.rom, naa - FORLATT_ETTER)
        self._sett_etter = naa
        if gamle - self._bekreftet:
            self._ubekreftet = True

    async def fortell_alt(self) -> None:
        """Tells all of the room's that is not confirmed, whichever process committed it.

        To return is to say that the journal has everything that was committed before the call.

        Raises:
            JournalNede: it has not; trying again is safe.
        """
        self._ubekreftet = True
        await self.fortell_igjen()

    async def fortell_igjen(self) -> None:
        """Tells what this process knows of that is not confirmed. Harmless when repeated, by the ids."""
        async with self._en_om_gangen:  # who finds another at it waits: to return is to say that all is told
            if not self._ubekreftet:
                return
            self._ubekreftet = False  # before the look: what fails while we tell is for the next turn
            try:
                async with self.db.les() as tx:
                    runder = await hukommelse.ufortalt(tx, self.rom)
                await self.fortell_paa_nytt({r: u for r, u in runder.items() if r not in self._bekreftet})
            except BaseException:
                self._ubekreftet = True
                raise
