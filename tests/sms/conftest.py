"""One nats-server for all; a house of its own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.nats.server import Tjener, start
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.sms.huset import Huset

Bygg = Callable[..., Awaitable[Huset]]


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture
async def bygg_hus(nats: Tjener, tmp_path: Path, base: Base) -> AsyncIterator[Bygg]:
    """Builds houses with other settings."""
    alle: list[Huset] = []

    async def bygg(**felt: Any) -> Huset:
        hus = Huset(tmp_path, nats, base.url, felt)
        alle.append(hus)
        await hus.aapne()
        return hus

    yield bygg
    for hus in alle:
        await hus.lukk()


@pytest_asyncio.fixture
async def hus(bygg_hus: Bygg) -> Huset:
    return await bygg_hus()


@pytest_asyncio.fixture
async def nats_hus(nats: Tjener, tmp_path: Path, base: Base) -> AsyncIterator[Huset]:
    """A house whose room runs in a process of its own."""
    hus = Huset(tmp_path, nats, base.url, uten_rom=True)
    await hus.aapne()
    yield hus
    await hus.lukk()
