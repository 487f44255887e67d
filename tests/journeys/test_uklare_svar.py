"""What is not understood is not guessed: a person sees it and settles it, and the sender is told so."""

from __future__ import annotations

from infra.simulator.klient import Telefon
from tests.harness.by import By, Hendelse

FROGNER = ("salto_koordinator", "bydel:05")
FREMMED = "+4790000199"
UKJENT = "Vi kjenner ikke dette nummeret og kan ikke svare her. Fare for liv: ring 112. Barn og unge: 116 111."


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, Telefon]:
    h = await by.sekretariat.varsler(**by.lokal())
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    return h, telefon


async def test_et_uklart_svar_blir_en_oppgave_som_et_menneske_loeser(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await telefon.svarer("Kommer hvis jeg får barnevakt")
    assert "et menneske ser på det" in (await telefon.forventer("Vi forsto ikke"))["tekst"]
    oppgave = await by.oppgave(h, "uklart_svar")
    u = await by.status(h, *FROGNER, "levert")
    assert (oppgave["gjelder"], oppgave["kodeord"]) == (u["id"], h.kodeord)
    assert "barnevakt" not in oppgave["tekst"]
    assert u["kvitteringer"] == []

    await by.sekretariat.kvitterer(u, "kommer", merknad="Har barnevakt likevel")
    await by.ingen_oppgave(h, "uklart_svar")
    await by.status(h, *FROGNER, "kommer")


async def test_et_uklart_svar_kan_ogsaa_avgjoeres_som_nei(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await telefon.svarer("Kanskje")
    await by.oppgave(h, "uklart_svar")
    u = await by.status(h, *FROGNER, "levert")
    await by.sekretariat.kvitterer(u, "kommer_ikke")
    await by.ingen_oppgave(h, "uklart_svar")
    await by.telefon(*FROGNER, vara=True).forventer("som vara for")


async def test_et_rop_om_hjelp_haster_og_gaar_foran_alt_annet(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await by.telefon("politikontakt", "bydel:05").svarer("kanskje")
    await by.oppgave(h, "uklart_svar")
    await telefon.svarer("Hjelp!!")
    svar = (await telefon.forventer("trenger hjelp"))["tekst"]

    assert svar.startswith("Vi har sagt fra om at du trenger hjelp. Fare for liv: ring 112.")
    await by.stille()
    foerst = (await by.sekretariat.oppgaver("uklart_svar"))[0]
    u = await by.utkalling(h, *FROGNER)
    assert u is not None
    assert (foerst["haster"], foerst["gjelder"]) == (True, u["id"])


async def test_et_uklart_svar_naar_to_er_aapne_viser_hver_sin_utkalling(by: By) -> None:
    en, telefon = await _frogner_er_spurt(by)
    to = await by.sekretariat.varsler(**by.lokal())
    await telefon.forventer(to.kodeord)
    await telefon.svarer("Skal vi se, hvem andre kommer da?")
    for h in (en, to):
        u = await by.utkalling(h, *FROGNER)
        assert u is not None
        assert (await by.oppgave(h, "uklart_svar"))["gjelder"] == u["id"]


async def test_et_autosvar_faar_ikke_svar_men_et_menneske_ser_det(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    foer = len(await telefon.meldinger())
    await telefon.svarer("Autosvar: Jeg er på ferie og leser ikke meldinger før mandag.")
    await by.oppgave(h, "uklart_svar")
    await by.stille()
    assert len([m for m in await telefon.meldinger() if m["retning"] == "ut"]) == foer


async def test_den_som_ikke_er_spurt_om_noe_faar_vite_det(by: By) -> None:
    telefon = by.telefon("salto_koordinator", "bydel:14")
    await telefon.svarer("ja")
    assert "Du har ingen åpne forespørsler" in (await telefon.forventer("ingen åpne"))["tekst"]


async def test_et_fremmed_nummer_faar_en_hoeflig_tekst_om_dagen_og_vet_like_lite(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    fremmed = by.simulator.telefon(FREMMED)
    await fremmed.svarer(f"JA {h.kodeord}, hvor er det?")
    svar = await fremmed.forventer("Vi kjenner ikke")
    assert svar["tekst"].rpartition(" #")[0] == UKJENT
    await fremmed.svarer("Hallo?")
    await by.stille()
    assert len([m for m in await fremmed.meldinger() if m["retning"] == "ut"]) == 1

    by.klokke.frem(hours=24, minutes=1)
    await fremmed.svarer("Hallo igjen")
    await fremmed.forventer("Vi kjenner ikke", antall=2)
    await by.stille()
    assert not [u for u in await by.sekretariat.utkallinger(h) if u["kvitteringer"]]
    assert "uklart_svar" not in {o["slag"] for o in await by.sekretariat.oppgaver()}
