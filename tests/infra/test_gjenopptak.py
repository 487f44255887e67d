"""Tables that are a backup: noticed, replayed in order and by the time of the first time, and nothing is told again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete
from structlog.testing import capture_logs

from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.db import tabell
from infra.journal import Levering, behandling, rekkefoelge
from infra.journal.gjenfinning import ikke_fortalt, sekvens_ved
from infra.journal.journal import Journal
from infra.journal.tables import LestRow, StedRow
from infra.journal.topologi import JOURNAL
from infra.simulator.klient import vent
from tests.infra.rommet import Huset, Rommet

ALARM = "tabellene_er_eldre_enn_journalen"


async def glem(huset: Huset, *, sted: bool = True) -> None:
    """The tables of a backup from before anything was handled."""
    async with huset.db.skriv() as tx:
        for modell in (LestRow, StedRow) if sted else (LestRow,):
            await tx.execute(delete(tabell(modell)))


def alarmer(logg: Sequence[Any]) -> list[dict[str, Any]]:
    return [linje for linje in logg if linje["event"] == ALARM]


@pytest.fixture
def fortellinger(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The id of everything that is told, whether the journal has it already or not."""
    ekte, alle = Journal.publiser, list[str]()

    async def publiser(journal: Journal, events: Sequence[Any], **felt: Any) -> Any:
        alle.extend(str(e.id) for e in events)
        return await ekte(journal, events, **felt)

    monkeypatch.setattr(Journal, "publiser", publiser)
    return alle


async def test_det_tabellene_har_glemt_behandles_igjen_i_rekkefoelge_og_ingenting_fortelles(
    huset: Huset, fortellinger: list[str]
) -> None:
    async with huset.rom(forteller_videre=True) as rom:
        await huset.si("en", "to", "tre")
        await huset.alt_er_avgjort_etter(rom, "en", "to", "tre")
        await vent_paa(huset, 6)
    await glem(huset)
    fortellinger.clear()
    with capture_logs() as logg:
        async with huset.rom(forteller_videre=True) as rom:
            await rom.har("en", "to", "tre")
            await huset.si("fire")
            await rom.har("en", "to", "tre", "fire")
            await vent_paa(huset, 8)
    assert rom.behandlet == ["en", "to", "tre", "fire"]
    assert len(set(fortellinger)) == 2  # the fourth, and what it led to
    assert [linje["rom"] for linje in alarmer(logg)] == ["prøve"]


async def vent_paa(huset: Huset, sekvens: int) -> None:
    async def naadd() -> bool | None:
        return await huset.journal.siste_sekvens() >= sekvens or None

    await vent(naadd, f"sekvens {sekvens}")


async def test_gjenspillet_tar_tiden_fra_den_foerste_gangen(huset: Huset) -> None:
    naar: list[tuple[datetime, datetime]] = []

    async def noter(_: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
        naar.extend((lev.tid, Clock().now()) for lev in leveringer)

    async with huset.rom() as rom:
        await huset.si("en", "to")
        await huset.alt_er_avgjort_etter(rom, "en", "to")
    await glem(huset)
    async with huset.rom(gjoer=noter) as rom:
        await rom.har("en", "to")
    assert [naa for _, naa in naar] == [tid for tid, _ in naar]


@pytest.mark.parametrize("drept", [False, True], ids=["stoppet", "drept"])
async def test_et_rom_som_bare_starter_igjen_er_ikke_gjenopprettet(drept: bool, huset: Huset) -> None:
    async with huset.rom(blir_drept=drept) as rom:
        await huset.si("en", "to")
        await huset.alt_er_avgjort_etter(rom, "en", "to")
    with capture_logs() as logg:
        async with huset.rom() as rom:
            await huset.si("tre")
            await rom.har("tre")
    assert alarmer(logg) == []


async def test_det_som_er_lagt_bort_er_avgjort_og_ikke_glemt(huset: Huset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behandling, "FORSOEK_PAUSE_SEKUNDER", 0.01)

    async def tar_ikke_giftig(_: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
        if any(lev.event.data.grunn == "giftig" for lev in leveringer):
            raise RuntimeError

    async with huset.rom(gjoer=tar_ikke_giftig) as rom:
        await huset.si_bytes(b"ikke json")
        await huset.si("giftig", "etter")
        await rom.har("etter")
        await huset.feilkoe(2)
        await huset.alt_er_avgjort()
    with capture_logs() as logg:
        async with huset.rom() as rom:
            await huset.si("tre")
            await rom.har("tre")
    assert alarmer(logg) == []


async def test_det_som_aldri_ble_levert_er_ingen_sak_for_gjenspillet(huset: Huset, fortellinger: list[str]) -> None:
    async with huset.rom() as rom:
        await huset.si("en")
        await huset.alt_er_avgjort_etter(rom, "en")
    await huset.si("mens rommet er borte")
    await glem(huset)
    fortellinger.clear()
    async with huset.rom(forteller_videre=True) as rom:
        await rom.har("en", "mens rommet er borte")
        await vent_paa(huset, 3)
    assert len(set(fortellinger)) == 1


async def test_en_ny_journal_gaar_videre_etter_alt_som_er_sett(huset: Huset) -> None:
    async with huset.rom() as rom:
        await huset.si(*"abc")
        await huset.alt_er_avgjort_etter(rom, *"abc")
    await huset.journal.js.delete_stream(JOURNAL)
    await huset.journal.koble_til()
    await rekkefoelge.sikre(huset.journal, huset.db)
    await rekkefoelge.sikre(huset.journal, huset.db)  # once is enough
    assert await huset.journal.siste_sekvens() == 3 + rekkefoelge.RUM
    async with huset.rom() as rom:
        await huset.si("d")
        await rom.har("d")


async def test_det_som_er_fortalt_finnes_igjen_ogsaa_naar_tjeneren_har_glemt_id_en(huset: Huset) -> None:
    naa = Clock().now()
    events = [KanalStoppet.ny(KanalData(person_id=uuid4(), grunn=str(nr)), naa=naa) for nr in range(3)]
    await huset.journal.publiser(events[:2])
    assert await ikke_fortalt(huset.journal, events, etter=naa) == events[2:]
    assert await sekvens_ved(huset.journal, naa - timedelta(days=1)) == 1
    assert await sekvens_ved(huset.journal, naa + timedelta(days=1)) == 3
