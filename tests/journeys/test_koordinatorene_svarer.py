"""Coordinators answer by SMS: every word of the grammar, a change of mind, and an answer that comes late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from infra.clock import OSLO
from infra.simulator.klient import Telefon
from tests.harness.by import By, Hendelse
from tests.harness.folk import innehaver

FROGNER = ("salto_koordinator", "bydel:05")


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, Telefon]:
    h = await by.sekretariat.varsler(**by.lokal(oppmoete="Ved statuen", vakttelefon="900 00 099"))
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    return h, telefon


@pytest.mark.parametrize(
    ("svar", "status", "bekreftelse"),
    [
        ("Ja", "kommer", "vi har notert at du kommer. Svar NEI om noe endrer seg."),
        ("eg kjem 👍", "kommer", "vi har notert at du kommer."),
        ("NEI, er bortreist", "kommer_ikke", "vi har notert at du ikke kommer. Svar JA om du likevel kan."),
    ],
)
async def test_ja_og_nei_blir_forstaatt_og_bekreftet(by: By, svar: str, status: str, bekreftelse: str) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await telefon.svarer(svar)
    assert bekreftelse in (await telefon.forventer("notert"))["tekst"]
    u = await by.status(h, *FROGNER, status)
    assert [k["svar"] for k in u["kvitteringer"]] == [status]
    assert u["kvitteringer"][0]["kanal"] == "sms"
    assert "sen" not in u


async def test_fra_ja_til_ferdig_paa_fire_svar(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await telefon.svarer("JA 20")
    assert "framme ca. kl" in (await telefon.forventer("framme ca."))["tekst"]
    await telefon.svarer("framme")
    await telefon.forventer("Vi har notert at du er framme. Svar FERDIG når du er ferdig.")
    await telefon.svarer("info")
    info = (await telefon.forventer("Kommer:"))["tekst"]
    assert "Oppmøte: Ved statuen. Spørsmål: +4790000099. Kommer: SaLTo-koordinator 1." in info
    await telefon.svarer("Ferdig")
    await telefon.forventer("Takk for innsatsen!")

    u = await by.status(h, *FROGNER, "ferdig")
    assert [k["svar"] for k in u["kvitteringer"]] == ["kommer", "framme", "ferdig"]


@pytest.mark.parametrize("svar", ["hjelp", "?"])
async def test_hjelp_forteller_hva_man_kan_svare(by: By, svar: str) -> None:
    _, telefon = await _frogner_er_spurt(by)
    await telefon.svarer(svar)
    tekst = (await telefon.forventer("FERDIG eller INFO"))["tekst"]
    assert tekst.startswith(
        "Fare for liv: ring 112. Svar JA, NEI, JA 20 (framme om 20 min), FRAMME, FERDIG eller INFO. #"
    )


async def test_framme_uten_aa_ha_sagt_ja_gjettes_ikke(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    await telefon.svarer("framme")
    await by.oppgave(h, "uklart_svar")
    u = await by.status(h, *FROGNER, "levert")
    assert u["kvitteringer"] == []


@pytest.mark.parametrize(("foerst", "saa"), [("ja", "nei"), ("nei", "ja")])
async def test_man_kan_ombestemme_seg_begge_veier(by: By, foerst: str, saa: str) -> None:
    h, telefon = await _frogner_er_spurt(by)
    betyr = {"ja": "kommer", "nei": "kommer_ikke"}
    await telefon.svarer(foerst)
    await by.status(h, *FROGNER, betyr[foerst])
    await telefon.svarer(saa)
    u = await by.status(h, *FROGNER, betyr[saa])

    assert [k["svar"] for k in u["kvitteringer"]] == [betyr[foerst], betyr[saa]]
    # the deputy was called at the NEI, and stays called whatever comes after
    vara = by.telefon(*FROGNER, vara=True)
    await vara.forventer("som vara for SaLTo-koordinator Frogner")
    await by.stille()
    assert not [m for m in await vara.meldinger() if "AVLYST" in m["tekst"]]


async def test_en_vara_som_sier_nei_naar_innehaveren_likevel_kommer_etterlater_ingen_mangel(by: By) -> None:
    h, telefon = await _frogner_er_spurt(by)
    vara = by.telefon(*FROGNER, vara=True)
    await telefon.svarer("nei")
    await vara.forventer(h.kodeord)
    await telefon.svarer("ja likevel")
    await by.status(h, *FROGNER, "kommer")
    await vara.svarer("nei")
    await by.status(h, *FROGNER, "kommer_ikke", vara=True)
    await by.stille()
    assert len(await by.i_loggen(h, "utkalling.eskalert")) == 1
    assert [o for o in await by.sekretariat.oppgaver("mangel") if o["hendelse_id"] == h.id] == []


async def test_et_sent_svar_teller_og_er_merket(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(svarfrist=by.om(hours=3).isoformat()))
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    await by.rolig()
    by.klokke.frem(hours=3, minutes=1)
    await by.status(h, *FROGNER, "eskalert")
    await telefon.svarer("ja")

    u = await by.status(h, *FROGNER, "kommer")
    assert u["sen"] is True
    vara = await by.utkalling(h, *FROGNER, vara=True)
    assert vara is not None
    assert vara["status"] != "avlyst"  # a late JA does not undo a called deputy


async def test_et_svar_tatt_paa_telefon_staar_som_det_ble_sagt(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    frogner = await by.aktor("salto_koordinator", "bydel:05")
    u = await by.status(h, *FROGNER, "levert")
    foer = by.klokke.now()
    svar = await frogner.kvitterer(u, "kommer", eta_minutter=40, antall=3, merknad="Ringte selv", nivaa="utoevende")
    assert svar.status_code == 201

    ferdig = await by.status(h, *FROGNER, "kommer")
    (kvittering,) = ferdig["kvitteringer"]
    assert (kvittering["antall"], kvittering["merknad"], kvittering["kanal"]) == (3, "Ringte selv", "portal")
    assert abs(datetime.fromisoformat(ferdig["eta"]) - foer - timedelta(minutes=40)) < timedelta(minutes=5)
    (rad,) = await by.i_loggen(h, "utkalling.kvittert")
    assert rad["data"]["kvitteringer"][0]["av"] == {**rad["data"]["kvitteringer"][0]["av"], "enhet": "bydel:05"}
    assert "Ringte selv" not in str(rad)


async def test_nok_folk_blir_sagt_en_gang(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(bemanning={"minst": 2}))
    for rolle, enhet in (FROGNER, ("politikontakt", "bydel:05"), ("forebyggende", "driftsenhet:sentrum")):
        telefon = by.telefon(rolle, enhet)
        await telefon.forventer(h.kodeord)
        await telefon.svarer("ja")
        await by.status(h, rolle, enhet, "kommer")
    await by.stille()
    (bemannet,) = await by.i_loggen(h, "utkalling.bemannet")
    assert bemannet["data"] == {"kommer": 2, "minst": 2}


async def test_en_som_kalles_i_to_roller_faar_en_sms_som_nevner_begge(by: By) -> None:
    start = by.om(days=7)
    dag = start.astimezone(OSLO).date().isoformat()
    borte = {"person_id": innehaver("salto_koordinator", "bydel:06").noekkel, "fra": dag, "til": dag}
    fravaer = (await by.sekretariat.kall("POST", "/fravaer", json=borte)).json()
    await by.stille()
    h = await by.sekretariat.varsler(**by.lokal(sted={"bydeler": ["07", "06"]}, start=start.isoformat(), slutt=None))
    vestre_aker = by.telefon("salto_koordinator", "bydel:07")  # and the deputy of Ullern, who is away that day
    await vestre_aker.forventer(h.kodeord)
    await by.stille()
    await by.sekretariat.kall("DELETE", f"/fravaer/{fravaer['id']}")

    (sms,) = [m for m in await vestre_aker.meldinger() if h.kodeord in m["tekst"]]
    assert (
        "som SaLTo-koordinator Vestre Aker (stedets bydel) og SaLTo-koordinator Ullern (berørt bydel)?" in sms["tekst"]
    )
    (u,) = [u for u in await by.sekretariat.utkallinger(h) if len(u["roller"]) > 1]
    assert [r["enhet"] for r in u["roller"]] == ["bydel:07", "bydel:06"]
    personer = [u["person_id"] for u in await by.sekretariat.utkallinger(h)]
    assert len(personer) == len(set(personer))


async def test_en_vara_som_alt_er_kalt_spoerres_ikke_en_gang_til(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(sted={"bydeler": ["06", "07"]}))
    for bydel in ("bydel:06", "bydel:07"):
        await by.telefon("salto_koordinator", bydel).forventer(h.kodeord)
    await by.telefon("salto_koordinator", "bydel:06").svarer("nei")  # the deputy is the coordinator of Vestre Aker
    assert (await by.oppgave(h, "mangel"))["tekst"].startswith("Den som ble spurt svarte nei")
    await by.stille()
    meldinger = await by.telefon("salto_koordinator", "bydel:07").meldinger()
    assert len([m for m in meldinger if h.kodeord in m["tekst"]]) == 1
