"""SIGKILL to everything, at random moments, while 200 people are called and answer: 0 lost, 0 twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from services.epost.utsending import FORBINDELSER
from tests.faults.folket import alle_har_faatt, demonstrasjon, melding, utkallinger
from tests.harness.anlegg import Anlegg, anlegg_i, folk, nummer
from tests.harness.baser import Base

pytestmark = pytest.mark.xdist_group("hele anlegg")  # one at a time: each is several processes
ANTALL = 200
NUMRE = [nummer(nr) for nr in range(1, ANTALL + 1)]
INNSTILLINGER = {
    "SALTO_SMS_ANROP_SEKUNDER": "2",
    "SALTO_SMS_RO_SEKUNDER": "4",  # longer than the lease of a call, and this gateway's listing has no lag
    "SALTO_SMS_VINDU": "32",
    "SALTO_TICK_SEKUNDER": "0.1",
}


@pytest.mark.parametrize("fro", [1, *(pytest.param(fro, marks=pytest.mark.bench) for fro in range(2, 8))])
async def test_200_kalles_og_svarer_mens_alt_blir_drept_gang_paa_gang(fro: int, tmp_path: Path, base: Base) -> None:
    terning = random.Random(fro)
    felt = {**INNSTILLINGER, "SALTO_DATABASE_URL": base.innstilling}
    async with anlegg_i(tmp_path, latens_ms=terning.randint(20, 50), **felt) as anlegg:
        await anlegg.start()
        await anlegg.les_inn(folk(ANTALL))
        for nr in terning.sample(NUMRE, ANTALL // 4):  # nothing tells us of these: they must be looked up
            await anlegg.sim.telefon(nr).oppfoersel(ingen_statuser=True)
        hendelse = await anlegg.kall("POST", "/hendelser", json=demonstrasjon(), headers={"Idempotency-Key": "en"})
        svarer = asyncio.create_task(telefonene_svarer(anlegg, terning))
        await drep_gang_paa_gang(anlegg, terning, ganger=5)
        await svarer
        await alle_har_faatt(anlegg, hendelse["id"], ANTALL, besvart=True)

        await ingen_sms_er_tapt_eller_dobbel(anlegg)
        await ingen_epost_er_dobbel(anlegg, hendelse["id"])
        await hvert_svar_er_en_kvittering(anlegg, hendelse["id"])
        assert (await anlegg.kall("GET", "/audit/verifiser"))["hel"]
        assert (await anlegg.kall("GET", "/feilkoe"))["feilkoe"] == []


async def drep_gang_paa_gang(anlegg: Anlegg, terning: random.Random, *, ganger: int) -> None:
    """Kills at random moments after it is up, and now and then before it is."""
    for _ in range(ganger):
        await asyncio.sleep(terning.uniform(0.05, 0.6))  # the moment is the test: nothing is waited for
        anlegg.drep(bare_programmet=terning.random() < 0.3)
        if terning.random() < 0.25:
            anlegg.begynn()
            await asyncio.sleep(terning.uniform(0.2, 1.5))
            anlegg.drep()
        await anlegg.start()


async def telefonene_svarer(anlegg: Anlegg, terning: random.Random) -> None:
    """Each phone says JA once, soon after its call-out has come."""
    igjen = set(NUMRE)
    while igjen:
        naadd = {t["nummer"] for t in await anlegg.sim.telefoner() if t["ut"] and not t["inn"]}
        for nr in terning.sample(sorted(naadd & igjen), min(10, len(naadd & igjen))):
            await anlegg.sim.telefon(nr).svarer("JA")
            igjen.discard(nr)
        await asyncio.sleep(0.05)


async def ingen_sms_er_tapt_eller_dobbel(anlegg: Anlegg) -> None:
    tall = await anlegg.sim.tall()
    assert tall["dobbelt"] == []
    assert tall["sms_mottatt"] == 2 * ANTALL
    for nr in NUMRE:
        tekster = [m["tekst"] for m in await anlegg.sim.telefon(nr).meldinger() if m["retning"] == "ut"]
        assert sum("Kan du stille" in t for t in tekster) == 1, (nr, tekster)
        assert sum("Takk" in t for t in tekster) == 1, (nr, tekster)


async def ingen_epost_er_dobbel(anlegg: Anlegg, hendelse_id: str) -> None:
    """At most once; what was in the air when we died is shown as `uviss`, and the rest is there."""
    brev = Counter(b["til"] for b in await anlegg.sim.all_epost())
    assert not [til for til, antall in brev.items() if antall > 1]
    status = Counter(melding(u, "epost") for u in await utkallinger(anlegg, hendelse_id))
    assert status["sendt"] <= len(brev) <= ANTALL
    assert status["sendt"] + status["uviss"] == ANTALL
    assert status["uviss"] <= FORBINDELSER * anlegg.drept  # one on each connection, at most, when it all went


async def hvert_svar_er_en_kvittering(anlegg: Anlegg, hendelse_id: str) -> None:
    alle = await utkallinger(anlegg, hendelse_id)
    assert [len(u["kvitteringer"]) for u in alle] == [1] * ANTALL
    assert {u["status"] for u in alle} == {"kommer"}
    logg = await anlegg.kall("GET", f"/hendelser/{hendelse_id}/logg")
    assert len({rad["id"] for rad in logg}) == len(logg)
    fortalt = Counter(
        k["utkalling_id"] for rad in logg if "utkalling.kvittert" in rad["type"] for k in rad["data"]["kvitteringer"]
    )
    assert set(fortalt.values()) == {1}
    assert len(fortalt) == ANTALL


async def test_en_avbrutt_post_som_proeves_igjen_er_en_hendelse(tmp_path: Path, base: Base) -> None:
    terning = random.Random(1)
    felt = {**INNSTILLINGER, "SALTO_DATABASE_URL": base.innstilling}
    async with anlegg_i(tmp_path, latens_ms=0, **felt) as anlegg:
        await anlegg.start()
        await anlegg.les_inn(folk(3))
        for nr in range(5):
            post = asyncio.create_task(meld(anlegg, f"nr-{nr}"))
            await asyncio.sleep(terning.uniform(0.002, 0.06))
            anlegg.drep()
            with suppress(aiohttp.ClientError, TimeoutError, AssertionError):
                await post
            await anlegg.start()
            foerst, igjen = await meld(anlegg, f"nr-{nr}"), await meld(anlegg, f"nr-{nr}")
            assert foerst["id"] == igjen["id"]
        hendelser = (await anlegg.kall("GET", "/hendelser"))["hendelser"]
        assert len(hendelser) == 5
        assert len({h["kodeord"] for h in hendelser}) == 5
        await anlegg.sim.vent_paa_sms(15, 60)
        logg = await anlegg.kall("GET", "/logg?fra=0&antall=1000")
        assert sum("hendelse.meldt" in rad["type"] for rad in logg) == 5
        assert (await anlegg.sim.tall())["dobbelt"] == []


async def meld(anlegg: Anlegg, noekkel: str) -> dict[str, Any]:
    return dict(await anlegg.kall("POST", "/hendelser", json=KROPP, headers={"Idempotency-Key": noekkel}))


KROPP = demonstrasjon()
