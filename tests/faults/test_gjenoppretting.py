"""Tables from an hour-old backup, tables that are gone, a journal made anew: nothing twice, nothing skipped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from infra.journal import publisering, topologi
from tests.faults.gjenopptak import (
    System,
    arkivet_er_ajour,
    bilde,
    forskjeller,
    kjeden_er_hel_og_uten_dobbelt,
    les_inn,
    system_i,
    ut,
    vinduet_er_kort,
)
from tests.harness.anlegg import folk, nummer
from tests.harness.baser import BARE_SQLITE, Base, Hylle, Postgresql
from tests.harness.by import By, Hendelse
from tests.harness.gjest import PASSORD, gjest, konto

pytestmark = pytest.mark.xdist_group("hele anlegg")  # one at a time: each is several processes
ANTALL = 6
ELDRE = "Registeret er eldre enn loggen"


@pytest_asyncio.fixture(loop_scope="session")
async def system(hylle: Hylle, base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[System]:
    monkeypatch.setattr(topologi, "STROMMER", vinduet_er_kort())
    # With so short a window, whoever tells again what was only slow to be confirmed would tell it twice.
    monkeypatch.setattr(publisering, "SVAR_FOERST_SEKUNDER", publisering.FRIST_SEKUNDER)
    postgres = hylle.server if isinstance(hylle, Postgresql) else None
    async with system_i(tmp_path, base.innstilling, postgres) as system:
        yield system


async def foer_kopien(by: By) -> Hendelse:
    """Everybody is called, and the first has answered."""
    await les_inn(by, folk(ANTALL))
    hendelse = await by.sekretariat.varsler("foerst")
    await by.stille()
    await by.simulator.telefon(nummer(1)).svarer("JA")
    await by.stille()
    return hendelse


async def etter_kopien(by: By, foerste: Hendelse) -> list[str]:
    """Answers by SMS and by phone, a change, another hendelse, and its stand-down: what the backup knows nothing of."""
    await by.simulator.telefon(nummer(2)).svarer("NEI")
    await by.simulator.telefon(nummer(3)).svarer("STOPP")
    await by.stille()
    ubesvart = [u for u in await by.sekretariat.utkallinger(foerste) if u["status"] == "levert"]
    assert (await by.sekretariat.kvitterer(ubesvart[0], "kommer", antall=2)).status_code == 201
    andre = await by.sekretariat.varsler("nummer to", tittel="Markering ved Rådhuset")
    await by.stille()
    await by.simulator.telefon(nummer(4)).svarer(f"JA {andre.kodeord}")
    await by.sekretariat.endrer(foerste, vakttelefon="+4790000099")
    await by.stille()
    await by.sekretariat.gjoer(andre, "avlys", grunn="Arrangøren har trukket seg")
    await by.stille()
    return [foerste.id, andre.id]


async def noe_nytt_gaar(by: By) -> None:
    """A new hendelse calls everybody who still takes SMS, once."""
    sms_foer, _ = await ut(by.simulator)
    tredje = await by.sekretariat.varsler("nummer tre", tittel="Markering på Youngstorget")
    await by.stille()
    sms, _ = await ut(by.simulator)
    assert {nr: antall - sms_foer[nr] for nr, antall in sms.items()} == {nummer(nr): int(nr != 3) for nr in range(1, 7)}
    await by.sekretariat.gjoer(tredje, "avslutt")


async def test_tabeller_fra_en_eldre_kopi_hentes_inn_av_journalen_og_ingenting_sendes_igjen(system: System) -> None:
    async with system.oppe() as by:
        foerste = await foer_kopien(by)
    kopi = await system.tabeller.kopier()
    async with system.oppe() as by:
        ider = await etter_kopien(by, foerste)
        foer, ute = await bilde(by, ider), await ut(by.simulator)
        sekvens = await by.program.hus.journal.siste_sekvens()
    await system.tabeller.tilbake(kopi)
    async with system.oppe() as by:
        await by.stille()
        assert await ut(by.simulator) == ute
        assert await by.program.hus.journal.siste_sekvens() == sekvens
        assert forskjeller(foer, await bilde(by, ider)) == []
        await noe_nytt_gaar(by)
        await kjeden_er_hel_og_uten_dobbelt(by)


async def test_et_register_fra_en_eldre_kopi_staar_paa_oversikten_til_det_er_lest_inn(system: System) -> None:
    async with system.oppe() as by:
        await les_inn(by, folk(2))
    kopi = await system.tabeller.kopier()
    async with system.oppe() as by:
        await les_inn(by, folk(3))
    await system.tabeller.tilbake(kopi)
    async with system.oppe() as by, gjest(by) as g:
        assert ELDRE in (await g.logg_inn(await konto(by, "kari"), PASSORD, neste="/")).tekst
        await les_inn(by, folk(3), erstatt=True)
        assert ELDRE not in (await g.http.get("/")).text
        hendelse = await by.sekretariat.varsler()
        await by.stille()
        assert len(await by.sekretariat.utkallinger(hendelse)) == 3
        assert (await ut(by.simulator))[0] == {nummer(nr): 1 for nr in (1, 2, 3)}
    async with system.oppe() as by, gjest(by) as g:
        assert ELDRE not in (await g.logg_inn("kari", PASSORD, neste="/")).tekst


async def test_tomme_tabeller_fylles_av_journalen_uten_at_noe_fortelles_eller_sendes(system: System) -> None:
    async with system.oppe() as by:
        foerste = await foer_kopien(by)
        ider = await etter_kopien(by, foerste)
        foer, ute = await bilde(by, ider), await ut(by.simulator)
        sekvens = await by.program.hus.journal.siste_sekvens()
    await system.tabeller.toem()
    async with system.oppe() as by:
        await by.stille()
        assert await ut(by.simulator) == ute
        assert await by.program.hus.journal.siste_sekvens() == sekvens
        # Whom the owner calls what is in the register alone, and that is no projection.
        assert [f for f in forskjeller(foer, await bilde(by, ider)) if "/person_id: " not in f] == []
        await kjeden_er_hel_og_uten_dobbelt(by)


async def test_en_journal_som_er_laget_paa_nytt_gaar_videre_der_tabellene_er(system: System) -> None:
    async with system.oppe() as by:
        foerste = await foer_kopien(by)
        ider = await etter_kopien(by, foerste)
        foer, ute = await bilde(by, ider), await ut(by.simulator)
        sekvens = await by.program.hus.journal.siste_sekvens()
    system.glem_journalen()
    async with system.oppe() as by:
        await by.stille()
        assert await by.program.hus.journal.siste_sekvens() > sekvens
        assert forskjeller(foer, await bilde(by, ider)) == []
        assert await ut(by.simulator) == ute
        await by.sekretariat.endrer(Hendelse(await by.sekretariat.ser(foerste)), vakttelefon="+4790000098")
        await by.sekretariat.gjoer(foerste, "avlys", grunn="Arrangøren har trukket seg")
        await by.stille()
        await noe_nytt_gaar(by)
        svar = await by.sekretariat.kall("POST", "/audit/epoke", json={"grunn": "Journalen ble laget på nytt"})
        assert svar.status_code < 300, svar.text
        await arkivet_er_ajour(by)
        await kjeden_er_hel_og_uten_dobbelt(by, epoker=2)


async def test_en_journal_fra_en_eldre_kopi_gaar_videre_der_tabellene_er(system: System) -> None:
    async with system.oppe() as by:
        foerste = await foer_kopien(by)
    kopi = system.ta_vare_paa_journalen()
    async with system.oppe() as by:
        ider = await etter_kopien(by, foerste)
        foer, ute = await bilde(by, ider), await ut(by.simulator)
        sekvens = await by.program.hus.journal.siste_sekvens()
    system.legg_tilbake_journalen(kopi)
    async with system.oppe() as by:
        await by.stille()
        assert await by.program.hus.journal.siste_sekvens() > sekvens
        assert forskjeller(foer, await bilde(by, ider)) == []
        assert await ut(by.simulator) == ute
        await by.sekretariat.gjoer(foerste, "avlys", grunn="Arrangøren har trukket seg")
        await by.stille()
        await noe_nytt_gaar(by)
        svar = await by.sekretariat.kall("POST", "/audit/epoke", json={"grunn": "Journalen ble satt tilbake"})
        assert svar.status_code < 300, svar.text
        await arkivet_er_ajour(by)
        await kjeden_er_hel_og_uten_dobbelt(by, epoker=2)


@BARE_SQLITE  # on PostgreSQL the archive is in the same database, and goes with it
async def test_er_baade_tabeller_og_journal_eldre_kommer_resten_fra_arkivet(system: System) -> None:
    async with system.oppe() as by:
        foerste = await foer_kopien(by)
    kopi = await system.tabeller.kopier()
    async with system.oppe() as by:
        ider = await etter_kopien(by, foerste)
        await arkivet_er_ajour(by)
        foer, ute = await bilde(by, ider), await ut(by.simulator)
    await system.tabeller.tilbake(kopi)
    system.glem_journalen()
    async with system.oppe() as by:
        await by.stille()
        assert await ut(by.simulator) == ute
        assert forskjeller(foer, await bilde(by, ider)) == []
        await noe_nytt_gaar(by)
