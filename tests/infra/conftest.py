"""A real nats-server for all of these tests, and a house with nothing in it for each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra.nats.server import Tjener, start
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.infra.rommet import Huset, huset_i


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def journaltjener(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture(loop_scope="session")
async def huset(journaltjener: Tjener, base: Base) -> AsyncIterator[Huset]:
    async with huset_i(base, journaltjener) as huset:
        yield huset
