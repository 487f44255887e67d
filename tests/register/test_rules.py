"""What a set of rows would do to the register: tables, no database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from uuid import UUID

import pytest

from contracts.event import ELEMENTER_MAKS, Aktoer
from services.register.filer import les
from services.register.rules import Plan, planlegg, som_data
from services.register.rules_rader import Omfang, Rad, Register
from tests.register.byen import csv, rad

AV = Aktoer(rolle="sekretariat")
FROGNER = rad("a-01")
VARA = rad("b-02", vara_for="a-01")
UTE = [rad(f"u-1{nr}", "uteseksjonen", "velferdsetaten") for nr in range(3)]


def rader(*fil: dict[str, str]) -> tuple[Rad, ...]:
    innlest = les(csv(*fil).encode())
    assert innlest.feil == ()
    return innlest.rader


def _ider() -> Iterator[UUID]:
    return (UUID(int=nr) for nr in count(1))


def register(*fil: dict[str, str]) -> Register:
    """The register as it is after a first import of these rows."""
    plan = les_inn(*fil)
    personer = {p.noekkel: p for p in plan.endring.nye_personer}
    return Register(personer, plan.endring.nye_verv)


def les_inn(*fil: dict[str, str], til: Register | None = None, omfang: Omfang = Omfang.RADER) -> Plan:
    """An import into a register."""
    start = len(til.personer) if til else 0
    ider = (UUID(int=i.int + start) for i in _ider())
    return planlegg(rader(*fil), til or Register(), omfang, lambda: next(ider))


def tall(plan: Plan) -> tuple[int, int, int, int]:
    assert plan.feil == ()
    return plan.nye, plan.endret, plan.uendret, plan.fjernet


def test_a_first_import_is_all_new_and_tells_every_role() -> None:
    plan = les_inn(FROGNER, VARA)
    assert tall(plan) == (2, 0, 0, 0)
    holder, vara = sorted(plan.endring.fortelles, key=lambda r: r.vara_for is not None)
    assert vara.vara_for == holder.person_id
    assert holder.har == ("sms", "epost")


def test_the_same_file_again_changes_nothing_and_tells_nothing() -> None:
    plan = les_inn(FROGNER, VARA, til=register(FROGNER, VARA))
    assert tall(plan) == (0, 0, 2, 0)
    assert plan.endring.tom


@pytest.mark.parametrize(
    ("fil", "omfang", "ventet"),
    [
        ([{**FROGNER, "kanaler": "sms"}], Omfang.RADER, (0, 1, 0, 0)),
        ([{**FROGNER, "navn": "Test Nytt Navn"}], Omfang.RADER, (0, 1, 0, 0)),
        ([{**FROGNER, "gyldig_til": "2027-01-01"}, VARA], Omfang.RADER, (0, 1, 1, 0)),
        ([rad("a-01", enhet="bydel:06")], Omfang.RADER, (1, 0, 0, 0)),
        ([rad("c-03", "politikontakt")], Omfang.RADER, (1, 0, 0, 0)),
        ([{**VARA, "vara_for": ""}], Omfang.RADER, (1, 0, 0, 1)),
        ([rad("b-02", "politikontakt")], Omfang.PERSONER, (1, 0, 0, 1)),
        ([FROGNER], Omfang.ALT, (0, 0, 1, 1)),
        ([FROGNER, VARA], Omfang.ALT, (0, 0, 2, 0)),
    ],
    ids=[
        "andre kanaler",
        "nytt navn",
        "ny dato",
        "en rolle til",
        "en person til",
        "vara blir innehaver",
        "personen byttet rolle",
        "erstatt fjerner resten",
        "erstatt med det samme",
    ],
)
def test_rows_change_what_they_speak_of(
    fil: list[dict[str, str]], omfang: Omfang, ventet: tuple[int, int, int, int]
) -> None:
    assert tall(les_inn(*fil, til=register(FROGNER, VARA), omfang=omfang)) == ventet


def test_a_lost_number_is_told_on_every_role_of_the_person() -> None:
    to_roller = [FROGNER, rad("a-01", "politikontakt")]
    plan = les_inn({**FROGNER, "mobil": ""}, til=register(*to_roller))
    assert [r.har for r in plan.endring.fortelles] == [("epost",), ("epost",)]


def test_a_person_removed_whole_goes_with_the_last_role() -> None:
    plan = les_inn(FROGNER, til=register(FROGNER, VARA), omfang=Omfang.ALT)
    assert plan.endring.fjernede_personer == (UUID(int=2),)


def test_two_persons_may_swap_numbers_and_one_may_take_over_anothers() -> None:
    a, b = rad("a-01"), rad("b-02", enhet="bydel:06")
    byttet = [{**a, "mobil": b["mobil"]}, {**b, "mobil": a["mobil"]}]
    assert tall(les_inn(*byttet, til=register(a, b))) == (0, 2, 0, 0)
    overtatt = [{**a, "mobil": "900 00 077"}, rad("c-03", enhet="bydel:07", mobil=a["mobil"])]
    assert tall(les_inn(*overtatt, til=register(a, b))) == (1, 1, 0, 0)


def test_one_row_may_fill_what_another_of_the_same_person_leaves_blank() -> None:
    plan = les_inn(FROGNER, rad("a-01", "politikontakt", navn="", mobil="", epost=""))
    assert tall(plan) == (2, 0, 0, 0)
    assert len(plan.endring.nye_personer) == 1


@pytest.mark.parametrize(
    ("fil", "linje", "felt"),
    [
        ([FROGNER, rad("a-01", "politikontakt", navn="Et Annet")], 3, "navn"),
        ([FROGNER, rad("a-01", "politikontakt", mobil="900 00 077")], 3, "mobil"),
        ([FROGNER, rad("a-01", "politikontakt", epost="annen@test.salto.example")], 3, "epost"),
        ([FROGNER, FROGNER], 3, "rolle"),
        ([FROGNER, rad("b-02", enhet="bydel:06", mobil=FROGNER["mobil"])], 3, "mobil"),
        ([rad("c-03", enhet="bydel:06", mobil="900 00 050")], 2, "mobil"),
        ([rad("a-01", mobil="", epost="")], 2, "mobil"),
        ([rad("a-01", navn="")], 2, "navn"),
        ([rad("a-01", epost="", kanaler="epost")], 2, "kanaler"),
        ([rad("a-01", mobil="", kanaler="sms")], 2, "kanaler"),
        ([FROGNER, rad("b-02", vara_for="b-02")], 3, "vara_for"),
        ([FROGNER, rad("b-02", vara_for="finnes-ikke")], 3, "vara_for"),
        ([FROGNER, rad("b-02", enhet="bydel:06", vara_for="a-01")], 3, "vara_for"),
        ([FROGNER, rad("b-02", "politikontakt", vara_for="a-01")], 3, "vara_for"),
        ([FROGNER, VARA, rad("c-03", vara_for="b-02")], 4, "vara_for"),
        ([rad("x-50", enhet="bydel:07", vara_for="v-51"), rad("v-51", enhet="bydel:07")], 2, "rolle"),
    ],
)
def test_rows_that_disagree_are_told_of_by_line(fil: list[dict[str, str]], linje: int, felt: str) -> None:
    fra_foer = register(rad("x-50", enhet="bydel:07"), rad("w-52", enhet="bydel:07", vara_for="x-50"))
    plan = les_inn(*fil, til=fra_foer)
    assert (linje, felt) in {(f.linje, f.felt) for f in plan.feil}


def test_a_holder_with_a_deputy_in_the_register_does_not_vanish_from_the_role() -> None:
    fra_foer = register(FROGNER, VARA, rad("c-03"))
    (feil,) = les_inn(rad("a-01", vara_for="c-03"), til=fra_foer).feil
    assert (feil.linje, feil.felt) == (2, "rolle")
    assert les_inn(rad("a-01", vara_for="c-03"), rad("b-02", vara_for="c-03"), til=fra_foer).feil == ()


def test_a_deputy_may_be_deputy_for_two_and_holders_for_each_other() -> None:
    a, b, c = UTE
    plan = les_inn(a, b, {**c, "vara_for": "u-10"}, {**c, "vara_for": "u-11"}, {**a, "vara_for": "u-11"})
    assert tall(plan) == (5, 0, 0, 0)


def test_both_channels_asked_for_and_one_there_is_worth_a_remark_only() -> None:
    plan = les_inn(rad("a-01", epost="", kanaler="sms+epost"))
    assert tall(plan) == (1, 0, 0, 0)
    assert [(m.linje, m.felt) for m in plan.merknader] == [(2, "kanaler")]


def test_a_deputy_of_a_row_that_could_not_be_read_is_no_error_of_its_own() -> None:
    plan = planlegg(rader(VARA), Register(), Omfang.RADER, lambda: UUID(int=1), uleste={"a-01"})
    assert plan.feil == ()


def test_a_large_change_is_told_in_chunks_with_holders_before_deputies_and_removals_last() -> None:
    folk = [rad(f"p{nr:04d}", "utoevende", mobil=f"900{nr:05d}") for nr in range(1200)]
    fra_foer = register(rad("gammel-98", "frivillig"), rad("gammel-97", "frivillig"))
    plan = les_inn(VARA, FROGNER, *folk, til=fra_foer, omfang=Omfang.ALT)
    data = som_data(plan.endring, [UUID(int=7)], AV)
    assert [(len(d.roller), len(d.fjernet), len(d.fravaer_fjernet)) for d in data] == [
        (500, 0, 0),
        (500, 0, 0),
        (202, 0, 0),
        (0, 2, 0),
        (0, 0, 1),
    ]
    assert max(len(d.roller) for d in data) <= ELEMENTER_MAKS
    assert data[2].roller[-1].vara_for is not None
