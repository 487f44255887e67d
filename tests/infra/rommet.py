"""A room with nothing but a consumer: what it is handed, in order, and what it does about it, is the test's to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlmodel import SQLModel

from contracts.event import AnyEvent
from contracts.kanal import KanalData, KanalStartet, KanalStoppet
from infra.clock import Clock
from infra.db import Database, tabell
from infra.journal import Journal, Levering, Melding, Mottak
from infra.journal.feil import NEDE_FEIL, JournalNede
from infra.journal.feilkoe import Feilbrev, Feilkoe
from infra.journal.forteller import Forteller, Transaksjon
from infra.journal.levering import les_event
from infra.journal.tables import FortaltRow, LestRow, StedRow
from infra.journal.topologi import FEILKOE, JOURNAL
from infra.simulator.klient import vent
from infra.web.tables import TokenRow
from tests.harness.baser import Base

TABELLER = [tabell(m) for m in (LestRow, FortaltRow, StedRow, TokenRow)]
Gjoer = Callable[["Rommet", Sequence[Levering[Any]]], Awaitable[None]]
FRIST_SEKUNDER = 60.0


@dataclass
class Rommet:
    """One room in one process, as far as the journal knows."""

    journal: Journal
    forteller: Forteller
    gjoer: Gjoer | None = None
    """Called with every batch before it counts as handled."""
    behandlet: list[str] = field(default_factory=list)
    """The `grunn` of what was handled, in order, once for each time."""
    forteller_videre: bool = False
    """Whether it says KanalStartet of everything it hears."""

    async def on_stoppet(self, t: Transaksjon, leveringer: Sequence[Levering[KanalStoppet]]) -> None:
        """The one handler."""
        if self.gjoer:
            await self.gjoer(self, leveringer)
        for lev in leveringer:
            self.behandlet.append(lev.event.data.grunn)
            if self.forteller_videre:
                data = KanalData(person_id=lev.event.data.person_id, grunn=lev.event.data.grunn)
                t.fortell(KanalStartet.ny(data, naa=Clock().now(), aarsak=lev.event.id))

    async def har(self, *grunner: str) -> None:
        """Waits until exactly these are handled, in whatever order."""

        async def alle() -> bool | None:
            return sorted(self.behandlet) == sorted(grunner) or None

        try:
            await vent(alle, f"{grunner} er behandlet", FRIST_SEKUNDER)
        except AssertionError:
            raise AssertionError(f"ventet {sorted(grunner)}, fikk {sorted(self.behandlet)}") from None


class Journaltjener(Protocol):
    """One nats-server, or a cluster."""

    @property
    def url(self) -> str: ...

    @property
    def token(self) -> str: ...


@dataclass
class Huset:
    """A journal and a database that rooms come and go on."""

    nats: Journaltjener
    db: Database
    journal: Journal

    @asynccontextmanager
    async def rom(self, navn: str = "prøve", *, blir_drept: bool = False, **felt: Any) -> AsyncIterator[Rommet]:
        """A room with a connection of its own. `blir_drept`: it ends without a word, and nothing is handed back."""
        journal = Journal(self.nats.url, self.nats.token)
        rommet = Rommet(journal, Forteller(navn, self.db, journal, Clock()), **felt)
        mottak = Mottak(rommet.forteller, {KanalStoppet: rommet.on_stoppet})
        await journal.start()
        try:
            yield rommet
        finally:
            if blir_drept:
                await drep(journal)
            else:
                await mottak.stopp()
                await journal.stopp()

    async def si(self, *grunner: str) -> list[UUID]:
        """Says one KanalStoppet for each; gives their ids."""
        events = [KanalStoppet.ny(KanalData(person_id=uuid4(), grunn=g), naa=Clock().now()) for g in grunner]
        await self.journal.publiser(events)
        return [e.id for e in events]

    async def si_bytes(self, data: bytes) -> None:
        """Puts anything on the subject the rooms hear."""
        await self.journal.js.publish("salto.kanal.stoppet.-", data)

    async def fortalt(self) -> list[AnyEvent]:
        """Every KanalStartet in the journal, in order."""
        ut, fra = [], 1
        while melding := await self.journal.neste_paa(KanalStartet.filter(), fra):
            ut.append(les_event(melding.data))
            fra = melding.sekvens + 1
        return ut

    async def feilkoe(self, antall: int) -> Sequence[Feilbrev]:
        """Waits until so many letters are there; gives them."""

        async def nok() -> Sequence[Feilbrev] | None:
            brev = await Feilkoe(self.journal).liste()
            return brev if len(brev) >= antall else None

        if not antall:
            return await Feilkoe(self.journal).liste()
        return await vent(nok, f"{antall} i feilkøen", FRIST_SEKUNDER)

    async def alt_er_avgjort(self, rom: str = "prøve") -> None:
        """Waits until the room owes the journal nothing."""

        async def ingenting() -> bool | None:
            with suppress(*NEDE_FEIL):  # a server that stood still is asked again
                info = await self.journal.js.consumer_info(JOURNAL, rom)
                return (info.num_ack_pending, info.num_pending) == (0, 0) or None
            return None

        await vent(ingenting, "alt er avgjort", FRIST_SEKUNDER)

    async def alt_er_avgjort_etter(self, rom: Rommet, *grunner: str) -> None:
        """Waits until these are handled and nothing is owed."""
        await rom.har(*grunner)
        await self.alt_er_avgjort(rom.forteller.rom)


async def drep(journal: Journal) -> None:
    """What a kill leaves: a connection that is gone, tasks that are not there any more."""
    oppgaver = {o for sub in journal.broker.subscribers for o in getattr(sub, "tasks", ())}
    while oppgaver := {o for o in oppgaver if not o.done()}:
        for oppgave in oppgaver:
            oppgave.cancel()  # more than once: one that hits in the middle of a query only ends the query
        await asyncio.wait(oppgaver, timeout=0.05)
    await journal.nc.close()


@asynccontextmanager
async def huset_i(base: Base, nats: Journaltjener, *, kopier: int = 1) -> AsyncIterator[Huset]:
    """An empty journal and empty tables."""
    db = Database(base.url)
    async with db.skriv() as tx:
        await tx.run_sync(lambda c: SQLModel.metadata.drop_all(c, tables=TABELLER))
        await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=TABELLER))
    journal = Journal(nats.url, nats.token, kopier=kopier)
    await journal.koble_til()
    for strom in (JOURNAL, FEILKOE):
        await journal.js.delete_stream(strom)
    await journal.stopp()
    journal = Journal(nats.url, nats.token, kopier=kopier)
    await journal.start()
    try:
        yield Huset(nats, db, journal)
    finally:
        await journal.stopp()
        await db.lukk()


def journalen_faller_ut(journal: Journal, ganger: int, *, etter_lagring: bool = False) -> Callable[[], int]:
    """The next tellings are not confirmed (though stored, with `etter_lagring`); gives how many were tried."""
    ekte, forsoek = journal.publiser, 0

    async def publiser(events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        nonlocal forsoek
        forsoek += 1
        if forsoek <= ganger:
            if etter_lagring:
                await ekte(events, etter=etter)
            raise JournalNede("prøve")
        return await ekte(events, etter=etter)

    journal.publiser = publiser  # type: ignore[method-assign]
    return lambda: forsoek


__all__ = ["Huset", "Melding", "Rommet", "drep", "huset_i", "journalen_faller_ut"]
