"""What waits for a person: seen by those it is for, read by those who may, and gone when somebody has dealt with it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.harness.by import By, Hendelse
from tests.harness.nettleser import Nettleser, Side

FROGNER = ("salto_koordinator", "bydel:05")
ALNA = ("salto_koordinator", "bydel:12")
SVARET = "Kommer hvis jeg får barnevakt"


async def _uklart(by: By, tekst: str = SVARET, **felt: Any) -> Hendelse:
    """A hendelse whose coordinator has answered something that is not clear."""
    h = await by.sekretariat.varsler(**by.lokal(**felt))
    await by.telefon(*FROGNER).forventer(h.kodeord)
    await by.telefon(*FROGNER).svarer(tekst)
    await by.oppgave(h, "uklart_svar")
    return h


async def _oppgaver(by: By, rolle: str = "sekretariat", enhet: str | None = None, sti: str = "/oppgaver") -> Side:
    async with Nettleser(by) as n:
        await n.logg_inn(rolle, enhet)
        return await n.hent(sti)


async def _innsyn(by: By) -> int:
    """How often somebody has read the words of answers."""
    await by.stille()
    rader = await by.sekretariat.hele_loggen()
    return sum(r["type"].endswith("innsyn.gitt.v1") and r["data"]["gjelder"] == "svartekster" for r in rader)


async def test_et_uklart_svar_vises_med_ordene_rollen_og_veien_til_aa_registrere_det(by: By) -> None:
    h = await _uklart(by)
    u = await by.utkalling(h, *FROGNER)
    assert u is not None
    side = await _oppgaver(by)
    assert "Les svaret, og avgjør hva det betyr" in side.tekst
    assert f"Uklart svar fra SaLTo-koordinator Frogner Svaret har et forbehold. {SVARET} Kom " in side.tekst
    assert f'href="/hendelser/{h.id}">{h.kodeord}: ' in side.html
    assert f'href="/utkallinger/{u["id"]}/svar"' in side.html

    await by.sekretariat.kvitterer(u, "kommer")
    await by.ingen_oppgave(h, "uklart_svar")
    assert SVARET not in (await _oppgaver(by)).tekst


async def test_at_ordene_er_lest_fortelles_en_gang_per_side_og_ikke_naar_den_friskes_opp(by: By) -> None:
    await _uklart(by)
    foer = await _innsyn(by)
    async with Nettleser(by) as n:
        await n.logg_inn("salto_sentrum")
        assert SVARET in (await n.hent("/oppgaver")).tekst
        oppfrisket = await n.hent("/oppgaver/liste", htmx=True)
    assert SVARET not in oppfrisket.tekst
    assert "hx-morph-skip" in oppfrisket.html
    assert await _innsyn(by) == foer + 1


@pytest.mark.parametrize(("rolle", "enhet"), [FROGNER, ("gransker", None), ("linjeleder", "bydel:05")])
async def test_andre_ser_oppgaven_men_ikke_ordene_og_kan_ikke_lukke_den(by: By, rolle: str, enhet: str | None) -> None:
    await _uklart(by)
    foer = await _innsyn(by)
    side = await _oppgaver(by, rolle, enhet)
    assert "Uklart svar fra SaLTo-koordinator Frogner" in side.tekst
    assert SVARET not in side.tekst
    assert "Ferdig behandlet" not in side.tekst
    assert await _innsyn(by) == foer


async def test_en_enhet_ser_sine_egne_oppgaver_og_ikke_andres(by: By) -> None:
    h = await _uklart(by)
    assert h.kodeord in (await _oppgaver(by, *FROGNER)).tekst
    andre = await _oppgaver(by, *ALNA)
    assert h.kodeord not in andre.tekst
    assert "Ingenting venter" in andre.tekst


async def test_et_rop_om_hjelp_staar_aller_foerst_med_en_vei_til_aa_ringe(by: By) -> None:
    h = await _uklart(by, "Hjelp!!")
    side = await _oppgaver(by)
    foerst = side.html.partition('class="foerst-hva">')[2]
    assert foerst.startswith("SaLTo-koordinator Frogner kan trenge hjelp")
    assert f'href="/hendelser/{h.id}/ringeliste"' in side.html


async def test_ett_svar_som_kan_gjelde_to_hendelser_er_en_oppgave_og_lukkes_for_begge(by: By) -> None:
    en = await by.sekretariat.varsler(**by.lokal())
    to = await by.sekretariat.varsler(**by.lokal())
    for h in (en, to):
        await by.telefon(*FROGNER).forventer(h.kodeord)
    await by.telefon(*FROGNER).svarer("Hvem andre kommer?")
    for h in (en, to):
        oppgave = await by.oppgave(h, "uklart_svar")
    side = await _oppgaver(by)
    assert side.tekst.count("Uklart svar fra SaLTo-koordinator Frogner") == 2, "overskriften, og knappens navn"
    assert "Kan gjelde flere hendelser" in side.tekst

    assert (await by.sekretariat.kall("POST", f"/oppgaver/{oppgave['id']}/loes")).status_code == 200
    for h in (en, to):
        await by.ingen_oppgave(h, "uklart_svar")
        await by.i_loggen(h, "oppgave.loest")


async def test_en_vurdering_besvares_paa_sin_egen_side_og_er_saa_borte(by: By) -> None:
    h = await by.sekretariat.varsler()
    oppgave = await by.oppgave(h, "vurdering")
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent("/oppgaver")
        assert f'href="/hendelser/{h.id}/vurdering"' in side.html
        assert f"/oppgaver/{oppgave['id']}/loes" not in side.html
        assert (await n.send(f"/oppgaver/{oppgave['id']}/loes")).status == 409
        await n.send(f"/hendelser/{h.id}/vurdering", sentral_rolle="nei", grunn="Bydelen klarer dette.")
    await by.ingen_oppgave(h, "vurdering")


async def test_en_rolle_som_mangler_lukkes_av_et_menneske_og_kommer_igjen_med_en_ny_beslutning(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(andre_kommuner=["1103"]))
    oppgave = await by.oppgave(h, "mangel")
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent(f"/hendelser/{h.id}")
        assert "Mangler SLT-koordinator kommune 1103" in side.tekst
        side = await n.send(f"/oppgaver/{oppgave['id']}/loes", tilbake="hendelse")
        assert side.adresse.endswith(f"/hendelser/{h.id}?ok=loest")
        assert "Oppgaven er ferdig behandlet." in side.tekst
        assert "Mangler SLT-koordinator kommune 1103 Ingen" not in side.tekst
    (rad,) = await by.i_loggen(h, "oppgave.loest")
    assert rad["data"]["oppgave"] == oppgave["id"]
    assert rad["data"]["av"]["rolle"] == "sekretariat"
    assert await by.sekretariat.oppgaver("mangel") == []

    await by.sekretariat.gjoer(h, "utvid", bydeler=["06"])
    assert (await by.oppgave(h, "mangel"))["id"] == oppgave["id"]


async def test_ferdig_behandlet_er_det_samme_to_ganger(by: By) -> None:
    h = await _uklart(by)
    oppgave = await by.oppgave(h, "uklart_svar")
    for _ in range(2):
        svar = await by.sekretariat.kall("POST", f"/oppgaver/{oppgave['id']}/loes")
        assert (svar.status_code, svar.json()["hendelse_id"]) == (200, h.id)
    await by.stille()
    assert len(await by.i_loggen(h, "oppgave.loest")) == 1


@pytest.mark.parametrize(("rolle", "enhet"), [FROGNER, ("gransker", None), ("politi", "driftsenhet:vest")])
async def test_bare_sekretariatet_og_salto_sentrum_lukker_oppgaver(by: By, rolle: str, enhet: str | None) -> None:
    h = await _uklart(by)
    oppgave = await by.oppgave(h, "uklart_svar")
    aktor = await by.aktor(rolle, enhet)
    assert (await aktor.kall("POST", f"/oppgaver/{oppgave['id']}/loes")).status_code == 403
    async with Nettleser(by) as n:
        await n.logg_inn(rolle, enhet)
        assert (await n.send(f"/oppgaver/{oppgave['id']}/loes")).status == 403
    assert await by.oppgave(h, "uklart_svar")


async def test_en_oppgave_som_ikke_finnes_er_404(by: By) -> None:
    assert (await by.sekretariat.kall("POST", f"/oppgaver/{uuid4()}/loes")).status_code == 404


async def test_menyen_sier_hvor_mange_som_venter(by: By) -> None:
    foer = _antall(await _oppgaver(by, sti="/tilgjengelighet"))
    h = await _uklart(by)
    assert _antall(await _oppgaver(by, sti="/tilgjengelighet")) == foer + 1
    assert "Oppgaver 1 venter" in (await _oppgaver(by, *FROGNER)).tekst
    await by.sekretariat.gjoer(h, "avlys", grunn="Arrangøren trakk seg.")
    assert _antall(await _oppgaver(by, sti="/tilgjengelighet")) == foer


def _antall(side: Side) -> int:
    funnet = re.search(r"Oppgaver (\d+) venter", side.tekst)
    return int(funnet[1]) if funnet else 0


async def test_den_som_har_stoppet_sms_staar_der_til_noen_har_behandlet_det(by: By) -> None:
    telefon = by.telefon("salto_koordinator", "bydel:14")
    await telefon.svarer("stopp")

    async def kommet() -> dict[str, Any] | None:
        return next(iter(await by.sekretariat.oppgaver("stoppet")), None)

    oppgave = await by.naar(kommet, "en oppgave om stoppet SMS")
    assert "har stoppet SMS E-post går fortsatt." in (await _oppgaver(by)).tekst
    async with Nettleser(by) as n:
        await n.logg_inn("salto_sentrum")
        assert "Oppgaven er ferdig behandlet." in (await n.send(f"/oppgaver/{oppgave['id']}/loes")).tekst
    assert oppgave["id"] not in {o["id"] for o in await by.sekretariat.oppgaver("stoppet")}
    await telefon.svarer("start")
    await by.stille()
