"""Answers in: 200 signed webhooks at once, until each is a kvittering."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

import aiohttp
from twilio.request_validator import RequestValidator

from infra.simulator.klient import vent
from tests.bench.maaling import cpu_sekunder, median
from tests.bench.sms import befolk
from tests.faults.folket import demonstrasjon
from tests.harness.anlegg import VAART_NUMMER, Anlegg, nummer

SAMTIDIGE = 64


@dataclass(frozen=True)
class Svar:
    """How 200 answers went: seconds, and each webhook's milliseconds."""

    antall: int
    tatt_imot: float
    kvittert: float
    bekreftet: float
    webhook_ms: list[float]
    cpu: float

    def linjer(self) -> list[str]:
        """What to print."""
        ms = sorted(self.webhook_ms)
        return [
            (
                f"{self.antall} svar: tatt imot {self.antall / self.tatt_imot:.0f}/s"
                f" (webhook median {median(ms):.0f} ms, p99 {ms[len(ms) * 99 // 100]:.0f} ms);"
                f" kvittert {self.antall / self.kvittert:.0f}/s; bekreftet på SMS {self.antall / self.bekreftet:.0f}/s;"
                f" CPU {self.cpu / self.antall * 1000:.1f} s per 1 000"
            )
        ]


async def maal(anlegg: Anlegg, antall: int) -> Svar:
    """Everybody is called and has it; then all answer JA at once."""
    await befolk(anlegg, antall)
    await anlegg.sim.nullstill()
    hendelse = await anlegg.kall("POST", "/hendelser", json=demonstrasjon())
    await anlegg.sim.vent_paa_sms(antall, 60)
    await anlegg.sim.vent_paa_ro(60)
    cpu, begynte = cpu_sekunder(anlegg.pider()), time.perf_counter()
    ms = await _svar_alle(anlegg, antall)
    tatt_imot = time.perf_counter() - begynte
    kvittert = await _naar(anlegg, "SELECT COUNT(*) FROM utkalling_kvittering WHERE hendelse_id = ?", hendelse, antall)
    bekreftet = await _naar(
        anlegg,
        "SELECT COUNT(*) FROM sms_melding WHERE hendelse_id = ? AND formaal = 'bekreftelse' AND sid IS NOT NULL",
        hendelse,
        antall,
    )
    brukt = cpu_sekunder(anlegg.pider()) - cpu
    await anlegg.sim.vent_paa_ro(60)
    await anlegg.kall("POST", f"/hendelser/{hendelse['id']}/avslutt", json={})
    return Svar(antall, tatt_imot, kvittert - begynte, bekreftet - begynte, ms, brukt)


async def _naar(anlegg: Anlegg, sql: str, hendelse: dict[str, str], antall: int) -> float:
    async def alle() -> float | None:
        har = anlegg.spoer_db(sql, hendelse["id"].replace("-", ""))
        return time.perf_counter() if har >= antall else None

    return await vent(alle, "alle svar er behandlet", 60)


async def _svar_alle(anlegg: Anlegg, antall: int) -> list[float]:
    signatur, url = RequestValidator(anlegg.gateway.token), f"{anlegg.url}/webhooks/twilio/sms"
    igjen, ms = iter(range(1, antall + 1)), []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SAMTIDIGE)) as http:

        async def arbeider() -> None:
            for nr in igjen:
                skjema = {"MessageSid": f"SM{uuid4().hex}", "From": nummer(nr), "To": VAART_NUMMER, "Body": "JA 20"}
                hode = {"X-Twilio-Signature": signatur.compute_signature(url, skjema)}
                begynte = time.perf_counter()
                async with http.post(url, data=skjema, headers=hode) as svar:
                    assert svar.status == 200, await svar.text()
                ms.append((time.perf_counter() - begynte) * 1000)

        await asyncio.gather(*(arbeider() for _ in range(SAMTIDIGE)))
    return ms
