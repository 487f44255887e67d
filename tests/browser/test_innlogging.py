"""The way in: one click in a demo, a password otherwise, and out again."""

from __future__ import annotations

from tests.browser.conftest import Aapne


async def test_demobrukeren_er_ett_klikk_unna_og_logger_ut_igjen(aapne: Aapne) -> None:
    async with aapne() as skjerm:
        await skjerm.gaa("/")
        await skjerm.ser("Prøv demoen")
        await skjerm.trykk("SaLTo-koordinator Frogner")
        await skjerm.ser("Oversikt")
        await skjerm.trykk("Logg ut")
        await skjerm.ser("Prøv demoen")
        assert skjerm.feil == []


async def test_oversikten_kobler_seg_til_stroemmen(aapne: Aapne) -> None:
    async with aapne("telefon") as skjerm:
        await (await skjerm.logg_inn("sekretariat")).gaa("/")
        await skjerm.forbindelsen("oppe")
        assert skjerm.feil == []
