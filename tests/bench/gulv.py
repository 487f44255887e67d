"""The floor: one journal message, then plain HTTP posts to the same gateway. No rules, no rows, no audit."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

import aiohttp

from contracts.kanal import KanalData, KanalStartet
from tests.harness.by import By


@dataclass(frozen=True)
class Tid:
    """Milliseconds from the start to the first and the last message accepted, and CPU seconds spent by us."""

    foerste_ms: float
    siste_ms: float
    cpu_s: float

    def per_sekund(self, antall: int) -> float:
        return antall / (self.siste_ms / 1000)


async def gulv(by: By, antall: int) -> Tid:
    """Sends `antall` messages as directly as our parts allow, with the same number under way at once."""
    s = by.program.hus.settings
    url = f"{s.twilio_base_url}/2010-04-01/Accounts/{s.twilio_account_sid}/Messages.json"
    hode = {"Authorization": aiohttp.encode_basic_auth(s.twilio_account_sid, s.twilio_auth_token.get_secret_value())}
    ferdige: list[float] = []
    start, cpu = time.perf_counter(), time.process_time()
    melding = KanalStartet.ny(KanalData(person_id=uuid4()), naa=by.klokke.now())
    await by.program.hus.journal.publiser([melding])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=s.sms_vindu), headers=hode) as http:

        async def en(nr: int) -> None:
            kropp = {"To": f"+47901{nr:05d}", "From": s.twilio_from, "Body": f"Gulv {nr} #AAAAA"}
            async with http.post(url, data=kropp) as svar:
                assert svar.status == 201
                await svar.read()
            ferdige.append(time.perf_counter())

        await asyncio.gather(*(en(nr) for nr in range(antall)))
    return Tid((ferdige[0] - start) * 1000, (ferdige[-1] - start) * 1000, time.process_time() - cpu)
