"""Who is stood down, and who must know what is new: tables, no fixtures."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.hendelse import Sted
from services.utkalling import rules_omfang
from services.utkalling.sak import Sak
from services.utkalling.utfall import fold_utfall
from tests.utkalling.bord import av, hendelse, med_kalte, mottaker, neste, person, rolle, svarer


@pytest.mark.parametrize(
    ("felt", "faar_beskjed"),
    [
        ({}, ["sms", "epost"]),
        ({"svar": "kommer"}, ["sms", "epost"]),
        ({"svar": "kommer_ikke"}, []),
        ({"art": "orientering"}, []),
        ({"kanalstatus": {"sms": "sendt", "epost": "feilet"}}, ["sms"]),
        ({"kanalstatus": {"sms": "uviss", "epost": "feilet"}}, ["sms"]),  # it may have been read
        ({"kanalstatus": {"sms": "bestilt", "epost": "bestilt"}}, []),  # withdrawn instead
        ({"kanalstatus": {"sms": "feilet", "epost": "sendt"}}, ["epost"]),
    ],
)
def test_the_stand_down_reaches_exactly_those_asked_where_they_were_asked(
    felt: dict[str, Any], faar_beskjed: list[str]
) -> None:
    bord = med_kalte(mottaker(1))
    bord.sett(av(bord, 1), **felt)
    rules_omfang.avlys(bord, bord.utkallinger.values())
    assert [o.kanal for o in bord.vedtak.ordre] == faar_beskjed
    assert {o.formaal for o in bord.vedtak.ordre} <= {"avlysning"}
    assert bord.vedtak.trekk == bord.vedtak.avlyst == [av(bord, 1).id]


@pytest.mark.parametrize("avloest", [True, False])
@pytest.mark.parametrize(("formaal", "faar_beskjed"), [("utkalling", True), ("orientering", False)])
def test_an_older_word_that_got_out_late_is_followed_by_the_stand_down_when_it_was_a_question(
    formaal: str, faar_beskjed: bool, avloest: bool
) -> None:
    bord = med_kalte(mottaker(1, kanaler=["sms"]), kanalstatus="bestilt")
    u = bord.sett(av(bord, 1), avlyst=True)
    eldre: Any = SimpleNamespace(utkalling_id=u.id, formaal=formaal, kanal="sms", status="bestilt")
    fold_utfall(bord, eldre, "sendt", avloest=avloest)
    assert bool(bord.vedtak.ordre) is faar_beskjed


@pytest.mark.parametrize(("er_sagt", "sted"), [(False, "Eidsvolls plass"), (True, "Grorud")])
def test_the_stand_down_names_what_the_person_was_last_told_wherever_it_is_now(er_sagt: bool, sted: str) -> None:
    bord = neste(med_kalte(mottaker(1)), hendelse=hendelse(sted=Sted(navn="Grorud", bydeler=("10",))))
    if er_sagt:
        rules_omfang.fortell_endring(bord, bord.utkallinger.values(), 7)
    rules_omfang.avlys(bord, bord.utkallinger.values())
    sms, epost = (o for o in bord.vedtak.ordre if o.formaal == "avlysning")
    gjelder = f"AVLYST: Demonstrasjon, {sted} lør 28.11 kl 18"
    assert gjelder in sms.tekst
    assert gjelder in epost.tekst
    assert (epost.emne or "").endswith(gjelder)


def test_who_is_stood_down_already_is_not_told_twice() -> None:
    bord = med_kalte(mottaker(1))
    rules_omfang.avlys(bord, bord.utkallinger.values())
    bord = neste(bord)
    rules_omfang.avlys(bord, bord.utkallinger.values())
    assert (bord.vedtak.ordre, bord.vedtak.avlyst) == ([], [])


@pytest.mark.parametrize(
    ("foer", "nytt", "faar_beskjed"),
    [
        ("bestilt", "sendt", True),
        ("bestilt", "levert", True),
        ("bestilt", "uviss", True),
        ("uviss", "sendt", False),  # told when the doubt arose
        ("sendt", "levert", False),
        ("bestilt", "trukket", False),
        ("bestilt", "feilet", False),
    ],
)
def test_a_call_out_that_got_out_although_it_was_stood_down_is_followed_by_the_stand_down_once(
    foer: str, nytt: str, faar_beskjed: bool
) -> None:
    bord = med_kalte(mottaker(1, kanaler=["sms"]), kanalstatus=foer)
    u = bord.sett(av(bord, 1), avlyst=True)
    melding: Any = SimpleNamespace(utkalling_id=u.id, formaal="utkalling", kanal="sms", status=foer)
    fold_utfall(bord, melding, nytt)
    assert bool(bord.vedtak.ordre) is faar_beskjed


def _med_vara() -> Sak:
    """Person 1 has said NEI and 50 and then 51 are called in the place; 2 stands alone."""
    bord = med_kalte(mottaker(1, rolle("bydel:05", vara=[50, 51])), mottaker(2, rolle("bydel:04")))
    svarer(bord, 1, "kommer_ikke")
    svarer(bord, 50, "kommer_ikke", etter=timedelta(minutes=1))
    return neste(bord)


def test_deputies_follow_those_they_were_called_for_out_of_scope() -> None:
    bord = _med_vara()
    ut = rules_omfang.ute_av_omfang(bord, [person(1)], {person(2)})
    assert [u.person_id for u in ut] == [person(1), person(50), person(51)]


def test_a_deputy_who_is_called_in_the_own_right_stays_in_scope() -> None:
    bord = _med_vara()
    ut = rules_omfang.ute_av_omfang(bord, [person(1)], {person(2), person(51)})
    assert person(51) not in {u.person_id for u in ut}


def test_the_deputies_are_told_what_is_new_with_those_they_stand_in_for() -> None:
    bord = _med_vara()
    kjente = rules_omfang.mottakere_av_endring(bord, {person(1)})
    assert [u.person_id for u in kjente] == [person(1), person(50), person(51)]


@pytest.mark.parametrize(
    ("felt", "faar_beskjed"),
    [
        ({}, True),
        ({"svar": "kommer"}, True),
        ({"svar": "kommer_ikke"}, False),
        ({"avlyst": True}, False),
        ({"art": "orientering"}, False),
    ],
)
def test_a_change_is_told_to_those_who_may_come(felt: dict[str, Any], faar_beskjed: bool) -> None:
    bord = med_kalte(mottaker(1))
    rules_omfang.fortell_endring(bord, [bord.sett(av(bord, 1), **felt)], 20)
    assert bool(bord.vedtak.ordre) is faar_beskjed
