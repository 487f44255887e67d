"""One nats-server for all; a house of its own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.nats.server import Tjener, start
from services.sms import routes
from services.sms.rules import Tider
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.sms.huset import TIDER, Huset

Bygg = Callable[..., Awaitable[Huset]]


@pytest.fixture(autouse=True)
def taalmodig() -> Iterator[None]:
    """The doors wait for a machine that stands still longer than Twilio would."""
    with pytest.MonkeyPatch.context() as m:
        m.setattr(routes, "SVARFRIST_SEKUNDER", 60.0)
        yield


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture
async def bygg_hus(nats: Tjener, tmp_path: Path, base: Base) -> AsyncIterator[Bygg]:
    """Builds houses with other settings."""
    alle: list[Huset] = []

    async def bygg(*, tider: Tider = TIDER, **felt: Any) -> Huset:
        hus = Huset(tmp_path, nats, base.url, felt, tider=tider)
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
