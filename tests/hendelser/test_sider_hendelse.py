"""The event page: what one needs first, and each action through a page of its own, for those who may."""

from __future__ import annotations

import re
from typing import Any

import pytest

from infra.journal.feil import JournalNede
from tests.harness.by import By, Hendelse
from tests.harness.nettleser import Nettleser, Side

FROGNER = ("salto_koordinator", "bydel:05")
ALLE = {"endre", "utvid", "vurdering", "sentrum", "overfoer", "avslutt", "avlys"}
EIERENS = {"endre", "overfoer", "avslutt", "avlys"}
GRUNN = "Politiet har bedt om det."


def _handlinger(side: Side, h: Hendelse) -> set[str]:
    """The actions there is a way to on the page."""
    return set(re.findall(rf'href="/hendelser/{h.id}/(\w+)"', side.html)) & ALLE


async def _sekretariatet(by: By, n: Nettleser, **felt: Any) -> Hendelse:
    await n.logg_inn("sekretariat")
    return await by.sekretariat.varsler(**felt)


async def test_det_en_trenger_foerst_staar_oeverst(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(
            by, n, start=by.om(hours=3, minutes=20).isoformat(), slutt=None, bemanning={"minst": 2}
        )
        telefon = by.telefon(*FROGNER)
        await telefon.forventer(h.kodeord)
        await telefon.svarer(f"ja {h.kodeord}")
        await by.status(h, *FROGNER, "kommer")
        hode = await n.hent(f"/hendelser/{h.id}/hode", htmx=True)
    assert f"{h.kodeord} Markering foran Stortinget Demonstrasjon · Eidsvolls plass ·" in hode.tekst
    assert "(begynner om 3 timer)" in hode.tekst
    assert "Åpen Eier: SaLTo-sentrum Svarfrist:" in hode.tekst
    assert "Mangler 1: 1 kommer, og minst 2 trengs." in hode.tekst
    assert re.search(r"1 av \d+ har svart 1 kommer", hode.tekst)


async def test_hele_siden_har_hodet_utkallingene_feltene_og_loggen(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n, beskrivelse="Fakkeltog og appeller.", hjembydeler=["12"])
        side = await n.hent(f"/hendelser/{h.id}")
    assert f'data-strom="/api/v1/strom?hendelse={h.id}"' in side.html
    for tekst in ("Utkallinger", "Om hendelsen", "Fakkeltog og appeller.", "Ungdom fra Alna", "foreslått av kartet"):
        assert tekst in side.tekst
    for sti in ("ringeliste", "rapport", "endre"):
        assert f'href="/hendelser/{h.id}/{sti}"' in side.html


async def test_en_hendelse_som_ikke_finnes_er_en_side_som_sier_det(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        for sti in ("", "/hode", "/detaljer", "/avlys"):
            side = await n.hent(f"/hendelser/00000000-0000-4000-8000-000000000001{sti}")
            assert (side.status, "Finnes ikke" in side.tekst) == (404, True)


@pytest.mark.parametrize("del_", ["hode", "detaljer"])
async def test_en_levende_del_er_seg_selv_for_htmx_og_ellers_veien_til_siden(by: By, del_: str) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n, utkast=True)
        brikke = await n.hent(f"/hendelser/{h.id}/{del_}", htmx=True)
        assert f'id="{del_}"' in brikke.html
        assert "<html" not in brikke.html
        assert (await n.hent(f"/hendelser/{h.id}/{del_}")).adresse.endswith(f"/hendelser/{h.id}#{del_}")


@pytest.mark.parametrize(
    ("rolle", "enhet", "sted", "ventet"),
    [
        ("sekretariat", None, {"navn": "Eidsvolls plass"}, ALLE),
        ("salto_sentrum", None, {"navn": "Eidsvolls plass"}, ALLE - {"vurdering"}),
        ("salto_koordinator", "bydel:05", {"bydeler": ["05"]}, EIERENS | {"utvid"}),
        ("salto_koordinator", "bydel:12", {"bydeler": ["05"]}, {"utvid"}),
        ("politi", "driftsenhet:sentrum", {"navn": "Eidsvolls plass"}, EIERENS),
        ("politi", "driftsenhet:ost", {"navn": "Eidsvolls plass"}, set()),
        ("linjeleder", "bydel:05", {"bydeler": ["05"]}, EIERENS),
        ("gransker", None, {"navn": "Eidsvolls plass"}, set()),
    ],
)
async def test_hver_ser_de_handlingene_som_er_ens_egne_og_doera_er_enig(
    by: By, rolle: str, enhet: str | None, sted: dict[str, Any], ventet: set[str]
) -> None:
    h = await by.sekretariat.varsler(sted=sted)
    async with Nettleser(by) as n:
        await n.logg_inn(rolle, enhet)
        assert _handlinger(await n.hent(f"/hendelser/{h.id}"), h) == ventet
        for kode in ALLE - {"endre"}:
            side = await n.hent(f"/hendelser/{h.id}/{kode}")
            assert side.status == (200 if kode in ventet else 403), kode


async def test_granskeren_leser_og_kan_ikke_gjoere_noe(by: By) -> None:
    h = await by.sekretariat.varsler()
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        side = await n.hent(f"/hendelser/{h.id}")
        assert h.kodeord in side.tekst
        assert re.findall(r'<form[^>]*method="post"', side.html) == re.findall(
            r'<form action="/logg-ut"[^>]*', side.html
        )
        assert "Ringeliste" not in side.tekst
        for kode, felt in HANDLINGER:
            assert (await n.send(f"/hendelser/{h.id}/{kode}", **felt)).status == 403
    assert (await by.sekretariat.ser(h))["versjon"] == h.versjon


HANDLINGER: list[tuple[str, dict[str, Any]]] = [
    ("avlys", {"grunn": GRUNN}),
    ("avslutt", {"oppsummering": "Det gikk rolig for seg."}),
    ("overfoer", {"til": "salto_koordinator/bydel:05", "grunn": GRUNN}),
    ("sentrum", {"sentrum": "nei", "grunn": GRUNN}),
    ("vurdering", {"sentral_rolle": "ja", "grunn": GRUNN}),
    ("utvid", {"omfang": "bydeler", "bydeler": ["12", "09"]}),
    ("utvid", {"omfang": "region", "region": "ytre sør"}),
    ("utvid", {"omfang": "by", "grunn": GRUNN}),
    ("utvid", {"omfang": "rolle", "rolle": "bfe"}),
    ("utvid", {"omfang": "rolle", "rolle": "bydelsdirektoer", "enhet": "bydel:05"}),
]
BLE: list[tuple[str, dict[str, Any]]] = [
    ("Hendelsen er avlyst.", {"status": "avlyst", "grunn": GRUNN}),
    ("Hendelsen er avsluttet.", {"status": "avsluttet", "grunn": "Det gikk rolig for seg."}),
    ("Hendelsen har fått ny eier.", {"eier": {"rolle": "salto_koordinator", "enhet": "bydel:05"}}),
    ("Valget om Oslo sentrum er lagret.", {"sentrum": False}),
    ("Vurderingen er lagret.", {"utvidelse": {"rolle": "sekretariat", "enhet": "velferdsetaten"}}),
    ("Utkallingen er utvidet.", {"utvidelse": {"bydeler": ["12", "09"]}}),
    ("Utkallingen er utvidet.", {"utvidelse": {"region": "ytre sør"}}),
    ("Utkallingen er utvidet.", {"utvidelse": {"byomfattende": True}}),
    ("Utkallingen er utvidet.", {"utvidelse": {"rolle": "bfe", "enhet": "barne_og_familieetaten"}}),
    ("Utkallingen er utvidet.", {"utvidelse": {"rolle": "bydelsdirektoer", "enhet": "bydel:05"}}),
]


@pytest.mark.parametrize(("handling", "ble"), list(zip(HANDLINGER, BLE, strict=True)))
async def test_hver_handling_gjoeres_paa_sin_egen_side(
    by: By, handling: tuple[str, dict[str, Any]], ble: tuple[str, dict[str, Any]]
) -> None:
    (kode, felt), (melding, ventet) = handling, ble
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n)
        skjema = await n.hent(f"/hendelser/{h.id}/{kode}")
        assert "Dette skjer" in skjema.tekst
        side = await n.send(f"/hendelser/{h.id}/{kode}", noekkel=skjema.skjult["noekkel"], **felt)
    assert side.status == 200
    assert melding in side.tekst
    naa = await by.sekretariat.ser(h)
    naa["sentrum"] = naa["sted"]["sentrum"]
    siste = (naa["utvidelser"] or [{}])[-1]
    naa["utvidelse"] = {felt: verdi for felt, verdi in siste.items() if verdi}
    assert {felt: naa[felt] for felt in ventet} == ventet


