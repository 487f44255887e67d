"""The form of a new hendelse when something comes between: the night, the session, the line, the back button."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, Route, expect

from infra.clock import OSLO
from infra.journal.feil import JournalNede
from tests.browser.conftest import Aapne
from tests.browser.skjermbilder import fyll_ut_ny_hendelse, se_hvem
from tests.harness.by import By
from tests.harness.mellomledd import mellomledd
from tests.harness.skjerm import Skjerm

NY = "/hendelser/ny"
FORHAANDSVIS = "**/hendelser/ny/forhaandsvis"
HAR_SETT = "Jeg har sett hvem som kalles ut"
IKKE_HENTET = "Forhåndsvisningen kunne ikke hentes nå"
FORT = """(felt, tekst) => {
    for (const tegn of tekst) {
        felt.value += tegn;
        felt.dispatchEvent(new Event("input", {bubbles: true}));
    }
}"""
"""Faster than any machine can stand still between two keys."""
BESKRIVELSE = "Fredelig & rolig.\n\n«Parole»: <b>ja</b> 🎈"


async def _utfylt(skjerm: Skjerm, *, trykk: bool = True) -> str:
    """The form of a demonstration, filled in; gives its title, which is nobody else's."""
    tittel = f"Prøve {uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    await fyll_ut_ny_hendelse(skjerm, tittel=tittel, trykk=trykk)
    return tittel


async def _klar_til_aa_sende(skjerm: Skjerm, *, skript: bool = True) -> str:
    """The form filled in, its preview seen, and the box ticked."""
    tittel = await _utfylt(skjerm, trykk=not skript)
    await _kryss(skjerm)
    return tittel


async def _kryss(skjerm: Skjerm) -> None:
    await skjerm.side.get_by_label(HAR_SETT).check()


def _send(side: Page) -> Locator:
    return side.get_by_role("button", name="Send til")


async def _meldt(by: By, tittel: str) -> list[str]:
    """The ids of every hendelse of this title."""
    alle = (await by.sekretariat.kall("GET", "/hendelser")).json()["hendelser"]
    return [h["id"] for h in alle if h["tittel"] == tittel]


@pytest.mark.parametrize("skript", [True, False])
async def test_naa_er_ett_trykk_og_det_som_er_skrevet_staar(aapne: Aapne, by: By, skript: bool) -> None:
    async with aapne("telefon", skript=skript) as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        await skjerm.fyll("Tittel", "Slagsmål ved stasjonen")
        await skjerm.side.get_by_label("Starter, klokka").focus()
        for _ in range(4):  # hours, minutes, the little clock, and the button after them
            await skjerm.side.keyboard.press("Tab")
            if await skjerm.side.evaluate("document.activeElement.value") == "naa":
                break
        foer = by.klokke.now()
        await skjerm.side.keyboard.press("Enter")
        await expect(skjerm.side.get_by_label("Starter, dato")).not_to_have_value("")
        dag, tid = [await skjerm.side.get_by_label(f"Starter, {hva}").input_value() for hva in ("dato", "klokka")]
        minutter = [(foer + timedelta(minutes=m)).astimezone(OSLO) for m in range(3)]
        assert f"{dag} {tid}" in [f"{m:%Y-%m-%d %H:%M}" for m in minutter]
        await expect(skjerm.side.get_by_label("Tittel")).to_have_value("Slagsmål ved stasjonen")
        await expect(skjerm.side.locator("#feilsammendrag")).to_have_count(0)
        await expect(skjerm.side.get_by_label("Starter, klokka")).to_be_focused()
        assert not await skjerm.rulles_sidelengs()
        assert skjerm.feil == []


