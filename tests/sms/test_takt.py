"""How fast, and when again: tables of back-off, tokens, window, turns and the stopped line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.sms import rules_koe
from services.sms.rules_takt import Boette, Linje, Vindu, pause_sekunder

NAA = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)
A, B = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(("forsoek", "midt"), [(1, 0.5), (2, 1), (3, 2), (5, 8), (7, 30), (500, 30)])
def test_pauses_double_up_to_half_a_minute_with_the_same_jitter_every_time(forsoek: int, midt: float) -> None:
    pauser = [pause_sekunder(uuid4(), forsoek) for _ in range(50)]
    assert all(0.79 * midt < pause < 1.21 * midt for pause in pauser)
    assert len(set(pauser)) > 10
    assert pause_sekunder(A, forsoek) == pause_sekunder(A, forsoek)


def test_tokens_come_by_the_second_and_are_saved_for_one() -> None:
    boette = Boette(10)
    assert boette.ledig(100.0) == 10
    boette.ta(10)
    assert (boette.ledig(100.05), boette.ledig(100.35), boette.ledig(200)) == (0, 3, 10)


def test_less_than_one_a_second_is_possible() -> None:
    boette = Boette(0.5)
    assert boette.ledig(10) == 1
    boette.ta(1)
    assert (boette.ledig(11), round(boette.vent(), 1), boette.ledig(12)) == (0, 1.0, 1)


def test_without_a_rate_there_is_no_limit_and_nothing_to_wait_for() -> None:
    boette = Boette(0)
    boette.ta(5000)
    assert (boette.ledig(0) > 1000, boette.vent()) == (True, 0)


def test_the_window_halves_once_for_what_is_refused_together_and_grows_with_what_is_taken() -> None:
    vindu = Vindu(64)
    for sekund in (1.0, 1.1, 1.2):
        vindu.krymp(sekund)
    assert vindu.ledig() == 32
    vindu.krymp(2.0)
    vindu.voks(10)
    assert vindu.ledig() == 26
    vindu.voks(1000)
    assert vindu.ledig() == 64


def test_an_eighth_of_the_window_is_kept_for_akutt() -> None:
    vindu = Vindu(64)
    vindu.ta(50)
    assert (vindu.ledig(), vindu.ledig_vanlig()) == (14, 6)
    vindu.ta(14)
    assert (vindu.ledig(), vindu.ledig_vanlig()) == (0, 0)
    assert Vindu(1).ledig_vanlig() == 1


def test_a_stopped_line_tries_with_one_and_waits_longer_each_time() -> None:
    linje = Linje()
    assert linje.ledig(NAA) is None
    linje.stans(NAA)
    linje.stans(NAA)
    assert linje.stanset_til == NAA + timedelta(seconds=5)
    assert (linje.ledig(NAA), linje.ledig(NAA + timedelta(seconds=5))) == (0, 1)
    linje.stans(NAA + timedelta(seconds=6))
    assert linje.stanset_til == NAA + timedelta(seconds=16)
    linje.gaar()
    assert linje.ledig(NAA) is None


def test_a_line_stopped_by_a_clock_that_was_ahead_is_tried_when_the_clock_is_set_right() -> None:
    linje = Linje()
    linje.stans(NAA + timedelta(hours=2))
    assert linje.ledig(NAA) == 1


def test_a_newcomer_takes_turns_from_where_the_others_are() -> None:
    nummer = rules_koe.nummerer({(A, 2): 2000}, {2: 1500})
    assert [nummer.neste(B, 2), nummer.neste(B, 2), nummer.neste(A, 2), nummer.neste(B, 0)] == [1500, 1501, 2000, 0]
