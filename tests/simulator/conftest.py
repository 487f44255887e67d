"""One simulator process for the whole session, as good as new for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from infra.simulator.adresse import Adresse
from infra.simulator.innstillinger import Innstillinger
from infra.simulator.klient import Simulator
from tests.simulator.mottaker import Mottaker, lytt
from tests.simulator.prosess import start


@pytest.fixture(scope="session")
async def adresse(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Adresse]:
    async with start(tmp_path_factory.mktemp("simulator")) as oppe:
        yield oppe.adresse
        assert oppe.stopp() == 0


@pytest.fixture
async def sim(adresse: Adresse) -> AsyncIterator[Simulator]:
    async with Simulator(adresse.url) as simulator:
        await simulator.nullstill()
        await simulator.still_inn(**Innstillinger(latens_ms=0, status_ms=1).model_dump())
        yield simulator


@pytest.fixture
async def twilio(adresse: Adresse) -> AsyncIterator[Any]:
    """Twilio's own SDK, pointed at the simulator by one attribute."""
    async with AsyncTwilioHttpClient() as http:
        klient = Client(adresse.sid, adresse.token, http_client=http)
        klient.api.base_url = adresse.url
        yield klient


@pytest.fixture
async def mottaker(adresse: Adresse) -> AsyncIterator[Mottaker]:
    async with lytt(adresse.token) as mottaker:
        yield mottaker
