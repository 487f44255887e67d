"""The database: one writer at a time on SQLite, pooled connections on PostgreSQL, the same SQL on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel

NEDE = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
"""What a missing database looks like: the room pauses, and nothing is counted against the message."""

Tx = AsyncConnection


def tabell(modell: type[SQLModel]) -> Table:
    """The Core table of a SQLModel: hot paths write batches with it, in one statement."""
    return modell.__table__  # type: ignore[attr-defined, no-any-return]


class Database:
    """Opens transactions; nobody else commits."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._en_skriver = asyncio.Lock()
        if self.sqlite:
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)
            self._skriver = _sqlite(url, umiddelbar=True, storrelse=1)
            self._leser = _sqlite(url, umiddelbar=False, storrelse=4)
        else:
            self._skriver = self._leser = create_async_engine(url, pool_size=10, pool_pre_ping=True)

    @asynccontextmanager
    async def skriv(self) -> AsyncIterator[Tx]:
        """One transaction: committed at the end, rolled back on an error."""
        if not self.sqlite:
            async with self._skriver.begin() as tx:
                yield tx
            return
        async with self._en_skriver, self._skriver.begin() as tx:
            yield tx

    @asynccontextmanager
    async def les(self) -> AsyncIterator[Tx]:
        """A read-only transaction with one consistent picture."""
        async with self._leser.begin() as tx:
            yield tx

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self.les() as tx:
            await tx.execute(text("select 1"))

    async def lukk(self) -> None:
        await self._skriver.dispose()
        await self._leser.dispose()


def _sqlite(url: str, *, umiddelbar: bool, storrelse: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=storrelse, max_overflow=0, connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def _pragma(forbindelse: Any, _: Any) -> None:
        forbindelse.isolation_level = None  # the driver must not begin on its own
        peker = forbindelse.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            peker.execute(f"PRAGMA {pragma}")
        peker.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(forbindelse: Any) -> None:
        # A deferred transaction that turns writer fails at once with «database is locked».
        forbindelse.exec_driver_sql("BEGIN IMMEDIATE" if umiddelbar else "BEGIN")

    return engine


async def sett_inn_ny(tx: Tx, modell: type[SQLModel], rader: Sequence[dict[str, Any]]) -> None:
    """Inserts rows in one statement; rows whose key is there already are left as they are."""
    if not rader:
        return
    innsetting: Any
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as innsetting  # noqa: PLC0415 - one per dialect
    else:
        from sqlalchemy.dialects.sqlite import insert as innsetting  # noqa: PLC0415 - one per dialect
    await tx.execute(innsetting(tabell(modell)).on_conflict_do_nothing(), list(rader))


__all__ = ["NEDE", "DBAPIError", "Database", "Tx", "sett_inn_ny", "tabell"]
