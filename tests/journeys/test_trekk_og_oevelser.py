"""The hendelser that are not like the others: a trend without time or place, a drill, Marka, a draft, a preview."""

from __future__ import annotations

from typing import Any

from tests.harness.by import By

FROGNER = ("salto_koordinator", "bydel:05")


def _trekk(**felt: Any) -> dict[str, Any]:
    return {"type": "utviklingstrekk", "tittel": "Mer hasj blant ungdom", "tema": ["rus"], **felt}


async def test_et_utviklingstrekk_trenger_verken_tid_eller_sted(by: By) -> None:
    svar = await by.sekretariat.kall("POST", "/hendelser", json=_trekk())
    assert svar.status_code == 201
    trekk = svar.json()
    assert trekk["eier"] == {"rolle": "salto_sentrum", "enhet": "sentrum"}
    sms = await by.telefon("salto_sentrum").forventer(trekk["kodeord"])
    assert f"SaLTo {trekk['kodeord']}: Utviklingstrekk, Oslo. Kan du stille som SaLTo-sentrum?" in sms["tekst"]
    await by.telefon("salto_sentrum").svarer("info")
    assert "Utviklingstrekk, Oslo." in (await by.telefon("salto_sentrum").forventer("Kommer:"))["tekst"]


async def test_et_utviklingstrekk_kan_faa_sted_senere(by: By) -> None:
    trekk = (await by.sekretariat.kall("POST", "/hendelser", json=_trekk())).json()
    await by.telefon("salto_sentrum").forventer(trekk["kodeord"])
    await by.stille()
    hode = {"If-Match": str(trekk["versjon"])}
    svar = await by.sekretariat.kall(
        "PATCH", f"/hendelser/{trekk['id']}", json={"sted": {"bydeler": ["12"]}}, headers=hode
    )
    assert svar.status_code == 200, svar.text
    assert svar.json()["eier"] == {"rolle": "salto_koordinator", "enhet": "bydel:12"}
    await by.telefon("salto_koordinator", "bydel:12").forventer(trekk["kodeord"])
    await by.telefon("salto_sentrum").forventer("AVLYST")


async def test_en_oevelse_begynner_med_oevelse_overalt(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(oevelse=True))
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    await telefon.svarer("ja")
    await telefon.forventer("Takk")
    await telefon.svarer("kanskje")
    assert (await telefon.forventer("Vi forsto ikke"))["tekst"].startswith("ØVELSE Vi forsto ikke svaret ditt")
    await telefon.svarer("hjelp")
    assert (await telefon.forventer("FERDIG eller INFO"))["tekst"].startswith("ØVELSE Fare for liv: ring 112.")
    await by.sekretariat.gjoer(h, "avlys", grunn="Øvelsen er over")
    await telefon.forventer("AVLYST")
    await by.stille()

    assert all(m["tekst"].startswith("ØVELSE ") for m in await telefon.meldinger() if m["retning"] == "ut")
    brev = [b for b in await by.postkasse(*FROGNER).brev() if h.kodeord in b["emne"]]
    assert brev
    assert all(b["emne"].startswith("ØVELSE ") for b in brev)
    side = await by.sekretariat.rapport(h, "html")
    assert "ØVELSE" in side.text


async def test_i_marka_er_det_naermeste_bydel_som_svarer(by: By) -> None:
    h = await by.sekretariat.varsler(type="arrangement", sted={"lat": 59.98, "lon": 10.68}, varslet=False)
    assert h.svar["sted"]["bydel"] == "17"
    eier = h.svar["eier"]
    assert eier["rolle"] == "salto_koordinator"
    sms = await by.telefon(eier["rolle"], eier["enhet"]).forventer(h.kodeord)
    assert "(nærmest Marka)?" in sms["tekst"]


async def test_naar_maalgruppen_ikke_er_med_blir_ingen_spurt(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(maalgruppe=False, maalgruppe_grunn="Bare voksne"))
    sms = await by.telefon(*FROGNER).forventer(h.kodeord)
    assert "Til orientering: Hendelse, Frogner" in sms["tekst"]
    assert "trenger ikke svare" in sms["tekst"]
    u = await by.status(h, *FROGNER, "levert")
    assert u["art"] == "orientering"
    assert "svarfrist" not in u
    assert {u["art"] for u in await by.sekretariat.utkallinger(h)} == {"orientering"}


async def test_et_utkast_kan_endres_og_kastes_uten_at_noen_merker_det(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(utkast=True))
    endret = await by.sekretariat.endrer(h, sted={"bydeler": ["12"]})
    assert (endret.svar["status"], endret.svar["eier"]["enhet"]) == ("utkast", "bydel:12")
    await by.sekretariat.gjoer(h, "avlys", grunn="Ble ikke noe av")
    await by.stille()
    assert await by.sekretariat.utkallinger(h) == []
    for enhet in ("bydel:05", "bydel:12"):
        assert await by.telefon("salto_koordinator", enhet).meldinger() == []


async def test_en_forhaandsvisning_lagrer_og_sender_ingenting(by: By) -> None:
    foer = (await by.sekretariat.kall("GET", "/hendelser")).json()
    vist = await by.sekretariat.forhaandsviser(**by.lokal())
    await by.stille()
    assert (await by.sekretariat.kall("GET", "/hendelser")).json() == foer
    assert (await by.simulator.tall())["sms_mottatt"] == 0
    assert vist["sum"]["sms"] == len([m for m in vist["meldinger"] if m["kanal"] == "sms"]) == 3
    assert {m["koding"] for m in vist["meldinger"] if m["kanal"] == "sms"} == {"gsm7"}


async def test_en_ny_beslutning_om_samme_sak_sender_ingenting_to_ganger(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    await by.stille()
    for bydel in ("12", "11"):
        await by.sekretariat.gjoer(h, "utvid", bydeler=[bydel])
    await by.telefon("salto_koordinator", "bydel:11").forventer(h.kodeord)
    await by.stille()
    assert len(await telefon.meldinger()) == 1
