"""What changes after the first telling: place, owner, the sekretariat's role; and who may say so."""

from __future__ import annotations

from datetime import datetime

from infra.simulator.klient import Telefon
from tests.harness.by import By, Hendelse

FROGNER, ALNA = ("salto_koordinator", "bydel:05"), ("salto_koordinator", "bydel:12")


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, Telefon]:
    h = await by.sekretariat.varsler(**by.lokal(sted={"navn": "Frognerparken"}))
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    await by.stille()
    return h, telefon


async def test_en_endring_krever_at_man_har_sett_hendelsen_slik_den_er(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    sti, felt = f"/hendelser/{h.id}", {"oppmoete": "Ved porten"}
    uten = await by.sekretariat.kall("PATCH", sti, json=felt)
    assert (uten.status_code, uten.json()["title"]) == (428, "If-Match mangler")
    ny = await by.sekretariat.endrer(h, **felt)
    assert ny.versjon > h.versjon
    gammel = await by.sekretariat.kall("PATCH", sti, json=felt, headers={"If-Match": str(h.versjon)})
    assert gammel.status_code == 412
    assert str(ny.versjon) in gammel.json()["detail"]
    hentet = await by.sekretariat.kall("GET", sti)
    assert hentet.headers["ETag"] == f'"{ny.versjon}"'
    assert hentet.json()["oppmoete"] == "Ved porten"


async def test_de_som_er_spurt_faar_vite_det_nye_og_svaret_staar(by: By) -> None:
    h, frogner = await _frogner_er_spurt(by)
    await frogner.svarer("ja")
    await by.status(h, *FROGNER, "kommer")
    await by.telefon("politikontakt", "bydel:05").svarer("nei")
    await by.status(h, "politikontakt", "bydel:05", "kommer_ikke")
    await by.sekretariat.endrer(h, sted={"navn": "Vestkanttorvet"}, oppmoete="Ved kiosken")

    tekst = (await frogner.forventer(f"{h.kodeord} ENDRET"))["tekst"]
    assert f"SaLTo {h.kodeord} ENDRET: Nå gjelder: Hendelse, Vestkanttorvet " in tekst
    assert "Oppmøte: Ved kiosken. Svaret ditt står. Svar NEI om du ikke kan." in tekst
    await by.stille()
    await by.status(h, *FROGNER, "kommer")
    politiet = await by.telefon("politikontakt", "bydel:05").meldinger()
    assert not [m for m in politiet if "ENDRET" in m["tekst"]]  # has said NEI
    (endret,) = await by.i_loggen(h, "hendelse.endret")
    assert set(endret["data"]["felt"]) == {"sted", "oppmoete"}


async def test_et_nytt_sted_kaller_de_nye_og_avlyser_de_gamle(by: By) -> None:
    h, frogner = await _frogner_er_spurt(by)
    ny = await by.sekretariat.endrer(h, sted={"bydeler": ["12"]})
    assert "som SaLTo-koordinator Alna" in (await by.telefon(*ALNA).forventer(h.kodeord))["tekst"]
    avlyst = (await frogner.forventer("AVLYST"))["tekst"]
    assert f"SaLTo {h.kodeord} AVLYST: Hendelse, Frognerparken" in avlyst  # where they were to go, not where it is now
    assert "Du skal ikke møte" in avlyst
    await by.status(h, *FROGNER, "avlyst")
    await by.stille()
    assert not [m for m in await frogner.meldinger() if "ENDRET" in m["tekst"]]
    assert ny.svar["eier"] == {"rolle": "salto_koordinator", "enhet": "bydel:12"}

    await by.sekretariat.endrer(ny, sted={"navn": "Frognerparken"})  # and back again: asked anew
    await frogner.forventer("Kan du stille", antall=2)
    await by.status(h, *FROGNER, "levert")
    await by.telefon(*ALNA).forventer("AVLYST")


async def test_vara_som_er_kalt_faar_vite_det_nye_hun_ogsaa(by: By) -> None:
    h, frogner = await _frogner_er_spurt(by)
    await frogner.svarer("nei")
    vara = by.telefon(*FROGNER, vara=True)
    await vara.forventer(h.kodeord)
    await by.stille()
    await by.sekretariat.endrer(h, start=by.om(days=8).isoformat(), slutt=None)
    await vara.forventer(f"{h.kodeord} ENDRET")


async def test_det_folk_ikke_trenger_aa_vite_sendes_ikke(by: By) -> None:
    h, frogner = await _frogner_er_spurt(by)
    foer = len(await frogner.meldinger())
    await by.sekretariat.endrer(h, tittel="Et bedre navn", forventet_antall=40)
    await by.i_loggen(h, "mobilisering.besluttet", antall=2)
    await by.stille()
    assert len(await frogner.meldinger()) == foer


async def test_eierskap_overfoeres_uttrykkelig_og_den_nye_eieren_kalles(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    frogner = await by.aktor("salto_koordinator", "bydel:05")
    til = {"rolle": "salto_koordinator", "enhet": "bydel:12"}
    svar = await frogner.gjoer(h, "overfoer", til=til, grunn="Ungdommene er fra Alna")
    assert svar["eier"] == til
    await by.telefon(*ALNA).forventer(h.kodeord)
    (overfoert,) = await by.i_loggen(h, "hendelse.overfoert")
    assert overfoert["data"]["fra"] == {"rolle": "salto_koordinator", "enhet": "bydel:05"}
    assert (overfoert["data"]["til"], overfoert["data"]["grunn"]) == (til, "Ungdommene er fra Alna")


async def test_sekretariatet_vurderer_selv_om_det_tar_en_sentral_rolle(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(varslet=True))
    await by.oppgave(h, "vurdering")
    telefon = by.telefon("sekretariat")
    for rolle, enhet in (("salto_sentrum", "sentrum"), ("salto_koordinator", "bydel:05"), ("gransker", None)):
        andre = await by.aktor(rolle, enhet)
        svar = await andre.kall("POST", f"/hendelser/{h.id}/vurdering", json={"sentral_rolle": True, "grunn": "Ja"})
        assert svar.status_code == 403
    await by.stille()
    assert not [m for m in await telefon.meldinger() if h.kodeord in m["tekst"]]  # a task, not a call-out

    svar_ = await by.sekretariat.gjoer(h, "vurdering", sentral_rolle=True, grunn="Stort omfang")
    assert svar_["eier"] == h.svar["eier"]
    await by.ingen_oppgave(h, "vurdering")
    assert "som SaLTo-sekretariatet" in (await telefon.forventer(h.kodeord))["tekst"]
    (vurdert,) = await by.i_loggen(h, "hendelse.vurdert")
    assert (vurdert["data"]["sentral_rolle"], vurdert["data"]["grunn"]) == (True, "Stort omfang")

    await by.stille()
    await by.sekretariat.gjoer(h, "vurdering", sentral_rolle=False, grunn="Mindre enn ventet")
    await telefon.forventer("AVLYST")


async def test_vurderingen_bes_det_om_en_gang(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(varslet=True))
    postkasse = by.postkasse("sekretariat")
    await postkasse.forventer("sentral rolle")
    await by.sekretariat.gjoer(h, "vurdering", sentral_rolle=False, grunn="Ikke nødvendig")
    await by.i_loggen(h, "mobilisering.besluttet", antall=2)
    await by.stille()
    assert len([b for b in await postkasse.brev() if "sentral rolle" in b["tekst"]]) == 1
    await by.ingen_oppgave(h, "vurdering")


async def test_en_lukket_hendelse_endres_ikke_mer(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    lukket = Hendelse(await by.sekretariat.gjoer(h, "avslutt", oppsummering="Rolig kveld"))
    forsoek: list[tuple[str, str, dict[str, object]]] = [
        ("PATCH", "", {"oppmoete": "Et annet sted"}),
        ("POST", "/send", {}),
        ("POST", "/avlys", {"grunn": "For sent"}),
        ("POST", "/avslutt", {}),
        ("POST", "/overfoer", {"til": {"rolle": "ff", "enhet": "politi:ff"}, "grunn": "For sent"}),
        ("POST", "/sentrum", {"sentrum": True, "grunn": "For sent"}),
        ("POST", "/vurdering", {"sentral_rolle": True, "grunn": "For sent"}),
        ("POST", "/utvid", {"byomfattende": True}),
    ]
    for metode, sti, kropp in forsoek:
        hode = {"If-Match": str(lukket.versjon)} if metode == "PATCH" else {}
        svar = await by.sekretariat.kall(metode, f"/hendelser/{h.id}{sti}", json=kropp, headers=hode)
        assert (svar.status_code, svar.json()["title"]) == (409, "Hendelsen er lukket"), sti
    await by.stille()  # the room of the call-outs hears of it, too
    u = await by.utkalling(h, *FROGNER)
    assert u is not None
    assert (await by.sekretariat.kvitterer(u, "kommer")).status_code == 409


async def test_naar_starten_flyttes_foran_fristen_gjelder_en_ny_frist_for_de_som_ikke_har_svart(by: By) -> None:
    h, frogner = await _frogner_er_spurt(by)
    politiet = by.telefon("politikontakt", "bydel:05")
    await politiet.svarer("ja")
    await by.status(h, "politikontakt", "bydel:05", "kommer")
    snart = by.om(hours=5)
    ny = await by.sekretariat.endrer(h, start=snart.isoformat(), slutt=None)
    frist = datetime.fromisoformat(ny.svar["svarfrist"])
    assert by.klokke.now() < frist < snart
    (endret,) = await by.i_loggen(h, "hendelse.endret")
    assert set(endret["data"]["felt"]) == {"start", "slutt", "svarfrist"}

    assert "Svar JA eller NEI innen kl " in (await frogner.forventer(f"{h.kodeord} ENDRET"))["tekst"]
    assert "Svaret ditt står" in (await politiet.forventer(f"{h.kodeord} ENDRET"))["tekst"]
    u = await by.utkalling(h, *FROGNER)
    assert u is not None
    assert datetime.fromisoformat(u["svarfrist"]) == frist
    await by.stille()
    by.klokke.frem(minutes=31)
    await by.status(h, *FROGNER, "eskalert")
    await by.telefon(*FROGNER, vara=True).forventer(h.kodeord)


async def test_en_frist_foran_den_nye_starten_staar(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    ny = await by.sekretariat.endrer(h, start=by.om(days=3).isoformat(), slutt=None)
    assert ny.svar["svarfrist"] == h.svar["svarfrist"]
    uttrykkelig = by.om(days=2).isoformat()
    nyere = await by.sekretariat.endrer(ny, start=by.om(days=4).isoformat(), svarfrist=uttrykkelig)
    assert datetime.fromisoformat(nyere.svar["svarfrist"]) == datetime.fromisoformat(uttrykkelig)
