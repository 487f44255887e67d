"""One SQLite file that commits in groups: what waits together is written together, and told after it is on disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Verdi = str | int | float | bytes | None
Setning = tuple[str, Sequence[Verdi]]


class Database:
    """All calls from one event loop. Statements run on the loop (microseconds), COMMIT and its fsync in a thread.

    Statements in the thread would hand the interpreter lock back and forth once a row.
    """

    def __init__(self, fil: Path, skjema: str) -> None:
        self._skriver = _aapne(fil)
        self._skriver.executescript(skjema)
        self._leser = _aapne(fil)
        self._leser.row_factory = sqlite3.Row
        self._traad = ThreadPoolExecutor(1, thread_name_prefix="simulator-commit")
        self._koe: list[tuple[tuple[Setning, ...], asyncio.Future[None]]] = []
        self._toemmer: asyncio.Task[None] | None = None

    async def skriv(self, *setninger: Setning) -> None:
        """Returns when the statements, one transaction, are on disk; raises sqlite3.Error when they are not."""
        await self.skriv_snart(*setninger)

    def skriv_snart(self, *setninger: Setning) -> asyncio.Future[None]:
        """Queues the statements in order; the future is done when they are on disk."""
        ferdig = asyncio.get_running_loop().create_future()
        self._koe.append((setninger, ferdig))
        if self._toemmer is None:
            self._toemmer = asyncio.create_task(self._toem())
        return ferdig

    def les(self, sql: str, verdier: Sequence[Verdi] = ()) -> list[sqlite3.Row]:
        """Rows as of the newest commit."""
        return self._leser.execute(sql, verdier).fetchall()

    async def steng(self) -> None:
        """Writes what is queued and closes."""
        while self._toemmer is not None:
            await self._toemmer
        self._traad.shutdown()
        self._skriver.close()
        self._leser.close()

    async def _toem(self) -> None:
        try:
            while self._koe:
                await asyncio.sleep(0)  # requests read in this turn of the loop join the same commit
                gruppe, self._koe = self._koe, []
                await self._skriv_gruppe(gruppe)
        finally:
            self._toemmer = None

    async def _skriv_gruppe(self, gruppe: list[tuple[tuple[Setning, ...], asyncio.Future[None]]]) -> None:
        feil: sqlite3.Error | None = None
        try:
            self._skriver.execute("BEGIN IMMEDIATE")
            for setninger, _ in gruppe:
                for sql, verdier in setninger:
                    self._skriver.execute(sql, verdier)
            await asyncio.get_running_loop().run_in_executor(self._traad, self._skriver.execute, "COMMIT")
        except sqlite3.Error as grunn:
            feil = grunn
            if self._skriver.in_transaction:
                self._skriver.execute("ROLLBACK")
        for _, ferdig in gruppe:
            _avgjoer(ferdig, feil)


def _avgjoer(ferdig: asyncio.Future[None], feil: sqlite3.Error | None) -> None:
    if ferdig.done():  # the one who asked has been cancelled
        return
    if feil is None:
        ferdig.set_result(None)
    else:
        ferdig.set_exception(feil)


def _aapne(fil: Path) -> sqlite3.Connection:
    forbindelse = sqlite3.connect(fil, isolation_level=None, check_same_thread=False)
    forbindelse.execute("PRAGMA journal_mode = WAL")
    forbindelse.execute("PRAGMA synchronous = FULL")
    forbindelse.execute("PRAGMA busy_timeout = 5000")
    return forbindelse
