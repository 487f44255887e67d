"""STOPP closes the phone and nothing else; the e-mail goes on, and its answer page cannot be set off by a scanner."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.harness.by import By, Hendelse

FROGNER = ("salto_koordinator", "bydel:05")


async def test_stopp_stenger_telefonen_men_ikke_eposten(by: By) -> None:
    foerste = await by.sekretariat.varsler(**by.lokal())
    telefon, postkasse = by.telefon(*FROGNER), by.postkasse(*FROGNER)
    await telefon.forventer(foerste.kodeord)
    await telefon.svarer("STOPP")
    try:
        await by.status(foerste, *FROGNER, "kommer_ikke")  # counts as NEI, so the deputy is called
        await by.telefon(*FROGNER, vara=True).forventer("som vara for")
        stoppet = await by.naar(lambda: _stoppet(by), "oppgaven stoppet")
        assert stoppet["haster"]
        assert "har stoppet SMS" in stoppet["tekst"]
        await by.postkasse("sekretariat").forventer("SaLTo-koordinator Frogner har stoppet SMS")

        andre = await by.sekretariat.varsler(**by.lokal())
        await postkasse.forventer(andre.kodeord)
        await by.stille()
        assert not [m for m in await telefon.meldinger() if andre.kodeord in m["tekst"]]
        u = await by.utkalling(andre, *FROGNER)
        assert u is not None
        assert {m["kanal"] for m in u["meldinger"]} == {"epost"}
    finally:
        await telefon.svarer("START")
    assert (await telefon.forventer("Du får SMS"))["tekst"].startswith("Du får SMS fra SaLTo igjen.")
    await by.stille()
    assert await _stoppet(by) is None
    tredje = await by.sekretariat.varsler(**by.lokal())
    await telefon.forventer(tredje.kodeord)


async def _stoppet(by: By) -> dict[str, Any] | None:
    return next(iter(await by.sekretariat.oppgaver("stoppet")), None)


async def _svarlenke(by: By, hendelse: Hendelse) -> str:
    """The path of the answer link in the coordinator's e-mail."""
    brev = await by.postkasse(*FROGNER).forventer(hendelse.kodeord)
    treff = re.search(r"https?://\S+/svar/\S+", brev["tekst"])
    assert treff is not None
    return urlsplit(treff.group()).path


async def test_en_lenkeskanner_som_henter_siden_endrer_ingenting(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    lenke = await _svarlenke(by, h)
    await by.stille()
    foer = await by.sekretariat.logg(h)
    for metode in ("GET", "HEAD", "GET"):
        svar = await by.nettleser.request(metode, lenke)
        assert svar.status_code == 200
    assert "Ja, jeg kommer" in (await by.nettleser.get(lenke)).text
    await by.stille()

    assert await by.sekretariat.logg(h) == foer
    assert not [u for u in await by.sekretariat.utkallinger(h) if u["kvitteringer"]]


async def test_et_svar_paa_siden_teller_som_et_svar_paa_sms(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    lenke = await _svarlenke(by, h)
    takk = await by.nettleser.post(lenke, data={"svar": "kommer", "eta_minutter": "25"})
    assert takk.status_code == 200
    assert "framme om 25 minutter" in takk.text

    u = await by.status(h, *FROGNER, "kommer")
    assert [(k["svar"], k["kanal"]) for k in u["kvitteringer"]] == [("kommer", "epost")]
    await by.nettleser.post(lenke, data={"svar": "kommer_ikke"})
    await by.status(h, *FROGNER, "kommer_ikke")
    assert (await by.nettleser.get("/svar/oppdiktet-lenke")).status_code == 404


async def test_et_svar_paa_siden_til_en_lukket_hendelse_roerer_ikke_de_andre(by: By) -> None:
    lukket = await by.sekretariat.varsler(**by.lokal())
    lenke = await _svarlenke(by, lukket)
    await by.sekretariat.gjoer(lukket, "avslutt", oppsummering="Over")
    aapen = await by.sekretariat.varsler(**by.lokal())
    await by.telefon(*FROGNER).forventer(aapen.kodeord)
    await by.nettleser.post(lenke, data={"svar": "kommer"})
    await by.stille()

    u = await by.status(aapen, *FROGNER, "levert")
    assert u["kvitteringer"] == []
    assert await by.sekretariat.oppgaver("uklart_svar") == []
    assert (await by.sekretariat.kall("GET", "/feilkoe")).json()["feilkoe"] == []
