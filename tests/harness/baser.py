"""Where the tests' databases come from: SQLite's files in a folder, or databases on a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

import pytest

from infra.settings import Settings
from services.migrering import migrer
from tests.harness.postgres import Postgres

BARE_SQLITE = pytest.mark.parametrize("hylle", ["sqlite"], indirect=True)
"""For a test that is about SQLite itself, or about something else than the database; the reason stands beside it."""
BARE_POSTGRES = pytest.mark.parametrize("hylle", ["postgresql"], indirect=True)
"""For a test of what SQLite has not: roles, servers that can be away."""


@dataclass(frozen=True)
class Base:
    """One empty database, as SQLAlchemy and as a program's settings say it."""

    url: str
    """Of every room's tables but the archive's."""
    arkiv: str
    """Of the archive's: a file of its own on SQLite, the same database on PostgreSQL."""
    innstilling: str
    """`SALTO_DATABASE_URL` of a whole program: empty on SQLite, whose files stand in its own data folder."""


class Hylle(Protocol):
    """One kind of database, and as many of them as anybody asks for."""

    def ny(self, mappe: Path, *, skjema: bool = False) -> AbstractAsyncContextManager[Base]:
        """A database, gone afterwards; with the newest schema in it where that is cheaper than making it."""


class Sqlite:
    """Files in the folder of the test that asks."""

    @asynccontextmanager
    async def ny(self, mappe: Path, *, skjema: bool = False) -> AsyncIterator[Base]:
        fil = f"sqlite+aiosqlite:///{mappe}"
        yield Base(f"{fil}/salto.db", f"{fil}/audit.db", "")


class Postgresql:
    """Databases on one server; the schema is made once, and copied."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._mal = ""

    @asynccontextmanager
    async def ny(self, mappe: Path, *, skjema: bool = False) -> AsyncIterator[Base]:
        navn = await self.server.ny_base(await self._med_skjema() if skjema else "template1")
        url = self.server.url(navn)
        try:
            yield Base(url, url, url)
        finally:
            await self.server.slett(navn)

    async def _med_skjema(self) -> str:
        if not self._mal:
            mal = await self.server.ny_base()
            await migrer(Settings(database_url=self.server.url(mal)))
            self._mal = mal
        return self._mal


def uten_postgres(grunn: str) -> NoReturn:
    """Skips for want of a PostgreSQL; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{grunn}: i CI kjøres alt på begge databasene", pytrace=False)
    pytest.skip(grunn)
