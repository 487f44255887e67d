"""The simulator's pages: read an SMS, answer it, let a phone misbehave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from infra.settings import Settings
from infra.simulator.sider import TEKST_MAKS
from services.program import bygg
from tests.harness.by import By, Hendelse
from tests.harness.folk import innehaver
from tests.harness.nettleser import Nettleser

KOORDINATOR = innehaver("salto_koordinator", "bydel:05")
HOS = f"/simulator/telefoner/{KOORDINATOR.mobil.removeprefix('+')}"


async def kalt_ut(by: By) -> Hendelse:
    """A small hendelse on Frogner, whose coordinator has got the SMS."""
    hendelse = await by.sekretariat.varsler(**by.lokal())
    await by.telefon("salto_koordinator", "bydel:05").forventer(hendelse.kodeord)
    return hendelse


async def test_the_phones_lie_side_by_side_with_who_waits_first(by: By) -> None:
    hendelse = await kalt_ut(by)
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("salto_koordinator", "bydel:12")).hent("/simulator")
    assert side.status == 200
    assert KOORDINATOR.navn in side.tekst
    assert "SaLTo-koordinator Frogner" in side.tekst
    assert "Venter på svar" in side.tekst
    assert f"SaLTo {hendelse.kodeord}:" in side.tekst
    assert re.search(r"\d segment(er)? · levert", side.tekst)


async def test_one_answers_in_free_text_and_the_board_hears_it(by: By) -> None:
    hendelse = await kalt_ut(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.send(f"{HOS}/svar", tekst="  Ja, eg stiller om 20 min ", tilbake=HOS)
        assert (side.status, side.adresse.split("#")[0].endswith(HOS)) == (200, True)
        assert "Ja, eg stiller om 20 min" in side.tekst
        await by.status(hendelse, "salto_koordinator", "bydel:05", "kommer")
        await by.stille()
        assert "vi har notert at du kommer" in (await n.hent(HOS)).tekst


async def test_an_example_is_one_click_away(by: By) -> None:
    hendelse = await kalt_ut(by)
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("gransker")).hent(HOS)
        assert f'value="JA {hendelse.kodeord}"' in side.html
        await n.send(f"{HOS}/svar", tekst="", eksempel=f"JA {hendelse.kodeord}", tilbake="/simulator")
    await by.status(hendelse, "salto_koordinator", "bydel:05", "kommer")
    await by.stille()


@pytest.mark.parametrize("tekst", ["", "   ", "x" * (TEKST_MAKS + 1)])
async def test_an_answer_that_cannot_be_sent_is_kept_with_the_reason(by: By, tekst: str) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).send(f"{HOS}/svar", tekst=tekst, tilbake=HOS)
    assert (side.status, "felt-feil" in side.html) == (422, True)
    assert tekst.strip() in side.html
    assert await by.telefon("salto_koordinator", "bydel:05").meldinger() == []


@pytest.mark.parametrize("tilbake", ["//ond.example", "https://ond.example", "/simulatorx", "/logg-ut", ""])
async def test_sending_never_leads_away(by: By, tilbake: str) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).send(f"{HOS}/svar", tekst="JA", tilbake=tilbake)
    assert (side.status, side.adresse.split("#")[0].endswith("/simulator")) == (200, True)
    await by.stille()


async def test_with_htmx_the_phone_alone_comes_back(by: By) -> None:
    await kalt_ut(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        live = await n.hent("/simulator", htmx=True)
        assert live.html.lstrip().startswith('<div class="bord"')
        assert f"vist={KOORDINATOR.mobil.removeprefix('+')}" in live.html
        assert "<html" not in (await n.hent(HOS, htmx=True)).html


async def test_the_mailbox_shows_the_text_and_a_link_to_the_answer_page(by: By) -> None:
    await kalt_ut(by)
    await by.postkasse("salto_koordinator", "bydel:05").forventer("Svar her:")
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(HOS)
        [lenke] = re.findall(r'href="(/svar/[\w-]+)"', side.html)
        assert KOORDINATOR.epost in side.tekst
        assert "<mj-" not in side.html
        assert "<table" not in side.html
        assert "Svaret ditt" in (await n.hent(lenke)).tekst
    await by.stille()


async def test_a_phone_misbehaves_until_it_is_told_not_to(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.send(f"{HOS}/oppfoersel", telefon="avslaatt", postkasse="borte")
        assert "Lagret." in side.tekst
        assert "Er avslått: SMS-en kommer ikke fram" in side.tekst
        await kalt_ut(by)
        await by.stille()
        assert "ikke levert (feil 30003)" in (await n.hent(HOS)).tekst
        side = await n.send(f"{HOS}/oppfoersel", telefon="vanlig", postkasse="vanlig")
        assert "Oppfør deg som vanlig igjen" not in side.tekst
        assert (await n.send(f"{HOS}/oppfoersel", telefon="tull")).status == 422


async def test_a_search_and_a_hendelse_choose_the_phones(by: By) -> None:
    hendelse = await kalt_ut(by)
    await by.stille()
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        assert KOORDINATOR.navn in (await n.hent("/simulator", sok="koordinator frogner")).tekst
        assert "Ingen treff" in (await n.hent("/simulator", sok="<b>finnes ikke")).tekst
        side = await n.hent("/simulator", hendelse=hendelse.id)
        assert "Telefonene til hendelsen" in side.tekst
        antall = len(await by.sekretariat.utkallinger(hendelse))
        assert len(re.findall(r'<article class="telefon"', side.html)) == antall
        assert (await n.hent("/simulator", sok="x" * 61)).status == 422


async def test_a_stranger_writes_from_a_new_number(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        feil = await n.send("/simulator/ny", nummer="tull", tekst="")
        assert feil.status == 422
        assert "Skriv et telefonnummer" in feil.tekst
        assert 'value="tull"' in feil.html
        side = await n.send("/simulator/ny", nummer="900 00 099", tekst="Hva er dette?")
        assert "Sendt." in side.tekst
        assert "Ikke i registeret" in side.tekst
        assert "Hva er dette?" in side.tekst
    await by.stille()


async def test_a_simulator_that_is_away_is_told_in_place(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by.program.simulator
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        monkeypatch.setattr(by.program.simulator.simulator, "_url", "http://127.0.0.1:9/simulator")
        for sti in ("/simulator", HOS):
            side = await n.hent(sti)
            assert (side.status, "Simulatoren svarer ikke" in side.tekst) == (200, True)
        assert (await n.send(f"{HOS}/svar", tekst="JA")).status == 503


@pytest.mark.parametrize("hvem", ["x", "12", "+4790000005", "a@b@c", "90000005x"])
async def test_a_phone_that_cannot_be_is_refused(by: By, hvem: str) -> None:
    async with Nettleser(by) as n:
        assert (await (await n.logg_inn("sekretariat")).hent(f"/simulator/telefoner/{hvem}")).status == 404


async def test_one_must_be_logged_in(by: By) -> None:
    async with Nettleser(by) as n:
        assert "/logg-inn?neste=%2Fsimulator" in (await n.hent("/simulator")).adresse


async def test_with_a_real_gateway_there_is_no_such_page(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token=SecretStr("x"),
        twilio_from="+4790099000",
    )
    program = bygg(settings, nats_url="nats://127.0.0.1:1")
    assert program.simulator is None
    assert program.app.url_path_for("static", path="salto.css")
    assert "/simulator" not in {getattr(rute, "path", "") for rute in program.app.routes}
    await program.hus.db.lukk()
    await program.auditdb.lukk()
