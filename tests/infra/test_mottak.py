"""How a room receives: poison is set aside, what is away is waited for, and nothing is decided twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from nats.aio.msg import Msg
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.journal import Levering, behandling, hukommelse, konsument, mottak
from infra.journal.feil import NEDE_FEIL
from infra.journal.topologi import JOURNAL
from infra.oppgave import avslutt
from infra.simulator.klient import vent
from tests.harness.baser import BARE_SQLITE
from tests.infra.rommet import Huset, Rommet, journalen_faller_ut

VENTER_SEKUNDER = konsument.ACK_VENT_SEKUNDER
GIFT = [
    b"",
    b"ikke json",
    b"[]",
    b'"tekst"',
    b"\xff\xfe",
    b'{"type": 7}',
    b'{"type": "no.oslo.salto.finnes.ikke.v1"}',
    b'{"type": "no.oslo.salto.kanal.stoppet.v1", "data": {}}',
    b"[" * 100_000,
]


@pytest.fixture(autouse=True)
def uten_lange_pauser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behandling, "FORSOEK_PAUSE_SEKUNDER", 0.01)


@pytest.fixture(autouse=True)
def ingen_venter_paa_tjeneren(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server itself would give out again comes long after the test has given up."""
    monkeypatch.setattr(konsument, "ACK_VENT_SEKUNDER", 300.0)


