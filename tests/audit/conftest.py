"""One nats-server for the session, an empty journal and an empty archive for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from infra.journal.topologi import JOURNAL, erklaer
from infra.nats.server import Tjener, start
from tests.audit.arkivet import Arkivet


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"))
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture
async def arkivet(tmp_path: Path, nats: Tjener) -> AsyncIterator[Arkivet]:
    """On `SALTO_TEST_DATABASE_URL` when it is set, else on files of its own."""
    felles = os.environ.get("SALTO_TEST_DATABASE_URL")
    hoved, audit = (felles or f"sqlite+aiosqlite:///{tmp_path / navn}" for navn in ("salto.db", "audit.db"))
    arkiv = Arkivet(tmp_path, nats, hoved, audit)
    await arkiv.aapne()
    await arkiv.journal.js.delete_stream(JOURNAL)
    await erklaer(arkiv.journal.js)
    yield arkiv
    await arkiv.lukk()
