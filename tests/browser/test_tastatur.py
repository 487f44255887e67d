"""The main flow with the keyboard alone."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Aapne
from tests.harness.by import By
from tests.harness.skjerm import Skjerm

TAB_MAKS = 120


async def test_foerste_tabulatorstopp_hopper_til_innholdet(aapne: Aapne) -> None:
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/")
        await skjerm.side.keyboard.press("Tab")
        assert await _fokus(skjerm) == "Hopp til innholdet"
        await skjerm.side.keyboard.press("Enter")
        await expect(skjerm.side.locator("#innhold")).to_be_focused()


async def test_hele_hovedloepet_med_tastatur_alene(aapne: Aapne, by: By) -> None:
    dag = by.om(days=7)
    async with aapne() as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/")
        tast = skjerm.side.keyboard
        await _til(skjerm, "Ny hendelse")
        await tast.press("Enter")
        await skjerm.side.wait_for_url("**/hendelser/ny")
        await _til(skjerm, "Demonstrasjon")
        await tast.press("Space")
        await _til(skjerm, "Tittel")
        await tast.type("Markering foran Stortinget")
        await _til(skjerm, "Sted")
        await tast.type("Eidsvolls plass")
        await _til(skjerm, "Starter, dato")
        await tast.type(f"{dag:%m%d%Y}")
        await _til(skjerm, "Starter, klokka")
        await tast.type("0200PM")
        await _til(skjerm, "Se hvem som kalles ut")
        async with skjerm.side.expect_navigation():  # the page may have shown it by itself already
            await tast.press("Enter")
        await skjerm.ser("Jeg har sett hvem som kalles ut")
        await _til(skjerm, "Jeg har sett hvem som kalles ut")
        await tast.press("Space")
        await _til(skjerm, "Send til")
        await tast.press("Enter")
        await expect(skjerm.side.get_by_role("heading", level=1)).to_contain_text("Markering foran Stortinget")
        assert (await by.telefon("salto_sentrum").forventer("Demonstrasjon"))["tekst"]


async def _til(skjerm: Skjerm, navn: str) -> None:
    """Tabs on until what has focus is called this; fails when it cannot be reached, or cannot be seen."""
    for _ in range(TAB_MAKS):
        if (await _fokus(skjerm)).startswith(navn):
            return
        await skjerm.side.keyboard.press("Tab")
    raise AssertionError(f"«{navn}» kan ikke nås med Tab")


async def _fokus(skjerm: Skjerm) -> str:
    return str(
        await skjerm.side.evaluate(
            """() => {
                const e = document.activeElement;
                const navn = e.labels?.length ? e.labels[0].innerText : e.innerText || e.value || "";
                return navn.trim();
            }"""
        )
    )
