"""The room alone, for tests that do not need the city."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.harness.baser import Base
from tests.utkalling.rommet import Rommet, rommet_i


@pytest_asyncio.fixture(loop_scope="session")
async def rommet(base: Base) -> AsyncIterator[Rommet]:
    async with rommet_i(base) as rommet:
        yield rommet
