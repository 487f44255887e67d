"""What may stand in one cell, and how it is read."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from services.register.felter import (
    Cellefeil,
    har_personnummer,
    les_dato,
    les_enhet,
    les_kanaler,
    les_mobil,
    les_navn,
    les_noekkel,
)


def oppdiktet_personnummer(ni_sifre: str) -> str:
    """Nine digits with the check digits of a national id."""
    ti = ni_sifre + calc_check_digit1(ni_sifre)
    return str(ti + calc_check_digit2(ti))


INGENS = oppdiktet_personnummer("999999005")
"""Day 99 of month 99: nobody's number."""
TENOR = oppdiktet_personnummer("018180003")
"""Month + 80: made up for tests."""


@pytest.mark.parametrize(
    ("skrevet", "lest"),
    [
        ("90000001", "+4790000001"),
        ("900 00 001", "+4790000001"),
        ("90 00 00 01", "+4790000001"),
        ("+47 900 00 001", "+4790000001"),
        ("004790000001", "+4790000001"),
        ("4790000001", "+4790000001"),
        ("(+47) 900 00 001", "+4790000001"),
        ("900-00-001", "+4790000001"),
        ("900.00.001", "+4790000001"),
        ("900 00 001 (vakt)", "+4790000001"),
        ("Tlf. 900 00 001", "+4790000001"),
        ("mobil: 900 00 001", "+4790000001"),
        ("+46 (0)70 123 45 67", "+46701234567"),
        ("0046 70 123 45 67", "+46701234567"),
        ("", None),
    ],
)
def test_a_mobile_is_read_in_any_human_form(skrevet: str, lest: str | None) -> None:
    assert les_mobil(skrevet) == lest


@pytest.mark.parametrize(
    "skrevet",
    [
        "22 00 00 00",
        "02800",
        "116117",
        "59 00 00 00",
        "580000000000",
        "9000000",
        "900 00 001 / 900 00 002",
        "ja",
        "+",
        "()",
    ],
)
def test_what_no_sms_can_reach_is_refused(skrevet: str) -> None:
    with pytest.raises(Cellefeil):
        les_mobil(skrevet)


@pytest.mark.parametrize(
    "navn", ["Åse Ærlig-Ørn", "Test O'Hara", "Ragnhild Eksempel (Frogner)", "Test Person 1", "Čálliid Demo"]
)
def test_a_name_may_be_any_name(navn: str) -> None:
    assert les_navn(navn) == navn


@pytest.mark.parametrize("navn", ["K¾re", "Ã¸rn", "=cmd|x", "a\x00b", "B<script>", "J\ufffdrgen", "x" * 101])
def test_a_name_in_the_wrong_encoding_is_noticed(navn: str) -> None:
    with pytest.raises(Cellefeil):
        les_navn(navn)


@pytest.mark.parametrize("noekkel", ["ansatt-0042", "a.b_c@oslo", "Ærlig1", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"])
def test_a_key_is_the_owners_own(noekkel: str) -> None:
    assert les_noekkel(noekkel) == noekkel


@pytest.mark.parametrize("noekkel", ["", "=1+1", "-x", "to ord", "x" * 65, "a;b"])
def test_a_key_that_would_not_stay_a_key_is_refused(noekkel: str) -> None:
    with pytest.raises(Cellefeil):
        les_noekkel(noekkel)


def test_cells_are_normalised() -> None:
    assert les_enhet("Bydel: 05") == "bydel:05"
    assert les_enhet("skole: Hersleb videregående skole") == "skole:Hersleb videregående skole"
    assert les_kanaler("Epost + SMS") == ("sms", "epost")
    assert les_dato("2026-11-28") == les_dato("28.11.2026") == date(2026, 11, 28)


@pytest.mark.parametrize("dato", ["2026-02-30", "28/11/2026", "1899-12-31", "i morgen", "2026-11-28T00:00:00"])
def test_what_is_no_day_is_refused(dato: str) -> None:
    with pytest.raises(Cellefeil):
        les_dato(dato)


@pytest.mark.parametrize(
    "tekst",
    [
        INGENS,
        TENOR,
        f"{INGENS[:6]} {INGENS[6:]}",
        f"{INGENS[:6]}-{INGENS[6:]}",
        f"{TENOR[:6]} {TENOR[6:9]} {TENOR[9:]}",
        f"Test Eksempel f. {TENOR}",
        TENOR.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_a_national_id_is_found_however_it_is_written(tekst: str) -> None:
    assert har_personnummer(tekst)


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "900 00 001",
        f"+{INGENS}",
        f"1{INGENS}",
        f"{INGENS}2",
        INGENS[:10] + str((int(INGENS[10]) + 1) % 10),
        "2026-11-28 2026-11-29",
        "0046 70 123 45 67",
    ],
)
def test_other_numbers_are_left_alone(tekst: str) -> None:
    assert not har_personnummer(tekst)
