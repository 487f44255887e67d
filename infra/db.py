"""The database: one writer at a time on SQLite, pooled connections on PostgreSQL, the same SQL on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as Koetid
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel

NEDE = (OperationalError, InterfaceError, ConnectionError, TimeoutError, Koetid)
"""What a missing database looks like: the room pauses, and nothing is counted against the message."""
_NEDE_KODER = ("08", "25006", "28", "3D", "40", "53", "55", "57", "58")
"""SQLSTATEs of a server that is away, full, stopping, failing over or short of something, or that broke a deadlock."""

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
            self._skriver = _postgresql(url)
            self._leser = self._skriver.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )  # one picture: each statement of READ COMMITTED would have its own

    @asynccontextmanager
    async def skriv(self) -> AsyncIterator[Tx]:
        """One transaction: committed at the end, rolled back on an error."""
        if not self.sqlite:
            async with _begynn(self._skriver) as tx:
                yield tx
            return
        async with self._en_skriver, _begynn(self._skriver) as tx:
            yield tx

    @asynccontextmanager
    async def les(self) -> AsyncIterator[Tx]:
        """A read-only transaction with one consistent picture."""
        async with _begynn(self._leser) as tx:
            yield tx

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self.les() as tx:
            await tx.execute(text("select 1"))

    async def lukk(self) -> None:
        await self._skriver.dispose()
        await self._leser.dispose()


@asynccontextmanager
async def _begynn(engine: AsyncEngine) -> AsyncIterator[Tx]:
    """A transaction. A server that cannot be reached is one error, whatever the network calls it."""
    async with AsyncExitStack() as stakk:
        try:
            tx = await stakk.enter_async_context(engine.begin())
        except OSError as feil:
            raise OperationalError(None, None, feil) from feil
        yield tx


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


def _postgresql(url: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=10,
        max_overflow=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"timeout": 5, "command_timeout": 30, "server_settings": {"application_name": "salto"}},
    )

    @event.listens_for(engine.sync_engine, "handle_error")
    def _nede(feil: ExceptionContext) -> None:
        # The dialect has no word of its own for a server that is away: it would look like the message's own fault.
        kode = getattr(feil.original_exception, "sqlstate", None)
        if type(feil.sqlalchemy_exception) is DBAPIError and (kode is None or kode.startswith(_NEDE_KODER)):
            raise OperationalError(None, None, feil.original_exception, hide_parameters=True) from None

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
