"""The form as a body: Oslo's time, nights and summer time, and two people's changes in one form."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.hendelse import Hendelse
from services.hendelser.skjema_endre import er_lagret, flett
from services.hendelser.skjema_ny import Skjema, kropp
from services.hendelser.skjemafeil import Skjemafeil

GRUNN: dict[str, Any] = {"type": "hendelse", "tittel": "Uro", "sted": "Tøyen torg"}

TIDER = (
    ("2026-11-28", "14:00", "", "17:00", "2026-11-28T14:00:00+01:00", "2026-11-28T17:00:00+01:00"),
    ("2026-11-28", "22:00", "", "02:00", "2026-11-28T22:00:00+01:00", "2026-11-29T02:00:00+01:00"),
    ("2026-06-28", "14:00", "2026-06-29", "01:00", "2026-06-28T14:00:00+02:00", "2026-06-29T01:00:00+02:00"),
    ("28.11.2026", "14.30", "", "", "2026-11-28T14:30:00+01:00", None),
    ("2026-10-25", "02:30", "", "04:00", "2026-10-25T02:30:00+02:00", "2026-10-25T04:00:00+01:00"),
)


@pytest.mark.parametrize(("dag", "tid", "slutt_dag", "slutt_tid", "start", "slutt"), TIDER)
def test_times_are_oslos(dag: str, tid: str, slutt_dag: str, slutt_tid: str, start: str, slutt: str | None) -> None:
    skjema = Skjema(**GRUNN, start_dato=dag, start_tid=tid, slutt_dato=slutt_dag, slutt_tid=slutt_tid)
    ferdig = kropp(skjema)
    assert ferdig.start
    assert ferdig.start.isoformat() == start
    assert (ferdig.slutt.isoformat() if ferdig.slutt else None) == slutt


def test_an_hour_that_summer_time_takes_away_is_an_error() -> None:
    with pytest.raises(Skjemafeil) as galt:
        kropp(Skjema(**GRUNN, start_dato="2027-03-28", start_tid="02:30"))
    assert list(galt.value.feil) == ["start_tid"]


def test_coordinates_may_be_written_as_a_place() -> None:
    sted = kropp(Skjema(**{**GRUNN, "sted": "59.91332, 10.73893"}, start_dato="2026-11-28", start_tid="14:00")).sted
    assert sted
    assert (sted.navn, sted.lat, sted.lon) == (None, 59.91332, 10.73893)


def test_a_hendelse_fills_the_form_in_as_it_was_filled_in() -> None:
    skjema = Skjema(
        type="demonstrasjon",
        tittel="Markering",
        bydeler=("05", "12"),
        start_dato="2026-11-28",
        start_tid="14:00",
        slutt_dato="2026-11-28",
        slutt_tid="17:00",
        alvorlighet="hoey",
        stor="ja",
        forventet_antall="500",
        tema=("rus", "skole"),
        maalgruppe="nei",
        maalgruppe_grunn="Voksne",
        hjembydeler=("10",),
        andre_kommuner="3201, 3205",
        minst="6",
        kilde="skole",
        sentrum="nei",
        beskrivelse="Rolig",
    )
    felt = kropp(skjema).model_dump(exclude={"sted"})
    sted = {"bydeler": ("05", "12"), "sentrum": False, "sentrum_kilde": "person"}
    eier = {"rolle": "salto_koordinator", "enhet": "bydel:05"}
    assert Skjema.av_hendelse(Hendelse.model_validate({**felt, "sted": sted, "eier": eier, "kodeord": "ELG"})) == skjema


INGEN: frozenset[str] = frozenset()
FLETTINGER: tuple[tuple[dict[str, str], dict[str, str], tuple[str, str], frozenset[str], frozenset[str]], ...] = (
    # mine changes, the other's changes → what the form says, taken from the other, both
    ({"tittel": "Min"}, {"oppmoete": "Fontenen"}, ("Min", "Fontenen"), frozenset({"oppmoete"}), INGEN),
    ({"tittel": "Min"}, {"tittel": "Din"}, ("Min", ""), INGEN, frozenset({"tittel"})),
    ({"tittel": "Samme"}, {"tittel": "Samme"}, ("Samme", ""), INGEN, INGEN),
    ({}, {"tittel": "Din", "oppmoete": "Fontenen"}, ("Din", "Fontenen"), frozenset({"tittel", "oppmoete"}), INGEN),
)


@pytest.mark.parametrize(("mine", "andres", "ut", "hentet", "begge"), FLETTINGER)
def test_two_changes_meet_without_loss(
    mine: dict[str, str], andres: dict[str, str], ut: tuple[str, str], hentet: frozenset[str], begge: frozenset[str]
) -> None:
    foer = Skjema(**GRUNN)
    fletting = flett(foer.med(**mine), foer, foer.med(**andres))
    assert (fletting.skjema.tittel, fletting.skjema.oppmoete) == ut
    assert (fletting.hentet, fletting.begge) == (hentet, begge)


def test_without_a_beginning_every_difference_is_both_theirs() -> None:
    eget = Skjema(**GRUNN)
    assert flett(eget, None, eget.med(tittel="Din")).begge == {"tittel"}


def test_a_deadline_the_door_set_is_no_difference() -> None:
    eget = Skjema(**GRUNN)
    assert er_lagret(eget, eget.med(svarfrist_dato="2026-11-27", svarfrist_tid="12:00"))
    assert not er_lagret(eget, eget.med(tittel="Din"))
