"""The room alone, for tests that do not need the city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.utkalling.rommet import Rommet, rommet_i


@pytest_asyncio.fixture(loop_scope="session")
async def rommet(tmp_path: Path) -> AsyncIterator[Rommet]:
    async with rommet_i(tmp_path) as rommet:
        yield rommet
