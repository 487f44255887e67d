"""SQLite on the event loop: statements run where they are asked for, only the COMMIT and its fsync in a thread.

A statement takes microseconds; handing it to a thread, and its rows back, takes ten times that and the interpreter's
lock with it. The connection speaks as `aiosqlite` does, so SQLAlchemy's dialect for that is used as it is.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Self

VENT_SEKUNDER = 30.0
_INNE_I_SQLITE_MS = 20
"""A reader finds a lock only while a dead process's journal is being recovered; a writer asks again by itself."""
_PAUSE_FOERST_SEKUNDER, _PAUSE_MAKS_SEKUNDER = 0.001, 0.05
PRAGMA = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Peker:
    """A cursor. Nothing here is waited for but a lock that another process holds."""

    def __init__(self, forbindelse: sqlite3.Connection) -> None:
        self._ekte = forbindelse.cursor()
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._ekte.description

    @property
    def rowcount(self) -> int:
        return self._ekte.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._ekte.lastrowid

    async def execute(self, setning: str, verdier: Sequence[Any] = ()) -> None:
        """Runs a statement; waits for a locked database as long as anybody does, without keeping the others waiting."""
        loop = asyncio.get_running_loop()
        frist, pause = loop.time() + VENT_SEKUNDER, _PAUSE_FOERST_SEKUNDER
        while True:
            try:
                self._ekte.execute(setning, verdier)
            except sqlite3.OperationalError as feil:
                # Only what begins a transaction can find it locked; anything later would be half done.
                if not setning.startswith("BEGIN") or not _laast(feil) or loop.time() > frist:
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_MAKS_SEKUNDER)
            else:
                return

    async def executemany(self, setning: str, verdier: Sequence[Sequence[Any]]) -> None:
        self._ekte.executemany(setning, verdier)

    async def fetchone(self) -> Any:
        return self._ekte.fetchone()

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        return self._ekte.fetchmany(size or self.arraysize)

    async def fetchall(self) -> Sequence[Any]:
        return self._ekte.fetchall()

    async def __aiter__(self) -> AsyncIterator[Any]:
        for rad in self._ekte:
            yield rad

    async def close(self) -> None:
        self._ekte.close()


class Forbindelse:
    """A connection for one transaction at a time.

    Args:
        fil: the database.
        traad: where a COMMIT that has something to write waits for the disk; None for one that only reads.
    """

    def __init__(self, fil: str, traad: ThreadPoolExecutor | None) -> None:
        self._traad = traad
        self._lagret = 0
        # What looks for `_connection` asks whether it is open (SQLAlchemy's aiosqlite dialect).
        self._connection: sqlite3.Connection | None = _aapne(fil)

    @property
    def _ekte(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection

    def begynte(self, setning: str) -> bool:
        """Whether a transaction could be begun without waiting."""
        try:
            self._ekte.execute(setning)
        except sqlite3.OperationalError:
            return False
        return True

    def cursor(self) -> Peker:
        return Peker(self._ekte)

    async def commit(self) -> None:
        """On disk when it returns. Finished also when whoever asked is cancelled: the connection is used again."""
        endringer = self._ekte.total_changes
        if self._traad is None or endringer == self._lagret:
            self._ekte.commit()
            return
        ferdig = asyncio.get_running_loop().run_in_executor(self._traad, self._ekte.commit)
        try:
            await asyncio.shield(ferdig)
        except asyncio.CancelledError:
            await asyncio.wait({ferdig})
            raise
        self._lagret = endringer

    async def rollback(self) -> None:
        self._ekte.rollback()

    async def create_function(self, *felt: Any, **valg: Any) -> None:
        self._ekte.create_function(*felt, **valg)

    async def close(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Closes at once."""
        if self._connection:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def kobler(fil: str, *, skriver: bool) -> Callable[..., Awaitable[Forbindelse]]:
    """What an engine opens its connections with; those that write have a thread for their commits."""
    traad = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit") if skriver else None

    async def koble(*_: Any, **__: Any) -> Forbindelse:
        return Forbindelse(fil, traad)

    return koble


def _aapne(fil: str) -> sqlite3.Connection:
    forbindelse = sqlite3.connect(fil, isolation_level=None, check_same_thread=False, timeout=VENT_SEKUNDER)
    for pragma in PRAGMA:  # to turn the journal on can take a lock; from then on next to nothing waits inside SQLite
        forbindelse.execute(f"PRAGMA {pragma}")
    forbindelse.execute(f"PRAGMA busy_timeout={_INNE_I_SQLITE_MS}")
    return forbindelse


def _laast(feil: sqlite3.OperationalError) -> bool:
    return feil.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
