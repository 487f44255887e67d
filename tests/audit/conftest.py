"""One nats-server for the session, an empty journal and an empty archive for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from infra.journal.topologi import JOURNAL, erklaer
from infra.nats.server import Tjener, start
from tests.audit.arkivet import Arkivet
from tests.harness.baser import Base
from tests.harness.porter import ledig_port


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture
async def arkivet(tmp_path: Path, nats: Tjener, base: Base) -> AsyncIterator[Arkivet]:
    arkiv = Arkivet(tmp_path, nats, base.url, base.arkiv)
    await arkiv.aapne()
    await arkiv.journal.js.delete_stream(JOURNAL)
    await erklaer(arkiv.journal.js)
    yield arkiv
    await arkiv.lukk()
