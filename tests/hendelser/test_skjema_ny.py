"""The form as a body: Oslo's time, nights and summer time, and two people's changes in one form."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.hendelse import Hendelse
from services.hendelser.skjema_endre import er_lagret, flett
from services.hendelser.skjema_ny import Skjema, kropp
from services.hendelser.skjema_tid import FOR_LANGT_FRAM, FOR_LENGE_SIDEN, FRISTEN_ETTER_START, FRISTEN_PASSERT
from services.hendelser.skjemafeil import Skjemafeil
from services.hendelser.visning_ny import begynt, tidsrom

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


NAA = datetime.fromisoformat("2026-11-28T12:00:00+01:00")
FREMME = NAA + timedelta(hours=2)
GRENSER: tuple[tuple[str, str, dict[str, str]], ...] = (
    # start, svarfrist → what is wrong
    ("2026-11-28 14:00", "", {}),
    ("2026-11-27 12:00", "", {}),
    ("2026-11-27 11:59", "", {"start_dato": FOR_LENGE_SIDEN}),
    ("2025-11-29 14:00", "", {"start_dato": FOR_LENGE_SIDEN}),
    ("0002-11-28 14:00", "", {"start_dato": FOR_LENGE_SIDEN}),
    ("2028-11-28 12:00", "", {}),
    ("2028-11-29 12:00", "", {"start_dato": FOR_LANGT_FRAM}),
    ("2062-11-28 14:00", "", {"start_dato": FOR_LANGT_FRAM}),
    ("2026-11-28 14:00", "2026-11-28 12:00", {}),
    ("2026-11-28 14:00", "2026-11-28 14:00", {}),
    ("2026-11-28 14:00", "2026-11-28 11:59", {"svarfrist_dato": FRISTEN_PASSERT}),
    ("2026-11-28 14:00", "2026-11-28 14:01", {"svarfrist_dato": FRISTEN_ETTER_START}),
    ("2026-11-28 11:30", "2026-11-28 12:30", {}),  # what has begun can have no deadline before it
    ("", "2025-11-28 12:00", {"start_dato": "Skriv når det starter.", "svarfrist_dato": FRISTEN_PASSERT}),
    ("2025-11-28 14:00", "2025-11-28 12:00", {"start_dato": FOR_LENGE_SIDEN, "svarfrist_dato": FRISTEN_PASSERT}),
)


def _tidfelt(start: str, frist: str) -> Skjema:
    (dag, _, tid), (fristdag, _, fristtid) = start.partition(" "), frist.partition(" ")
    return Skjema(**GRUNN, start_dato=dag, start_tid=tid, svarfrist_dato=fristdag, svarfrist_tid=fristtid)


def _feil(skjema: Skjema, foer: Skjema | None = None) -> dict[str, str]:
    try:
        kropp(skjema, naa=NAA, foer=foer)
    except Skjemafeil as galt:
        return galt.feil
    return {}


@pytest.mark.parametrize(("start", "frist", "feil"), GRENSER)
def test_a_wrong_year_and_a_deadline_nobody_can_meet_are_errors_at_their_fields(
    start: str, frist: str, feil: dict[str, str]
) -> None:
    assert _feil(_tidfelt(start, frist)) == feil


@pytest.mark.parametrize(("start", "frist"), [(s, f) for s, f, _ in GRENSER if s])
def test_times_that_stand_as_they_did_are_let_be(start: str, frist: str) -> None:
    skjema = _tidfelt(start, frist)
    assert _feil(skjema.med(tittel="Ny tittel"), skjema) == {}
    assert kropp(skjema)  # and the API takes them all


def test_a_time_that_is_changed_is_held_against_the_limits() -> None:
    foer = _tidfelt("2026-11-20 14:00", "2026-11-20 12:00")
    assert _feil(foer.med(start_tid="15:00"), foer) == {"start_dato": FOR_LENGE_SIDEN}
    assert _feil(foer.med(svarfrist_tid="13:00"), foer) == {"svarfrist_dato": FRISTEN_PASSERT}


@pytest.mark.parametrize("dag", ["0001-01-01", "9999-12-31", "31.12.9999"])
def test_a_day_at_the_edge_of_the_calendar_is_an_error_and_no_fall(dag: str) -> None:
    assert list(_feil(_tidfelt(f"{dag} 00:00", ""))) == ["start_dato"]


TIDSROM = (
    ("2026-11-28T14:00+01:00", None, "lør 28.11. kl. 14.00"),
    ("2026-11-28T14:00+01:00", "2026-11-28T17:00+01:00", "lør 28.11. kl. 14.00 til 17.00"),
    ("2027-01-01T14:00+01:00", None, "fre 1.1.2027 kl. 14.00"),
    ("2026-12-31T23:30Z", None, "fre 1.1.2027 kl. 00.30"),
    ("2026-12-31T22:00+01:00", "2027-01-01T02:00+01:00", "tor 31.12. kl. 22.00 til fre 1.1.2027 kl. 02.00"),
    ("2026-11-28T14:00+01:00", "2027-11-28T15:00+01:00", "lør 28.11. kl. 14.00 til søn 28.11.2027 kl. 15.00"),
    (None, None, ""),
)


@pytest.mark.parametrize(("start", "slutt", "tekst"), TIDSROM)
def test_another_year_is_said(start: str | None, slutt: str | None, tekst: str) -> None:
    fra, til = (datetime.fromisoformat(t) if t else None for t in (start, slutt))
    assert tidsrom(fra, til, NAA) == tekst


BEGYNT = (
    (NAA, "SaLTo ELG: Uro, Tøyen torg nå. Kan du", "Har begynt: SMS-en sier «nå»"),
    (NAA - timedelta(hours=20), "SaLTo ELG: Uro, Tøyen torg nå. Kan du", "Har begynt: SMS-en sier «nå»"),
    (NAA, "SaLTo ELG: Uro, Tøyen torg", "Har begynt"),
    (FREMME, "SaLTo ELG: Uro, Tøyen torg nå. Kan du", ""),
    (None, "SaLTo ELG: Uro", ""),
)


@pytest.mark.parametrize(("start", "sms", "tekst"), BEGYNT)
def test_what_has_begun_is_said_and_what_the_text_says_of_it(start: datetime | None, sms: str, tekst: str) -> None:
    assert begynt(start, [sms], NAA) == tekst
