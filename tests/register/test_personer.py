"""One person at a time: who may see whom, and what may be saved and removed."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.audit import InnsynGitt
from tests.register.byen import Byen, rad
from tests.register.test_felter import TENOR

FROGNER = rad("a-01")
VARA = rad("b-02", vara_for="a-01")
ULLERN = rad("c-03", enhet="bydel:06")


def person(noekkel: str = "n-10", **felt: Any) -> dict[str, Any]:
    """A person as the portal sends one."""
    rolle = {"rolle": "utoevende", "enhet": "bydel:05"}
    return {"person_id": noekkel, "navn": "Ny Testperson", "mobil": "900 00 010", "roller": [rolle], **felt}


async def test_the_sekretariat_sees_all_page_by_page_and_each_page_is_told_of(byen: Byen) -> None:
    await byen.har(FROGNER, VARA, ULLERN)
    foerste = (await byen.sekretariat.get("/personer", params={"antall": 2})).json()
    assert [p["person_id"] for p in foerste["personer"]] == ["a-01", "b-02"]
    andre = (await byen.sekretariat.get("/personer", params={"antall": 2, "etter": foerste["neste"]})).json()
    assert ([p["person_id"] for p in andre["personer"]], andre["neste"]) == (["c-03"], None)
    assert [(i.data.gjelder, i.data.antall) for i in await byen.fortalt(InnsynGitt)] == [
        ("personer", 2),
        ("personer", 1),
    ]
    assert andre["personer"][0]["mobil"] == "+4790000003"


async def test_a_page_may_be_of_one_role_or_one_unit(byen: Byen) -> None:
    await byen.har(FROGNER, VARA, ULLERN, rad("d-04", "politikontakt"))
    spoer = {"rolle": "salto_koordinator", "enhet": "bydel:05"}
    assert [p["person_id"] for p in (await byen.sekretariat.get("/personer", params=spoer)).json()["personer"]] == [
        "a-01",
        "b-02",
    ]
    assert (await byen.sekretariat.get("/personer", params={"rolle": "sjef"})).status_code == 422
    assert (await byen.sekretariat.get("/personer", params={"antall": 1000})).status_code == 422


async def test_a_coordinator_sees_the_own_bydel_alone(byen: Byen) -> None:
    await byen.har(FROGNER, VARA, ULLERN)
    frogner = await byen.logg_inn("salto_koordinator", "bydel:05")
    assert [p["person_id"] for p in (await frogner.get("/personer")).json()["personer"]] == ["a-01", "b-02"]
    assert (await frogner.get("/personer/a-01")).status_code == 200
    assert (await frogner.get("/personer/c-03")).status_code == 404
    assert (await frogner.get("/personer", params={"enhet": "bydel:06"})).json()["personer"] == []
    assert (await (await byen.logg_inn("gransker")).get("/personer")).status_code == 403


async def test_nobody_but_the_sekretariat_changes_the_directory(byen: Byen) -> None:
    await byen.har(FROGNER)
    frogner = await byen.logg_inn("salto_koordinator", "bydel:05")
    assert (await frogner.post("/personer", json=person())).status_code == 403
    assert (await frogner.put("/personer/a-01", json=person("a-01"))).status_code == 403
    assert (await frogner.delete("/personer/a-01")).status_code == 403


async def test_a_person_is_added_changed_and_removed(byen: Byen) -> None:
    ny = await byen.sekretariat.post("/personer", json=person())
    assert ny.status_code == 201
    assert ny.headers["location"] == "/api/v1/personer/n-10"
    vaar_id = ny.json()["id"]
    assert (await byen.sekretariat.get(f"/personer/{vaar_id}")).json() == ny.json()

    endret = person(roller=[{"rolle": "politikontakt", "enhet": "bydel:06", "gyldig_til": "2027-06-30"}])
    svar = (await byen.sekretariat.put("/personer/n-10", json=endret)).json()
    assert [(r["rolle"], r["navn"], r["gyldig_til"]) for r in svar["roller"]] == [
        ("politikontakt", "politikontakt Ullern", "2027-06-30")
    ]
    assert svar["id"] == vaar_id

    assert (await byen.sekretariat.delete(f"/personer/{vaar_id}")).status_code == 204
    assert (await byen.sekretariat.get("/personer/n-10")).status_code == 404
    fortalt = [(len(e.roller), len(e.fjernet)) for e in await byen.endringer()]
    assert fortalt == [(1, 0), (1, 0), (0, 1), (0, 1)]


async def test_saving_the_same_person_twice_is_harmless_and_another_on_the_key_is_refused(byen: Byen) -> None:
    assert (await byen.sekretariat.post("/personer", json=person())).status_code == 201
    assert (await byen.sekretariat.post("/personer", json=person())).status_code == 200
    assert (await byen.sekretariat.post("/personer", json=person(navn="En Annen"))).status_code == 409
    assert len(await byen.endringer()) == 1


@pytest.mark.parametrize(
    ("inn", "felt"),
    [
        (person(navn=""), ["navn"]),
        (person(mobil=None), ["mobil"]),
        (person(mobil="900 00 001"), ["mobil"]),
        (person(navn=f"Test {TENOR}"), ["navn"]),
        (person(roller=[]), ["roller"]),
        (person(roller=[{"rolle": "salto_koordinator", "enhet": "bydel:16"}]), ["roller.0.enhet"]),
        (
            person(roller=[{"rolle": "bfe", "enhet": "x"}, {"rolle": "y", "enhet": "sentrum"}]),
            ["roller.0.enhet", "roller.1.rolle"],
        ),
        (person(roller=[{"rolle": "salto_koordinator", "enhet": "bydel:05", "vara_for": "x"}]), ["roller.0.vara_for"]),
        (person(roller=[{"rolle": "utoevende", "enhet": "sentrum"}] * 2), ["roller.1.rolle"]),
        (person(hemmelig="x"), ["hemmelig"]),
        (person(roller=[{"rolle": "utoevende", "enhet": "sentrum", "gyldig_fra": "i dag"}]), ["roller.0.gyldig_fra"]),
    ],
)
async def test_what_is_wrong_with_a_person_is_told_by_field(byen: Byen, inn: dict[str, Any], felt: list[str]) -> None:
    await byen.har(FROGNER)
    svar = await byen.sekretariat.post("/personer", json=inn)
    assert svar.status_code == 422
    assert [f["felt"] for f in svar.json()["feil"]] == felt
    assert TENOR not in svar.text


async def test_a_holder_with_a_deputy_is_not_removed_before_the_deputy_has_another(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    assert (await byen.sekretariat.delete("/personer/a-01")).status_code == 409
    bort = person("a-01", mobil=FROGNER["mobil"])
    assert (await byen.sekretariat.put("/personer/a-01", json=bort)).status_code == 422
    assert (await byen.sekretariat.delete("/personer/b-02")).status_code == 204
    assert (await byen.sekretariat.delete("/personer/a-01")).status_code == 204


async def test_a_key_cannot_be_changed_and_a_stranger_is_not_found(byen: Byen) -> None:
    await byen.har(FROGNER)
    assert (await byen.sekretariat.put("/personer/a-01", json=person("b-02"))).status_code == 422
    assert (await byen.sekretariat.put("/personer/x-99", json=person("x-99"))).status_code == 404
    assert (await byen.sekretariat.delete("/personer/x-99")).status_code == 404


async def test_the_units_are_listed_with_their_roles(byen: Byen) -> None:
    await byen.har(FROGNER, rad("d-04", "rektor", "skole:Test skole"))
    enheter = {e["enhet"]: e for e in (await byen.sekretariat.get("/enheter")).json()["enheter"]}
    assert enheter["bydel:05"]["navn"] == "Frogner"
    assert "salto_koordinator" in enheter["bydel:05"]["roller"]
    assert (enheter["bydel:05"]["i_bruk"], enheter["bydel:06"]["i_bruk"]) == (True, False)
    assert enheter["skole:Test skole"]["roller"] == [
        "enhetsleder",
        "rektor",
        "skolekontakt_politi",
        "utoevende",
        "frivillig",
    ]
    assert "bydel:16" not in enheter
