"""Two open call-outs: nothing is guessed, the sender is asked which, and a bare kodeord completes the answer."""

from __future__ import annotations

from infra.simulator.klient import Telefon
from tests.harness.by import By, Hendelse

FROGNER = ("salto_koordinator", "bydel:05")


async def _to_aapne(by: By) -> tuple[Hendelse, Hendelse, Telefon]:
    telefon = by.telefon(*FROGNER)
    hendelser = []
    for sted in ("Frognerparken", "Vestkanttorvet"):
        h = await by.sekretariat.varsler(**by.lokal(sted={"navn": sted}))
        await telefon.forventer(h.kodeord)
        hendelser.append(h)
    return hendelser[0], hendelser[1], telefon


async def _svar_paa(by: By, hendelse: Hendelse) -> str | None:
    u = await by.utkalling(hendelse, *FROGNER)
    return u["kvitteringer"][-1]["svar"] if u and u["kvitteringer"] else None


async def test_uten_kodeord_blir_avsenderen_spurt_hvilken(by: By) -> None:
    en, to, telefon = await _to_aapne(by)
    await telefon.svarer("JA 20")
    tekst = (await telefon.forventer("Gjelder svaret"))["tekst"]

    assert tekst.startswith(
        f"Gjelder svaret {en.kodeord} (Frognerparken) eller {to.kodeord} (Vestkanttorvet)? "
        f"Svar bare {en.kodeord} eller {to.kodeord}. #"
    )
    await by.stille()
    assert (await _svar_paa(by, en), await _svar_paa(by, to)) == (None, None)
    assert not [o for o in await by.sekretariat.oppgaver("uklart_svar") if o["hendelse_id"] in {en.id, to.id}]


async def test_et_bart_kodeord_innen_en_halv_time_gjoer_svaret_ferdig(by: By) -> None:
    en, to, telefon = await _to_aapne(by)
    await telefon.svarer("JA 20")
    await telefon.forventer("Gjelder svaret")
    await by.rolig()
    by.klokke.frem(minutes=5)
    await telefon.svarer(to.kodeord.lower())

    assert "(framme ca. kl" in (await telefon.forventer(f"{to.kodeord}: Takk"))["tekst"]
    await by.status(to, *FROGNER, "kommer")
    assert await _svar_paa(by, en) is None


async def test_et_bart_kodeord_etter_en_halv_time_gjettes_ikke(by: By) -> None:
    en, to, telefon = await _to_aapne(by)
    await telefon.svarer("ja")
    await telefon.forventer("Gjelder svaret")
    await by.rolig()
    by.klokke.frem(minutes=31)
    await telefon.svarer(to.kodeord)

    await by.oppgave(to, "uklart_svar")
    await by.stille()
    assert (await _svar_paa(by, en), await _svar_paa(by, to)) == (None, None)


async def test_kodeordet_i_svaret_sier_hvilken(by: By) -> None:
    en, to, telefon = await _to_aapne(by)
    await telefon.svarer(f"nei {en.kodeord}")
    await telefon.svarer(f"{to.kodeord} ja")
    await by.status(en, *FROGNER, "kommer_ikke")
    await by.status(to, *FROGNER, "kommer")
    assert (await _svar_paa(by, en), await _svar_paa(by, to)) == ("kommer_ikke", "kommer")


async def test_kodeordet_paa_en_avlyst_hendelse_faar_vite_at_den_er_avsluttet(by: By) -> None:
    en, to, telefon = await _to_aapne(by)
    await by.sekretariat.gjoer(en, "avlys", grunn="Arrangøren har trukket seg")
    await telefon.forventer("AVLYST")
    await telefon.svarer(f"ja {en.kodeord}")

    tekst = (await telefon.forventer("Saken er avsluttet"))["tekst"]
    assert tekst.startswith(f"SaLTo {en.kodeord}: Saken er avsluttet, og du trenger ikke gjøre noe.")
    await by.stille()
    assert (await _svar_paa(by, en), await _svar_paa(by, to)) == (None, None)


async def test_det_man_bare_er_orientert_om_er_ikke_det_man_svarer_paa(by: By) -> None:
    orientert = await by.sekretariat.varsler(**by.lokal(maalgruppe=False, maalgruppe_grunn="Bare voksne"))
    telefon = by.telefon(*FROGNER)
    await telefon.forventer("Til orientering")
    spurt = await by.sekretariat.varsler(**by.lokal())
    await telefon.forventer(spurt.kodeord)
    await telefon.svarer("ja")
    await by.status(spurt, *FROGNER, "kommer")
    assert await _svar_paa(by, orientert) is None
