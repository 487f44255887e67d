"""Demo Oslo: everybody in it is made up, marked so, and loaded once."""

from __future__ import annotations

import csv
from collections import Counter
from uuid import uuid4

import pytest

from contracts.roller import EGNE_BYDELER, Rolle
from services.register import demo, filer
from services.register.rules import planlegg
from services.register.rules_rader import Omfang, Register
from tests.register.byen import Byen, rad

RADER = filer.les(demo.FIL.read_bytes()).rader


async def test_demo_oslo_is_loaded_once_and_left_alone_afterwards(byen: Byen) -> None:
    assert await demo.last_demo(byen.hus, byen.rom.forteller) == len(RADER)
    frogner = (await byen.sekretariat.get("/personer/demo-koordinator-05")).json()
    endret = {**{felt: frogner[felt] for felt in ("person_id", "navn", "epost")}, "mobil": "900 00 099"}
    rolle = {"rolle": "salto_koordinator", "enhet": "bydel:05"}
    svar = await byen.sekretariat.put("/personer/demo-koordinator-05", json={**endret, "roller": [rolle]})
    assert svar.json()["demo"] is True
    assert await demo.last_demo(byen.hus, byen.rom.forteller) == 0
    assert (await byen.sekretariat.get("/personer/demo-koordinator-05")).json()["mobil"] == "+4790000099"
    assert (await byen.sekretariat.get("/register/mangler")).json()["mangler"] == []


async def test_demo_oslo_survives_a_round_trip_with_its_mark(byen: Byen) -> None:
    await demo.last_demo(byen.hus, byen.rom.forteller)
    assert (await byen.leser_inn(await byen.eksport(), erstatt=True)).json()["uendret"] == len(RADER)


@pytest.mark.parametrize(
    "byen",
    [{"twilio_account_sid": "ACtest", "twilio_auth_token": "hemmelig", "twilio_from": "+4790000098"}],
    indirect=True,
)
async def test_with_a_real_gateway_demo_oslo_mans_nothing(byen: Byen) -> None:
    await demo.last_demo(byen.hus, byen.rom.forteller)
    svar = (await byen.sekretariat.get("/register/mangler")).json()
    assert {m["alvor"] for m in svar["mangler"]} == {"ubemannet"}


async def test_a_register_that_collides_with_the_demo_is_left_alone(byen: Byen) -> None:
    await byen.har(rad("a-01"))
    with pytest.raises(ValueError, match="tilhører allerede"):
        await demo.last_demo(byen.hus, byen.rom.forteller)
    assert len((await byen.sekretariat.get("/personer")).json()["personer"]) == 1


def test_everybody_in_demo_oslo_is_obviously_made_up() -> None:
    with demo.FIL.open(encoding="utf-8", newline="") as fil:
        for rad_ in csv.DictReader(fil, delimiter=";"):
            assert rad_["demo"] == "ja"
            assert any(ord_ in rad_["navn"] for ord_ in ("Eksempel", "Oppdiktet", "Tenkt", "Demoperson"))
            assert rad_["mobil"].startswith("+47 900 00 0") or not rad_["mobil"]
            assert rad_["epost"].endswith("@demo.salto.example")


def test_demo_oslo_has_every_role_with_deputies_and_one_person_with_two() -> None:
    antall = Counter((r.rolle, bool(r.vara_for)) for r in RADER)
    assert antall[Rolle.SALTO_KOORDINATOR, False] == antall[Rolle.SALTO_KOORDINATOR, True] == len(EGNE_BYDELER)
    assert antall[Rolle.UTESEKSJONEN, False] == 2
    assert antall[Rolle.POLITIKONTAKT, False] == 15
    assert antall[Rolle.UTOEVENDE, False] >= 4
    assert Counter(r.noekkel for r in RADER).most_common(2)[0][1] == 2
    assert len({r.rolle for r in RADER}) == 17


@pytest.mark.parametrize("antall", [1, 30, 2_000])
def test_a_large_register_is_a_file_without_fault(antall: int) -> None:
    innlest = filer.les(demo.lag_stort(antall).encode())
    plan = planlegg(innlest.rader, Register(), Omfang.RADER, uuid4)
    assert (innlest.feil, plan.feil, plan.nye) == ((), (), antall)
    assert len({r.mobil for r in innlest.rader}) == antall
    assert all(r.demo for r in innlest.rader)


def test_a_large_register_has_bounds() -> None:
    with pytest.raises(ValueError, match="antall"):
        demo.lag_stort(demo.STOERST_ANTALL + 1)
    assert len(demo.lag_stort(demo.STOERST_ANTALL).encode()) < filer.STOERST_BYTES
