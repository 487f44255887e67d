"""How many messages a second are accepted, each on disk before its 201: the ceiling of every figure measured on it."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator

ANTALL = 2000
SAMTIDIGE = 200
MINST_PER_SEKUND = 500
"""Far below what is measured (3,000-4,700): a busy machine is no fault, a lost group commit is."""


@pytest.mark.bench
@pytest.mark.parametrize("latens_ms", [0, 50])
async def test_two_thousand_messages_are_accepted_at_speed(sim: Simulator, adresse: Adresse, latens_ms: int) -> None:
    await sim.still_inn(latens_ms=latens_ms)
    loop = asyncio.get_running_loop()
    foer = loop.time()
    await _send_alle(adresse)
    per_sekund = ANTALL / (loop.time() - foer)
    print(f"latens {latens_ms} ms: {per_sekund:.0f} SMS/s mottatt")  # noqa: T201 - the figure is the point
    assert (await sim.tall())["sms_unike"] == ANTALL
    assert per_sekund > MINST_PER_SEKUND


async def _send_alle(adresse: Adresse) -> None:
    url = f"{adresse.url}/2010-04-01/Accounts/{adresse.sid}/Messages.json"
    numre = iter(range(ANTALL))
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=SAMTIDIGE),
        headers={"Authorization": aiohttp.encode_basic_auth(adresse.sid, adresse.token)},
    ) as http:

        async def arbeider() -> None:
            for nummer in numre:
                skjema = {
                    "To": f"+479000{nummer:04d}",
                    "From": "+4790099000",
                    "Body": f"Svar JA eller NEI #A{nummer:04d}",
                }
                async with http.post(url, data=skjema) as svar:
                    assert svar.status == 201

        await asyncio.gather(*(arbeider() for _ in range(SAMTIDIGE)))
