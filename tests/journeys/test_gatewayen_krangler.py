"""The gateway misbehaves: nobody is asked twice, nobody is forgotten, and what cannot be reached is told."""

from __future__ import annotations

from typing import Any

import pytest

from infra.simulator.klient import Telefon
from tests.harness.by import By, Hendelse

FROGNER = ("salto_koordinator", "bydel:05")
POLITIKONTAKT = ("politikontakt", "bydel:05")


async def _spurt_naar(by: By, telefon: Telefon, **oppfoersel: object) -> Hendelse:
    await telefon.oppfoersel(**oppfoersel)
    return await by.sekretariat.varsler(**by.lokal())


async def _antall_sms(telefon: Telefon, h: Hendelse) -> int:
    return len([m for m in await telefon.meldinger() if h.kodeord in m["tekst"]])


def _sms(u: dict[str, Any]) -> dict[str, Any]:
    (melding,) = [m for m in u["meldinger"] if m["kanal"] == "sms"]
    return dict(melding)


@pytest.mark.parametrize(
    "oppfoersel",
    [
        {"status": 429, "antall": 2},
        {"status": 500, "etter_aksept": True, "antall": 1},
        {"status": 503, "antall": 1},
        {"tidsavbrudd_etter_aksept": 0.1, "antall": 1},
        {"forsinkelse_ms": 300, "antall": 1},
        {"doble_statuser": True},
        {"omvendt_rekkefolge": True},
    ],
    ids=[
        "travel",
        "feil etter at den er tatt imot",
        "feil uten at den er tatt imot",
        "taus etter at den er tatt imot",
        "treg",
        "status to ganger",
        "status i feil rekkefølge",
    ],
)
async def test_hva_gatewayen_enn_gjoer_kommer_det_noeyaktig_en_sms(by: By, oppfoersel: dict[str, Any]) -> None:
    telefon = by.telefon(*FROGNER)
    h = await _spurt_naar(by, telefon, **oppfoersel)
    u = await by.status(h, *FROGNER, "levert")
    await by.stille()

    assert _sms(u)["status"] == "levert"
    assert await _antall_sms(telefon, h) == 1
    tall = await by.simulator.tall()
    assert (tall["dobbelt"], tall["epost_dobbelt"]) == ([], [])
    assert tall["sms_mottatt"] == tall["sms_unike"] == 3


async def test_en_fasttelefon_blir_et_synlig_avslag_og_vara_kalles(by: By) -> None:
    telefon = by.telefon(*FROGNER)
    h = await _spurt_naar(by, telefon, avvis=21614)
    vara = await by.telefon(*FROGNER, vara=True).forventer(h.kodeord)
    assert "som vara for SaLTo-koordinator Frogner" in vara["tekst"]
    oppgave = await by.oppgave(h, "feilet")
    u = await by.status(h, *FROGNER, "eskalert")

    assert _sms(u)["status"] == "feilet"
    assert _sms(u)["feil"] == {"kode": "21614", "tekst": "Nummeret er ikke en mobiltelefon", "permanent": True}
    assert (oppgave["tekst"], oppgave["gjelder"]) == (
        "Melding på sms kom ikke fram: Nummeret er ikke en mobiltelefon",
        u["id"],
    )
    await by.postkasse(*FROGNER).forventer(h.kodeord)  # the e-mail goes on
    assert await _antall_sms(telefon, h) == 0
    (eskalert,) = await by.i_loggen(h, "utkalling.eskalert")
    assert eskalert["data"]["utkallinger"][0]["grunn"] == "feilet"


async def test_en_telefon_som_er_av_faar_meldingen_som_ulevert(by: By) -> None:
    h = await _spurt_naar(by, by.telefon(*FROGNER), ulevert=30003)
    oppgave = await by.oppgave(h, "feilet")
    assert oppgave["tekst"] == "Melding på sms kom ikke fram: Telefonen er av eller utenfor dekning"
    u = await by.status(h, *FROGNER, "eskalert")
    assert _sms(u)["feil"]["permanent"] is False
    assert _sms(u)["leverandoer_id"].startswith("SM")
    await by.telefon(*FROGNER, vara=True).forventer(h.kodeord)


async def test_en_som_ikke_kan_naas_og_ikke_har_vara_blir_en_mangel(by: By) -> None:
    h = await _spurt_naar(by, by.telefon(*POLITIKONTAKT), avvis=21211)
    oppgave = await by.oppgave(h, "mangel")
    assert oppgave["tekst"] == "Den som ble spurt kunne ikke nås, og det er ingen vara igjen å kalle."
    await by.postkasse("sekretariat").forventer("kunne ikke nås")
    u = await by.status(h, *POLITIKONTAKT, "eskalert")
    await by.sekretariat.kvitterer(u, "kommer", merknad="Nådd på fasttelefon")
    await by.ingen_oppgave(h, "mangel")


async def test_en_som_har_sagt_stopp_hos_leverandoeren_er_stoppet_hos_oss_ogsaa(by: By) -> None:
    telefon = by.telefon(*FROGNER)
    h = await _spurt_naar(by, telefon, avvis=21610)
    try:
        await by.oppgave(h, "feilet")
        await by.naar(lambda: _foerste(by, "stoppet"), "oppgaven stoppet")
    finally:
        await telefon.oppfoerer_seg()
        await telefon.svarer("START")
        await telefon.forventer("Du får SMS")


async def _foerste(by: By, slag: str) -> dict[str, Any] | None:
    return next(iter(await by.sekretariat.oppgaver(slag)), None)


async def test_avlysning_trekker_det_som_ikke_er_gaatt_ut(by: By) -> None:
    telefon = by.telefon(*FROGNER)
    h = await _spurt_naar(by, telefon, status=429)
    await by.telefon(*POLITIKONTAKT).forventer(h.kodeord)
    await by.sekretariat.gjoer(h, "avlys", grunn="Falsk alarm")
    await by.telefon(*POLITIKONTAKT).forventer("AVLYST")
    await by.stille()  # a try on its way when it was called off is refused, too
    await telefon.oppfoerer_seg()
    await by.stille()
    assert await _antall_sms(telefon, h) == 0  # neither the question nor the stand-down
    u = await by.status(h, *FROGNER, "avlyst")
    assert _sms(u)["status"] == "trukket"
