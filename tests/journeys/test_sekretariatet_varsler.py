"""The sekretariat posts a varslet hendelse; the right people are asked, and it is proved."""

from __future__ import annotations

from tests.harness.by import By


async def test_en_varslet_demonstrasjon_kaller_de_rette_med_grunn(by: By) -> None:
    h = await by.sekretariat.varsler()
    sms = await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)

    assert "Demonstrasjon, Eidsvolls plass" in sms["tekst"]
    assert "som SaLTo-koordinator Frogner (sentrumsbydel)?" in sms["tekst"]
    assert "Svar JA eller NEI innen" in sms["tekst"]
    assert "Markering" not in sms["tekst"]  # never the free title
    u = await by.status(h, "salto_koordinator", "bydel:05", "levert")
    assert u["roller"][0]["hjemmel"].startswith("Oslostandarden 4.2")


async def test_forhaandsvisningen_viser_nettopp_dem_som_blir_kalt(by: By) -> None:
    vist = await by.sekretariat.forhaandsviser()
    h = await by.sekretariat.varsler()
    await by.status(h, "salto_sentrum", "sentrum", "levert")
    kalt = await by.sekretariat.utkallinger(h)

    assert {m["person_id"] for m in vist["mottakere"]} == {u["person_id"] for u in kalt}
    assert vist["sum"]["mottakere"] == len(kalt)
    assert all(m["segmenter"] <= 2 for m in vist["meldinger"] if m["kanal"] == "sms")
    roller = {m["rolle"] for m in vist["mottakere"]}
    assert {"salto_sentrum", "uteseksjonen", "politikontakt", "forebyggende"} <= roller
    assert "sekretariat" not in roller  # an assessment task, not a call-out
    assert vist["vurdering_kreves"]
    assert any(i["rolle"] == "sekretariat" for i in vist["ikke_valgt"])


async def test_et_utkast_kaller_ingen_foer_det_sendes(by: By) -> None:
    h = await by.sekretariat.varsler(utkast=True)
    assert h.svar["status"] == "utkast"
    await by.sekretariat.gjoer(h, "send")
    await by.telefon("salto_sentrum").forventer(h.kodeord)
    await by.i_loggen(h, "mobilisering.besluttet")

    tidslinje = [r["type"].split(".")[-2] for r in await by.sekretariat.logg(h)]
    assert tidslinje.index("sendt") < tidslinje.index("besluttet")


async def test_nei_kaller_vara_med_en_gang(by: By) -> None:
    h = await by.sekretariat.varsler()
    telefon = by.telefon("salto_koordinator", "bydel:02")
    await telefon.forventer(h.kodeord)
    await telefon.svarer("Nei, kan ikke dessverre")

    sms = await by.telefon("salto_koordinator", "bydel:02", vara=True).forventer(h.kodeord)
    assert "som vara for SaLTo-koordinator Grünerløkka" in sms["tekst"]
    await by.status(h, "salto_koordinator", "bydel:02", "kommer_ikke")


async def test_stillhet_gir_purring_og_saa_vara(by: By) -> None:
    h = await by.sekretariat.varsler(svarfrist=by.om(hours=3).isoformat())
    telefon = by.telefon("salto_koordinator", "bydel:03")
    await telefon.forventer(h.kodeord)
    await by.rolig()
    by.klokke.frem(hours=2, minutes=1)
    assert "Vi mangler svar fra deg" in (await telefon.forventer("PURRING"))["tekst"]
    await by.rolig()
    by.klokke.frem(hours=1)
    await by.telefon("salto_koordinator", "bydel:03", vara=True).forventer(h.kodeord)
    await by.status(h, "salto_koordinator", "bydel:03", "eskalert")


async def test_avlysning_naar_nettopp_dem_som_er_spurt(by: By) -> None:
    h = await by.sekretariat.varsler()
    for enhet in ("bydel:01", "bydel:04", "bydel:05"):
        await by.telefon("salto_koordinator", enhet).forventer(h.kodeord)
    await by.telefon("salto_koordinator", "bydel:01").svarer("nei")
    await by.telefon("salto_koordinator", "bydel:01", vara=True).forventer(h.kodeord)
    await by.rolig()
    await by.status(h, "salto_koordinator", "bydel:05", "levert")
    await by.sekretariat.gjoer(h, "avlys", grunn="Arrangøren har trukket søknaden")

    tekst = (await by.telefon("salto_koordinator", "bydel:05").forventer("AVLYST"))["tekst"]
    assert "Du skal ikke møte og trenger ikke svare." in tekst
    await by.telefon("salto_koordinator", "bydel:01", vara=True).forventer("AVLYST")
    await by.stille()
    nei = await by.telefon("salto_koordinator", "bydel:01").meldinger()
    assert not [m for m in nei if "AVLYST" in m["tekst"]]
    svar = await by.sekretariat.kall("POST", f"/hendelser/{h.id}/avlys", json={"grunn": "en gang til"})
    assert svar.status_code == 409
