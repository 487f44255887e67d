"""`./salto bench`: a hendelse to its first SMS, 20, 200 and 2,000 recipients, answers, and the audit walk."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from infra import log
from services.audit.verifisering import verifiser_base
from services.register.demo import lag_stort
from tests.bench.gulv import Tid, gulv
from tests.harness.by import By, Hendelse, by_i

STORRELSER = (20, 200, 2000)
GATEWAY_MS = 50
FRIST_SEKUNDER = 60.0
ENHET = "bydel:15"


def linje(*felt: str) -> None:
    """One row of the table."""
    sys.stdout.write("".join(f"{f:<30}" if nr == 0 else f"{f:>18}" for nr, f in enumerate(felt)) + "\n")
    sys.stdout.flush()


async def mottatt(by: By) -> int:
    """How many SMS the gateway has accepted."""
    return int((await by.simulator.spoer("GET", "/helse"))["sms_mottatt"])


async def foerste_sms(by: By, ganger: int = 15) -> list[float]:
    """Milliseconds from `POST /hendelser` to the first SMS at the gateway, for a hendelse that calls ten."""
    tider = []
    for _ in range(ganger):
        foer, start = await mottatt(by), time.perf_counter()
        oppgave = asyncio.create_task(by.sekretariat.varsler())
        while await mottatt(by) == foer:
            await asyncio.sleep(0.001)
        tider.append((time.perf_counter() - start) * 1000)
        h = await oppgave
        await by.rolig()
        await by.sekretariat.gjoer(h, "avslutt")
        await by.rolig()
    return tider


async def fan_ut(by: By, h: Hendelse, antall: int) -> Tid:
    """A widening that calls `antall` people: from the POST to the first and the last SMS accepted."""
    foer = await mottatt(by)
    start, cpu, foerste = time.perf_counter(), time.process_time(), 0.0
    oppgave = asyncio.create_task(by.sekretariat.gjoer(h, "utvid", enhet=ENHET, rolle="utoevende"))
    while (naa := await mottatt(by)) < foer + antall:
        if naa > foer and not foerste:
            foerste = time.perf_counter() - start
        assert time.perf_counter() - start < FRIST_SEKUNDER, f"{naa - foer} av {antall} SMS"
        await asyncio.sleep(0.002)
    tid = Tid((foerste or time.perf_counter() - start) * 1000, (time.perf_counter() - start) * 1000, 0)
    await oppgave
    await by.rolig()
    return Tid(tid.foerste_ms, tid.siste_ms, time.process_time() - cpu)


async def svar(by: By, h: Hendelse, antall: int) -> float:
    """Answers a second: `antall` phones say JA at once, until every one is a kvittering."""
    start = time.perf_counter()
    numre = [u["til"] for u in await _telefoner(by, antall)]
    await asyncio.gather(*(by.simulator.telefon(nr).svarer(f"ja {h.kodeord}") for nr in numre))
    while sum(u["status"] == "kommer" for u in await by.sekretariat.utkallinger(h)) < len(numre):
        assert time.perf_counter() - start < FRIST_SEKUNDER
        await asyncio.sleep(0.02)
    return len(numre) / (time.perf_counter() - start)


async def _telefoner(by: By, antall: int) -> list[dict[str, Any]]:
    return [{"til": f"+47900{nr:05d}"} for nr in range(100, 100 + antall)]


async def storrelse(antall: int) -> None:
    """One size in a city of its own: the floor first, then the whole system."""
    with tempfile.TemporaryDirectory() as mappe:
        async with by_i(Path(mappe), tick_sekunder=0.25, api_per_sekund=100_000) as by:
            await by.simulator.still_inn(latens_ms=GATEWAY_MS, statuser=["delivered"])
            await _register(by, antall)
            bunn = await gulv(by, antall)
            h = await by.sekretariat.varsler(sted={"navn": "Mortensrud senter"}, type="hendelse")
            await by.rolig()
            tid = await fan_ut(by, h, antall)
            _vis(antall, bunn, tid)
            if antall == 200:
                linje("200 svar", f"{await svar(by, h, antall):.0f} kvitt./s")
            start = time.perf_counter()
            resultat = await verifiser_base(by.program.auditdb)
            linje("  audit verifisert", f"{resultat.rader} rader", f"{(time.perf_counter() - start) * 1000:.0f} ms")


def _vis(antall: int, bunn: Tid, tid: Tid) -> None:
    linje(
        f"{antall} mottakere",
        f"{tid.foerste_ms:.0f} / {tid.siste_ms:.0f} ms",
        f"{tid.per_sekund(antall):.0f} SMS/s",
        f"{tid.cpu_s / antall * 1000:.2f} s/1000",
        f"gulv {bunn.foerste_ms:.0f} / {bunn.siste_ms:.0f} ms",
        f"{bunn.siste_ms / tid.siste_ms:.0%} av gulvet",
    )


async def _register(by: By, antall: int) -> None:
    """`antall` fictitious `utoevende` in one bydel, with a mobile and no e-mail."""
    hode, *rader = lag_stort(antall + 30).splitlines()
    kolonner = hode.split(";")
    ut = [hode]
    for nr, rad in enumerate(rader[30:]):
        felt = dict(zip(kolonner, rad.split(";"), strict=True))
        felt |= {"mobil": f"900{nr + 100:05d}", "epost": "", "rolle": "utoevende", "enhet": ENHET, "vara_for": ""}
        ut.append(";".join(felt[k] for k in kolonner))
    svar_ = await by.sekretariat.kall(
        "POST", "/register/import", content="\n".join(ut).encode(), headers={"content-type": "text/csv"}
    )
    assert svar_.status_code == 200, svar_.text


async def alt(valg: list[str]) -> None:
    """Everything, or what is named: `foerste`, `20`, `200`, `2000`."""
    linje("", "første / siste", "fart", "CPU", "", "")
    if not valg or "foerste" in valg:
        with tempfile.TemporaryDirectory() as mappe:
            async with by_i(Path(mappe), tick_sekunder=0.25, api_per_sekund=100_000) as by:
                tider = await foerste_sms(by)
                linje("POST → første SMS", f"{statistics.median(tider):.0f} ms", f"(best {min(tider):.0f} ms)")
    for antall in STORRELSER:
        if not valg or str(antall) in valg:
            await storrelse(antall)


if __name__ == "__main__":
    log.sett_opp("console", "ERROR")
    uvloop.run(alt(sys.argv[1:]))
