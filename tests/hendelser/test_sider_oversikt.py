"""The overview as somebody logged in sees it: what needs a person, what is open, the map, what is over."""

from __future__ import annotations

import re

import pytest

from tests.harness.by import By
from tests.harness.nettleser import Nettleser

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_is_not_logged_in_is_shown_the_way_in(by: By) -> None:
    async with Nettleser(by) as n:
        assert "/logg-inn" in (await n.hent("/")).adresse


async def test_with_nothing_open_it_says_so(by: By) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/")
    assert side.status == 200
    assert "Ingenting pågår" in side.tekst
    assert "Ingen er spurt i noen bydel nå" in side.tekst
    assert "Journalen svarer ikke" not in side.tekst
    assert 'aria-label="Frogner: ingen åpne utkallinger"' in side.html


async def test_a_hendelse_stands_with_when_where_whose_and_how_many_have_answered(by: By) -> None:
    start = by.om(hours=2, minutes=5)
    h = await by.sekretariat.varsler(**by.lokal("05", tittel="Uro ved skolen", start=start.isoformat(), slutt=None))
    telefon = by.telefon("salto_koordinator", "bydel:05")
    await telefon.forventer(h.kodeord)
    await telefon.svarer("JA")
    await by.status(h, "salto_koordinator", "bydel:05", "kommer")
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/")
    assert f'href="/hendelser/{h.id}"' in side.html
    assert f"{h.kodeord} Uro ved skolen" in side.tekst
    assert re.search(r"om 2 timer og [1-5] minutt(er)?\b", side.tekst)
    assert "Hendelse · Frogner · Eier: SaLTo-koordinator Frogner" in side.tekst
    assert "1 av 3 har svart 1 kommer" in side.tekst


async def test_the_map_shows_how_each_bydel_has_answered_and_the_list_says_the_same(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal("12"))
    telefon = by.telefon("salto_koordinator", "bydel:12")
    await telefon.forventer(h.kodeord)
    await telefon.svarer("JA")
    await by.status(h, "salto_koordinator", "bydel:12", "kommer")
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("gransker")).hent("/")
    assert 'href="/bydeler/12" aria-label="Alna: 1 av 2 har svart, 1 kommer"' in side.html
    assert 'title="Alna: 1 av 2 har svart"' in side.html
    assert "Alna 1 av 2 1 kommer" in side.tekst


async def test_what_needs_a_person_stands_first_and_leads_to_the_hendelse(by: By) -> None:
    h = await by.sekretariat.varsler()
    await by.oppgave(h, "vurdering")
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/")
    oppgave, aapne = side.tekst.index("Skal sekretariatet ta en sentral rolle?"), side.tekst.index("Nå og det neste")
    assert oppgave < aapne
    assert f'<a href="/hendelser/{h.id}">Skal sekretariatet' in side.html


async def test_a_coordinator_sees_no_task_of_another_bydel(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal("12"))
    telefon = by.telefon("salto_koordinator", "bydel:12")
    await telefon.forventer(h.kodeord)
    await telefon.svarer("ja kanskje")
    await by.oppgave(h, "uklart_svar")
    async with Nettleser(by) as alna, Nettleser(by) as frogner:
        i_alna = await (await alna.logg_inn("salto_koordinator", "bydel:12")).hent("/")
        i_frogner = await (await frogner.logg_inn("salto_koordinator", "bydel:05")).hent("/")
    assert "Uklart svar fra SaLTo-koordinator Alna" in i_alna.tekst
    assert "Uklart svar" not in i_frogner.tekst
    assert "Ingen oppgaver venter" in i_frogner.tekst


async def test_what_comes_later_and_what_was_closed_stand_for_themselves(by: By) -> None:
    await by.sekretariat.varsler(**by.lokal("05", tittel="Skoleball om noen dager"))
    over = await by.sekretariat.varsler(**by.lokal("07", tittel="Samling som er over"))
    await by.sekretariat.gjoer(over, "avslutt", oppsummering="Rolig.")
    async with Nettleser(by) as n:
        tekst = (await (await n.logg_inn("sekretariat")).hent("/")).tekst
    assert tekst.index("De neste 14 dagene") < tekst.index("Skoleball om noen dager") < tekst.index("Sist lukket")
    assert tekst.index("Sist lukket") < tekst.index("Samling som er over")


async def test_an_oevelse_is_marked(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal("05", oevelse=True))
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/")
    assert f"{h.kodeord} Øvelse" in side.tekst


async def test_only_whoever_may_report_is_offered_to(by: By) -> None:
    async with Nettleser(by) as politi, Nettleser(by) as gransker:
        assert 'href="/hendelser/ny"' in (await (await politi.logg_inn("politi", "driftsenhet:vest")).hent("/")).html
        assert 'href="/hendelser/ny"' not in (await (await gransker.logg_inn("gransker")).hent("/")).html


async def test_the_live_part_is_the_same_part_and_without_htmx_the_whole_page(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        brikke = await n.hent("/oversikt/innhold", htmx=True)
        hel = await n.hent("/oversikt/innhold")
    assert brikke.html.strip().startswith("{#") is False
    assert 'id="oversikt"' in brikke.html
    assert "<html" not in brikke.html
    assert "<h1>Oversikt</h1>" in hel.html
