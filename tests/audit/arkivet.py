"""An archive beside a real journal: it can be started, stopped, read and tampered with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from sqlalchemy import Executable, text
from sqlmodel import SQLModel

import infra.journal.tables
import infra.web.tables
from contracts.event import AnyEvent
from infra.clock import StillbarClock
from infra.db import Database
from infra.journal import Journal
from infra.nats.server import Tjener
from infra.room import Hus
from infra.settings import Settings
from infra.web.app import bygg_app
from infra.web.tilgang import Tilgang, nytt_token
from services.audit import store
from services.audit.app import bygg
from services.audit.rules import Hode, Rad
from services.audit.rules_gjennomgang import Resultat
from services.audit.tables import UTLOESERE, AuditBase
from services.audit.verifisering import verifiser_arkivet

TOKEN = "oppstart-i-test"
TABELLER = (infra.journal.tables, infra.web.tables)
"""Importing them is what declares the tables."""
FRIST_SEKUNDER = 60.0


async def lag_skjema(db: Database) -> None:
    """An empty audit schema, with what refuses change."""
    async with db.skriv() as tx:
        await tx.run_sync(AuditBase.metadata.drop_all)
        await tx.run_sync(AuditBase.metadata.create_all)
        for setning in UTLOESERE[db.url.get_backend_name()] * 2:  # a migration may run again
            await tx.exec_driver_sql(setning)


async def tukle(db: Database, setning: str | Executable) -> None:
    """Somebody with the keys of the database changes what is written."""
    vakt = "audit_rad_ingen_endring"
    async with db.skriv() as tx:
        await tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {vakt}" + ("" if db.sqlite else " ON audit_rad"))
        await tx.execute(text(setning) if isinstance(setning, str) else setning)


async def inntil(vilkaar: Callable[[], Awaitable[bool]]) -> None:
    """Waits until the condition holds; fails the test when it never does."""
    async with asyncio.timeout(FRIST_SEKUNDER):
        while not await vilkaar():  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.01)


@dataclass
class Arkivet:
    """The room under test. `fil` is the audit database's file (SQLite)."""

    mappe: Path
    nats: Tjener
    hoved_url: str
    audit_url: str
    klokke: StillbarClock = field(default_factory=StillbarClock)

    async def aapne(self) -> None:
        """Everything but the archivist is running."""
        self.journal = Journal(self.nats.url, self.nats.token)
        self.db = Database(self.hoved_url)
        self.auditdb = Database(self.audit_url)
        async with self.db.skriv() as tx:
            await tx.run_sync(SQLModel.metadata.drop_all)
            await tx.run_sync(SQLModel.metadata.create_all)
        await lag_skjema(self.auditdb)
        self.hus = Hus(Settings(data_dir=self.mappe), self.klokke, self.journal, self.db)
        self.rom = bygg(self.hus, self.auditdb)
        self.app = bygg_app(self.rom.ruter, Tilgang(self.db, TOKEN), {})
        await self.journal.koble_til()

    async def lukk(self) -> None:
        await self.stopp()
        await self.journal.stopp()
        await self.auditdb.lukk()
        await self.db.lukk()

    async def start(self) -> None:
        assert self.rom.start
        await self.rom.start()

    async def stopp(self) -> None:
        assert self.rom.stopp
        await self.rom.stopp()

    async def ettersyn(self) -> None:
        """The tick."""
        await self.rom.ticks[0].gjoer()

    def klient(self, token: str = TOKEN) -> httpx2.AsyncClient:
        """A caller; with no token given, the sekretariat."""
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://salto.example/api/v1",
            headers={"Authorization": f"Bearer {token}"},
        )

    async def logg_inn(self, rolle: str) -> httpx2.AsyncClient:
        """A caller with a token of this role."""
        return self.klient(await nytt_token(self.db, rolle=rolle, navn="test", enhet=None, naa=self.klokke.now()))

    async def skjer(self, events: Sequence[AnyEvent]) -> None:
        """These are told in the journal."""
        for i in range(0, len(events), 500):
            await self.journal.publiser(events[i : i + 500])

    async def hode(self) -> Hode:
        async with self.auditdb.les() as tx:
            return await store.hode(tx)

    async def rader(self) -> list[Rad]:
        """Every row there is."""
        async with self.auditdb.les() as tx:
            return await store.etter(tx, Hode(0, 0), 1_000_000)

    async def har_alt(self) -> bool:
        """Whether all that is told is archived."""
        return (await self.hode()).sekvens >= await self.journal.siste_sekvens()

    async def verifisert(self) -> Resultat:
        return await verifiser_arkivet(self.auditdb)
