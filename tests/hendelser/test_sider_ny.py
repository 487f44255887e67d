"""«Ny hendelse»: fill in, see who is called and why, and send what was seen, once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import uuid4

import pytest

from contracts.roller import Rolle, rolle_i_enhet
from infra.clock import OSLO
from infra.journal.feil import JournalNede
from services.hendelser.visning_ny import stor
from tests.harness.by import By
from tests.harness.nettleser import Nettleser
from tests.hendelser.skjemaet import NY, lokalt, sender, ser_hvem, skjulte, utfylt


async def _antall(by: By, tittel: str) -> int:
    svar = await by.sekretariat.kall("GET", "/hendelser")
    return sum(h["tittel"] == tittel for h in svar.json()["hendelser"])


def _unik() -> str:
    return f"Prøve {uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}"


async def test_the_page_shows_what_the_preview_of_the_api_says(by: By) -> None:
    felt: dict[str, Any] = {"tema": ["hatkriminalitet"], "hjembydeler": ["12", "10"]}
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, utfylt(by, **felt))
    api = await by.sekretariat.forhaandsviser(**felt)
    assert side.status == 200
    assert f"{api['sum']['mottakere']} blir spurt" in side.tekst
    for m in api["mottakere"]:
        navn = rolle_i_enhet(Rolle(m["rolle"]), m["enhet"])
        assert any(del_ in side.tekst for del_ in (stor(navn), navn.split(" ", 1)[-1])), m
        assert m["hjemmel"].removeprefix("Oslostandarden ") in side.tekst
    assert f"{api['sum']['sms']} SMS i " in side.tekst
    assert "Send til" in side.tekst
    assert "SaLTo-sentrum har et særlig ansvar i Oslo sentrum." in side.tekst  # why the owner
    assert "Foreslått av kartet: Stedet ligger i Sentrum (16)." in side.tekst
    for i in api["ikke_valgt"]:
        assert i["grunn"] in side.tekst


async def test_one_wording_is_shown_once_however_many_get_it(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, utfylt(by))
    assert side.html.count("som SaLTo-koordinator") == 2  # one SMS and one e-mail, for five coordinators
    assert "SaLTo-koordinator Gamle Oslo og 4 til" in side.tekst


async def test_a_change_of_the_form_updates_the_preview_and_nothing_else(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        ny = await n.hent(NY)
        brikke = await n.send(f"{NY}/forhaandsvis", **skjulte(ny), **utfylt(by))
        halv = await n.send(f"{NY}/forhaandsvis", **skjulte(ny), **utfylt(by, sted=None, start_tid=None))
    assert "<html" not in brikke.html
    assert "Send til" in brikke.tekst
    assert halv.status == 200  # nobody is shouted at while writing
    assert "Når dette er fylt ut" in halv.tekst
    assert "Skriv et sted, eller kryss av for bydel." in halv.tekst
    assert "felt-feil" not in halv.html
    assert "Send til" not in halv.tekst


async def test_the_kodeord_that_is_previewed_is_the_one_that_is_sent(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        tittel, felt = _unik(), utfylt(by)
        sett = await ser_hvem(n, {**felt, "tittel": tittel})
        await sender(n, sett, {**felt, "tittel": tittel})
    alle = (await by.sekretariat.kall("GET", "/hendelser")).json()["hendelser"]
    kodeord = next(h["kodeord"] for h in alle if h["tittel"] == tittel)
    assert f"SaLTo {kodeord}: Demonstrasjon" in sett.tekst


async def test_sending_needs_the_tick(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        side = await sender(n, sett, felt, bekreft="")
        assert side.status == 422
        assert side.html.count("Kryss av for at du har sett hvem som kalles ut.") == 2  # summary and at the box
        assert await _antall(by, felt["tittel"]) == 0
        assert (await sender(n, side, felt)).adresse.endswith("?ok=sendt")
    assert await _antall(by, felt["tittel"]) == 1


async def test_a_form_that_was_changed_after_the_preview_is_previewed_again_and_not_sent(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        side = await sender(n, sett, {**felt, "bydeler": ["12"]})
        assert side.status == 409
        assert "noe er endret siden du så hvem som kalles ut" in side.tekst
        assert "SaLTo-koordinator Alna" in side.tekst
        assert await _antall(by, felt["tittel"]) == 0
        await sender(n, side, {**felt, "bydeler": ["12"]})
    assert await _antall(by, felt["tittel"]) == 1


async def test_nothing_is_sent_without_a_preview(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        side = await sender(n, await n.hent(NY), felt)
    assert side.status == 409
    assert await _antall(by, felt["tittel"]) == 0


async def test_a_double_click_and_going_back_is_one_hendelse(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        foerste, andre = await asyncio.gather(sender(n, sett, felt), sender(n, sett, felt))
        igjen = await sender(n, sett, felt)
    assert foerste.adresse == andre.adresse == igjen.adresse
    assert await _antall(by, felt["tittel"]) == 1


async def test_a_form_that_was_sent_and_then_changed_says_where_the_first_went(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        sendt = await sender(n, sett, felt)
        tilbake = {**felt, "tittel": _unik()}
        paa_nytt = await n.send(NY, **{**skjulte(sett), **tilbake, "handling": "vis"})
        side = await sender(n, paa_nytt, tilbake)
        assert side.status == 409
        assert "Dette skjemaet er sendt inn før" in side.tekst
        assert sendt.adresse.split("?")[0].rsplit("/", 1)[-1] in side.html
        assert side.skjult["noekkel"] != sett.skjult["noekkel"]
        ny = await sender(n, side, tilbake)
    assert ny.adresse.endswith("?ok=sendt")
    assert ny.adresse != sendt.adresse


FEIL: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"type": None}, "type", "Velg hva slags hendelse det er."),
    ({"tittel": ""}, "tittel", "Skriv en tittel."),
    ({"tittel": "Ring 22 33 44 55"}, "tittel", "Tittel inneholder et telefonnummer."),
    ({"sted": ""}, "sted", "Skriv et sted, eller kryss av for bydel."),
    ({"sted": "Stortnget"}, "sted", "Vi kjenner ikke stedet «Stortnget»."),
    ({"sted": "Frogner"}, "sted", "«Frogner» er en bydel. Velg et av forslagene, eller kryss av for bydelen."),
    ({"sted": "Sandvika"}, "sted", "«Sandvika» ligger utenfor Oslo."),
    ({"start_dato": "", "slutt_tid": ""}, "start_dato", "Start mangler dato."),
    ({"start_tid": ""}, "start_tid", "Start mangler klokkeslett."),
    ({"start_dato": "2026-02-30"}, "start_dato", "Start har en dato som ikke finnes."),
    ({"slutt_dato": "2020-01-01"}, "slutt_dato", "Slutt må være etter start."),
    ({"start_dato": "2020-11-28"}, "start_dato", "Datoen er for lenge siden. Sjekk året."),
    ({"start_dato": "2099-11-28"}, "start_dato", "Datoen er over to år fram. Sjekk året."),
    ({"svarfrist_dato": "2020-11-27", "svarfrist_tid": "12:00"}, "svarfrist_dato", "Svarfristen er passert."),
    ({"svarfrist_dato": "2099-11-27", "svarfrist_tid": "12:00"}, "svarfrist_dato", "Svarfristen er etter start."),
    ({"vakttelefon": "12"}, "vakttelefon", "Vakttelefon er ikke et gyldig telefonnummer."),
    ({"andre_kommuner": "Bærum"}, "andre_kommuner", "Andre kommuner må være kommunenummer med fire sifre"),
    ({"minst": "ingen"}, "minst", "Bemanning må være et heltall."),
    ({"forventet_antall": "-4"}, "forventet_antall", "Forventet antall må være minst 0."),
)


@pytest.mark.parametrize(("felt", "navn", "tekst"), FEIL, ids=[f"{n}: {t[:30]}" for _, n, t in FEIL])
async def test_an_error_stands_at_its_field_and_what_was_written_is_kept(
    by: By, felt: dict[str, Any], navn: str, tekst: str
) -> None:
    skrevet = utfylt(by, beskrivelse="Fredelig & rolig", hjembydeler=["12"], **felt)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, skrevet)
    assert side.status == 422
    assert f'href="#felt-{navn}"' in side.html
    assert f'id="felt-{navn}-feil"' in side.html
    assert tekst in side.tekst
    assert "JSON" not in side.html
    assert "Fredelig &amp; rolig" in side.html
    for verdi in (skrevet.get("tittel"), skrevet.get("sted"), skrevet.get("vakttelefon")):
        assert not verdi or f'value="{escape(verdi)}"' in side.html


async def test_all_errors_are_told_at_once(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, {"tittel": "", "sted": "Stortnget", "svarfrist_tid": "12:00"})
    for tekst in ("Velg hva slags", "Skriv en tittel", "Skriv når det starter", "Svarfrist mangler dato", "Stortnget"):
        assert tekst in side.tekst


async def test_a_place_that_is_not_known_is_chosen_among_those_like_it(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        feil = await ser_hvem(n, utfylt(by, sted="Stortnget"))
        assert 'name="velg_sted" value="Stortinget"' in feil.html
        felt = {**skjulte(feil), **utfylt(by, sted="Stortnget")}
        side = await n.send(NY, **felt, velg_sted="Stortinget")
        assert side.status == 200
        assert 'value="Stortinget"' in side.html
        bydel = await ser_hvem(n, utfylt(by, sted="Frogner"))
        assert 'name="velg_bydel" value="05"' in bydel.html
        side = await n.send(NY, **skjulte(bydel), **utfylt(by, sted="Frogner"), velg_bydel="05")
    assert side.status == 200
    assert "SaLTo-koordinator Frogner" in side.tekst


async def test_places_are_suggested_while_one_writes(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("linjeleder")
        side = await n.hent(f"{NY}/steder", htmx=True, sted="eidsv")
    assert '<option value="Eidsvolls plass">' in side.html


async def test_a_draft_calls_nobody(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        side = await n.send(NY, **{**skjulte(sett), **felt, "handling": "utkast"})
    assert side.adresse.endswith("/utkast?ok=lagret")
    assert "Utkastet er lagret. Ingen er kalt ut." in side.tekst
    assert felt["tittel"] in side.tekst
    assert "Vil kalle ut" in side.tekst


async def test_one_who_only_reads_cannot_report(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        assert (await n.hent(NY)).status == 403
        assert (await n.hent("/utkast")).status == 403
        assert "Ny hendelse" not in (await n.hent("/tilgjengelighet")).tekst


async def test_an_informed_hendelse_asks_nobody(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, lokalt(by, maalgruppe="nei", maalgruppe_grunn="Bare voksne"))
    assert "blir orientert" in side.tekst
    assert "blir spurt" not in side.tekst


async def test_what_is_not_confirmed_is_kept_and_may_be_sent_again(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nede(*_: Any, **__: Any) -> Any:
        raise JournalNede("borte")

    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        with monkeypatch.context() as brudd:
            brudd.setattr(by.program.hus.journal, "publiser", nede)
            side = await sender(n, sett, felt)
        assert side.status == 503
        assert "Ikke bekreftet" in side.tekst
        assert f'value="{felt["tittel"]}"' in side.html
        assert (await sender(n, side, felt)).adresse.endswith("?ok=sendt")
    assert await _antall(by, felt["tittel"]) == 1


async def test_now_is_one_press_and_nothing_else_is_guessed_or_complained_of(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        tomt = await n.hent(NY)
        halvt = {"tittel": _unik(), "alvorlighet": "akutt", "handling": "naa"}
        foer = by.klokke.now()
        side = await n.send(NY, **{**skjulte(tomt), **halvt})
        hele = await n.send(NY, **{**skjulte(tomt), **utfylt(by, start_dato=None, start_tid=None), "handling": "naa"})
    assert (side.status, "felt-feil" in side.html, "feilsammendrag" in side.html) == (200, False, False)
    assert f'value="{halvt["tittel"]}"' in side.html
    assert any(
        f'value="{m:%Y-%m-%d}"' in side.html and f'value="{m:%H:%M}"' in side.html
        for m in ((foer + timedelta(minutes=i)).astimezone(OSLO) for i in range(2))
    )
    assert side.skjult["noekkel"] == tomt.skjult["noekkel"]
    assert await _antall(by, halvt["tittel"]) == 0
    assert "Send til" in hele.tekst


async def test_whoever_comes_back_to_a_form_that_was_sent_gets_an_empty_one_and_is_told_where_it_went(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        brikke = await n.send(f"{NY}/forhaandsvis", noekkel="kommer-tilbake", **felt)
        adresse = brikke.hoder["HX-Replace-Url"]
        assert (await n.hent(adresse)).skjult["noekkel"] == "kommer-tilbake"
        sett = await n.send(NY, noekkel="kommer-tilbake", **felt, handling="vis")
        sendt = await sender(n, sett, felt)
        tilbake = await n.hent(adresse)
    assert (tilbake.status, "Det du skrev her, er tatt imot" in tilbake.tekst) == (200, True)
    assert f'href="/hendelser/{sendt.adresse.split("?")[0].rsplit("/", 1)[-1]}"' in tilbake.html
    assert felt["tittel"] not in tilbake.html
    assert tilbake.skjult["noekkel"] != "kommer-tilbake"


@pytest.mark.parametrize("noekkel", ["", "<script>", "a b", "x" * 65, "æ"])
async def test_a_key_that_is_not_ours_is_replaced(by: By, noekkel: str) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        sider = [await n.hent(NY, n=noekkel), await n.send(NY, noekkel=noekkel, handling="vis")]
    assert all(side.skjult["noekkel"] not in {noekkel, ""} for side in sider)


async def test_somebody_elses_key_tells_nothing(by: By) -> None:
    async with Nettleser(by) as n, Nettleser(by) as annen:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        sett = await ser_hvem(n, felt)
        await sender(n, sett, felt)
        await annen.logg_inn("salto_koordinator", "bydel:12")
        assert "er tatt imot" not in (await annen.hent(NY, n=sett.skjult["noekkel"])).tekst


async def test_a_preview_nobody_can_answer_is_no_preview(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nede(*_: Any, **__: Any) -> Any:
        raise JournalNede("borte")

    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        with monkeypatch.context() as brudd:
            brudd.setattr(by.program.hus.journal, "spoer", nede)
            assert (await n.send(f"{NY}/forhaandsvis", **utfylt(by))).status == 503
            hel = await ser_hvem(n, utfylt(by))
        assert (hel.status, "Det du har skrevet, står her fortsatt" in hel.tekst) == (503, True)
        assert (await n.send(f"{NY}/forhaandsvis", **utfylt(by))).status == 200


async def test_lines_that_end_as_in_a_form_or_as_in_htmx_are_the_same_words(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        felt = lokalt(by, tittel=_unik())
        brikke = await n.send(f"{NY}/forhaandsvis", noekkel="linjer", **felt, beskrivelse="En\nto")
        sendt = await sender(n, brikke, {**felt, "noekkel": "linjer", "beskrivelse": "En\r\nto"})
    assert sendt.adresse.endswith("?ok=sendt")


async def test_a_tick_is_for_what_was_seen_and_not_kept_for_something_else(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        bokser = []
        for bydel in ("05", "05", "12"):
            brikke = await n.send(f"{NY}/forhaandsvis", noekkel="en", **lokalt(by, bydel))
            bokser.append(brikke.html.split('type="checkbox" id="')[1].split('"')[0])
    assert bokser[0] == bokser[1] != bokser[2]  # htmx keeps a box by its id


async def test_shortfalls_stand_before_everything_else(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, utfylt(by, type="hendelse", sted="Ammerud skole", tema=["skole"], varslet=None))
    api = await by.sekretariat.forhaandsviser(type="hendelse", sted={"navn": "Ammerud skole"}, tema=["skole"])
    assert api["mangler"]
    assert side.tekst.index("Ingen kan nås i disse rollene") < side.tekst.index("Eier SaLTo-koordinator")
    for m in api["mangler"]:
        assert f"{stor(rolle_i_enhet(Rolle(m['rolle']), m['enhet']))}: {m['aarsak']}" in side.tekst


def _start(naar: datetime) -> dict[str, str]:
    tid = naar.astimezone(OSLO)
    return {"start_dato": f"{tid:%Y-%m-%d}", "start_tid": f"{tid:%H:%M}", "slutt_tid": ""}


async def test_what_has_begun_is_previewed_as_begun_with_the_words_of_the_sms(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        begynt = await ser_hvem(n, lokalt(by, **_start(by.om(hours=-3))))
        tid = by.om(days=400).astimezone(OSLO)
        fremme = await ser_hvem(n, lokalt(by, **_start(tid)))
    assert begynt.status == fremme.status == 200
    assert "Har begynt: SMS-en sier «nå»" in begynt.tekst
    assert "Har begynt" not in fremme.tekst
    assert f"{tid.day}.{tid.month}.{tid.year} kl. {tid:%H.%M}" in fremme.tekst


async def test_a_wrong_year_is_not_saved_as_a_draft_and_not_by_a_change(by: By) -> None:
    start = by.om(days=-3)
    h = await by.sekretariat.varsler(**{**by.lokal(), "start": start.isoformat(), "slutt": None})  # the API may
    sti, felt = f"/hendelser/{h.id}/endre", lokalt(by, **_start(start), tittel=_unik())
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        utkast = await n.send(NY, **{**skjulte(await n.hent(NY)), **felt, "handling": "utkast"})
        uroert = await ser_hvem(n, felt, sti)
        flyttet = await ser_hvem(n, {**felt, **_start(by.om(days=-2))}, sti)
    assert (utkast.status, uroert.status, flyttet.status) == (422, 200, 422)
    for side in (utkast, flyttet):
        assert "Datoen er for lenge siden. Sjekk året." in side.tekst
    assert await _antall(by, felt["tittel"]) == 0
