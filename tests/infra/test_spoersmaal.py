"""Questions between rooms: there is an answer although one of those who answer is gone, and the server soon knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio
from pydantic import BaseModel

from infra.journal import Journal, JournalNede, sporring
from infra.nats.server import Tjener, start
from infra.simulator.klient import vent
from tests.harness.mellomledd import mellomledd
from tests.harness.porter import ledig_port

pytestmark = pytest.mark.filterwarnings(  # nats-py leaves a connection that came half-way to the garbage collector
    "ignore:unclosed <StreamWriter:ResourceWarning",
    "ignore:.*StreamWriter.__del__:pytest.PytestUnraisableExceptionWarning",
)
EMNE = "spoersmaal.proeve"
FRIST_SEKUNDER = 60.0


class Spoersmaal(BaseModel):
    """Anything."""


class Svar(BaseModel):
    """Who answered."""

    hvem: str


async def straks() -> None:
    """Needs no time to think."""


@asynccontextmanager
async def den_som_svarer(
    url: str, token: str, hvem: str, tenker: Callable[[], Awaitable[object]] = straks
) -> AsyncIterator[Journal]:
    journal = Journal(url, token)

    async def svar(_: Spoersmaal) -> Svar:
        await tenker()
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

        async def er_der() -> int | None:
            nr = doed.nc.client_id
            return nr if nr in await forbindelser(tjener) else None

        den_doede = await vent(er_der, "tjeneren kjenner den som skal dø", FRIST_SEKUNDER)
        ledd.svelg()
        try:
            spoersmaal = (levende.spoer(EMNE, Spoersmaal(), Svar, frist=FRIST_SEKUNDER) for _ in range(20))
            svar = await asyncio.gather(*spoersmaal)

            async def er_glemt() -> bool | None:
                return den_doede not in await forbindelser(tjener) or None

            await vent(er_glemt, "tjeneren vet at den ene er borte", FRIST_SEKUNDER)
        finally:
            await ledd.hel()
            await vent(tilbake, "den er tilbake", FRIST_SEKUNDER)
    assert {s.hvem for s in svar} == {"den levende"}


async def test_den_som_bare_er_treg_faar_svare(tjener: Tjener) -> None:
    ferdig_tenkt = asyncio.Event()
    async with den_som_svarer(tjener.url, tjener.token, "den trege", ferdig_tenkt.wait) as journal:
        with pytest.raises(JournalNede, match=EMNE):
            await journal.spoer(EMNE, Spoersmaal(), Svar, frist=0.2, igjen=False)
        asyncio.get_running_loop().call_later(0.9, ferdig_tenkt.set)  # longer than it takes to be asked again
        assert (await journal.spoer(EMNE, Spoersmaal(), Svar, frist=FRIST_SEKUNDER)).hvem == "den trege"


async def test_svaret_som_kom_mens_vi_sto_stille_blir_hoert(tjener: Tjener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sporring, "ETTERSLEP_SEKUNDER", FRIST_SEKUNDER)

    async def alt_staar_stille() -> None:
        time.sleep(1.0)  # noqa: ASYNC251 - both of us do: when we go on, the time to answer is over

    async with den_som_svarer(tjener.url, tjener.token, "den raske", alt_staar_stille) as journal:
        assert (await journal.spoer(EMNE, Spoersmaal(), Svar, frist=0.3)).hvem == "den raske"


async def test_er_det_ingen_aa_spoerre_blir_det_sagt_med_en_gang(tjener: Tjener) -> None:
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    with pytest.raises(JournalNede, match="NoResponders"):
        await journal.spoer(EMNE, Spoersmaal(), Svar, frist=3600)
    await journal.stopp()
