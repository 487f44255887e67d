"""Absence: who is away when, registered by those who may, and told to the rooms that decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.register.byen import Byen, rad

FROGNER = rad("a-01")
ULLERN = rad("c-03", enhet="bydel:06")


def dager(byen: Byen, fra: int, til: int) -> dict[str, str]:
    """Days counted from today."""
    return {"fra": str(byen.i_dag + timedelta(days=fra)), "til": str(byen.i_dag + timedelta(days=til))}


async def test_absence_is_registered_changed_and_removed_and_each_is_told(byen: Byen) -> None:
    await byen.har(FROGNER)
    nytt = await byen.sekretariat.post("/fravaer", json={"person_id": "a-01", **dager(byen, 1, 3)})
    assert nytt.status_code == 201
    id_ = nytt.json()["id"]
    assert (await byen.sekretariat.get("/fravaer")).json() == {"fravaer": [nytt.json()], "neste": None}

    endret = await byen.sekretariat.put(f"/fravaer/{id_}", json=dager(byen, 2, 5))
    assert endret.json() == {"id": id_, "person_id": "a-01", **dager(byen, 2, 5)}
    assert (await byen.sekretariat.delete(f"/fravaer/{id_}")).status_code == 204
    assert (await byen.sekretariat.delete(f"/fravaer/{id_}")).status_code == 404

    _, *fortalt = await byen.endringer()
    assert [[str(f.fra) for f in e.fravaer] for e in fortalt] == [
        [dager(byen, 1, 3)["fra"]],
        [dager(byen, 2, 5)["fra"]],
        [],
    ]
    assert [str(i) for i in fortalt[-1].fravaer_fjernet] == [id_]


async def test_the_same_absence_twice_is_one(byen: Byen) -> None:
    await byen.har(FROGNER)
    inn = {"person_id": "a-01", **dager(byen, 1, 3)}
    foerst, igjen = [await byen.sekretariat.post("/fravaer", json=inn) for _ in range(2)]
    assert (foerst.status_code, igjen.status_code) == (201, 200)
    assert foerst.json() == igjen.json()
    assert len(await byen.endringer()) == 2


async def test_a_coordinator_registers_the_own_bydels_absence_alone(byen: Byen) -> None:
    await byen.har(FROGNER, ULLERN)
    frogner = await byen.logg_inn("salto_koordinator", "bydel:05")
    eget = await frogner.post("/fravaer", json={"person_id": "a-01", **dager(byen, 0, 1)})
    assert eget.status_code == 201
    assert (await frogner.post("/fravaer", json={"person_id": "c-03", **dager(byen, 0, 1)})).status_code == 422
    annet = await byen.sekretariat.post("/fravaer", json={"person_id": "c-03", **dager(byen, 0, 1)})
    assert [f["person_id"] for f in (await frogner.get("/fravaer")).json()["fravaer"]] == ["a-01"]
    assert (await frogner.delete(f"/fravaer/{annet.json()['id']}")).status_code == 404
    assert (await frogner.delete(f"/fravaer/{eget.json()['id']}")).status_code == 204
    assert (await (await byen.logg_inn("gransker", "bydel:05")).post("/fravaer", json={})).status_code == 403


@pytest.mark.parametrize(("fra", "til", "hvem"), [(3, 1, "a-01"), (-5, -1, "a-01"), (0, 400, "a-01"), (0, 1, "x-99")])
async def test_absence_that_makes_no_sense_is_refused(byen: Byen, fra: int, til: int, hvem: str) -> None:
    await byen.har(FROGNER)
    svar = await byen.sekretariat.post("/fravaer", json={"person_id": hvem, **dager(byen, fra, til)})
    assert svar.status_code == 422
    assert (await byen.sekretariat.put(f"/fravaer/{uuid4()}", json=dager(byen, 0, 1))).status_code == 404


async def test_absence_is_listed_page_by_page_for_the_days_asked_for(byen: Byen) -> None:
    await byen.har(FROGNER)
    for fra in (1, 10, 20):
        await byen.sekretariat.post("/fravaer", json={"person_id": "a-01", **dager(byen, fra, fra)})

    async def side(**params: Any) -> tuple[list[str], int | None]:
        svar = (await byen.sekretariat.get("/fravaer", params=params)).json()
        return [f["fra"] for f in svar["fravaer"]], svar["neste"]

    dag = {nr: dager(byen, nr, nr)["fra"] for nr in (1, 5, 10, 15, 20)}
    assert await side(antall=2) == ([dag[1], dag[10]], 2)
    assert await side(antall=2, hopp=2) == ([dag[20]], None)
    assert await side(fra=dag[5], til=dag[15]) == ([dag[10]], None)


async def test_absence_makes_a_vacancy_and_goes_with_the_person(byen: Byen) -> None:
    await byen.har(FROGNER, rad("b-02", vara_for="a-01"))
    await byen.sekretariat.post("/fravaer", json={"person_id": "b-02", **dager(byen, 2, 3)})
    svar = (await byen.sekretariat.get("/register/mangler", params={"til": dager(byen, 0, 9)["til"]})).json()
    frogner = [m for m in svar["mangler"] if (m["rolle"], m["enhet"]) == ("salto_koordinator", "bydel:05")]
    assert [(m["alvor"], m["fra"], m["til"]) for m in frogner] == [("uten_vara", *dager(byen, 2, 3).values())]
    assert (await byen.sekretariat.delete("/personer/b-02")).status_code == 204
    assert [len(e.fravaer_fjernet) for e in await byen.endringer()][-1] == 1
