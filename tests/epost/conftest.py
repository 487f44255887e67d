"""One nats-server for the session, one town for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.nats.server import Tjener, start
from services.epost import bokfoering, krav, ledger, leie, rules, smtp
from tests.epost.byen import Byen
from tests.harness.baser import Base
from tests.harness.porter import ledig_port

ROMSLIG = (
    (smtp, "KOMMANDO_SEKUNDER", 60.0),
    (ledger, "STOPPFRIST_SEKUNDER", 60.0),
    *((modul, "LEIE", timedelta(minutes=9)) for modul in (rules, krav, bokfoering, leie)),
    (rules, "UTSETT_FOERST", rules.UTSETT_MAKS),
)


@pytest_asyncio.fixture(scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest.fixture
def romslig() -> Iterator[None]:
    """Nothing is given up, or tried again, because the machine stood still: what is put off waits for the test."""
    with pytest.MonkeyPatch.context() as m:
        for modul, navn, verdi in ROMSLIG:
            m.setattr(modul, navn, verdi)
        yield


@pytest_asyncio.fixture
async def byen(
    tmp_path: Path, nats: Tjener, base: Base, request: pytest.FixtureRequest, romslig: None
) -> AsyncIterator[Byen]:
    """The town; `@pytest.mark.parametrize("byen", [{…settings}], indirect=True)` sets the room up differently."""
    oppsett: dict[str, Any] = getattr(request, "param", {})
    byen = Byen(tmp_path, nats, oppsett=oppsett)
    await byen.aapne(base.url)
    yield byen
    await byen.lukk()
