"""A provider at our door while a line behind it is dead: told no in time, heard when it comes again, counted once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from contracts.svar import SvarMottatt
from infra.nats.server import Tjener, start
from infra.oppgave import avslutt
from services.sms.tables import InnholdRow
from tests.harness.mellomledd import BEGGE, Mellomledd, Vei, mellomledd
from tests.harness.porter import ledig_port
from tests.harness.postgres import Postgres
from tests.sms.huset import Huset, vent_til

pytestmark = pytest.mark.filterwarnings(  # nats-py leaves a connection that came half-way to the garbage collector
    "ignore:Exception ignored in. <function StreamWriter.__del__:pytest.PytestUnraisableExceptionWarning"
)
SID = "SM" + "3" * 32
TWILIO_VENTER_SEKUNDER = 15.0
"""Twilio's own limit: an answer after it is no answer."""
STEG_SEKUNDER = 0.1
SVARENE = (Vei.TILBAKE,)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def nats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@asynccontextmanager
async def hus_bak(linje: str, mappe: Path, nats: Tjener, postgres: Postgres) -> AsyncIterator[tuple[Huset, Mellomledd]]:
    """A room on PostgreSQL with a proxy on one of its lines."""
    async with AsyncExitStack() as stakk:
        base = await postgres.ny_base()
        stakk.push_async_callback(postgres.slett, base)
        ledd = await stakk.enter_async_context(mellomledd(nats.port if linje == "journalen" else postgres.port))
        tjener = replace(nats, port=ledd.port) if linje == "journalen" else nats
        hus = Huset(mappe, tjener, postgres.url(base, port=ledd.port if linje == "databasen" else None))
        await hus.aapne()
        stakk.push_async_callback(hus.lukk)
        yield hus, ledd


async def kommer(hus: Huset, fra: str) -> int:
    """Twilio hands over an answer, and waits as long as it does: time in which we stand still is nobody's."""
    svar = asyncio.create_task(hus.svarer(fra, "JA", sid=SID))
    for _ in range(int(TWILIO_VENTER_SEKUNDER / STEG_SEKUNDER)):
        if (await asyncio.wait({svar}, timeout=STEG_SEKUNDER))[0]:
            return (await svar).status_code
    await avslutt(svar)
    raise AssertionError(f"ikke noe svar på {TWILIO_VENTER_SEKUNDER} s")


@pytest.mark.parametrize("uvaer", ["kuttet", "sort hull", "svarene i et sort hull"])
@pytest.mark.parametrize("linje", ["journalen", "databasen"])
async def test_et_svar_som_ikke_kan_lagres_faar_503_i_tide_og_telles_en_gang_naar_det_kommer_igjen(
    linje: str, uvaer: str, tmp_path: Path, nats: Tjener, postgres: Postgres
) -> None:
    async with hus_bak(linje, tmp_path, nats, postgres) as (hus, ledd):
        kari = hus.mobil(hus.person())
        if uvaer == "kuttet":
            await ledd.kutt()
        else:
            ledd.svelg(BEGGE if uvaer == "sort hull" else SVARENE)
        assert await kommer(hus, kari) == 503
        await ledd.hel()

        async def tatt_imot() -> bool:
            return await kommer(hus, kari) == 200

        await vent_til(tatt_imot)
        await vent_til(lambda: [s.leverandoer_id for e in hus.fortalt(SvarMottatt) for s in e.data.svar] == [SID])
        assert len(await hus.alle(InnholdRow)) == 1
