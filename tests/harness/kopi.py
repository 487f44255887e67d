"""A backup of the tables, taken while nobody writes, and put back: SQLite's file, or a database made of another."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.harness.postgres import Postgres


@dataclass
class Tabeller:
    """The tables of one system. On PostgreSQL each restore is another database, and `url` follows."""

    mappe: Path
    postgres: Postgres | None
    url: str = ""
    """`SALTO_DATABASE_URL` as it is now; empty on SQLite."""
    _baser: list[str] = field(default_factory=list)

    async def kopier(self) -> str:
        """Takes a backup; gives its name. Nobody may be connected."""
        if self.postgres:
            return await self._ny(make_url(self.url).database or "")
        kopi = self.mappe / "kopi.db"
        shutil.copy(self._fil, kopi)
        assert not self._wal.exists(), "noen skriver"
        return str(kopi)

    async def tilbake(self, kopi: str) -> None:
        """Puts a backup back."""
        if self.postgres:
            self.url = self.postgres.url(await self._ny(kopi))
        else:
            self._fil.unlink()
            shutil.copy(kopi, self._fil)

    async def toem(self) -> None:
        """Nothing is left; the archive neither, where it is in the same database."""
        if self.postgres:
            self.url = self.postgres.url(await self._ny("template1"))
        else:
            self._fil.unlink()

    async def rydd(self) -> None:
        for base in self._baser:
            assert self.postgres
            await self.postgres.slett(base)

    async def _ny(self, mal: str) -> str:
        assert self.postgres
        self._baser.append(await self.postgres.ny_base(mal))
        return self._baser[-1]

    @property
    def _fil(self) -> Path:
        return self.mappe / "salto.db"

    @property
    def _wal(self) -> Path:
        return self.mappe / "salto.db-wal"
