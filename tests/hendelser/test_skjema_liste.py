"""The filters of the list: what is chosen, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.hendelser.skjema_liste import TEKST_MAKS, les_filter
from services.hendelser.store_utvalg import Utvalg


def test_nothing_written_chooses_nothing_away() -> None:
    filter_ = les_filter({})
    assert filter_.utvalg == Utvalg()
    assert (filter_.feil, filter_.side, filter_.brukt) == ({}, 1, False)


def test_a_day_is_a_day_in_oslo_and_the_last_one_is_included() -> None:
    utvalg = les_filter({"fra": "2026-10-25", "til": "2026-10-25"}).utvalg
    assert utvalg.fra == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert utvalg.til == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("skrevet", "felt"),
    [
        ({"fra": "28.11.2026"}, "fra"),
        ({"til": "i morgen"}, "til"),
        ({"fra": "0001-01-01"}, "fra"),
        ({"til": "9999-12-31"}, "til"),
        ({"fra": "2026-11-28", "til": "2026-11-27"}, "til"),
    ],
)
def test_a_date_that_cannot_be_is_told_at_its_field(skrevet: dict[str, str], felt: str) -> None:
    assert list(les_filter(skrevet).feil) == [felt]


@pytest.mark.parametrize(("side", "lest"), [("3", 3), ("0", 1), ("-1", 1), ("to", 1), ("9" * 30, 1), ("²", 1)])
def test_a_page_number_is_a_number_from_one(side: str, lest: int) -> None:
    assert les_filter({"side": side}).side == lest


def test_a_choice_that_is_not_on_the_list_chooses_nothing_away() -> None:
    assert les_filter({"status": "slettet", "bydel": "99"}).utvalg == Utvalg()


def test_what_is_written_is_bounded_and_kept_for_the_next_page() -> None:
    filter_ = les_filter({"tekst": "  rop   og å " + "x" * 500, "status": "aapen"})
    assert len(filter_.utvalg.tekst) == TEKST_MAKS
    assert les_filter({"tekst": "rop & å", "status": "aapen"}).sti(2) == (
        "/hendelser?tekst=rop+%26+%C3%A5&status=aapen&side=2"
    )
