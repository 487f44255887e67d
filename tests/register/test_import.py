"""A file through the door: all of it or nothing, told without contact data, and out again as it came in."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from contracts.audit import InnsynGitt
from contracts.event import Aktoer
from infra.db import Database
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.journal.journal import Journal
from services.register import filer
from services.register.demo import lag_stort
from services.register.innfoering import Innfoering
from services.register.rules_mangler import KREVDE
from services.register.rules_rader import Omfang
from tests.register.byen import Byen, csv, rad

FROGNER = rad("frogner-01", navn="Åse Ærlig-Ørn")
VARA = rad("vara-02", vara_for="frogner-01", kanaler="sms")
PERSONDATA = ("Ærlig", "Eksempel", "90000001", "90000002", "900 00 0", "@test.salto.example", "frogner-01", "vara-02")
"""What is nobody's business, in words that no random id can happen to hold."""


@pytest.mark.parametrize("koding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_an_import_says_what_it_did_and_tells_roles_without_contact_data(byen: Byen, koding: str) -> None:
    svar = await byen.leser_inn(csv(FROGNER, VARA).encode(koding))
    assert svar.status_code == 200
    assert svar.json() == {
        "torrkjoering": False,
        "rader": 2,
        "nye": 2,
        "endret": 0,
        "uendret": 0,
        "fjernet": 0,
        "merknader": [],
    }
    (endring,) = await byen.endringer()
    assert [(r.rolle, r.enhet, r.har, r.vara_for is None) for r in endring.roller] == [
        ("salto_koordinator", "bydel:05", ("sms", "epost"), True),
        ("salto_koordinator", "bydel:05", ("sms",), False),
    ]
    assert endring.av.rolle == "sekretariat"
    alt = b"".join(await byen.raatt()).decode()
    assert not [ord_ for ord_ in PERSONDATA if ord_ in alt]


async def test_a_second_import_of_the_same_file_changes_and_tells_nothing(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    svar = (await byen.leser_inn(csv(FROGNER, VARA))).json()
    assert (svar["nye"], svar["endret"], svar["uendret"]) == (0, 0, 2)
    assert len(await byen.endringer()) == 1


async def test_one_bad_row_and_nothing_is_changed_and_every_bad_row_is_told(byen: Byen) -> None:
    ille = [rad("c-03", mobil="22 00 00 00"), rad("d-04", "sjef", epost="x"), rad("e-05", vara_for="finnes-ikke")]
    svar = await byen.leser_inn(csv(FROGNER, *ille))
    assert svar.status_code == 422
    assert svar.headers["content-type"] == "application/problem+json"
    assert [f["felt"] for f in svar.json()["feil"]] == [
        "linje 3: mobil",
        "linje 4: epost",
        "linje 4: rolle",
        "linje 5: vara_for",
    ]
    assert await byen.endringer() == []
    assert (await byen.sekretariat.get("/personer")).json()["personer"] == []


async def test_a_dry_run_says_the_same_and_does_nothing(byen: Byen) -> None:
    svar = await byen.leser_inn(csv(FROGNER), torrkjoering=True)
    assert svar.status_code == 200
    assert (svar.json()["nye"], svar.json()["torrkjoering"]) == (1, True)
    assert (await byen.leser_inn(csv(rad("a-01", "sjef")), torrkjoering=True)).status_code == 422
    assert await byen.raatt() == []


async def test_rows_that_are_not_in_the_file_stay_unless_the_file_replaces_the_register(byen: Byen) -> None:
    await byen.har(FROGNER, VARA, rad("c-03", "politikontakt"))
    assert (await byen.leser_inn(csv(rad("d-04", "bfe", "barne_og_familieetaten")))).json()["fjernet"] == 0
    svar = (await byen.leser_inn(csv(FROGNER), erstatt=True)).json()
    assert (svar["uendret"], svar["fjernet"]) == (1, 3)
    assert [p["person_id"] for p in (await byen.sekretariat.get("/personer")).json()["personer"]] == ["frogner-01"]
    assert len((await byen.endringer())[-1].fjernet) == 3


async def test_two_persons_swap_numbers_in_one_import(byen: Byen) -> None:
    andre = rad("b-02", enhet="bydel:06")
    await byen.har(FROGNER, andre)
    await byen.har({**FROGNER, "mobil": andre["mobil"]}, {**andre, "mobil": FROGNER["mobil"]})
    kontakter = await byen.spoer(numre=["+4790000001"])
    assert [k.noekkel for k in kontakter] == ["b-02"]


async def test_a_successor_may_have_the_number_of_the_one_who_left(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    etterfoelger = {**rad("n-09"), "mobil": FROGNER["mobil"]}
    svar = await byen.leser_inn(csv(etterfoelger), erstatt=True)
    assert (svar.status_code, svar.json()["nye"], svar.json()["fjernet"]) == (200, 1, 2)
    kontakter = await byen.spoer(numre=["+4790000001"])
    assert [k.noekkel for k in kontakter] == ["n-09"]


async def test_a_file_may_come_as_a_form_too(byen: Byen) -> None:
    fil = {"fil": ("register.csv", csv(FROGNER).encode("cp1252"), "text/csv")}
    svar = await byen.sekretariat.post("/register/import", files=fil, params={"torrkjoering": "true"})
    assert svar.json()["nye"] == 1
    uten = await byen.sekretariat.post("/register/import", files={"fil": (None, "bare tekst")})
    assert (uten.status_code, uten.json()["feil"][0]["felt"]) == (422, "fil")
    assert (await byen.sekretariat.post("/register/import", json={})).status_code == 415


@pytest.mark.parametrize("rolle", ["salto_koordinator", "salto_sentrum", "politi", "linjeleder", "gransker"])
async def test_only_the_sekretariat_and_systems_read_files_in_and_out(byen: Byen, rolle: str) -> None:
    gjest = await byen.logg_inn(rolle, "bydel:05")
    hode = {"content-type": "text/csv"}
    assert (await gjest.post("/register/import", content=csv(FROGNER).encode(), headers=hode)).status_code == 403
    assert (await gjest.get("/register/eksport")).status_code == 403
    system = await byen.logg_inn("system")
    assert (await system.post("/register/import", content=csv(FROGNER).encode(), headers=hode)).status_code == 200


async def test_import_export_import_is_a_fixpoint(byen: Byen) -> None:
    utenbys = rad("c-03", "slt_annen_kommune", "kommune:3201", mobil="+46 70 123 45 67")
    formel = rad("d-04", "frivillig", "skole:Test, skole «A»", epost="+x@test.salto.example", navn='"Test" Eksempel')
    formel = {**formel, "navn": "Test Eksempel", "gyldig_fra": "28.11.2026", "gyldig_til": "2027-01-01"}
    await byen.har(FROGNER, VARA, utenbys, formel)
    foerst = await byen.eksport()
    assert (await byen.leser_inn(foerst, erstatt=True)).json()["uendret"] == 4
    assert await byen.eksport() == foerst
    assert all(not celle.startswith(("=", "+", "-", "@")) for celle in foerst.decode("utf-8-sig").split(";"))


async def test_an_export_is_told_of_as_insight(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    await byen.eksport()
    (innsyn,) = await byen.fortalt(InnsynGitt)
    assert (innsyn.data.gjelder, innsyn.data.antall, innsyn.data.av.rolle) == ("register/eksport", 2, "sekretariat")


async def test_vacancies_are_shown_to_anybody_logged_in(byen: Byen) -> None:
    await byen.har(FROGNER)
    gjest = await byen.logg_inn("gransker")
    svar = (await gjest.get("/register/mangler")).json()
    assert len(svar["mangler"]) == len(KREVDE)
    assert {m["alvor"] for m in svar["mangler"] if m["enhet"] == "bydel:05"} == {"uten_vara", "ubemannet"}
    assert svar["mangler"][0]["navn"] == "SaLTo-koordinator Gamle Oslo"
    assert (await gjest.get("/register/mangler", params={"til": "2020-01-01"})).status_code == 422
    assert (await gjest.get("/register/mangler", params={"fra": "2026-11-21", "til": "2028-01-01"})).status_code == 422


async def test_vacancies_are_counted_for_whoever_watches(byen: Byen) -> None:
    await byen.har(FROGNER)
    for tick in byen.rom.ticks:
        await tick.gjoer()
    antall = [REGISTRY.get_sample_value("salto_register_mangler", {"alvor": a}) for a in ("ubemannet", "uten_vara")]
    assert antall == [len(KREVDE) - 1, 1]


async def test_a_large_import_is_told_in_chunks(byen: Byen) -> None:
    svar = await byen.leser_inn(lag_stort(1_100))
    assert svar.json()["nye"] == 1_100
    assert [len(e.roller) for e in await byen.endringer()] == [500, 500, 100]


async def test_changes_at_the_same_time_take_turns(byen: Byen) -> None:
    filer = [csv({**FROGNER, "kanaler": kanal}) for kanal in ("sms", "epost", "sms+epost", "sms", "epost")]
    svar = await asyncio.gather(*(byen.leser_inn(fil) for fil in filer))
    assert {s.status_code for s in svar} == {200}
    siste = (await byen.endringer())[-1].roller[0]
    (person,) = (await byen.sekretariat.get("/personer")).json()["personer"]
    assert "+".join(siste.har) == person["roller"][0]["kanaler"]


async def test_without_the_journal_the_door_says_so_and_a_second_try_is_safe(
    byen: Byen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nede(*_: object, **__: object) -> None:
        raise JournalNede

    with monkeypatch.context() as uten_journal:
        uten_journal.setattr(Journal, "publiser", nede)
        assert (await byen.leser_inn(csv(FROGNER))).status_code == 503
        assert (await byen.leser_inn(csv({**FROGNER, "kanaler": "sms"}))).status_code == 503
    assert (await byen.leser_inn(csv({**FROGNER, "kanaler": "epost"}))).status_code == 200
    assert [e.roller[0].har for e in await byen.endringer()] == [("sms", "epost"), ("epost",)]


async def test_what_another_process_did_not_get_told_is_told_before_what_is_newer(
    byen: Byen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nede(*_: object, **__: object) -> None:
        raise JournalNede

    journal, db = Journal(byen.nats.url, byen.nats.token), Database(byen.db.url.render_as_string(hide_password=False))
    await journal.start()
    annen = Innfoering(Forteller("register", db, journal, byen.klokke))
    await annen.forteller.fortell_igjen()  # it knows of nothing untold
    with monkeypatch.context() as en_uten_journal:
        en_uten_journal.setattr(byen.journal, "publiser", nede)
        assert (await byen.leser_inn(csv({**FROGNER, "kanaler": "sms"}))).status_code == 503
    await annen.innfoer(
        filer.les(csv({**FROGNER, "kanaler": "epost"}).encode()).rader, Omfang.RADER, Aktoer(rolle="sekretariat")
    )
    await byen.rom.forteller.fortell_igjen()
    await journal.stopp()
    await db.lukk()
    assert [e.roller[0].har for e in await byen.endringer()] == [("sms",), ("epost",)]
