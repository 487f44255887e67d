"""There is no more room in the journal: doors say so, rooms keep what they have to tell, and it is told later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from contracts.event import AnyEvent
from contracts.kanal import KanalStartet
from contracts.svar import SvarMottatt
from infra.journal import Journal, JournalFull
from infra.journal.forteller import Forteller
from infra.journal.hukommelse import ufortalt
from infra.journal.topologi import JOURNAL
from infra.nats.server import Tjener, start
from infra.simulator.klient import vent
from tests.harness.baser import Base, Hylle
from tests.harness.by import By, Hendelse, by_i
from tests.harness.porter import ledig_port
from tests.infra.rommet import Huset, huset_i

PLASS_BYTES = 1000 * 1000 * 1000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def egen_by(hylle: Hylle, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[By]:
    """A city of its own: its journal is filled."""
    mappe = tmp_path_factory.mktemp("full")
    async with hylle.ny(mappe, skjema=True) as base, by_i(mappe, database_url=base.innstilling) as by:
        yield by


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tjener(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tjener]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    yield tjener
    tjener.stopp()


@pytest_asyncio.fixture(loop_scope="session")
async def huset(tjener: Tjener, base: Base) -> AsyncIterator[Huset]:
    async with huset_i(base, tjener) as huset:
        yield huset


@asynccontextmanager
async def full(journal: Journal) -> AsyncIterator[None]:
    """No room for anything in the block; afterwards somebody has made some."""
    info = await journal.js.stream_info(JOURNAL)
    await journal.js.update_stream(info.config.evolve(max_bytes=info.state.bytes))
    try:
        yield
    finally:
        await journal.js.update_stream(info.config.evolve(max_bytes=PLASS_BYTES))


async def klar(by: By) -> tuple[int, str]:
    """What readiness says, and of the journal."""
    svar = await by.nettleser.get("/helse/klar")
    return svar.status_code, svar.json()["deler"]["journal"]


async def test_doerene_sier_at_journalen_er_full_og_samme_noekkel_gaar_naar_det_er_plass(egen_by: By) -> None:
    by, kropp, hode = egen_by, egen_by.demonstrasjon(**egen_by.lokal()), {"Idempotency-Key": "full"}
    with capture_logs() as logg:
        async with full(by.program.hus.journal):
            svar = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
            liste = (await by.sekretariat.kall("GET", "/hendelser")).json()["hendelser"]
            uklar = await klar(by)
    assert (svar.status_code, svar.json()["title"]) == (503, "Journalen er full")
    assert "ikke plass til mer i journalen" in svar.json()["detail"]
    assert liste == []
    assert uklar[0] == 503
    assert "journalen er full" in uklar[1]
    assert ("journalen_er_full", "error") in {(rad["event"], rad["log_level"]) for rad in logg}
    assert "salto_journal_full_total 0.0" not in (await by.nettleser.get("/metrics")).text

    h = Hendelse((await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)).json())
    await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)
    await by.stille()
    assert await klar(by) == (200, "ok")
    assert len(await by.i_loggen(h, "hendelse.meldt")) == 1


async def test_et_svar_som_kommer_mens_journalen_er_full_telles_en_gang_naar_det_er_plass(egen_by: By) -> None:
    by = egen_by
    h = await by.sekretariat.varsler(**by.lokal("06"))
    telefon = by.telefon("salto_koordinator", "bydel:06")
    await telefon.forventer(h.kodeord)
    await by.stille()
    async with full(by.program.hus.journal):
        await telefon.svarer("JA")
        sms = next(r.forteller for r in by.program.rom if r.navn == "sms")
        await vent(lambda: ligger(sms, SvarMottatt, 1), "svaret ligger ufortalt")
        u = await by.utkalling(h, "salto_koordinator", "bydel:06")
        assert u is not None
        assert u["status"] != "kommer"
    await by.status(h, "salto_koordinator", "bydel:06", "kommer")
    await by.stille()
    assert len(await by.i_loggen(h, "utkalling.kvittert")) == 1


async def test_det_rommet_skal_fortelle_blir_liggende_og_fortelles_en_gang(huset: Huset) -> None:
    await huset.si("a", "b", "c")
    async with full(huset.journal), huset.rom(forteller_videre=True) as rommet:

        async def noe_ligger() -> bool | None:
            """All of it, if it came at once: the room goes on to nothing else before this is told."""
            return None if await ligger(rommet.forteller, KanalStartet, 0) else True

        await vent(noe_ligger, "noe ligger ufortalt")
        assert await huset.fortalt() == []
    async with huset.rom(forteller_videre=True) as etterpaa:
        await etterpaa.forteller.tikk()
        await huset.alt_er_avgjort()
        await etterpaa.forteller.tikk()
        assert await ligger(etterpaa.forteller, KanalStartet, 0)
    assert sorted(rommet.behandlet + etterpaa.behandlet) == ["a", "b", "c"]  # each was decided once
    assert sorted(e.data.grunn for e in await huset.fortalt()) == ["a", "b", "c"]


async def ligger(forteller: Forteller, klasse: type[AnyEvent], antall: int) -> bool | None:
    """Whether exactly so many events of a kind are kept until they are confirmed."""
    async with forteller.db.les() as tx:
        runder = await ufortalt(tx, forteller.rom)
    return sum(isinstance(e, klasse) for u in runder.values() for e in u.events) == antall or None


async def test_er_det_plass_til_noe_men_ikke_til_alt_lagres_ingenting(huset: Huset) -> None:
    await huset.si("a")
    info = await huset.journal.js.stream_info(JOURNAL)
    en_til = info.state.bytes * 5 // 2
    await huset.journal.js.update_stream(info.config.evolve(max_bytes=en_til))
    with pytest.raises(JournalFull):
        await huset.si("b", "c", "d")
    assert await huset.journal.siste_sekvens() == 1
    await huset.si("e")
    assert await huset.journal.siste_sekvens() == 2
