"""The search for places: what begins so, then what has it inside, else what looks alike."""

from __future__ import annotations

import pytest

from services.routing.steder import Steder
from services.routing.stedsoek import Stedsoek

SOEK = Stedsoek(Steder.les())

TILFELLER = (
    ("eidsv", "Eidsvolls plass", "Sentrum, enhet sentrum"),
    ("foran stort", "Eidsvolls plass", "Sentrum, enhet sentrum"),  # an alias
    ("Stortnget", "Stortinget", "Sentrum, enhet sentrum"),  # misspelt
    ("TOEYEN", "Tøyen torg", "Gamle Oslo, enhet sentrum"),  # oe for ø
    ("ammerud sk", "Ammerud skole", "Grorud, enhet øst"),  # a school
    ("frognerset", "Frognerseteren T", "Marka, enhet vest"),
)


@pytest.mark.parametrize(("skrevet", "navn", "hvor"), TILFELLER)
def test_a_place_is_found_however_it_is_written(skrevet: str, navn: str, hvor: str) -> None:
    treff = SOEK.finn(skrevet, 8)
    assert (treff[0].navn, treff[0].hvor) == (navn, hvor)


def test_nothing_is_suggested_for_nothing_and_never_more_than_asked_for() -> None:
    assert list(SOEK.finn("  ", 8)) == []
    assert len(SOEK.finn("skole", 5)) == 5


def test_a_place_with_many_names_is_suggested_once() -> None:
    navn = [t.navn for t in SOEK.finn("stort", 20)]
    assert len(navn) == len(set(navn))
