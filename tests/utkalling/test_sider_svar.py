"""«Ta imot svar på telefon»: a form of its own, the same door as the API's, and the row it comes back to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.by import By, Hendelse
from tests.harness.folk import innehaver
from tests.harness.nettleser import Nettleser

FROGNER = ("salto_koordinator", "bydel:05")


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, dict[str, Any], str]:
    h = await by.sekretariat.varsler(**by.lokal())
    u = await by.status(h, *FROGNER, "levert")
    return h, u, f"/utkallinger/{u['id']}/svar"


async def test_an_answer_taken_by_phone_shows_on_the_row_and_counts(by: By) -> None:
    h, u, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        skjema = await (await n.logg_inn(*FROGNER)).hent(sti)
        assert "SaLTo-koordinator Frogner" in skjema.tekst
        assert h.kodeord in skjema.tekst
        felt = {"svar": "kommer", "eta_minutter": "20", "antall": "3", "merknad": "Ringte kl. 2"}
        side = await n.send(sti, **felt, noekkel=skjema.skjult["noekkel"])
    assert side.adresse.endswith(f"/hendelser/{h.id}?ok=svar#utkalling-{u['id']}")
    assert "Svaret er registrert." in side.tekst
    assert "Merknad: Ringte kl. 2" in side.tekst
    kommer = await by.status(h, *FROGNER, "kommer")
    (kvittering,) = kommer["kvitteringer"]
    assert (kvittering["antall"], kvittering["kanal"], "eta" in kvittering) == (3, "portal", True)


async def test_a_double_click_is_one_answer_and_a_changed_form_another(by: By) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        noekkel = (await n.hent(sti)).skjult["noekkel"]
        for svar in ("kommer", "kommer", "kommer_ikke"):
            assert (await n.send(sti, svar=svar, noekkel=noekkel)).status == 200
    u = await by.status(h, *FROGNER, "kommer_ikke")
    assert [k["svar"] for k in u["kvitteringer"]] == ["kommer", "kommer_ikke"]


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({}, "Velg hva svaret er."),
        ({"svar": "kanskje"}, "Velg hva svaret er."),
        ({"svar": "kommer", "eta_minutter": "tjue"}, "Skriv minutter til framme som et helt tall fra 1 til 720."),
        ({"svar": "kommer", "eta_minutter": "721"}, "Skriv minutter til framme som et helt tall fra 1 til 720."),
        ({"svar": "framme", "antall": "0"}, "Skriv antall personer som et helt tall fra 1 til 500."),
        ({"svar": "kommer", "merknad": "Ring 900 00 001"}, "Merknaden inneholder et telefonnummer. Skriv aldri"),
        ({"svar": "kommer", "merknad": "a" * 501}, "Merknaden er for lang (høyst 500)."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_what_was_written_is_kept(
    by: By, felt: dict[str, str], ventet: str
) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).send(sti, **{"merknad": "Sagt på telefon", **felt}, noekkel="n")
    assert side.status == 422
    assert side.tekst.count(ventet) == 2  # first in the summary, then at the field
    assert felt.get("merknad", "Sagt på telefon") in side.tekst
    assert side.skjult["noekkel"] == "n"
    assert await by.status(h, *FROGNER, "levert")


async def test_minutes_are_left_out_where_nobody_comes(by: By) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).send(sti, svar="kommer_ikke", eta_minutter="tjue", noekkel="n")
    assert side.status == 200
    assert "eta" not in await by.status(h, *FROGNER, "kommer_ikke")


@pytest.mark.parametrize(
    ("rolle", "enhet"),
    [
        ("salto_koordinator", "bydel:04"),
        ("politi", "driftsenhet:sentrum"),
        ("linjeleder", "bydel:12"),
        ("gransker", None),
    ],
)
async def test_nobody_answers_for_another_unit(by: By, rolle: str, enhet: str | None) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        await n.logg_inn(rolle, enhet)
        assert (await n.hent(sti)).status == 403
        assert (await n.send(sti, svar="kommer", noekkel="n")).status == 403
    assert await by.status(h, *FROGNER, "levert")


async def test_the_name_is_for_those_who_may_see_it_and_is_told_once(by: By) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    async with Nettleser(by) as n:
        assert innehaver(*FROGNER).navn not in (await (await n.logg_inn(*FROGNER)).hent(sti)).tekst
        assert innehaver(*FROGNER).navn in (await (await n.logg_inn("sekretariat")).hent(sti)).tekst
        await n.send(sti, noekkel="n")  # the form comes back with what is wrong: the same reading
    await by.stille()
    (innsyn,) = await by.i_loggen(h, "innsyn.gitt")
    assert innsyn["data"]["antall"] == 1


async def test_when_it_is_over_the_page_says_so_and_has_no_form(by: By) -> None:
    h, _, sti = await _frogner_er_spurt(by)
    await by.sekretariat.gjoer(h, "avslutt")
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(sti)
        assert "Hendelsen er lukket." in side.tekst
        assert "noekkel" not in side.skjult
        assert (await n.send(sti, svar="kommer", noekkel="n")).status == 409


async def test_a_call_out_nobody_knows_is_not_found(by: By) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/utkallinger/00000000-0000-0000-0000-000000000001/svar")
    assert side.status == 404