async def test_avlysningen_sier_hvor_mange_som_faar_melding(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n, **by.lokal())
        telefon = by.telefon("politikontakt", "bydel:05")
        await telefon.forventer(h.kodeord)
        await telefon.svarer("nei")
        await by.status(h, "politikontakt", "bydel:05", "kommer_ikke")
        spurt = [u for u in await by.sekretariat.utkallinger(h) if u["art"] == "foresporsel"]
        side = await n.hent(f"/hendelser/{h.id}/avlys")
    assert f"{len(spurt) - 1} som er spurt og ikke har svart nei, får melding om at det er avlyst." in side.tekst
    assert "Én har svart nei og får ingen melding. Dette kan ikke angres." in side.tekst


@pytest.mark.parametrize(
    ("kode", "felt", "ventet"),
    [
        ("avlys", {"grunn": " "}, "Skriv en begrunnelse."),
        ("avlys", {"grunn": "Ring +47 900 00 001"}, "Begrunnelsen inneholder et telefonnummer"),
        ("overfoer", {"grunn": GRUNN}, "Velg hvem som skal eie hendelsen."),
        ("overfoer", {"til": "keiser/bydel:05", "grunn": GRUNN}, "Ny eier må være en av"),
        ("sentrum", {"grunn": GRUNN}, "Velg ja eller nei."),
        ("vurdering", {"grunn": GRUNN}, "Velg ja eller nei."),
        ("utvid", {"grunn": GRUNN}, "Velg hvem som skal kalles ut."),
        ("utvid", {"omfang": "bydeler", "grunn": GRUNN}, "Velg minst én bydel."),
        ("utvid", {"omfang": "bydeler", "bydeler": ["99"], "grunn": GRUNN}, "Bydelene må være et bydelsnummer"),
        ("utvid", {"omfang": "rolle", "rolle": "rektor", "grunn": GRUNN}, "Velg hvilken enhet rollen er i."),
        ("avslutt", {"oppsummering": "Skriv til en@oslo.example"}, "Oppsummeringen inneholder en e-postadresse"),
    ],
)
async def test_en_feil_staar_ved_feltet_og_det_som_var_skrevet_staar_igjen(
    by: By, kode: str, felt: dict[str, Any], ventet: str
) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n)
        side = await n.send(f"/hendelser/{h.id}/{kode}", **felt)
    assert side.status == 422
    assert side.tekst.count(ventet) >= 2, "i sammendraget og ved feltet"
    assert felt.get("grunn", "").strip() in side.tekst
    assert (await by.sekretariat.ser(h))["versjon"] == h.versjon


