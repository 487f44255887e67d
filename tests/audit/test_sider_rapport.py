"""The report's page: who may read it, what it says while the hendelse is open, and that its proof can be asked for."""

from __future__ import annotations

import re
from uuid import UUID

import httpx2
import pytest

from tests.audit.arkivet import Arkivet, inntil, tukle
from tests.audit.historie import HENDELSE_ID, KOORDINATOR, historien, stoey
from tests.harness.nettleser import Side

STI = f"/hendelser/{HENDELSE_ID}/rapport"


async def aapne(klient: httpx2.AsyncClient, sti: str = STI, **sporring: str) -> Side:
    return Side(await klient.get(f"http://salto.example{sti}", params=sporring or None))


@pytest.fixture
async def fortalt(arkivet: Arkivet) -> Arkivet:
    """The whole story was told, and the hendelse is closed."""
    await arkivet.start()
    await arkivet.skjer([*historien(), *stoey()])
    await inntil(arkivet.har_alt)
    return arkivet


@pytest.fixture
async def aapen(arkivet: Arkivet) -> Arkivet:
    """The same, before it was closed."""
    await arkivet.start()
    await arkivet.skjer([e for e in historien() if e.emne != "hendelse.avsluttet"])
    await inntil(arkivet.har_alt)
    return arkivet


@pytest.mark.parametrize(
    "rolle", ["sekretariat", "salto_sentrum", "salto_koordinator", "politi", "linjeleder", "gransker"]
)
async def test_everyone_who_may_read_sees_who_was_called_and_why(fortalt: Arkivet, rolle: str) -> None:
    side = await aapne(await fortalt.logg_inn(rolle))
    assert side.status == 200
    for tekst in (
        "Rapport: Demonstrasjon, Frognerparken, bydel Frogner",
        f"{KOORDINATOR} (1)",
        "Stedet er i Frogner",
        "Oslostandarden 4.1",
        "Median tid til svar 6 min 24 s",
        "Svarte aldri",
        "Forebyggende avsnitt enhet vest",
        "Ble regnet som «kommer ikke»",
        "Vara",
    ):
        assert tekst in side.tekst, tekst


async def test_a_program_and_a_stranger_do_not_read_it(fortalt: Arkivet) -> None:
    assert (await aapne(await fortalt.logg_inn("system"))).status == 403
    assert (await aapne(fortalt.klient("feil token"))).status in {303, 401}


async def test_a_closed_hendelse_is_final_and_an_open_one_is_for_now(fortalt: Arkivet) -> None:
    side = await aapne(fortalt.klient())
    assert "Foreløpig" not in side.tekst
    assert "Hvem svarte aldri" in side.tekst


async def test_while_it_is_open_nobody_has_never_answered(aapen: Arkivet) -> None:
    klient = aapen.klient()
    for tekst in (
        (await aapne(klient)).tekst,
        (await klient.get(STI)).text,
        (await klient.get(STI, params={"format": "json"})).text,
    ):
        assert "Har ikke svart ennå" in tekst
        assert "Svarte aldri" not in tekst
        assert "svarte aldri" not in tekst
    assert "Foreløpig" in (await aapne(klient)).tekst
    assert "Foreløpig" in (await klient.get(STI)).text


async def test_the_page_and_the_file_say_the_same(fortalt: Arkivet) -> None:
    klient = fortalt.klient()
    side, fil = await aapne(klient), Side(await klient.get(STI))
    kurver = [re.findall(r"<svg class=\"kurve\".*?</svg>", s.html, re.DOTALL) for s in (side, fil)]
    assert kurver[0] == kurver[1]
    assert len(kurver[0]) == 1
    tabeller = [re.findall(r"<table.*?</table>", s.html, re.DOTALL) for s in (side, fil)]
    assert tabeller[0] == tabeller[1]


async def test_the_page_can_be_taken_along_and_printed(fortalt: Arkivet) -> None:
    html = (await aapne(fortalt.klient())).html
    for form in ("html", "csv", "json"):
        assert f'href="/api/v1{STI}?format={form}" download="rapport-elg.{form}"' in html
    assert "data-skriv-ut" in html


async def test_the_page_has_no_looks_and_no_script_of_its_own(fortalt: Arkivet) -> None:
    html = (await aapne(fortalt.klient())).html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


async def test_the_bundle_is_offered_to_those_who_may_fetch_it(fortalt: Arkivet) -> None:
    assert f"/api/v1/audit/utdrag/{HENDELSE_ID}" in (await aapne(await fortalt.logg_inn("gransker"))).html
    assert "/api/v1/audit/utdrag/" not in (await aapne(await fortalt.logg_inn("politi"))).html


async def test_the_proof_is_shown_when_it_is_asked_for(fortalt: Arkivet) -> None:
    klient = await fortalt.logg_inn("linjeleder")
    assert "Kjeden er hel" not in (await aapne(klient)).tekst
    side = await aapne(klient, kontroll="ja")
    egne = [e.hendelseid == HENDELSE_ID for e in [*historien(), *stoey()]]
    strekning = len(egne) - egne[::-1].index(True) - egne.index(True)
    assert f"Kjeden er hel {strekning} rader er kontrollert" in side.tekst


async def test_a_row_that_was_changed_is_named_on_the_page(fortalt: Arkivet) -> None:
    await tukle(fortalt.auditdb, "UPDATE audit_rad SET subjekt = 'noe annet' WHERE sekvens = 2")
    side = await aapne(fortalt.klient(), kontroll="ja")
    assert "Kjeden er brutt" in side.tekst
    assert "rad 2" in side.tekst


async def test_a_hendelse_nobody_told_of_has_no_report(fortalt: Arkivet) -> None:
    ukjent = UUID("99999999-9999-4999-8999-999999999999")
    assert (await aapne(fortalt.klient(), f"/hendelser/{ukjent}/rapport")).status == 404


async def test_a_drill_is_marked_and_a_hendelse_that_called_nobody_says_so(arkivet: Arkivet) -> None:
    await arkivet.start()
    await arkivet.skjer(historien(oevelse=True)[:1])
    await inntil(arkivet.har_alt)
    side = await aapne(arkivet.klient())
    assert "ØVELSE" in side.tekst
    assert "Ingen er spurt ennå." in side.tekst
    assert '<svg class="kurve"' not in side.html
