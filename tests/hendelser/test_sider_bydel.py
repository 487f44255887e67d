"""A bydel's page: what is open there, who has answered, who is missing, and who answers where nobody is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.clock import OSLO
from tests.harness.by import By
from tests.harness.folk import innehaver
from tests.harness.nettleser import Nettleser

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_shows_what_is_open_there_and_its_own_answers_alone(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal("05", tittel="Gjelder to", sted={"bydeler": ["05", "12"]}))
    await by.sekretariat.varsler(**by.lokal("07", tittel="Gjelder andre"))
    telefon = by.telefon("salto_koordinator", "bydel:05")
    await telefon.forventer(h.kodeord)
    await telefon.svarer("JA")
    await by.status(h, "salto_koordinator", "bydel:05", "kommer")
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/bydeler/05")
    assert "Gjelder to" in side.tekst
    assert "Gjelder andre" not in side.tekst
    assert "1 av 2 fra Frogner har svart 1 kommer" in side.tekst


async def test_a_hendelse_elsewhere_that_calls_somebody_here_stands_here_too(by: By) -> None:
    h = await by.sekretariat.varsler(tittel="I sentrum")
    await by.status(h, "salto_koordinator", "bydel:05", "levert")
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("salto_koordinator", "bydel:05")).hent("/bydeler/05")
    assert "I sentrum" in side.tekst


async def test_it_says_that_nothing_is_open_and_that_every_role_is_manned(by: By) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("gransker")).hent("/bydeler/10")
    assert "Ingen åpne hendelser" in side.tekst
    assert "Alle rollene i bydelen kan nås de neste 14 dagene" in side.tekst
    assert '<a href="/bydeler/11">Stovner</a>' in side.html


async def test_a_role_whose_holder_is_away_is_told_with_the_days(by: By) -> None:
    i_dag = by.klokke.now().astimezone(OSLO).date()
    holder = innehaver("salto_koordinator", "bydel:09").noekkel
    borte = {"person_id": holder, "fra": str(i_dag), "til": str(i_dag + timedelta(days=1))}
    fravaer = (await by.sekretariat.kall("POST", "/fravaer", json=borte)).json()
    async with Nettleser(by) as n:
        await n.logg_inn("linjeleder", "bydel:09")
        side, panel = await n.hent("/bydeler/09"), await n.hent("/bydeler/09/bemanning", htmx=True)
    await by.sekretariat.kall("DELETE", f"/fravaer/{fravaer['id']}")
    for tekst in (side.tekst, panel.tekst):
        assert "SaLTo-koordinator Bjerke Bare vara kan nås" in tekst
        assert "alle er borte" in tekst
    assert innehaver("salto_koordinator", "bydel:09").navn not in side.tekst


@pytest.mark.parametrize(
    ("nr", "hvem"), [("16", "SaLTo-sentrum svarer for Oslo sentrum"), ("17", "ligger nærmest stedet, svarer")]
)
async def test_where_there_is_no_coordinator_it_says_who_answers(by: By, nr: str, hvem: str) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(f"/bydeler/{nr}")
    assert side.status == 200
    assert hvem in side.tekst
    assert "Bemanning" not in side.tekst


@pytest.mark.parametrize("nr", ["00", "18", "5", "oslo", "05x"])
async def test_a_number_that_is_no_bydel_is_not_found(by: By, nr: str) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(f"/bydeler/{nr}")
    assert side.status == 404
    assert "fra 01 til 17" in side.tekst


async def test_the_live_part_is_a_part_and_without_htmx_the_whole_page(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        brikke = await n.hent("/bydeler/05/innhold", htmx=True)
        hel = await n.hent("/bydeler/05/innhold")
    assert "<html" not in brikke.html
    assert 'id="bydel"' in brikke.html
    assert hel.adresse.endswith("/bydeler/05")
