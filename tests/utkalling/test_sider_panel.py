"""The panel «Utkallinger»: what each role sees of those who are called, and what a refresh is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.harness.by import By, Hendelse
from tests.harness.folk import innehaver, vara_for
from tests.harness.nettleser import Nettleser, Side

FROGNER = ("salto_koordinator", "bydel:05")
TA_IMOT = re.compile(r'href="/utkallinger/([0-9a-f-]{36})/svar"')


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, dict[str, Any]]:
    h = await by.sekretariat.varsler(**by.lokal())
    return h, await by.status(h, *FROGNER, "levert")


async def _panel(n: Nettleser, h: Hendelse, **sporring: str) -> Side:
    side = await n.hent(f"/hendelser/{h.id}/utkallinger", htmx=True, **sporring)
    assert side.status == 200
    return side


def _rad(side: Side, u: dict[str, Any]) -> str:
    """The row of a call-out, as text."""
    bit = side.html.split(f'id="utkalling-{u["id"]}"')[1].split('class="utkalling"')[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bit))


async def test_a_row_says_the_role_the_status_the_deadline_and_why(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    await by.stille()
    async with Nettleser(by) as n:
        rad = _rad(await _panel(await n.logg_inn("gransker"), h), u)
    assert "SaLTo-koordinator Frogner" in rad
    assert "Venter på svar" in rad
    assert "frist " in rad
    assert u["roller"][0]["grunn"] in rad
    assert f"Grunnlag i Oslostandarden: {u['roller'][0]['hjemmel'].removeprefix('Oslostandarden ')}" in rad
    assert re.search(r"Utkalling på SMS: bestilt kl\. [\d.]+, sendt kl\. [\d.]+, levert kl\. [\d.]+\.", rad)


@pytest.mark.parametrize(
    ("rolle", "enhet", "navn", "egne"),
    [
        ("sekretariat", None, True, 3),
        ("salto_sentrum", "sentrum", True, 3),
        ("salto_koordinator", "bydel:05", False, 2),
        ("salto_koordinator", "bydel:04", False, 0),
        ("linjeleder", "bydel:05", False, 2),
        ("politi", "driftsenhet:sentrum", False, 1),
        ("gransker", None, False, 0),
    ],
)
async def test_a_role_sees_names_and_forms_as_it_may(
    by: By, rolle: str, enhet: str | None, navn: bool, egne: int
) -> None:
    h, _ = await _frogner_er_spurt(by)
    assert len(await by.sekretariat.utkallinger(h)) == 3
    async with Nettleser(by) as n:
        side = await (await n.logg_inn(rolle, enhet)).hent(f"/hendelser/{h.id}")
    assert (innehaver(*FROGNER).navn in side.tekst) is navn
    assert innehaver(*FROGNER).mobil not in side.html.replace(" ", "")
    assert len(set(TA_IMOT.findall(side.html.split('id="utkallinger"')[1].split('id="detaljer"')[0]))) == egne


async def test_the_own_unit_comes_first_to_its_coordinator(by: By) -> None:
    h = await by.sekretariat.varsler()
    await by.status(h, *FROGNER, "levert")
    async with Nettleser(by) as n:
        side = await _panel(await n.logg_inn(*FROGNER), h)
    assert side.tekst.index("Din enhet: Frogner") < side.tekst.index("SaLTo-koordinator Frogner")
    assert side.tekst.index("SaLTo-koordinator Frogner") < side.tekst.index("SaLTo-koordinator Gamle Oslo")


async def test_those_who_need_a_look_stand_first_and_those_who_come_after_those_waited_for(by: By) -> None:
    h = await by.sekretariat.varsler()
    frogner = await by.status(h, *FROGNER, "levert")
    sagene = await by.status(h, "salto_koordinator", "bydel:03", "levert")
    await by.sekretariat.kvitterer(frogner, "kommer", eta_minutter=20, antall=3)
    await by.sekretariat.kvitterer(sagene, "kommer_ikke")
    await by.status(h, "salto_koordinator", "bydel:03", "levert", vara=True)
    async with Nettleser(by) as n:
        side = await _panel(await n.logg_inn("sekretariat"), h)
    hoder = ["Venter på svar (", "Kommer (", "Kommer ikke ("]
    assert [side.tekst.index(hode) for hode in hoder] == sorted(side.tekst.index(hode) for hode in hoder)
    assert re.search(r"Kommer framme ca\. .*, 3 personer", _rad(side, frogner))
    assert f"Vara som er kalt: {vara_for('salto_koordinator', 'bydel:03').navn}" in _rad(side, sagene)


async def test_an_answer_is_told_with_time_and_channel_and_never_its_words(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    await by.telefon(*FROGNER).svarer("NEI, er syk")
    await by.status(h, *FROGNER, "kommer_ikke")
    async with Nettleser(by) as n:
        side = await _panel(await n.logg_inn("sekretariat"), h)
    assert re.search(r"Kommer ikke, svarte på SMS kl\. [\d.]+\.", _rad(side, u))
    assert "er syk" not in side.html


async def test_a_filter_shows_some_and_the_head_says_how_many_there_are_of_each(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    await by.sekretariat.kvitterer(u, "kommer")
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        alle, kommer = await _panel(n, h), await _panel(n, h, vis="kommer")
        rart = await _panel(n, h, vis="<script>")
        hel = await n.hent(f"/hendelser/{h.id}", vis="kommer")
    for side in (alle, kommer, hel):
        assert "Alle Venter på svar Kommer" in side.tekst
    assert "1 av 3 har svart 1 kommer 2 venter på svar 0 kommer ikke" in hel.tekst
    assert len(TA_IMOT.findall(alle.html)) == len(TA_IMOT.findall(rart.html)) == 3
    assert TA_IMOT.findall(kommer.html) == [u["id"]]
    assert f'hx-get="/hendelser/{h.id}/utkallinger?vis=kommer"' in kommer.html
    assert "<script>" not in rart.html


async def test_without_htmx_the_panels_address_leads_to_its_page(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(f"/hendelser/{h.id}/utkallinger", vis="venter")
    assert side.adresse.endswith(f"/hendelser/{h.id}?vis=venter#utkallinger")
    assert "Skriv ut" not in side.tekst


async def test_names_on_an_open_page_are_one_reading_however_often_it_refreshes(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        assert innehaver(*FROGNER).navn in (await n.hent(f"/hendelser/{h.id}")).tekst
        assert len(await by.i_loggen(h, "innsyn.gitt")) == 1
        assert innehaver(*FROGNER).navn in (await _panel(n, h)).tekst
        await by.stille()
        assert len(await by.i_loggen(h, "innsyn.gitt")) == 1

        await by.sekretariat.kvitterer(u, "kommer_ikke")  # a deputy is called: a new face
        await by.status(h, *FROGNER, "levert", vara=True)
        assert vara_for(*FROGNER).navn in (await _panel(n, h)).tekst
        assert len(await by.i_loggen(h, "innsyn.gitt", 2)) == 2
        await n.hent(f"/hendelser/{h.id}")
        await by.i_loggen(h, "innsyn.gitt", 3)


async def test_a_refresh_by_one_who_never_opened_the_page_is_told(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        await _panel(await n.logg_inn("salto_sentrum", "sentrum"), h)
    (innsyn,) = await by.i_loggen(h, "innsyn.gitt")
    assert innsyn["data"]["av"]["rolle"] == "salto_sentrum"
    assert innsyn["data"]["antall"] == 3


async def test_an_hour_later_the_open_page_is_a_new_reading(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        await _panel(n, h)
        by.klokke.frem(minutes=61)
        await _panel(n, h)
    await by.i_loggen(h, "innsyn.gitt", 2)


@pytest.mark.parametrize(("utkast", "ventet"), [(True, "Hendelsen er et utkast."), (False, "Ingen ble kalt ut")])
async def test_where_nobody_is_called_it_says_why(by: By, utkast: bool, ventet: str) -> None:
    h = await by.sekretariat.varsler(utkast=True)
    if not utkast:
        await by.sekretariat.gjoer(h, "avslutt")
    await by.stille()
    async with Nettleser(by) as n:
        side = await _panel(await n.logg_inn("sekretariat"), h)
    assert ventet in side.tekst


async def test_when_it_is_called_off_nobody_is_waited_for_and_no_answer_is_taken(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    await by.sekretariat.gjoer(h, "avlys", grunn="Avlyst av arrangøren")
    await by.status(h, *FROGNER, "avlyst")
    async with Nettleser(by) as n:
        side = await _panel(await n.logg_inn("sekretariat"), h)
    assert "Avlyst (3)" in side.tekst
    assert "Venter på svar" not in side.tekst
    assert TA_IMOT.findall(side.html) == []


async def test_the_panel_is_for_those_who_have_logged_in(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        side = await n.hent(f"/hendelser/{h.id}/utkallinger", htmx=True)
    assert side.hoder["HX-Redirect"] == "/logg-inn"
    assert side.html == ""
