"""Fixtures every test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from infra import log
from tests.harness.baser import Base, Hylle, Postgresql, Sqlite, uten_postgres
from tests.harness.by import By, by_i
from tests.harness.postgres import IngenPostgres, Postgres, postgres_i, programmer

log.sett_opp("console", "WARNING")
# A slow machine is no error in what is tested; and the gate asks everybody the same questions, every time.
settings.register_profile("porten", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
# `--hypothesis-profile utforsk` asks new ones.
settings.register_profile("utforsk", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("porten")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """A PostgreSQL server of this test process, started when the first test wants it."""
    try:
        programmer()
    except IngenPostgres as grunn:
        uten_postgres(str(grunn))
    async with postgres_i() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def hylle(request: pytest.FixtureRequest) -> Hylle:
    """Each kind of database in turn: whoever asks runs on both, all tests of one kind before the other's."""
    return Sqlite() if request.param == "sqlite" else Postgresql(request.getfixturevalue("postgres"))


@pytest_asyncio.fixture(loop_scope="session")
async def base(hylle: Hylle, tmp_path: Path) -> AsyncIterator[Base]:
    """An empty database, of each kind in turn."""
    async with hylle.ny(tmp_path) as base:
        yield base


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def byen(hylle: Hylle, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[By]:
    """One whole city per test process and kind of database."""
    mappe = tmp_path_factory.mktemp("by")
    async with hylle.ny(mappe, skjema=True) as base, by_i(mappe, database_url=base.innstilling) as by:
        yield by


@pytest_asyncio.fixture(loop_scope="session")
async def by(byen: By) -> AsyncIterator[By]:
    """The city, tidied after each test."""
    yield byen
    await byen.rydd()
