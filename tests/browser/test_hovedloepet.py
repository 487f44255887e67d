"""The whole job in a browser: post it, see who is called, send it, answer on the phones, watch the board move."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Aapne
from tests.browser.skjermbilder import fyll_ut_ny_hendelse
from tests.harness.by import By
from tests.harness.mellomledd import mellomledd

KOORDINATOR = ("salto_koordinator", "bydel:05")


@pytest.mark.parametrize(("storrelse", "skript"), [("bred", True), ("telefon", True), ("telefon", False)])
async def test_sekretariatet_melder_ser_hvem_og_sender(aapne: Aapne, by: By, storrelse: str, skript: bool) -> None:
    async with aapne(storrelse, skript=skript) as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/")
        await skjerm.trykk("Ny hendelse")
        await fyll_ut_ny_hendelse(skjerm)
        await skjerm.ser("Jeg har sett hvem som kalles ut")
        await by.stille()
        assert (await by.simulator.tall())["sms_mottatt"] == 0, "forhåndsvisningen sender ingenting"
        await skjerm.side.get_by_label("Jeg har sett hvem som kalles ut").check()
        await skjerm.side.get_by_role("button", name="Send til").click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text("Markering foran Stortinget")
        sms = await by.telefon(*KOORDINATOR).forventer("Demonstrasjon")
        assert "Kan du stille som SaLTo-koordinator Frogner" in sms["tekst"]
        assert skjerm.feil == []


async def test_uten_aa_ha_krysset_av_sendes_ingenting(aapne: Aapne, by: By) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/hendelser/ny")
        await fyll_ut_ny_hendelse(skjerm)
        await skjerm.side.get_by_role("button", name="Send til").click()
        await expect(skjerm.side.locator("#felt-bekreft")).to_have_attribute("aria-invalid", "true")
        assert await skjerm.side.get_by_label("Tittel").input_value() == "Markering foran Stortinget"
        await by.stille()
        assert (await by.simulator.tall())["sms_mottatt"] == 0


async def test_forhaandsvisningen_kommer_av_seg_selv_mens_man_skriver(aapne: Aapne) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/hendelser/ny")
        await fyll_ut_ny_hendelse(skjerm, trykk=False)
        await skjerm.ser("SaLTo-koordinator")
        await skjerm.ser("Jeg har sett hvem som kalles ut")
        assert skjerm.feil == []


async def test_et_svar_paa_telefonen_i_simulatoren_viser_seg_paa_tavla(aapne: Aapne, by: By) -> None:
    hendelse = await by.sekretariat.varsler()
    await by.stille()
    u = await by.utkalling(hendelse, *KOORDINATOR)
    assert u
    siffer = by.telefon(*KOORDINATOR).nummer.removeprefix("+")
    async with aapne() as tavle, aapne("telefon") as simulator:
        await (await tavle.logg_inn("sekretariat")).gaa(f"/hendelser/{hendelse.id}")
        await tavle.forbindelsen("oppe")
        rad = tavle.side.locator(f"#utkalling-{u['id']}")
        await expect(rad).not_to_contain_text("Kommer")
        await (await simulator.logg_inn("sekretariat")).gaa(f"/simulator/telefoner/{siffer}")
        await simulator.side.get_by_label("Svar fra telefonen").fill("JA 20")
        await simulator.side.get_by_role("button", name="Send", exact=True).click()
        await expect(rad).to_contain_text("Kommer")
        await simulator.ser("Takk")
        assert tavle.feil == []
        assert simulator.feil == []


async def test_det_som_skrives_og_er_slaatt_opp_staar_naar_tavla_fornyes(aapne: Aapne, by: By) -> None:
    hendelse = await by.sekretariat.varsler()
    await by.stille()
    u = await by.utkalling(hendelse, "salto_sentrum", "sentrum")
    assert u
    async with aapne() as tavle:
        await (await tavle.logg_inn("sekretariat")).gaa(f"/hendelser/{hendelse.id}")
        await tavle.forbindelsen("oppe")
        detaljer = tavle.side.locator(f"#utkalling-{u['id']} details")
        await detaljer.locator("summary").click()
        await by.telefon(*KOORDINATOR).svarer("JA")
        koordinator = await by.utkalling(hendelse, *KOORDINATOR)
        assert koordinator
        await expect(tavle.side.locator(f"#utkalling-{koordinator['id']}")).to_contain_text("Kommer")
        await expect(detaljer).to_have_attribute("open", "")


async def test_en_koordinator_paa_telefon_ser_sitt_eget_foerst_og_tar_imot_svar(aapne: Aapne, by: By) -> None:
    hendelse = await by.sekretariat.varsler()
    await by.stille()
    async with aapne("telefon") as skjerm:
        await (await skjerm.logg_inn(*KOORDINATOR)).gaa(f"/hendelser/{hendelse.id}")
        foerste = skjerm.side.locator(".utkalling").first
        await expect(foerste).to_contain_text("SaLTo-koordinator Frogner")
        await expect(skjerm.side.get_by_role("link", name="Ta imot svar")).to_have_count(1)
        await foerste.get_by_role("link", name="Ta imot svar").click()
        await skjerm.side.get_by_label("Kommer", exact=True).check()
        await skjerm.trykk("Registrer svaret")
        await by.status(hendelse, *KOORDINATOR, "kommer")
        await expect(skjerm.side.locator(".utkalling").first).to_contain_text("Kommer")
        assert skjerm.feil == []


async def test_en_tapt_forbindelse_vises_og_leges(aapne: Aapne, by: By) -> None:
    hendelse = await by.sekretariat.varsler()
    await by.stille()
    async with mellomledd(by.program.hus.settings.port) as linje, aapne() as tavle:
        await tavle.logg_inn("sekretariat")
        await tavle.side.goto(f"http://127.0.0.1:{linje.port}/hendelser/{hendelse.id}")
        await tavle.forbindelsen("oppe")
        await linje.kutt()
        await tavle.forbindelsen("mistet")
        await tavle.ser("Mistet kontakten")
        await by.telefon(*KOORDINATOR).svarer("JA")
        u = await by.status(hendelse, *KOORDINATOR, "kommer")
        await linje.aapne()
        await tavle.forbindelsen("oppe")
        await tavle.ser_ikke("Mistet kontakten")
        await expect(tavle.side.locator(f"#utkalling-{u['id']}")).to_contain_text("Kommer")


async def test_en_oekt_som_er_over_foerer_til_innloggingen_og_tilbake(aapne: Aapne, by: By) -> None:
    hendelse = await by.sekretariat.varsler()
    async with aapne() as skjerm:
        await skjerm.gaa(f"/hendelser/{hendelse.id}")
        await skjerm.trykk("SaLTo-sekretariatet")
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text("Markering foran Stortinget")