@pytest.mark.parametrize("skript", [True, False])
async def test_logget_ut_midt_i_skjemaet_sendes_paa_nytt_etter_innlogging(aapne: Aapne, by: By, skript: bool) -> None:
    async with aapne("telefon", skript=skript) as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        await skjerm.side.get_by_text("Beskrivelse, kilde og øvelse").click()
        await skjerm.fyll("Beskrivelse", BESKRIVELSE)
        tittel = await _klar_til_aa_sende(skjerm, skript=skript)
        by.klokke.frem(hours=3)
        await _send(skjerm.side).click()
        await skjerm.ser("Ingenting er sendt")
        assert await _meldt(by, tittel) == []
        assert not await skjerm.rulles_sidelengs()
        assert await skjerm.brudd() == [] if skript else True
        async with skjerm.kontekst.expect_page() as ny_fane:
            await skjerm.trykk("Logg inn i en ny fane")
        fane = await ny_fane.value
        await fane.get_by_role("button", name="SaLTo-sekretariatet").first.click()
        await expect(fane.get_by_role("heading", level=1)).to_contain_text("Oversikt")
        await skjerm.trykk("Send på nytt")
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
    [hendelse_id] = await _meldt(by, tittel)
    svar = (await by.sekretariat.kall("GET", f"/hendelser/{hendelse_id}")).json()
    assert svar["beskrivelse"] == BESKRIVELSE


async def test_den_som_skriver_naar_oekten_tar_slutt_beholder_skjemaet(aapne: Aapne, by: By) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        tittel = await _utfylt(skjerm, trykk=False)
        by.klokke.frem(hours=3)
        await skjerm.fyll("Starter, klokka", "15:00")
        await skjerm.side.get_by_label("Sted", exact=True).press_sequentially(" ")
        await skjerm.ser("Du er logget ut, så forhåndsvisningen kunne ikke hentes")
        await expect(skjerm.side.get_by_label("Tittel")).to_have_value(tittel)
        assert await skjerm.brudd() == []
        await skjerm.logg_inn("sekretariat")  # in another tab
        await skjerm.fyll("Starter, klokka", "16:00")
        await skjerm.ser_ikke("Du er logget ut")
        await skjerm.ser("kl. 16.00")


async def test_tilbake_etter_sending_er_et_nytt_tomt_skjema_som_sier_hvor_det_foerste_er(aapne: Aapne, by: By) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        tittel = await _klar_til_aa_sende(skjerm)
        await _send(skjerm.side).click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
        await skjerm.side.go_back()
        await skjerm.ser("Det du skrev her, er tatt imot")
        await expect(skjerm.side.get_by_label("Tittel")).to_have_value("")
        await expect(skjerm.side.get_by_label("Demonstrasjon")).not_to_be_checked()
        await expect(_send(skjerm.side)).to_have_count(0)
        await skjerm.trykk("Se det du sendte")
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
        assert skjerm.feil == []
    assert len(await _meldt(by, tittel)) == 1


async def test_tilbake_og_send_igjen_uten_skript_er_samme_hendelse(aapne: Aapne, by: By) -> None:
    async with aapne(skript=False) as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        tittel = await _klar_til_aa_sende(skjerm, skript=False)
        await _send(skjerm.side).click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
        with pytest.raises(Exception, match="ERR_CACHE_MISS"):  # Chrome asks before it sends a form anew
            await skjerm.side.go_back()
        await skjerm.side.wait_for_url("chrome-error://**")
        await skjerm.side.reload()
        await _kryss(skjerm)
        await _send(skjerm.side).click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
    assert len(await _meldt(by, tittel)) == 1


