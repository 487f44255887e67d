"""The floor: one journal message, and plain posts at the same gateway with the same concurrency. No rules, no rows."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp

from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.journal import Journal
from infra.nats.server import start
from infra.simulator.adresse import Adresse
from tests.bench.maaling import cpu_sekunder
from tests.harness.anlegg import VAART_NUMMER, nummer
from tests.harness.porter import ledig_port

SAMTIDIGE = 128
"""The default of SALTO_SMS_VINDU."""


@dataclass(frozen=True)
class Gulv:
    """Milliseconds from the beginning to the last answer, and CPU seconds of whoever is not the gateway."""

    ms: float
    cpu: float


async def maal(mappe: Path, gateway: Adresse, antall: int) -> Gulv:
    """Measures once."""
    tjener = await start(mappe / "gulv", port=ledig_port())
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    pider = [os.getpid(), tjener.prosess.pid]
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=SAMTIDIGE),
            headers={"Authorization": aiohttp.encode_basic_auth(gateway.sid, gateway.token)},
        ) as http:
            cpu, begynte = cpu_sekunder(pider), time.perf_counter()
            await journal.publiser([KanalStoppet.ny(KanalData(person_id=uuid4()), naa=Clock().now())])
            await _post_alle(http, gateway, antall)
            return Gulv((time.perf_counter() - begynte) * 1000, cpu_sekunder(pider) - cpu)
    finally:
        await journal.stopp()
        tjener.stopp()


async def _post_alle(http: aiohttp.ClientSession, gateway: Adresse, antall: int) -> None:
    url = f"{gateway.url}/2010-04-01/Accounts/{gateway.sid}/Messages.json"
    igjen = iter(range(1, antall + 1))

    async def arbeider() -> None:
        for nr in igjen:
            skjema = {"To": nummer(nr), "From": VAART_NUMMER, "Body": f"SaLTo ELG: gulv. Svar JA eller NEI. #{nr:05d}"}
            async with http.post(url, data=skjema) as svar:
                assert svar.status == 201, await svar.text()

    await asyncio.gather(*(arbeider() for _ in range(min(SAMTIDIGE, antall))))
