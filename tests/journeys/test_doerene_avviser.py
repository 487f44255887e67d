"""Bad input gets a clear error in bokmål that names the field, and nothing is stored."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from infra.journal.topologi import JOURNAL
from tests.harness.by import By, Hendelse
from tests.hendelser.test_personvern import D_NUMMER, FODSELSNUMMER

PERSONOPPLYSNINGER = "Skriv aldri personopplysninger her"
INGEN = "00000000-0000-0000-0000-000000000000"
UTENFOR_OSLO = {"lat": 60.39299, "lon": 5.32415}


async def _stand(by: By) -> tuple[int, int]:
    """What is stored: how many hendelser, and how many events about any of them in the journal."""
    liste = (await by.sekretariat.kall("GET", "/hendelser")).json()["hendelser"]
    js = by.program.hus.journal.js
    emner = (await js.stream_info(JOURNAL, subjects_filter="salto.hendelse.>")).state.subjects or {}
    return len(liste), sum(emner.values())


def _er_problem(svar: httpx2.Response, status: int) -> dict[str, Any]:
    """The answer as RFC 9457 wants it."""
    assert svar.status_code == status, svar.text
    assert svar.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = svar.json()
    assert {"type", "title", "status"} <= set(problem)
    assert problem["status"] == status
    return problem


@pytest.mark.parametrize(
    ("felt", "navn", "tekst"),
    [
        ({"start": "2027-01-09T14:00:00"}, "start", "må ha tidssone"),
        ({"start": "i morgen"}, "start", "er ikke et gyldig tidspunkt"),
        ({"start": 1800000000}, "start", "må være et tidspunkt med tidssone"),
        ({"slutt": "2020-01-09T14:00:00+01:00"}, "slutt", "må være etter start"),
        ({"svarfrist": "2027-01-08T12:00:00"}, "svarfrist", "må ha tidssone"),
        ({"start": None}, "start", "må fylles ut"),
        ({"sted": None}, "sted", "må fylles ut"),
        ({"sted": {}}, "sted", "må ha navn, koordinater eller bydeler"),
        ({"sted": {"navn": "Atlantis"}}, "sted.navn", "Vi kjenner ikke stedet «Atlantis»"),
        ({"sted": {"navn": "Bryggen i Bergen"}}, "sted.navn", "Vi kjenner ikke stedet"),
        ({"sted": UTENFOR_OSLO}, "sted", "ligger utenfor Oslo"),
        ({"sted": {"navn": "Eidsvolls plass", **UTENFOR_OSLO}}, "sted", "ligger utenfor Oslo"),
        ({"sted": {"lat": 59.91}}, "sted", "lat og lon må oppgis sammen"),
        ({"sted": {"lat": 59.91, "lon": 200}}, "sted.lon", "må være høyst"),
        ({"sted": {"bydeler": ["18"]}}, "sted.bydeler.0", "må være et bydelsnummer fra 01 til 17"),
        ({"sted": {"bydeler": ["17"]}}, "sted.bydeler", "Marka (17) har ingen egen SaLTo-koordinator"),
        ({"tittel": ""}, "tittel", "kan ikke være tom"),
        ({"tittel": "   "}, "tittel", "kan ikke være tom"),
        ({"tittel": None}, "tittel", "må fylles ut"),
        ({"tittel": "x" * 201}, "tittel", "er for lang (høyst 200)"),
        ({"tittel": f"Leter etter {FODSELSNUMMER}"}, "tittel", PERSONOPPLYSNINGER),
        ({"beskrivelse": f"Gutten {FODSELSNUMMER[:6]} {FODSELSNUMMER[6:]}"}, "beskrivelse", "et fødselsnummer"),
        ({"beskrivelse": f"D-nummer {D_NUMMER[:6]}-{D_NUMMER[6:]}"}, "beskrivelse", "eller D-nummer"),
        ({"beskrivelse": "Ring mor på 900 00 123"}, "beskrivelse", "et telefonnummer. Bruk feltet vakttelefon"),
        ({"beskrivelse": "Skriv til gutten@example.com"}, "beskrivelse", "en e-postadresse"),
        ({"oppmoete": f"Hos {FODSELSNUMMER}"}, "oppmoete", PERSONOPPLYSNINGER),
        ({"maalgruppe_grunn": "tlf 900 00 123"}, "maalgruppe_grunn", "et telefonnummer"),
        ({"sted": {"navn": f"Hos {FODSELSNUMMER}"}}, "sted.navn", PERSONOPPLYSNINGER),
        ({"vakttelefon": "ring meg"}, "vakttelefon", "er ikke et gyldig telefonnummer"),
        ({"ukjent": "felt"}, "ukjent", "er et ukjent felt"),
        ({"sted": {"navn": "Eidsvolls plass", "by": "Oslo"}}, "sted.by", "er et ukjent felt"),
        ({"type": "fest"}, "type", "må være en av: 'demonstrasjon', 'arrangement'"),
        ({"alvorlighet": "kritisk"}, "alvorlighet", "må være en av: 'lav'"),
        ({"tema": ["vær"]}, "tema.0", "må være en av"),
        ({"hjembydeler": ["16"]}, "hjembydeler.0", "må være et bydelsnummer fra 01 til 15"),
        ({"andre_kommuner": ["Bærum"]}, "andre_kommuner.0", "er ikke gyldig"),
        ({"bemanning": {"minst": 0}}, "bemanning.minst", "må være minst 1"),
        ({"forventet_antall": "mange"}, "forventet_antall", "må være et heltall"),
        ({"varslet": "kanskje"}, "varslet", "må være true eller false"),
    ],
)
async def test_feltet_som_er_galt_blir_navngitt_og_ingenting_lagres(
    byen: By, felt: dict[str, Any], navn: str, tekst: str
) -> None:
    foer = await _stand(byen)
    for sti in ("/hendelser", "/hendelser/forhaandsvis"):
        svar = await byen.sekretariat.kall("POST", sti, json=byen.demonstrasjon(**felt))
        problem = _er_problem(svar, 422)
        assert problem["title"] == "Noe i innsendingen må rettes"
        feil = {f["felt"]: f["tekst"] for f in problem["feil"]}
        assert tekst in feil.get(navn, ""), problem
        assert FODSELSNUMMER not in svar.text
    assert await _stand(byen) == foer


@pytest.mark.parametrize(
    ("innhold", "tekst"),
    [
        ("{ikke json", "er ikke gyldig JSON"),
        ("[]", "innhold: må være et objekt"),
        ('"tekst"', "innhold: må være et objekt"),
        ("", "innhold: må fylles ut"),
    ],
)
async def test_det_som_ikke_er_json_blir_sagt(byen: By, innhold: str, tekst: str) -> None:
    foer = await _stand(byen)
    hode = {"Content-Type": "application/json"}
    svar = await byen.sekretariat.kall("POST", "/hendelser", content=innhold, headers=hode)
    assert tekst in _er_problem(svar, 422)["detail"]
    assert await _stand(byen) == foer


async def test_samme_noekkel_og_samme_innhold_gir_samme_hendelse(by: By) -> None:
    kropp, hode = by.demonstrasjon(**by.lokal()), {"Idempotency-Key": "samme-noekkel"}
    foerste = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
    andre = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
    assert (foerste.status_code, andre.status_code) == (201, 200)
    assert foerste.json() == andre.json()
    await by.stille()
    assert len(await by.i_loggen(Hendelse(foerste.json()), "hendelse.meldt")) == 1
    meldinger = await by.telefon("salto_koordinator", "bydel:05").meldinger()
    assert len([m for m in meldinger if foerste.json()["kodeord"] in m["tekst"]]) == 1

    annen = await by.sekretariat.kall("POST", "/hendelser", json={**kropp, "tittel": "Noe annet"}, headers=hode)
    assert "brukt før med et annet innhold" in _er_problem(annen, 409)["detail"]
    noen_andre = await by.aktor("salto_sentrum", "sentrum")
    deres = await noen_andre.kall("POST", "/hendelser", json=kropp, headers=hode)
    assert deres.status_code == 201  # a key belongs to a token
    assert deres.json()["id"] != foerste.json()["id"]


async def test_en_handling_med_samme_noekkel_gjoeres_en_gang(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    hode = {"Idempotency-Key": "avlys-en-gang"}
    svar = [
        await by.sekretariat.kall("POST", f"/hendelser/{h.id}/avlys", json={"grunn": grunn}, headers=hode)
        for grunn in ("Falsk alarm", "Falsk alarm", "En annen grunn")
    ]
    assert [s.status_code for s in svar] == [200, 200, 409]
    assert svar[0].json() == svar[1].json()
    _er_problem(svar[2], 409)
    assert len(await by.i_loggen(h, "hendelse.avlyst")) == 1


async def test_en_for_stor_innsending_avvises(byen: By) -> None:
    foer = await _stand(byen)
    svar = await byen.sekretariat.kall("POST", "/hendelser", json=byen.demonstrasjon(beskrivelse="x" * 3_000_000))
    assert _er_problem(svar, 413)["title"] == "Innsendingen er for stor"
    assert await _stand(byen) == foer


@pytest.mark.parametrize("hode", [{}, {"Authorization": "Bearer feil"}, {"Authorization": "Basic ZmVpbDpmZWls"}])
@pytest.mark.parametrize("sti", ["/hendelser", "/oppgaver", "/personer", "/logg"])
async def test_uten_gyldig_token_kommer_man_ikke_inn(byen: By, hode: dict[str, str], sti: str) -> None:
    svar = await byen.nettleser.get(f"/api/v1{sti}", headers=hode)
    assert _er_problem(svar, 401)["title"] == "Du må være logget inn"


async def test_en_gransker_melder_ingenting(byen: By) -> None:
    foer = await _stand(byen)
    gransker = await byen.aktor("gransker")
    svar = await gransker.kall("POST", "/hendelser", json=byen.demonstrasjon())
    assert "Gransker kan ikke gjøre dette" in _er_problem(svar, 403)["detail"]
    assert await _stand(byen) == foer


async def test_en_koordinator_endrer_ikke_andres_hendelser(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    alna = await by.aktor("salto_koordinator", "bydel:12")
    await by.stille()
    foer = len(await by.sekretariat.logg(h))
    for sti, kropp in (
        ("avlys", {"grunn": "Nei"}),
        ("avslutt", {}),
        ("overfoer", {"til": {"rolle": "salto_koordinator", "enhet": "bydel:12"}, "grunn": "Min"}),
        ("sentrum", {"sentrum": True, "grunn": "Ja"}),
    ):
        _er_problem(await alna.kall("POST", f"/hendelser/{h.id}/{sti}", json=kropp), 403)
    u = await by.utkalling(h, "salto_koordinator", "bydel:05")
    assert u is not None
    assert "egen enhet" in _er_problem(await alna.kvitterer(u, "kommer"), 403)["detail"]
    assert len(await by.sekretariat.logg(h)) == foer


@pytest.mark.parametrize(
    ("sti", "kropp", "felt"),
    [
        ("avlys", {}, "grunn"),
        ("avlys", {"grunn": " "}, "grunn"),
        ("avlys", {"grunn": f"Se {FODSELSNUMMER}"}, "grunn"),
        ("sentrum", {"sentrum": True}, "grunn"),
        ("sentrum", {"sentrum": "ja visst", "grunn": "Ja"}, "sentrum"),
        ("vurdering", {"sentral_rolle": True, "grunn": ""}, "grunn"),
        ("overfoer", {"til": {"rolle": "sjef", "enhet": "bydel:12"}, "grunn": "Ja"}, "til.rolle"),
        ("overfoer", {"til": {"rolle": "ff", "enhet": "bydel:99"}, "grunn": "Ja"}, "til.enhet"),
        ("utvid", {}, "innhold"),
        ("utvid", {"byomfattende": True, "bydeler": ["12"]}, "innhold"),
        ("utvid", {"enhet": "bydel:05"}, "innhold"),
        ("utvid", {"enhet": "Oslo", "rolle": "utoevende"}, "enhet"),
        ("utvid", {"region": f"nær {FODSELSNUMMER}"}, "region"),
        ("avslutt", {"oppsummering": "Ring 900 00 123"}, "oppsummering"),
    ],
)
async def test_en_handling_uten_grunn_eller_med_galt_innhold_avvises(
    by: By, sti: str, kropp: dict[str, Any], felt: str
) -> None:
    h = await by.sekretariat.varsler(**by.lokal(utkast=True))
    svar = await by.sekretariat.kall("POST", f"/hendelser/{h.id}/{sti}", json=kropp)
    assert felt in {f["felt"] for f in _er_problem(svar, 422)["feil"]}
    assert (await by.sekretariat.ser(h))["versjon"] == h.versjon


@pytest.mark.parametrize(
    ("kropp", "felt"),
    [
        ({"svar": "kanskje"}, "svar"),
        ({"svar": "kommer", "eta_minutter": 0}, "eta_minutter"),
        ({"svar": "kommer", "eta_minutter": 721}, "eta_minutter"),
        ({"svar": "kommer", "merknad": f"Hun er {FODSELSNUMMER}"}, "merknad"),
        ({"svar": "kommer", "nivaa": "øverst"}, "nivaa"),
        ({"svar": "kommer", "navn": "Kari"}, "navn"),
    ],
)
async def test_en_kvittering_med_galt_innhold_avvises(byen: By, kropp: dict[str, Any], felt: str) -> None:
    svar = await byen.sekretariat.kall("POST", f"/utkallinger/{INGEN}/kvittering", json=kropp)
    assert felt in {f["felt"] for f in _er_problem(svar, 422)["feil"]}


@pytest.mark.parametrize(
    ("metode", "sti", "status"),
    [
        ("GET", f"/hendelser/{INGEN}", 404),
        ("GET", f"/hendelser/{INGEN}/utkallinger", 404),
        ("GET", f"/hendelser/{INGEN}/logg", 404),
        ("GET", f"/hendelser/{INGEN}/rapport", 404),
        ("GET", "/hendelser/tull", 422),
        ("GET", "/hendelser?status=ferdig", 422),
        ("GET", "/hendelser?fra=2026-11-21T12:00:00", 422),
        ("GET", "/oppgaver?slag=tull", 422),
        ("GET", "/finnes-ikke", 404),
        ("DELETE", "/hendelser", 405),
        ("POST", f"/hendelser/{INGEN}/avlys", 404),
        ("POST", f"/utkallinger/{INGEN}/kvittering", 404),
    ],
)
async def test_det_som_ikke_finnes_blir_sagt_paa_samme_maate(byen: By, metode: str, sti: str, status: int) -> None:
    kropp = {"svar": "kommer"} if sti.endswith("kvittering") else {"grunn": "Fordi"}
    problem = _er_problem(
        await byen.sekretariat.kall(metode, sti, **({"json": kropp} if metode == "POST" else {})), status
    )
    assert problem["title"] in {"Finnes ikke", "Metoden er ikke lov her", "Noe i innsendingen må rettes"}


async def test_en_koordinator_kaller_ikke_sine_utoevende_til_andres_utkast(by: By) -> None:
    utkast = await by.sekretariat.varsler(**by.lokal(utkast=True))
    alna = await by.aktor("salto_koordinator", "bydel:12")
    egne = {"enhet": "bydel:12", "rolle": "utoevende"}
    _er_problem(await alna.kall("POST", f"/hendelser/{utkast.id}/utvid", json=egne), 403)
    await by.sekretariat.gjoer(utkast, "send")
    assert (await alna.kall("POST", f"/hendelser/{utkast.id}/utvid", json=egne)).status_code == 200