async def test_et_dobbeltklikk_er_ett_klikk(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n)
        sti = f"/hendelser/{h.id}/overfoer"
        felt = {"til": "salto_koordinator/bydel:05", "grunn": GRUNN, "noekkel": (await n.hent(sti)).skjult["noekkel"]}
        for _ in range(2):
            assert "har fått ny eier" in (await n.send(sti, **felt)).tekst
    await by.stille()
    assert len(await by.i_loggen(h, "hendelse.overfoert")) == 1


async def test_naar_journalen_ikke_svarer_staar_skjemaet_der_og_samme_knapp_er_trygg(
    by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nede(*_: Any, **__: Any) -> None:
        raise JournalNede("svarer ikke")

    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n)
        await by.stille()
        sti = f"/hendelser/{h.id}/avlys"
        with monkeypatch.context() as m:
            m.setattr(by.program.hus.journal, "publiser", nede)
            side = await n.send(sti, grunn=GRUNN, noekkel=(await n.hent(sti)).skjult["noekkel"])
        assert (side.status, "Ikke bekreftet" in side.tekst, GRUNN in side.tekst) == (503, True, True)
        igjen = await n.send(sti, grunn=GRUNN, noekkel=side.skjult["noekkel"])
    assert "Hendelsen er avlyst." in igjen.tekst
    await by.stille()
    assert len(await by.i_loggen(h, "hendelse.avlyst")) == 1


async def test_paa_det_som_er_over_er_det_ingenting_aa_gjoere(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n)
        await by.sekretariat.gjoer(h, "avlys", grunn="Arrangøren trakk seg.")
        side = await n.hent(f"/hendelser/{h.id}")
        assert "Hendelsen er avlyst Arrangøren trakk seg." in side.tekst
        assert _handlinger(side, h) == set()
        for kode in ALLE - {"endre"}:
            assert (await n.hent(f"/hendelser/{h.id}/{kode}")).status == 409
        assert (await n.send(f"/hendelser/{h.id}/avslutt")).status == 409


async def test_et_utkast_sier_at_ingen_er_kalt_og_kan_sendes_eller_forkastes(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n, utkast=True)
        side = await n.hent(f"/hendelser/{h.id}")
        assert "Dette er et utkast Se over, og send når det stemmer." in side.tekst
        assert _handlinger(side, h) == {"endre", "avlys"}
        assert "Se over og send" in side.tekst
        assert "Ringeliste" not in side.tekst
        assert "ingen får melding" in (await n.hent(f"/hendelser/{h.id}/avlys")).tekst


async def test_koordinatoren_kaller_de_utoevende_i_egen_bydel_og_ingen_andre(by: By) -> None:
    h = await by.sekretariat.varsler(sted={"bydeler": ["12"]})
    async with Nettleser(by) as n:
        await n.logg_inn(*FROGNER)
        skjema = await n.hent(f"/hendelser/{h.id}/utvid")
        assert "Kall ut de utøvende i Frogner" in skjema.tekst
        assert 'name="omfang"' not in skjema.html
        assert "utvidet" in (await n.send(f"/hendelser/{h.id}/utvid", omfang="by")).tekst
    assert [
        {felt: verdi for felt, verdi in u.items() if verdi} for u in (await by.sekretariat.ser(h))["utvidelser"]
    ] == [{"rolle": "utoevende", "enhet": "bydel:05"}]


async def test_en_oevelse_er_merket(by: By) -> None:
    async with Nettleser(by) as n:
        h = await _sekretariatet(by, n, oevelse=True)
        assert "ØVELSE." in (await n.hent(f"/hendelser/{h.id}")).tekst
        assert "ØVELSE." in (await n.hent(f"/hendelser/{h.id}/avlys")).tekst
