"""Questions between rooms: there is an answer although one of those who answer is gone, and the server soon knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio
from pydantic import BaseModel

from infra.journal import Journal, JournalNede
from infra.nats.server import Tjener, start
from infra.simulator.klient import vent
from tests.harness.mellomledd import mellomledd
from tests.harness.porter import ledig_port

pytestmark = pytest.mark.filterwarnings(  # nats-py leaves a connection that came half-way to the garbage collector
    "ignore:unclosed <StreamWriter:ResourceWarning",
    "ignore:.*StreamWriter.__del__:pytest.PytestUnraisableExceptionWarning",
)
EMNE = "spoersmaal.proeve"


class Spoersmaal(BaseModel):
    """Anything."""


class Svar(BaseModel):
    """Who answered."""

    hvem: str


@asynccontextmanager
async def den_som_svarer(url: str, token: str, hvem: str, treghet: float = 0.0) -> AsyncIterator[Journal]:
    journal = Journal(url, token)

    async def svar(_: Spoersmaal) -> Svar:
        await asyncio.sleep(treghet)
        return Svar(hvem=hvem)

    journal.svar_paa(EMNE, Spoersmaal, svar)
    await journal.start()
    try:
        yield journal
    finally:
        await journal.stopp()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tjener(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


async def forbindelser(tjener: Tjener) -> set[int]:
    """Whom the server believes to be there."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{tjener.helseport}/connz") as svar:
        return {c["cid"] for c in (await svar.json(content_type=None))["connections"]}


async def test_er_den_ene_av_to_borte_svarer_den_andre_og_tjeneren_glemmer_den_som_er_borte(tjener: Tjener) -> None:
    async with (
        mellomledd(tjener.port) as ledd,
        den_som_svarer(tjener.url, tjener.token, "den levende") as levende,
        den_som_svarer(f"nats://127.0.0.1:{ledd.port}", tjener.token, "den døde") as doed,
    ):

        async def tilbake() -> bool | None:
            return doed.nc.is_connected or None

        begge = await forbindelser(tjener)
        assert len(begge) == 2
        ledd.svelg()
        try:
            svar = await asyncio.gather(*(levende.spoer(EMNE, Spoersmaal(), Svar, frist=20) for _ in range(20)))

            async def en_er_glemt() -> bool | None:
                return len(begge & await forbindelser(tjener)) == 1 or None

            await vent(en_er_glemt, "tjeneren vet at den ene er borte", 20)
        finally:
            await ledd.hel()
            await vent(tilbake, "den er tilbake", 20)
    assert {s.hvem for s in svar} == {"den levende"}


async def test_den_som_bare_er_treg_faar_svare(tjener: Tjener) -> None:
    async with den_som_svarer(tjener.url, tjener.token, "den trege", treghet=0.9) as journal:
        assert (await journal.spoer(EMNE, Spoersmaal(), Svar, frist=20)).hvem == "den trege"
        with pytest.raises(JournalNede, match=EMNE):
            await journal.spoer(EMNE, Spoersmaal(), Svar, frist=0.2, igjen=False)


async def test_svaret_som_kom_mens_vi_sto_stille_blir_hoert(tjener: Tjener) -> None:
    async with den_som_svarer(tjener.url, tjener.token, "den raske", treghet=0.05) as journal:
        asyncio.get_running_loop().call_later(0.02, time.sleep, 1.0)
        assert (await journal.spoer(EMNE, Spoersmaal(), Svar, frist=0.3)).hvem == "den raske"


async def test_er_det_ingen_aa_spoerre_blir_det_sagt_med_en_gang(tjener: Tjener) -> None:
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    with pytest.raises(JournalNede, match="NoResponders"):
        await journal.spoer(EMNE, Spoersmaal(), Svar, frist=3600)
    await journal.stopp()