async def tar_ikke_giftig(_: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
    if any(lev.event.data.grunn == "giftig" for lev in leveringer):
        raise RuntimeError("hemmelig innhold")


@pytest.mark.parametrize("gift", GIFT, ids=range(len(GIFT)))
async def test_bytes_som_ikke_er_en_hendelse_legges_bort_straks_og_stanser_ingen(gift: bytes, huset: Huset) -> None:
    await huset.si("før")
    await huset.si_bytes(gift)
    await huset.si("etter")
    async with huset.rom() as rom:
        await rom.har("før", "etter")
        [brev] = await huset.feilkoe(1)
        await huset.alt_er_avgjort()
    assert (brev.rom, brev.subjekt, brev.sekvens, brev.data) == ("prøve", "salto.kanal.stoppet.-", 2, gift)


async def test_en_handler_som_alltid_feiler_proeves_noen_ganger_og_legges_bort(huset: Huset) -> None:
    forsoek: list[int] = []

    async def gjoer(rom: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
        if any(lev.event.data.grunn == "giftig" for lev in leveringer):
            forsoek.append(len(leveringer))
        await tar_ikke_giftig(rom, leveringer)

    await huset.si("a", "giftig", "b", "c")
    async with huset.rom(gjoer=gjoer) as rom:
        [brev] = await huset.feilkoe(1)
        await huset.si("d")
        await rom.har("a", "b", "c", "d")
        await huset.alt_er_avgjort()
    alene = [1] * behandling.FORSOEK_MAKS
    assert forsoek[-len(alene) :] == alene
    assert len(forsoek) <= 1 + len(alene)  # once with whichever others came together with it, and then alone
    assert brev.feil.startswith("RuntimeError infra/test_mottak.py:")
    assert "hemmelig" not in brev.feil  # the text of an error may quote data


async def test_bare_egne_feil_teller_ikke_leveringer_som_en_annen_ble_avbrutt_i(huset: Huset) -> None:
    """However often a message came back from a kill or a stop, it has all its attempts left."""
    await huset.si("en")
    venter = asyncio.Event()

    async def henger(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        await venter.wait()

    for _ in range(behandling.FORSOEK_MAKS + 2):
        async with huset.rom(gjoer=henger, blir_drept=True):
            await vent(lambda: _har_i_hende(huset), "meldingen er levert")
    feil = iter([RuntimeError("én gang")])

    async def gjoer(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        for en in feil:
            raise en

    async with huset.rom(gjoer=gjoer) as rom:
        await rom.har("en")
    assert await huset.feilkoe(0) == []


async def _har_i_hende(huset: Huset) -> bool | None:
    with suppress(*NEDE_FEIL):
        return (await huset.journal.js.consumer_info(JOURNAL, "prøve")).num_ack_pending > 0 or None
    return None


async def test_en_borte_konsument_sies_fra_om_og_lages_paa_nytt(huset: Huset) -> None:
    with capture_logs() as logg:
        async with huset.rom() as rom:
            await huset.si("før")
            await rom.har("før")
            await huset.journal.js.delete_consumer(JOURNAL, "prøve")
            await huset.si("etter")
            await rom.har("før", "etter")  # it is given everything again, and does nothing twice
            await huset.alt_er_avgjort()
    assert {"event": "konsument_borte", "rom": "prøve", "log_level": "error"} in logg


async def test_mangler_databasen_venter_rommet_og_ingenting_telles(huset: Huset) -> None:
    borte = behandling.FORSOEK_MAKS * 2

    async def gjoer(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        nonlocal borte
        borte -= 1
        if borte > 0:
            raise OperationalError("select 1", None, sqlite3.OperationalError("database is locked"))

    behandling.PAUSE_MAKS_SEKUNDER, foer = 0.1, behandling.PAUSE_MAKS_SEKUNDER
    try:
        await huset.si("a", "b")
        async with huset.rom(gjoer=gjoer) as rom:
            await rom.har("a", "b")
            await huset.alt_er_avgjort()
    finally:
        behandling.PAUSE_MAKS_SEKUNDER = foer
    assert rom.behandlet == ["a", "b"]
    assert await huset.feilkoe(0) == []


@BARE_SQLITE  # which alone has one lock for everything
async def test_en_laast_database_ventes_paa(huset: Huset) -> None:
    laas = sqlite3.connect(huset.db.url.database or "", isolation_level=None)
    laas.execute("BEGIN IMMEDIATE")
    await huset.si("a")
    async with huset.rom() as rom:
        await vent(lambda: _har_i_hende(huset), "meldingen er levert")
        assert rom.behandlet == []
        laas.execute("COMMIT")
        laas.close()
        await rom.har("a")


async def test_det_som_ble_lagret_men_ikke_fortalt_fortelles_igjen_og_avgjoeres_ikke_paa_nytt(huset: Huset) -> None:
    async with huset.rom(forteller_videre=True) as rom:
        forsoek = journalen_faller_ut(rom.journal, 2)
        await huset.si("a", "b")
        await vent(lambda: _fortalt(huset, 2), "fortalt")
        await huset.alt_er_avgjort()
    assert rom.behandlet == ["a", "b"]
    assert forsoek() >= 3


async def _har(forsoek: Callable[[], int]) -> bool | None:
    return forsoek() > 0 or None


async def _lagret(huset: Huset) -> bool | None:
    async with huset.db.les() as tx:
        return any(u.events for u in (await hukommelse.ufortalt(tx, "prøve")).values()) or None


async def _fortalt(huset: Huset, antall: int) -> bool | None:
    return len(await huset.fortalt()) >= antall or None


async def test_krasj_mellom_lagring_og_fortelling_gir_de_samme_hendelsene_fra_den_neste(huset: Huset) -> None:
    async with huset.rom(forteller_videre=True, blir_drept=True) as doemt:
        forsoek = journalen_faller_ut(doemt.journal, 10_000)
        await huset.si("a", "b")
        await vent(lambda: _lagret(huset), "noe er lagret")  # both, if they came at once
        await vent(lambda: _har(forsoek), "det er forsøkt fortalt")
    async with huset.db.les() as tx:
        ventet = [e.id for u in (await hukommelse.ufortalt(tx, "prøve")).values() for e in u.events]
    async with huset.rom(forteller_videre=True) as neste:
        await vent(lambda: _fortalt(huset, 2), "fortalt")
        await huset.alt_er_avgjort()
        await huset.si("c")
        await vent(lambda: _fortalt(huset, 3), "den siste er fortalt")
    assert doemt.behandlet + neste.behandlet == ["a", "b", "c"]  # what the dead one decided stands
    assert [e.id for e in await huset.fortalt()][: len(ventet)] == ventet


async def test_en_fortelling_som_var_lagret_likevel_blir_ikke_til_to(huset: Huset) -> None:
    async with huset.rom(forteller_videre=True) as rom:
        journalen_faller_ut(rom.journal, 1, etter_lagring=True)
        await huset.si("a")
        await huset.alt_er_avgjort_etter(rom, "a")
    assert len(await huset.fortalt()) == 1


async def test_samme_hendelse_to_ganger_i_journalen_har_en_virkning(huset: Huset) -> None:
    event = KanalStoppet.ny(KanalData(person_id=uuid4(), grunn="én"), naa=Clock().now())
    for _ in range(2):  # as after the duplicate window
        await huset.si_bytes(event.til_bytes())
    async with huset.rom() as rom:
        await huset.alt_er_avgjort_etter(rom, "én")
    assert rom.behandlet == ["én"]


async def test_den_neste_begynner_straks_og_i_rekkefoelge_der_en_drept_slapp(huset: Huset) -> None:
    """What a killed room had in hand must not come after what is newer."""
    await huset.si("1", "2")
    venter = asyncio.Event()

    async def henger(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        await venter.wait()

    async with huset.rom(gjoer=henger, blir_drept=True):
        await vent(lambda: _har_i_hende(huset), "meldingene er levert")
    await huset.si("3")
    async with huset.rom() as neste:
        await neste.har("1", "2", "3")
    assert neste.behandlet == ["1", "2", "3"]


async def test_en_rolig_stopp_gir_straks_tilbake_det_som_er_hentet_og_ikke_begynt(huset: Huset) -> None:
    slipp = asyncio.Event()

    async def henger(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        await slipp.wait()

    await huset.si("begynt")
    async with huset.rom(gjoer=henger) as rom:
        await vent(lambda: _har_i_hende(huset), "den første er levert")
        await huset.si("hentet 1", "hentet 2")
        await vent(lambda: _i_hende(huset, 3), "alle er levert")
        asyncio.get_running_loop().call_later(0.1, slipp.set)  # what is begun is finished while the room stops
    assert rom.behandlet == ["begynt"]
    async with huset.rom() as neste:
        await neste.har("hentet 1", "hentet 2")


async def _i_hende(huset: Huset, antall: int) -> bool | None:
    return (await huset.journal.js.consumer_info(JOURNAL, "prøve")).num_ack_pending == antall or None


async def test_langt_arbeid_beholdes_av_den_som_arbeider(huset: Huset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handling that takes longer than the server waits is not given to another replica meanwhile."""
    monkeypatch.setattr(konsument, "ACK_VENT_SEKUNDER", VENTER_SEKUNDER)
    slipp = asyncio.Event()
    leveringer, livstegn, ekte = 0, 0, Msg.in_progress

    async def i_arbeid(msg: Msg) -> None:
        nonlocal livstegn
        await ekte(msg)
        livstegn += 1

    monkeypatch.setattr(Msg, "in_progress", i_arbeid)

    async def lenge_nok() -> bool | None:
        return livstegn * mottak.PULS_SEKUNDER > VENTER_SEKUNDER or None

    async def lenge(_: Rommet, __: Sequence[Levering[Any]]) -> None:
        nonlocal leveringer
        leveringer += 1
        await slipp.wait()

    await huset.si("lang")
    async with huset.rom(gjoer=lenge) as ene, huset.rom(gjoer=lenge) as andre:
        try:
            await vent(lenge_nok, "den har lenge sagt at den arbeider")
        finally:
            slipp.set()
        await huset.alt_er_avgjort()
        assert ene.behandlet + andre.behandlet == ["lang"]
    assert leveringer <= 2  # both began on it only if the second one's start took it up again


async def test_en_melding_som_ender_prosessen_legges_bort_og_naboene_kommer_forbi(
    huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(konsument, "ENKELTVIS_ETTER", 2)
    monkeypatch.setattr(konsument, "OPPTAK_MAKS", 4)
    await huset.si("a", "b", "dreper", "c")
    doedsfall = asyncio.Event()

    async def gjoer(_: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
        if any(lev.event.data.grunn == "dreper" for lev in leveringer):
            doedsfall.set()
            await asyncio.Event().wait()

    behandlet: list[str] = []
    for _ in range(12):
        doedsfall.clear()
        async with huset.rom(gjoer=gjoer, blir_drept=True) as rom:
            ferdig = asyncio.create_task(huset.alt_er_avgjort())
            doed = asyncio.create_task(doedsfall.wait())
            await asyncio.wait({ferdig, doed}, return_when=asyncio.FIRST_COMPLETED)
            await avslutt(ferdig, doed)
        behandlet += rom.behandlet
        if not doedsfall.is_set():
            break
    [brev] = await huset.feilkoe(1)
    assert sorted(behandlet) == ["a", "b", "c"]
    assert (brev.sekvens, brev.feil) == (3, "EnderProsessen")
