"""National ids, numbers and addresses are found whatever they are dressed as; ordinary words are left alone.

Every national id here is made up with Tenor's mark (month + 80), so that it can be nobody's.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from infra.web.personvern import e164, funn, har_fodselsnummer

FNR, DNR, TLF, EPOST = "et fødselsnummer", "et fødselsnummer", "et telefonnummer", "en e-postadresse"


def _med_kontrollsifre(foerste_ni: str) -> str | None:
    """A made-up id: nine digits and their check digits; None when one of those would be ten."""
    en = calc_check_digit1(foerste_ni)
    to = calc_check_digit2(foerste_ni + en[-1])
    return foerste_ni + en + to if len(en) == len(to) == 1 else None


def syntetisk(dag: int, maaned: int, aar: int, individ: int, *, d_nummer: bool = False) -> str:
    """The first made-up id at or after this individual number. Tenor adds 80 to the month, a D-number 40 to the day."""
    while True:
        nummer = _med_kontrollsifre(f"{dag + 40 * d_nummer:02}{maaned + 80:02}{aar:02}{individ:03}")
        if nummer:
            return nummer
        individ += 1


FODSELSNUMMER = syntetisk(1, 1, 10, 500)
D_NUMMER = syntetisk(15, 6, 9, 600, d_nummer=True)


@pytest.mark.parametrize("nummer", [FODSELSNUMMER, D_NUMMER])
@pytest.mark.parametrize(
    "form",
    [
        "{a}{b}",
        "{a} {b}",
        "{a}-{b}",
        "{a} - {b}",
        "{a}.{b}",
        "{a}\u00a0{b}",
        "{a}\u2013{b}",
        "{d} {m} {y} {b}",
        "{d}.{m}.{y}-{b}",
        "{d}/{m}/{y} {b}",
        "{a} {i} {k}",
    ],
)
@pytest.mark.parametrize("ramme", ["{}", "Gutten ({}) er sett", "f.{}!", "kl 14 {} og 12", "nr{}nr"])
def test_a_national_id_is_found_however_it_is_grouped_and_framed(nummer: str, form: str, ramme: str) -> None:
    deler = {"a": nummer[:6], "b": nummer[6:], "d": nummer[:2], "m": nummer[2:4], "y": nummer[4:6]}
    tekst = ramme.format(form.format(**deler, i=nummer[6:9], k=nummer[9:]))
    assert FNR in (funn(tekst) or "")


def test_a_national_id_in_full_width_digits_is_found() -> None:
    bred = FODSELSNUMMER.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert FNR in (funn(bred) or "")


@given(st.integers(1, 28), st.integers(1, 12), st.integers(0, 99), st.integers(0, 900), st.booleans())
def test_any_made_up_id_is_found(dag: int, maaned: int, aar: int, individ: int, d_nummer: bool) -> None:
    assert har_fodselsnummer(f"se {syntetisk(dag, maaned, aar, individ, d_nummer=d_nummer)}.")


@pytest.mark.parametrize(
    ("tekst", "hva"),
    [
        ("ring 90 00 00 00", TLF),
        ("90000000", TLF),
        ("+47 900 00 000", TLF),
        ("0047 900 00 000", TLF),
        ("tlf:900-00-000", TLF),
        ("22 22 22 22", TLF),
        ("mål@skole.example.com", EPOST),
        ("skriv til a.b+c@example.no i dag", EPOST),
    ],
)
def test_phone_numbers_and_addresses_are_found(tekst: str, hva: str) -> None:
    assert hva in (funn(tekst) or "")


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "Markering foran Stortinget",
        "Konsert 2000-2300, dørene åpner 1830",
        "kl 1400-1700",
        "2200–2330",
        "28.11.2026 kl 14.00-17.00",
        "22 11 2026",
        "2026-11-28T14:00:00+01:00",
        "Ca. 500 personer, 20 busser, 3000 deltakere",
        "4000-5000 personer",
        "500 000 kroner",
        "saksnr 2026/12345-6",
        "Org.nr 958 935 420",
        "gnr 207 bnr 35",
        "Ring 110, 112 og 113, eller 116 111",
        "@stortinget",
        "40 % av 12-åringene, 3 av 10",
    ],
)
def test_ordinary_words_and_numbers_are_left_alone(tekst: str) -> None:
    assert funn(tekst) is None


@given(st.text())
def test_any_text_at_all_is_read_without_fail(tekst: str) -> None:
    feil = funn(tekst)
    assert feil is None or feil.startswith("inneholder ")


@given(st.text(alphabet="0123456789 -./@+\u00a0\u2013abå", max_size=80))
def test_any_jumble_of_digits_is_read_without_fail_and_never_quoted(tekst: str) -> None:
    feil = funn(tekst)
    assert feil is None or not any(tegn.isdigit() for tegn in feil)


@pytest.mark.parametrize(
    ("skrevet", "ventet"),
    [
        ("900 00 000", "+4790000000"),
        ("+47 90 00 00 00", "+4790000000"),
        ("004790000000", "+4790000000"),
        ("22 22 22 22", "+4722222222"),
        ("+46 8 123 456 78", "+46812345678"),
        ("112", None),
        ("tolv", None),
        ("", None),
        ("900 00 00", None),
    ],
)
def test_a_phone_number_is_written_one_way(skrevet: str, ventet: str | None) -> None:
    assert e164(skrevet) == ventet
