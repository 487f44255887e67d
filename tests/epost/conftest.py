"""One nats-server for the session, one town for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.nats.server import Tjener, start
from tests.epost.byen import Byen
from tests.harness.baser import Base
from tests.harness.porter import ledig_port


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture
async def byen(tmp_path: Path, nats: Tjener, base: Base, request: pytest.FixtureRequest) -> AsyncIterator[Byen]:
    """The town; `@pytest.mark.parametrize("byen", [{…settings}], indirect=True)` sets the room up differently."""
    oppsett: dict[str, Any] = getattr(request, "param", {})
    byen = Byen(tmp_path, nats, oppsett=oppsett)
    await byen.aapne(base.url)
    yield byen
    await byen.lukk()
