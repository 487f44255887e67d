"""The database: one writer at a time on SQLite, pooled connections on PostgreSQL, the same SQL on both."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as Koetid
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import SQLModel

from infra import postgres
from infra.sqlite import PRAGMA, VENT_SEKUNDER, kobler

NEDE = (OperationalError, InterfaceError, ConnectionError, TimeoutError, Koetid)
"""What a missing database looks like: the room pauses, and nothing is counted against the message."""

PLASS_BYTE = 8 * 1024 * 1024
"""With less than this on its disk a SQLite file is as good as full: readiness says so while there is a little left."""

Tx = AsyncConnection


def tabell(modell: type[SQLModel]) -> Table:
    """The Core table of a SQLModel: hot paths write batches with it, in one statement."""
    return modell.__table__  # type: ignore[attr-defined, no-any-return]


class Database:
    """Opens transactions; nobody else commits.

    Args:
        url: SQLAlchemy's.
        les_i_traad: SQLite: readings may be long (a whole archive), and must not keep everything else waiting.
        taalmodig: PostgreSQL: a statement may take as long as it takes (a migration).
    """

    def __init__(self, url: str, *, les_i_traad: bool = False, taalmodig: bool = False) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._en_skriver = asyncio.Lock()
        if self.sqlite:
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)
            self._skriver = _sqlite(url, "BEGIN IMMEDIATE", storrelse=1)
            self._leser = _sqlite(url, "BEGIN", storrelse=4, i_traad=les_i_traad)
        else:
            self._skriver = postgres.motor(url, taalmodig=taalmodig)
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
        """Raises when the database does not answer, or its file can soon not be written."""
        async with self.les() as tx:
            await tx.execute(text("select 1"))
        if self.sqlite and (ledig := shutil.disk_usage(Path(self.url.database or "").parent).free) < PLASS_BYTE:
            raise OSError(f"disken er full: {ledig} byte igjen")

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


def _sqlite(url: str, begynn: str, *, storrelse: int, i_traad: bool = False) -> AsyncEngine:
    """One engine of a file. A deferred transaction that turns writer fails at once with «database is locked»."""
    felles = {"pool_size": storrelse, "max_overflow": 0}
    if i_traad:
        engine = create_async_engine(url, **felles, connect_args={"timeout": VENT_SEKUNDER})
        event.listens_for(engine.sync_engine, "connect")(_pragma)
    else:
        kobl = kobler(make_url(url).database or "", skriver=begynn != "BEGIN")
        engine = create_async_engine(url, **felles, async_creator=kobl)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(forbindelse: Any) -> None:
        raa = forbindelse.connection.driver_connection
        if i_traad or not raa.begynte(begynn):
            forbindelse.exec_driver_sql(begynn)  # waits for whoever has the lock

    return engine


def _pragma(forbindelse: Any, _: Any) -> None:
    forbindelse.isolation_level = None  # the driver must not begin on its own
    peker = forbindelse.cursor()
    for pragma in PRAGMA:
        peker.execute(f"PRAGMA {pragma}")
    peker.close()


async def sett_inn_ny(tx: Tx, modell: type[SQLModel], rader: Sequence[dict[str, Any]]) -> None:
    """Inserts rows in one statement; rows whose key is there already are left as they are."""
    if rader:
        await tx.execute(_ny(tx, modell), list(rader))


async def sett_inn_og_si_hvilke(
    tx: Tx, modell: type[SQLModel], rader: Sequence[dict[str, Any]], kolonne: str
) -> set[Any]:
    """As `sett_inn_ny`; gives the value of a column for each row that was new."""
    if not rader:
        return set()
    return set((await tx.execute(_ny(tx, modell).returning(tabell(modell).c[kolonne]), list(rader))).scalars())


def _ny(tx: Tx, modell: type[SQLModel]) -> Any:
    innsetting: Any = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    return innsetting(tabell(modell)).on_conflict_do_nothing()


__all__ = ["NEDE", "DBAPIError", "Database", "Tx", "sett_inn_ny", "sett_inn_og_si_hvilke", "tabell"]
