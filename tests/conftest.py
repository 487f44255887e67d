"""Fixtures every test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra import log
from tests.harness.by import By, by_i

log.sett_opp("console", "WARNING")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def byen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[By]:
    """One whole city per test process."""
    async with by_i(tmp_path_factory.mktemp("by")) as by:
        yield by


@pytest_asyncio.fixture(loop_scope="session")
async def by(byen: By) -> AsyncIterator[By]:
    """The city, tidied after each test."""
    yield byen
    await byen.rydd()
