"""Two roles of PostgreSQL: one owns the tables, the other runs the program and cannot touch what is archived."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from infra.db import Database
from infra.settings import Innstillingsfeil, Settings
from services.audit.store import RAD
from services.migrering import migrer, sjekk
from tests.harness.by import by_i
from tests.harness.kommandolinje import salto
from tests.harness.postgres import Postgres

ENDRE = "UPDATE audit_rad SET subjekt = 'noe annet'"
SLETTE = "DELETE FROM audit_rad"
TOEMME = "TRUNCATE audit_rad"
RAD_VERDIER = {"epoke": 1, "tid": 0, "subjekt": "x", "digest": bytes(32), "hash": bytes(32), "type": ""}


@dataclass(frozen=True)
class Roller:
    """The same database as its owner, and as the running program."""

    eier: str
    drift: str

    def innstillinger(self, mappe: Path) -> Settings:
        return Settings(data_dir=mappe, database_url=self.drift, migrering_url=self.eier)


@pytest_asyncio.fixture(loop_scope="session")
async def roller(postgres: Postgres) -> AsyncIterator[Roller]:
    """A new role and an empty database."""
    base, navn = await postgres.ny_base(), f"drift-{uuid4().hex[:8]}"
    db = await postgres.koble("postgres")
    await db.execute(f'CREATE ROLE "{navn}" LOGIN')
    yield Roller(postgres.url(base), postgres.url(base, bruker=navn))
    await postgres.slett(base)
    await db.execute(f'DROP ROLE "{navn}"')
    await db.close()


async def gjoer(url: str, *setninger: str) -> None:
    """Does it all in one transaction."""
    db = Database(url)
    try:
        async with db.skriv() as tx:
            for setning in setninger:
                await tx.exec_driver_sql(setning)
    finally:
        await db.lukk()


async def legg_til(url: str, sekvens: int) -> None:
    db = Database(url)
    async with db.skriv() as tx:
        await tx.execute(insert(RAD).values(sekvens=sekvens, **RAD_VERDIER))
    await db.lukk()


@pytest.mark.parametrize(
    "setning",
    [
        ENDRE,
        SLETTE,
        TOEMME,
        "TRUNCATE utkalling_utkalling",
        "DELETE FROM audit_hode",
        "ALTER TABLE audit_rad DISABLE TRIGGER ALL",
        "DROP TABLE audit_rad",
        "CREATE TABLE noe (a int)",
        "SET session_replication_role = replica",
        "UPDATE alembic_audit SET version_num = '1'",
    ],
)
async def test_the_running_role_adds_rows_to_the_archive_and_may_do_nothing_else_to_it(
    setning: str, roller: Roller, tmp_path: Path
) -> None:
    await migrer(roller.innstillinger(tmp_path))
    await legg_til(roller.drift, 1)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        await gjoer(roller.drift, setning)


@pytest.mark.parametrize("forspill", ["SELECT 1", "SET LOCAL session_replication_role = replica"])
@pytest.mark.parametrize("setning", [ENDRE, SLETTE, TOEMME])
async def test_the_owner_too_is_refused(forspill: str, setning: str, roller: Roller, tmp_path: Path) -> None:
    await migrer(roller.innstillinger(tmp_path))
    await legg_til(roller.eier, 1)
    with pytest.raises(DBAPIError, match="kan ikke endres eller slettes"):
        await gjoer(roller.eier, forspill, setning)


async def test_a_right_somebody_gave_by_hand_is_gone_after_the_next_migrate(roller: Roller, tmp_path: Path) -> None:
    await migrer(roller.innstillinger(tmp_path))
    await gjoer(roller.eier, f'GRANT ALL ON audit_rad TO "{roller.drift.partition("//")[2].partition("@")[0]}"')
    await migrer(roller.innstillinger(tmp_path))
    with pytest.raises(DBAPIError, match="permission denied"):
        await gjoer(roller.drift, ENDRE)


async def test_a_whole_program_runs_as_the_lesser_role(roller: Roller, tmp_path: Path) -> None:
    async with by_i(tmp_path, database_url=roller.drift, migrering_url=roller.eier) as by:
        await sjekk(by.program.hus.settings)
        h = await by.sekretariat.varsler(**by.lokal())
        telefon = by.telefon("salto_koordinator", "bydel:05")
        await telefon.forventer(h.kodeord)
        await telefon.svarer("JA")
        await by.status(h, "salto_koordinator", "bydel:05", "kommer")
        await by.sekretariat.gjoer(h, "avslutt")
        await by.stille()
        assert (await by.sekretariat.kall("GET", "/audit/verifiser")).json()["hel"]
        await by.rydd()


async def test_the_doctor_says_whether_the_running_role_could_change_the_archive(
    roller: Roller, tmp_path: Path
) -> None:
    await migrer(roller.innstillinger(tmp_path))
    vern = {}
    for url in (roller.eier, roller.drift):
        svar = json.loads((await salto("doktor", "--json", data_dir=str(tmp_path), database_url=url)).ut)
        vern[url] = svar["loggarkivets vern"]
    assert vern[roller.drift] == "ok"
    assert vern[roller.eier].startswith("advarsel: rollen «salto» kan endre loggarkivet")


@pytest.mark.parametrize(
    ("drift", "eier", "hva"),
    [
        ("", "postgresql+asyncpg://salto@127.0.0.1/salto", "bare sammen med PostgreSQL"),
        ("postgresql+asyncpg://a@127.0.0.1/en", "postgresql+asyncpg://b@127.0.0.1/to", "samme database"),
    ],
)
async def test_an_owner_of_something_else_is_refused(drift: str, eier: str, hva: str, tmp_path: Path) -> None:
    with pytest.raises(Innstillingsfeil, match=hva):
        await migrer(Settings(data_dir=tmp_path, database_url=drift, migrering_url=eier))


async def test_a_role_that_is_not_there_is_named(postgres: Postgres, roller: Roller, tmp_path: Path) -> None:
    borte = roller.drift.replace("//drift-", "//borte-")
    with pytest.raises(Innstillingsfeil, match="«borte-"):
        await migrer(Settings(data_dir=tmp_path, database_url=borte, migrering_url=roller.eier))