async def test_naar_linja_er_borte_staar_det_som_er_skrevet_og_sendes_naar_den_er_tilbake(aapne: Aapne, by: By) -> None:
    async with mellomledd(by.program.hus.settings.port) as linje, aapne() as skjerm:
        await skjerm.logg_inn("sekretariat")
        await skjerm.side.goto(f"http://127.0.0.1:{linje.port}{NY}")
        tittel = await _klar_til_aa_sende(skjerm)
        await linje.kutt()
        await skjerm.fyll("Starter, klokka", "15:00")
        await skjerm.ser(IKKE_HENTET)
        await expect(skjerm.side.get_by_label(HAR_SETT)).to_be_visible()  # what was seen last still stands
        await _send(skjerm.side).click()
        await skjerm.side.wait_for_url("chrome-error://**")
        await linje.aapne()
        await skjerm.side.go_back()
        await expect(skjerm.side.get_by_label("Tittel")).to_have_value(tittel)
        await expect(skjerm.side.get_by_label("Sted", exact=True)).to_have_value("Eidsvolls plass")
        await expect(skjerm.side.get_by_label("Starter, klokka")).to_have_value("15:00")
        await se_hvem(skjerm)
        await _kryss(skjerm)
        await _send(skjerm.side).click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
    assert len(await _meldt(by, tittel)) == 1


async def test_naar_journalen_er_nede_sier_forhaandsvisningen_det_til_den_er_oppe(
    aapne: Aapne, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nede(*_: Any, **__: Any) -> Any:
        raise JournalNede("borte")

    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        await _klar_til_aa_sende(skjerm)
        with monkeypatch.context() as brudd:
            brudd.setattr(by.program.hus.journal, "spoer", nede)
            await skjerm.fyll("Starter, klokka", "15:00")
            await skjerm.ser(IKKE_HENTET)
            assert await skjerm.brudd() == []
        await skjerm.fyll("Starter, klokka", "16:00")
        await skjerm.ser_ikke(IKKE_HENTET)
        await skjerm.ser("kl. 16.00")


async def test_den_siste_forhaandsvisningen_vinner_over_en_som_kommer_for_sent(aapne: Aapne) -> None:
    spurt, slipp = asyncio.Event(), asyncio.Event()

    async def treg(rute: Route) -> None:
        if "start_tid=15%3A00" in (rute.request.post_data or ""):
            spurt.set()
            await slipp.wait()
        await rute.continue_()

    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        await _utfylt(skjerm, trykk=False)
        await skjerm.ser("kl. 14.00")
        await skjerm.side.route(FORHAANDSVIS, treg)
        await skjerm.fyll("Starter, klokka", "15:00")
        await spurt.wait()
        await skjerm.fyll("Starter, klokka", "16:00")
        await skjerm.ser("kl. 16.00")
        slipp.set()
        await skjerm.side.unroute_all(behavior="wait")
        await skjerm.fyll("Forventet antall", "12")
        async with skjerm.side.expect_response(FORHAANDSVIS):
            await skjerm.fyll("Forventet antall", "123")
        await skjerm.ser("kl. 16.00")
        await skjerm.ser_ikke("kl. 15.00")
        assert skjerm.feil == []


async def test_den_som_skriver_fort_spoer_ikke_for_hvert_tegn(aapne: Aapne) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        await _utfylt(skjerm, trykk=False)
        await skjerm.ser("Blir spurt")
        spurt: list[str] = []
        skjerm.side.on("request", lambda r: spurt.append(r.url) if r.url.endswith("/forhaandsvis") else None)
        await skjerm.side.get_by_label("Tittel").evaluate(FORT, " som vokser og vokser og vokser mens vi ser på")
        async with skjerm.side.expect_response(FORHAANDSVIS):
            await skjerm.side.get_by_label("Stor hendelse").check()
        assert len(spurt) <= 3
        assert skjerm.feil == []


async def test_et_kryss_gjelder_det_som_ble_sett_og_er_borte_naar_skjemaet_endres(aapne: Aapne, by: By) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa(NY)
        tittel = await _klar_til_aa_sende(skjerm)
        await skjerm.fyll("Starter, klokka", "15:00")
        await skjerm.ser("kl. 15.00")
        await expect(skjerm.side.get_by_label(HAR_SETT)).not_to_be_checked()
        await _send(skjerm.side).click()
        await skjerm.ser("Kryss av for at du har sett hvem som kalles ut.")
        assert await _meldt(by, tittel) == []
        await _kryss(skjerm)
        await _send(skjerm.side).click()
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text(tittel)
    assert len(await _meldt(by, tittel)) == 1
