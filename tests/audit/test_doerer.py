"""The archive's doors: who may read what, and that what was just told is there when it is read."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from contracts.audit import InnsynGitt
from services.audit.ajour import ajour
from services.audit.utdrag import kontroller_utdrag
from tests.audit.arkivet import FRIST_SEKUNDER, Arkivet, inntil
from tests.audit.historie import ANNEN_ID, HENDELSE_ID, historien, om, stoey
from tests.audit.rader import hendelser

DOERER = {
    f"/hendelser/{HENDELSE_ID}/logg": "alle",
    f"/hendelser/{HENDELSE_ID}/rapport?format=json": "alle",
    "/logg": "gransker",
    "/audit/verifiser": "gransker",
    f"/audit/utdrag/{HENDELSE_ID}": "gransker",
}


@pytest.fixture
async def fortalt(arkivet: Arkivet, monkeypatch: pytest.MonkeyPatch) -> Arkivet:
    """The archivist runs, and the whole story was told just now. However slow it is, it is waited for."""
    monkeypatch.setattr(ajour, "__kwdefaults__", {"frist": FRIST_SEKUNDER})
    await arkivet.start()
    await arkivet.skjer([*historien(), *stoey()])
    return arkivet


async def test_a_log_opened_right_after_something_was_told_has_it(fortalt: Arkivet) -> None:
    klient = fortalt.klient()
    for nr in range(1, 6):
        await fortalt.skjer(hendelser(1, hendelse_id=HENDELSE_ID))
        svar = await klient.get(f"/hendelser/{HENDELSE_ID}/logg")
        assert len(svar.json()) == len([e for e in historien() if e.hendelseid]) + nr
        assert "salto-etterslep" not in svar.headers


async def test_a_log_row_has_the_shape_that_the_contract_names(fortalt: Arkivet) -> None:
    rad = (await fortalt.klient().get(f"/hendelser/{HENDELSE_ID}/logg")).json()[0]
    assert list(rad) == ["sekvens", "id", "type", "tid", "hendelse_id", "data", "hash"]
    assert (rad["sekvens"], rad["type"]) == (1, "no.oslo.salto.hendelse.meldt.v1")
    assert UUID(rad["hendelse_id"]) == HENDELSE_ID
    assert rad["data"]["av"]["rolle"] == "politi"
    assert len(bytes.fromhex(rad["hash"])) == 32


async def test_a_log_can_be_read_as_it_was_at_a_time_and_from_a_sequence(fortalt: Arkivet) -> None:
    klient = fortalt.klient()
    sti = f"/hendelser/{HENDELSE_ID}/logg"
    alle = (await klient.get(sti)).json()
    tredje = alle[2]
    assert (await klient.get(sti, params={"til": tredje["tid"]})).json() == alle[:3]
    assert (await klient.get(sti, params={"fra": tredje["sekvens"]})).json() == alle[2:]
    assert (await klient.get(sti, params={"til": "2020-01-01T00:00:00+01:00"})).json() == []
    assert (await klient.get(sti, params={"til": "2026-11-28T12:00:00"})).status_code == 422


async def test_the_whole_log_is_read_from_a_sequence_or_from_the_end(fortalt: Arkivet) -> None:
    gransker = await fortalt.logg_inn("gransker")
    alle = (await gransker.get("/logg", params={"fra": 0, "antall": 1000})).json()
    assert [r["sekvens"] for r in alle] == list(range(1, len(alle) + 1))
    assert (await gransker.get("/logg", params={"fra": 3, "antall": 2})).json() == alle[2:4]
    assert (await gransker.get("/logg", params={"antall": 4})).json() == alle[-4:]
    assert (await gransker.get("/logg", params={"antall": 100000})).status_code == 422


@pytest.mark.parametrize("sti", DOERER)
@pytest.mark.parametrize("rolle", ["sekretariat", "gransker", "salto_koordinator", "linjeleder", "system"])
async def test_each_role_reads_what_it_may_and_nothing_else(fortalt: Arkivet, sti: str, rolle: str) -> None:
    slipper_inn = rolle in {"sekretariat", "gransker"} or (DOERER[sti] == "alle" and rolle != "system")
    svar = await (await fortalt.logg_inn(rolle)).get(sti)
    assert svar.status_code == (200 if slipper_inn else 403)
    assert (await fortalt.klient("feil token").get(sti)).status_code == 401


@pytest.mark.parametrize("sti", ["/hendelser/{}/logg", "/hendelser/{}/rapport", "/audit/utdrag/{}"])
async def test_a_hendelse_nobody_told_of_is_not_found(fortalt: Arkivet, sti: str) -> None:
    ukjent = UUID("99999999-9999-4999-8999-999999999999")
    assert (await fortalt.klient().get(sti.format(ukjent))).status_code == 404


@pytest.mark.parametrize(
    ("form", "slag"),
    [("html", "text/html; charset=utf-8"), ("json", "application/json"), ("csv", "text/csv; charset=utf-8")],
)
async def test_the_report_comes_in_the_form_that_is_asked_for(fortalt: Arkivet, form: str, slag: str) -> None:
    svar = await fortalt.klient().get(f"/hendelser/{HENDELSE_ID}/rapport", params={"format": form})
    assert (svar.status_code, svar.headers["content-type"]) == (200, slag)
    assert "Har fravær" in svar.text
    assert "Noe helt annet" not in svar.text


async def test_outcomes_that_name_no_hendelse_are_in_the_report(fortalt: Arkivet) -> None:
    rapport = (await fortalt.klient().get(f"/hendelser/{HENDELSE_ID}/rapport?format=json")).json()
    assert [t["hva"] for t in rapport["tvil"]] == ["uviss", "feilet"]
    assert len(rapport["uklare"]) == 1


async def test_a_pdf_is_promised_for_later_and_an_unknown_form_is_a_wrong_field(fortalt: Arkivet) -> None:
    sti = f"/hendelser/{HENDELSE_ID}/rapport"
    svar = await fortalt.klient().get(sti, params={"format": "pdf"})
    assert (svar.status_code, svar.headers["content-type"]) == (501, "application/problem+json")
    assert (await fortalt.klient().get(sti, params={"format": "docx"})).status_code == 422


async def test_verifying_through_the_door_says_what_the_command_says(fortalt: Arkivet) -> None:
    await inntil(fortalt.har_alt)
    antall = await fortalt.journal.siste_sekvens()
    assert (await fortalt.klient().get("/audit/verifiser")).json() == {
        "hel": True,
        "rader": antall,
        "hull": [],
        "epoker": 1,
        "forseglet_til": None,
    }


async def test_a_bundle_can_be_checked_and_that_it_was_fetched_is_in_the_log(fortalt: Arkivet) -> None:
    gransker = await fortalt.logg_inn("gransker")
    svar = await gransker.get(f"/audit/utdrag/{HENDELSE_ID}")
    assert kontroller_utdrag(svar.text.splitlines()).hel
    siste = (await gransker.get(f"/hendelser/{HENDELSE_ID}/logg")).json()[-1]
    assert siste["type"] == InnsynGitt.typenavn()
    assert (siste["data"]["av"]["rolle"], siste["data"]["gjelder"]) == ("gransker", "audit-utdrag")


async def test_a_log_is_readable_while_nobody_archives_and_says_how_far_behind_it_is(arkivet: Arkivet) -> None:
    await arkivet.start()
    await arkivet.skjer(historien())
    await inntil(arkivet.har_alt)
    await arkivet.stopp()
    await arkivet.skjer(stoey())
    assert await ajour(arkivet.journal, arkivet.auditdb, frist=0.05) == len(stoey())
    svar = await arkivet.klient().get(f"/hendelser/{HENDELSE_ID}/logg")
    assert (svar.status_code, svar.headers["salto-etterslep"]) == (200, str(len(stoey())))
    assert (await arkivet.klient().get(f"/hendelser/{ANNEN_ID}/logg")).status_code == 404


async def test_the_story_of_the_journal_is_told_in_the_time_of_the_journal(fortalt: Arkivet) -> None:
    rad = json.loads((await fortalt.klient().get(f"/hendelser/{HENDELSE_ID}/logg")).text)[0]
    assert rad["tid"] != om(0).isoformat()
    assert rad["tid"].endswith("+00:00")
