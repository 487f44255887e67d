"""The menu on a page that is left open: what waits is counted anew, and nothing is closed or moved meanwhile."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Aapne
from tests.harness.by import By

KOORDINATOR = ("salto_koordinator", "bydel:05")


@pytest.mark.parametrize("storrelse", ["bred", "telefon"])
async def test_tallet_i_menyen_foelger_med_og_en_aapen_meny_forblir_aapen(aapne: Aapne, by: By, storrelse: str) -> None:
    hendelse = await by.sekretariat.varsler(**by.lokal())
    await by.utkalling(hendelse, *KOORDINATOR)
    await by.stille()
    async with aapne(storrelse) as skjerm:
        await (await skjerm.logg_inn(*KOORDINATOR)).gaa("/")
        await skjerm.forbindelsen("oppe")
        meny, smal = skjerm.side.locator(".menyfold"), storrelse == "telefon"
        tall = meny.locator("summary .antall" if smal else "a[href='/oppgaver'] .antall")
        await expect(tall).to_have_count(0)
        if smal:
            await meny.locator("summary").click()
        await by.telefon(*KOORDINATOR).svarer("Kanskje, hvem spør?")
        await by.oppgave(hendelse, "uklart_svar")
        await expect(tall).to_contain_text("1")
        await expect(tall).to_be_visible()
        await expect(meny.locator("[aria-current=page]")).to_have_attribute("href", "/")
        if smal:
            await expect(meny).to_have_attribute("open", "")
            await expect(meny.get_by_role("link", name="Oppgaver")).to_be_visible()
        assert skjerm.feil == []
