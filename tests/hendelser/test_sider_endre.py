"""Finishing a draft and changing an open hendelse: the same form, nobody's words lost, and only for those who may."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from infra.clock import OSLO
from tests.harness.by import By, Hendelse
from tests.harness.nettleser import Nettleser
from tests.hendelser.skjemaet import sender, skjulte


def _skjema(h: dict[str, Any], **felt: Any) -> dict[str, Any]:
    """The form of a hendelse in one bydel as its page fills it in, with some fields written anew."""
    start = datetime.fromisoformat(h["start"]).astimezone(OSLO)
    grunn = {
        "type": h["type"],
        "tittel": h["tittel"],
        "bydeler": (h["sted"] or {})["bydeler"],
        "start_dato": f"{start:%Y-%m-%d}",
        "start_tid": f"{start:%H:%M}",
        "alvorlighet": h["alvorlighet"],
        "kilde": h["kilde"],
    }
    return {**grunn, **felt}


async def _melder(by: By, bydel: str = "05", *, utkast: bool = False, **felt: Any) -> Hendelse:
    start = by.om(days=7).astimezone(OSLO).replace(hour=14, minute=0, second=0).isoformat()
    return await by.sekretariat.varsler(**{**by.lokal(bydel), "start": start, "slutt": None, "utkast": utkast, **felt})


async def test_a_draft_opens_filled_in_and_is_sent_from_there(by: By) -> None:
    h = await _melder(by, utkast=True, tittel="Under arbeid")
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        assert sti in (await n.hent("/utkast")).html
        side = await n.hent(sti)
        assert 'value="Under arbeid"' in side.html
        assert "Send til" in side.tekst
        uten_kryss = await sender(n, side, _skjema(h.svar), sti, bekreft="")
        assert uten_kryss.status == 422
        assert (await by.sekretariat.ser(h))["status"] == "utkast"
        sendt = await sender(n, side, _skjema(h.svar), sti)
        igjen = await sender(n, side, _skjema(h.svar), sti)  # the second half of a double click
    assert sendt.adresse == igjen.adresse
    assert sendt.adresse.endswith(f"/hendelser/{h.id}?ok=sendt")
    assert (await by.sekretariat.ser(h))["status"] == "aapen"
    await by.stille()
    assert len(await by.i_loggen(h, "hendelse.sendt")) == 1


async def test_what_is_changed_in_a_draft_is_previewed_before_it_is_sent(by: By) -> None:
    h = await _melder(by, utkast=True)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = _skjema(h.svar, bydeler=["12"])
        ikke_sett = await sender(n, await n.hent(sti), felt, sti)
        assert ikke_sett.status == 409
        assert "SaLTo-koordinator Alna" in ikke_sett.tekst
        sendt = await sender(n, ikke_sett, felt, sti)
    assert sendt.adresse.endswith("?ok=sendt")
    svar = await by.sekretariat.ser(h)
    assert (svar["status"], svar["sted"]["bydeler"]) == ("aapen", ["12"])
    await by.status(h, "salto_koordinator", "bydel:12", "levert")


async def test_a_draft_is_saved_again_as_a_draft(by: By) -> None:
    h = await _melder(by, utkast=True)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent(sti)
        felt = _skjema(h.svar, tittel="Nytt navn", oppmoete="Fontenen")
        lagret = await n.send(sti, **{**skjulte(side), **felt, "handling": "utkast"})
    assert lagret.adresse.endswith("/utkast?ok=lagret")
    svar = await by.sekretariat.ser(h)
    assert (svar["tittel"], svar["oppmoete"], svar["status"]) == ("Nytt navn", "Fontenen", "utkast")


async def test_the_newest_draft_stands_first(by: By) -> None:
    await _melder(by, utkast=True, tittel="Den gamle")
    await _melder(by, utkast=True, tittel="Den nye")
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        tekst = (await n.hent("/utkast")).tekst
    assert tekst.index("Den nye") < tekst.index("Den gamle")


async def test_without_drafts_the_page_says_so(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("politi", "driftsenhet:vest")
        assert "Ingen utkast" in (await n.hent("/utkast")).tekst


async def test_a_change_says_who_comes_in_addition_and_who_is_stood_down(by: By) -> None:
    h = await _melder(by)
    await by.status(h, "salto_koordinator", "bydel:05", "levert")
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent(sti)
        assert "Ingenting er endret ennå" in side.tekst
        felt = _skjema(h.svar, bydeler=["12"])
        sett = await n.send(sti, **{**skjulte(side), **felt, "handling": "vis"})
        assert "Kalles i tillegg" in sett.tekst
        assert "SaLTo-koordinator Alna" in sett.tekst
        assert "SaLTo-koordinator Frogner" in sett.tekst.split("Skal ikke møte likevel")[1]
        lagret = await sender(n, sett, felt, sti, handling="lagre")
    assert lagret.adresse.endswith(f"/hendelser/{h.id}?ok=endret")
    await by.status(h, "salto_koordinator", "bydel:05", "avlyst")
    await by.status(h, "salto_koordinator", "bydel:12", "levert")


async def test_only_what_was_changed_is_told_as_changed(by: By) -> None:
    h = await _melder(by)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = {**_skjema(h.svar, tittel="Bedre tittel"), **await _frist(by, h)}
        sett = await n.send(sti, **{**skjulte(await n.hent(sti)), **felt, "handling": "vis"})
        await sender(n, sett, felt, sti, handling="lagre")
    [endret] = await by.i_loggen(h, "hendelse.endret")
    assert endret["data"]["felt"] == ["tittel"]


async def _frist(by: By, h: Hendelse) -> dict[str, str]:
    """The deadline as the form shows it."""
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        html = (await n.hent(f"/hendelser/{h.id}/endre")).html
    navn = ("svarfrist_dato", "svarfrist_tid")
    return {f: html.split(f'name="{f}"')[1].split('value="')[1].split('"')[0] for f in navn}


async def test_a_stale_change_is_told_with_both_values_and_nothing_is_lost(by: By) -> None:
    h = await _melder(by)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side, frist = await n.hent(sti), await _frist(by, h)
        await by.sekretariat.endrer(h, tittel="Den andres tittel", oppmoete="Den andres oppmøte")
        felt = {**_skjema(h.svar, tittel="Min tittel", vakttelefon="+47 22 00 00 00"), **frist}
        moett = await sender(n, side, felt, sti, handling="lagre")
        assert moett.status == 409
        assert "hendelsen er endret av noen andre mens du skrev" in moett.tekst
        assert "nå står det «Den andres tittel», du har skrevet «Min tittel»" in moett.tekst
        assert 'value="Min tittel"' in moett.html
        assert 'value="+47 22 00 00 00"' in moett.html
        assert 'value="Den andres oppmøte"' in moett.html  # only the other one changed it
        nytt = {**felt, "oppmoete": "Den andres oppmøte"}
        lagret = await sender(n, moett, nytt, sti, handling="lagre")
    assert lagret.adresse.endswith("?ok=endret")
    svar = await by.sekretariat.ser(h)
    assert (svar["tittel"], svar["oppmoete"], svar["vakttelefon"]) == (
        "Min tittel",
        "Den andres oppmøte",
        "+4722000000",
    )


async def test_a_double_click_on_save_is_one_change(by: By) -> None:
    h = await _melder(by)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = {**_skjema(h.svar, tittel="En gang"), **await _frist(by, h)}
        sett = await n.send(sti, **{**skjulte(await n.hent(sti)), **felt, "handling": "vis"})
        svar = await asyncio.gather(*(sender(n, sett, felt, sti, handling="lagre") for _ in range(2)))
        svar += [await sender(n, sett, felt, sti, handling="lagre")]
    assert {s.adresse.rsplit("/", 1)[-1] for s in svar} == {f"{h.id}?ok=endret"}
    await by.stille()
    assert len(await by.i_loggen(h, "hendelse.endret")) == 1


async def test_an_error_in_a_change_stands_at_its_field(by: By) -> None:
    h = await _melder(by)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await sender(n, await n.hent(sti), _skjema(h.svar, tittel=""), sti, handling="lagre")
    assert side.status == 422
    assert 'id="felt-tittel-feil"' in side.html


async def test_a_point_stays_when_its_name_does(by: By) -> None:
    sted = {"navn": "Bakgården", "lat": 59.9139, "lon": 10.7522}
    h = await _melder(by, sted=sted)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = {**_skjema(h.svar, sted="Bakgården", sentrum="nei", bydeler=[]), **await _frist(by, h)}
        sett = await n.send(sti, **{**skjulte(await n.hent(sti)), **felt, "handling": "vis"})
        assert sett.status == 200, sett.tekst
        await sender(n, sett, felt, sti, handling="lagre")
    ny = (await by.sekretariat.ser(h))["sted"]
    assert {k: ny[k] for k in sted} == sted
    assert (ny["sentrum"], ny["sentrum_kilde"]) == (False, "person")


async def test_a_coordinator_of_another_bydel_may_not_change(by: By) -> None:
    h = await _melder(by, "05")
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("salto_koordinator", "bydel:12")
        assert (await n.hent(sti)).status == 403
        assert (await n.send(sti, **_skjema(h.svar, tittel="Ikke min"), handling="lagre")).status == 403
        assert (await n.send(f"{sti}/forhaandsvis", **_skjema(h.svar))).status == 403
    async with Nettleser(by) as n:
        await n.logg_inn("salto_koordinator", "bydel:05")
        assert (await n.hent(sti)).status == 200
    assert (await by.sekretariat.ser(h))["versjon"] == h.versjon


async def test_what_is_closed_is_not_changed(by: By) -> None:
    h = await _melder(by)
    await by.sekretariat.gjoer(h, "avslutt")
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent(f"/hendelser/{h.id}/endre")
    assert side.status == 409
    assert "Hendelsen er lukket" in side.tekst


async def test_now_moves_the_start_in_the_form_and_saves_nothing(by: By) -> None:
    h = await _melder(by)
    sti = f"/hendelser/{h.id}/endre"
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        aapnet = await n.hent(sti)
        foer = by.klokke.now()
        side = await n.send(sti, **{**skjulte(aapnet), **_skjema(h.svar, oppmoete="Fontenen"), "handling": "naa"})
    assert (side.status, "Hva endringen gjør" in side.tekst) == (200, True)
    dager = {f"{(foer + timedelta(minutes=m)).astimezone(OSLO):%Y-%m-%d}" for m in range(3)}
    assert any(f'value="{dag}"' in side.html for dag in dager)
    assert 'value="Fontenen"' in side.html
    assert (await by.sekretariat.ser(h))["versjon"] == h.versjon


async def test_a_browser_that_comes_back_fills_in_no_old_words_under_a_new_version(by: By) -> None:
    h = await _melder(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        assert 'novalidate autocomplete="off"' in (await n.hent(f"/hendelser/{h.id}/endre")).html
        assert 'novalidate autocomplete="off"' not in (await n.hent("/hendelser/ny")).html
