"""The doors of `utkalling`, on the whole city: what they show, to whom, and what they take in."""

from __future__ import annotations

from typing import Any

import pytest

from infra.journal.feil import JournalNede
from infra.journal.journal import Journal
from tests.harness.by import Aktor, By, Hendelse
from tests.harness.folk import innehaver, vara_for

FROGNER = ("salto_koordinator", "bydel:05")
FELT = {"id", "person_id", "art", "roller", "status", "meldinger", "kvitteringer"}
MELDINGSFELT = {"id", "kanal", "formaal", "status", "tider"}


async def _frogner_er_spurt(by: By) -> tuple[Hendelse, dict[str, Any]]:
    h = await by.sekretariat.varsler(**by.lokal())
    return h, await by.status(h, *FROGNER, "levert")


async def _side(aktor: Aktor, h: Hendelse, **sporring: str) -> dict[str, Any]:
    svar = await aktor.kall("GET", f"/hendelser/{h.id}/utkallinger", params=sporring)
    assert svar.status_code == 200
    return dict(svar.json())


async def test_a_call_out_is_shown_as_the_contract_says(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    assert set(u) >= FELT
    assert u["person_id"] == innehaver(*FROGNER).noekkel
    assert u["art"] == "foresporsel"
    assert set(u["roller"][0]) == {"rolle", "enhet", "regel", "hjemmel", "grunn"}
    sms = next(m for m in u["meldinger"] if m["kanal"] == "sms")
    assert set(sms) >= MELDINGSFELT | {"leverandoer_id", "segmenter"}
    assert list(sms["tider"]) == ["bestilt", "sendt", "levert"]
    epost = next(m for m in u["meldinger"] if m["kanal"] == "epost")
    assert epost["status"] in {"bestilt", "sendt"}  # e-mail ends at sendt
    assert "segmenter" not in epost
    assert await by.utkalling(h, *FROGNER) is not None


async def test_a_deputy_is_shown_with_the_one_deputised_for(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    await by.sekretariat.kvitterer(u, "kommer_ikke")
    vara = await by.status(h, *FROGNER, "levert", vara=True)
    assert (vara["vara_for"], vara["person_id"]) == (u["id"], vara_for(*FROGNER).noekkel)


async def test_names_are_shown_to_those_who_ask_and_may_and_it_is_written_down(by: By) -> None:
    h, _ = await _frogner_er_spurt(by)
    uten = await _side(by.sekretariat, h)
    assert not [u for u in uten["utkallinger"] if "navn" in u]
    frogner = await by.aktor("salto_koordinator", "bydel:05")
    deres = await _side(frogner, h, navn="true")
    assert not [u for u in deres["utkallinger"] if "navn" in u]

    med = await _side(by.sekretariat, h, navn="true")
    assert all("navn" in u for u in med["utkallinger"])
    (innsyn,) = await by.i_loggen(h, "innsyn.gitt")
    assert innsyn["data"]["antall"] == len(med["utkallinger"])
    assert innsyn["data"]["av"]["rolle"] == "sekretariat"


async def test_an_answer_with_the_same_key_is_taken_once(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    sti, hode = f"/utkallinger/{u['id']}/kvittering", {"Idempotency-Key": "ringte"}
    ja: dict[str, Any] = {"svar": "kommer", "merknad": "Ringte"}
    svar = [
        await by.sekretariat.kall("POST", sti, json=kropp, headers=hode) for kropp in (ja, ja, {**ja, "merknad": "Nei"})
    ]
    assert [s.status_code for s in svar] == [201, 201, 409]
    assert svar[0].json() == svar[1].json() == {"id": u["id"], "status": "kommer", "eta": None, "sen": False}
    ferdig = await by.status(h, *FROGNER, "kommer")
    assert len(ferdig["kvitteringer"]) == 1


async def test_a_second_try_is_not_answered_with_yes_before_the_log_has_the_answer(
    by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    h, u = await _frogner_er_spurt(by)
    sti, hode = f"/utkallinger/{u['id']}/kvittering", {"Idempotency-Key": "ringte"}

    async def nede(*_: object, **__: object) -> None:
        raise JournalNede("prøve")

    async def registrer() -> int:
        return int((await by.sekretariat.kall("POST", sti, json={"svar": "kommer"}, headers=hode)).status_code)

    with monkeypatch.context() as uten_journal:
        uten_journal.setattr(Journal, "publiser", nede)
        assert [await registrer(), await registrer()] == [503, 503]
    assert await registrer() == 201
    await by.stille()
    assert len(await by.i_loggen(h, "utkalling.kvittert")) == 1


async def test_no_answer_is_taken_for_one_who_is_stood_down_the_caller_is_told_instead(by: By) -> None:
    h, u = await _frogner_er_spurt(by)
    await by.sekretariat.endrer(h, sted={"bydeler": ["12"]})
    await by.status(h, *FROGNER, "avlyst")
    sti, hode = f"/utkallinger/{u['id']}/kvittering", {"Idempotency-Key": "for sent"}
    svar = await by.sekretariat.kall("POST", sti, json={"svar": "kommer"}, headers=hode)
    assert (svar.status_code, svar.json()["title"]) == (409, "Utkallingen er avlyst")
    assert (await by.status(h, *FROGNER, "avlyst"))["kvitteringer"] == []


async def test_a_no_taken_by_phone_where_nobody_can_step_in_is_told_to_the_sekretariat(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    u = await by.status(h, "politikontakt", "bydel:05", "levert")
    await by.sekretariat.kvitterer(u, "kommer_ikke")
    await by.postkasse("sekretariat").forventer("politikontakt Frogner svarte nei")
    await by.oppgave(h, "mangel")


@pytest.mark.parametrize(
    ("rolle", "enhet", "status"),
    [
        ("salto_sentrum", "sentrum", 201),
        ("salto_koordinator", "bydel:05", 201),
        ("linjeleder", "bydel:05", 201),
        ("salto_koordinator", "bydel:04", 403),
        ("politi", "driftsenhet:sentrum", 403),
        ("gransker", None, 403),
    ],
)
async def test_the_line_answers_for_its_own_people(by: By, rolle: str, enhet: str | None, status: int) -> None:
    _, u = await _frogner_er_spurt(by)
    aktor = await by.aktor(rolle, enhet)
    assert (await aktor.kvitterer(u, "kommer")).status_code == status
