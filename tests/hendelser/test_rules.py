"""What is decided at the door: tables, no fixtures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.event import Aktoer
from contracts.hendelse import Alvorlighet, Eier, Hendelse, HendelseType, Sted, Tema, Utvidelse
from contracts.kodeord import KODEORD, avstand
from contracts.roller import Rolle
from services.hendelser import rules

NAA = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
MINUTT, TIME = timedelta(minutes=1), timedelta(hours=1)


def _hendelse(**felt: Any) -> Hendelse:
    grunn: dict[str, Any] = {
        "type": HendelseType.DEMONSTRASJON,
        "tittel": "Markering",
        "sted": Sted(navn="Youngstorget", bydel="04", bydeler=("04",), ansvarlig="04", driftsenhet="sentrum"),
        "start": NAA + timedelta(days=7),
        "kodeord": "ELG",
        "eier": Eier(rolle=Rolle.SALTO_SENTRUM, enhet="sentrum"),
    }
    return Hendelse(**{**grunn, **felt})


@pytest.mark.parametrize(
    ("start", "alvorlighet", "ventet"),
    [
        (NAA + timedelta(days=7), Alvorlighet.MIDDELS, NAA + 24 * TIME),
        (NAA + timedelta(days=7), Alvorlighet.AKUTT, NAA + 30 * MINUTT),
        (NAA + 12 * TIME, Alvorlighet.LAV, NAA + 30 * MINUTT),
        (NAA - TIME, Alvorlighet.LAV, NAA + 30 * MINUTT),
        (NAA + 13 * TIME, Alvorlighet.HOEY, NAA + 13 * TIME),
        (NAA + 24 * TIME, Alvorlighet.HOEY, NAA + 24 * TIME),
        (None, Alvorlighet.HOEY, NAA + 24 * TIME),
        (None, Alvorlighet.AKUTT, NAA + 30 * MINUTT),
    ],
)
def test_the_default_deadline_is_half_an_hour_when_it_hurries_else_a_day_and_never_after_the_start(
    start: datetime | None, alvorlighet: Alvorlighet, ventet: datetime
) -> None:
    assert rules.svarfrist(start, alvorlighet, NAA) == ventet


@settings(max_examples=60)
@given(st.uuids(), st.lists(st.sampled_from(KODEORD), max_size=40), st.sets(st.sampled_from(KODEORD), max_size=200))
def test_a_kodeord_is_never_within_two_edits_of_an_open_one_nor_given_again_too_soon(
    fro: UUID, opptatte: list[str], sperrede: set[str]
) -> None:
    valgt = rules.velg_kodeord(fro, opptatte, sperrede)
    if valgt is not None:
        assert valgt in KODEORD
        assert valgt not in sperrede
        assert all(avstand(valgt, annet) > 2 for annet in opptatte)
        assert not any(valgt.startswith(annet) or annet.startswith(valgt) for annet in opptatte)


def test_the_same_hendelse_gets_the_same_kodeord_and_others_get_others() -> None:
    ider = [UUID(int=n) for n in range(50)]
    ordene = [rules.velg_kodeord(i, [], []) for i in ider]
    assert ordene == [rules.velg_kodeord(i, [], []) for i in ider]
    assert len(set(ordene)) > 30


def test_when_every_kodeord_is_taken_there_is_none_to_give() -> None:
    assert rules.velg_kodeord(UUID(int=1), [], KODEORD) is None


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({}, ()),
        ({"tittel": "En annen"}, ("tittel",)),
        ({"start": NAA, "oppmoete": "Ved statuen"}, ("oppmoete", "start")),
        ({"sted": None, "tema": (Tema.RUS,)}, ("sted", "tema")),
    ],
)
def test_the_fields_that_differ_are_named(felt: dict[str, Any], ventet: tuple[str, ...]) -> None:
    foer = _hendelse()
    assert set(rules.endrede_felt(foer, foer.model_copy(update=felt))) == set(ventet)


@pytest.mark.parametrize(
    ("rolle", "enhet", "kan"),
    [
        ("sekretariat", None, True),
        ("salto_sentrum", None, True),
        ("system", None, True),
        ("salto_koordinator", "bydel:04", True),
        ("salto_koordinator", "bydel:05", False),
        ("salto_koordinator", None, False),
        ("linjeleder", "bydel:04", False),
        ("linjeleder", "sentrum", True),  # the owner's unit
        ("politi", "driftsenhet:sentrum", False),  # not reported by the police
        ("gransker", None, False),
    ],
)
def test_a_hendelse_is_changed_by_those_whose_it_is(rolle: str, enhet: str | None, kan: bool) -> None:
    assert rules.kan_handle(Aktoer(rolle=rolle, enhet=enhet), _hendelse()) is kan


@pytest.mark.parametrize(("enhet", "kan"), [("driftsenhet:sentrum", True), ("driftsenhet:vest", False)])
def test_the_police_change_their_own_in_their_own_driftsenhet(enhet: str, kan: bool) -> None:
    assert rules.kan_handle(Aktoer(rolle="politi", enhet=enhet), _hendelse(kilde="politi")) is kan


@pytest.mark.parametrize(
    ("rolle", "egen", "enhet", "hvem", "kan"),
    [
        ("sekretariat", None, None, None, True),
        ("salto_sentrum", None, "bydel:12", Rolle.UTOEVENDE, True),
        ("salto_koordinator", "bydel:05", "bydel:05", Rolle.UTOEVENDE, True),
        ("salto_koordinator", "bydel:05", "bydel:04", Rolle.UTOEVENDE, False),
        ("salto_koordinator", "bydel:05", "bydel:05", Rolle.BYDELSDIREKTOER, False),
        ("salto_koordinator", "bydel:05", None, None, False),
        ("salto_koordinator", None, None, Rolle.UTOEVENDE, False),
        ("politi", "driftsenhet:sentrum", "bydel:05", Rolle.UTOEVENDE, False),
    ],
)
def test_a_coordinator_widens_to_the_utoevende_of_the_own_bydel_and_no_further(
    rolle: str, egen: str | None, enhet: str | None, hvem: Rolle | None, kan: bool
) -> None:
    assert rules.kan_utvide(Aktoer(rolle=rolle, enhet=egen), enhet, hvem) is kan


def test_the_same_widening_twice_is_once() -> None:
    bydel = Utvidelse(bydeler=("12",))
    h = rules.utvidet(rules.utvidet(_hendelse(), bydel), bydel)
    assert h.utvidelser == (bydel,)


def test_the_sekretariat_comes_in_and_goes_out_with_its_own_assessment() -> None:
    byen = Utvidelse(byomfattende=True)
    h = rules.med_sekretariatet(_hendelse(utvidelser=(byen,)))
    assert [u.rolle for u in h.utvidelser] == [None, Rolle.SEKRETARIAT]
    assert rules.uten_sekretariatet(h).utvidelser == (byen,)


@pytest.mark.parametrize(
    ("frist", "foer", "etter", "gjelder"),
    [
        (NAA + 24 * TIME, NAA + 7 * 24 * TIME, NAA + 3 * 24 * TIME, True),
        (NAA + 24 * TIME, NAA + 7 * 24 * TIME, NAA + 24 * TIME, True),
        (NAA + 24 * TIME, NAA + 7 * 24 * TIME, NAA + 5 * TIME, False),
        (NAA + 30 * MINUTT, NAA + 10 * MINUTT, NAA + 10 * MINUTT, True),  # it hurried from the first, nothing is moved
        (NAA + 30 * MINUTT, NAA + 10 * MINUTT, NAA + 20 * MINUTT, False),
        (None, NAA + 24 * TIME, NAA + 5 * TIME, True),
        (NAA + 24 * TIME, NAA + 7 * 24 * TIME, None, True),
        (NAA + 24 * TIME, None, NAA + 5 * TIME, False),  # a trend that has got a time
    ],
)
def test_a_deadline_stands_unless_the_start_is_moved_before_it(
    frist: datetime | None, foer: datetime | None, etter: datetime | None, gjelder: bool
) -> None:
    assert rules.frist_gjelder_fortsatt(frist, foer, etter) is gjelder
