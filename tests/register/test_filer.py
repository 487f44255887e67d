"""Real files, byte for byte, as spreadsheets write them, and every way they can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.roller import Rolle
from services.register import eksport, filer
from services.register.filer import RADER_MAKS, STOERST_BYTES, les
from services.register.rules_rader import Register
from tests.register.byen import csv, rad
from tests.register.test_felter import INGENS, TENOR

AASE = rad("a-01", navn="Åse Ærlig-Ørn")


@pytest.mark.parametrize(
    "data",
    [
        csv(AASE).encode("utf-8"),
        csv(AASE).encode("utf-8-sig"),
        csv(AASE).encode("cp1252"),
        csv(AASE, skille=",").encode("cp1252"),
        csv(AASE).replace("\r\n", "\n").encode(),
        csv(AASE).replace("\r\n", "\r").encode(),
        b"sep=;\r\n" + csv(AASE).encode("cp1252"),
        ("\r\n" + csv(AASE) + ";;;;;;;;;\r\n\r\n").encode(),
        csv(AASE, kolonner=("epost", "enhet", "rolle", "mobil", "navn", "person_id")).encode(),
        csv(AASE).upper().replace("A-01", "a-01").replace("ÅSE ÆRLIG-ØRN", "Åse Ærlig-Ørn").encode(),
        "\r\n".join(f'"{linje.replace(";", chr(34) + ";" + chr(34))}"' for linje in csv(AASE).splitlines()).encode(),
        csv(AASE).replace(";;;;\r\n", "\r\n").encode(),
    ],
    ids=["utf8", "bom", "cp1252", "komma", "lf", "cr", "sep", "tomme", "rekkefølge", "store", "anførsel", "avkuttet"],
)
def test_the_same_row_is_read_from_every_kind_of_file(data: bytes) -> None:
    innlest = les(data)
    assert innlest.feil == ()
    (rad_,) = innlest.rader
    assert (rad_.noekkel, rad_.navn, rad_.mobil) == ("a-01", "Åse Ærlig-Ørn", "+4790000001")
    assert (rad_.rolle, rad_.enhet, rad_.epost) == (Rolle.SALTO_KOORDINATOR, "bydel:05", "a-01@test.salto.example")


@pytest.mark.parametrize(
    ("felt", "verdi", "ventet"),
    [
        ("person_id", "", "person_id"),
        ("person_id", "=HYPERLINK(1)", "person_id"),
        ("navn", "K¾re", "navn"),
        ("mobil", "22 00 00 00", "mobil"),
        ("epost", "ikke en adresse", "epost"),
        ("rolle", "", "rolle"),
        ("rolle", "sjef", "rolle"),
        ("enhet", "", "enhet"),
        ("enhet", "bydel:16", "enhet"),
        ("enhet", "bydel:17", "enhet"),
        ("enhet", "bydel:5", "enhet"),
        ("enhet", "driftsenhet:vest", "enhet"),
        ("enhet", "Frogner", "enhet"),
        ("vara_for", "to ord", "vara_for"),
        ("kanaler", "brevdue", "kanaler"),
        ("gyldig_fra", "snart", "gyldig_fra"),
        ("gyldig_til", "2026-02-30", "gyldig_til"),
        ("navn", f"Test {TENOR}", "navn"),
        ("person_id", INGENS, "person_id"),
        ("mobil", INGENS, "mobil"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_field_and_never_quoted(felt: str, verdi: str, ventet: str) -> None:
    innlest = les(csv(AASE, rad("b-02", **{felt: verdi}), rad("c-03")).encode())
    assert {(f.linje, f.felt) for f in innlest.feil} == {(3, ventet)}
    assert len(innlest.rader) == 2
    assert not verdi or all(verdi not in f.tekst for f in innlest.feil)


def test_every_bad_cell_of_every_bad_row_is_told() -> None:
    ille = rad("b-02", mobil="x", epost="y", rolle="z", gyldig_fra="2026-12-01")
    bakvendt = rad("c-03", gyldig_fra="2026-12-01", gyldig_til="2026-11-01")
    feil = {(f.linje, f.felt) for f in les(csv(AASE, ille, bakvendt).encode()).feil}
    assert feil == {(3, "mobil"), (3, "epost"), (3, "rolle"), (4, "gyldig_til")}


@pytest.mark.parametrize(
    ("rolle", "enhet", "lov"),
    [
        ("salto_koordinator", "bydel:15", True),
        ("salto_sentrum", "sentrum", True),
        ("salto_sentrum", "bydel:04", False),
        ("uteseksjonen", "velferdsetaten", True),
        ("sekretariat", "utdanningsetaten", False),
        ("ff", "politi:ff", True),
        ("forebyggende", "driftsenhet:ost", True),
        ("forebyggende", "driftsenhet:nord", False),
        ("politikontakt", "bydel:16", False),
        ("rektor", "skole:Hersleb videregående skole", True),
        ("rektor", "bydel:01", False),
        ("utoevende", "velferdsetaten", True),
        ("utoevende", "kommune:3201", False),
        ("slt_annen_kommune", "kommune:3201", True),
        ("slt_annen_kommune", "kommune:0301", False),
        ("slt_annen_kommune", "kommune:Bærum", False),
    ],
)
def test_a_role_belongs_to_certain_units(rolle: str, enhet: str, *, lov: bool) -> None:
    assert (les(csv(rad("a-01", rolle, enhet)).encode()).feil == ()) is lov


@pytest.mark.parametrize(
    ("data", "linje", "tekst"),
    [
        (b"", 1, "filen er tom"),
        (csv().encode(), 1, "ingen rader"),
        (b"person_id;navn\r\n", 1, "mangler rolle, enhet"),
        (b"person_id;navn;rolle;enhet\r\n", 1, "mangler mobil eller epost"),
        (csv(AASE).replace("gyldig_til", "gyldig_tl", 1).encode(), 1, "ukjent kolonne nr. 10"),
        (csv(AASE).replace("gyldig_til", "mobil", 1).encode(), 1, "samme kolonne to ganger"),
        (csv(AASE).encode("utf-16"), 1, "ikke en CSV-fil"),
        (csv(AASE).encode() + b"\x81\xff", 3, "verken UTF-8 eller Windows-1252"),
        (csv(AASE).encode() + b'b-02;"Aldri lukket\r\n' * 3, 3, "anførselstegn"),
        ((csv(AASE).strip() + ";for mye\r\n").encode(), 2, "flere celler"),
        (b" " * (STOERST_BYTES + 1), 1, "større enn 2 MB"),
        (csv(AASE).encode() + b"x;y\r\n" * (RADER_MAKS + 1), RADER_MAKS + 2, f"flere enn {RADER_MAKS}"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(data: bytes, linje: int, tekst: str) -> None:
    feil = [f for f in les(data).feil if tekst in f.tekst]
    assert [f.linje for f in feil] == [linje]


def test_a_file_without_a_header_is_not_quoted_back() -> None:
    uten = csv(AASE).partition("\r\n")[2].encode()
    (feil,) = les(uten).feil
    assert "ukjent kolonne" in feil.tekst
    assert "Åse" not in feil.tekst


def test_a_cell_over_two_lines_keeps_the_count_of_lines() -> None:
    brutt = csv(AASE, rad("b-02", navn='"Test\r\nEksempel"'), rad("c-03", rolle="x")).encode()
    innlest = les(brutt)
    assert [r.navn for r in innlest.rader] == ["Åse Ærlig-Ørn", "Test Eksempel"]
    assert [f.linje for f in innlest.feil] == [5]


@given(st.binary(max_size=400))
def test_the_reader_never_raises_on_bytes(data: bytes) -> None:
    innlest = les(data)
    assert innlest.rader or innlest.feil


@given(
    st.lists(
        st.lists(st.text(max_size=12) | st.sampled_from([*AASE.values(), INGENS, "'=1", '"']), max_size=12), max_size=6
    )
)
def test_the_reader_never_raises_under_a_good_header(celler: list[list[str]]) -> None:
    data = csv() + "\n".join(";".join(rad_) for rad_ in celler)
    innlest = les(data.encode("utf-8", "surrogatepass"))
    assert all(f.tekst and f.linje >= 1 and INGENS not in f.tekst for f in innlest.feil)


def test_the_export_of_nothing_is_a_header_alone() -> None:
    assert eksport.skriv(Register()).decode("utf-8-sig").strip() == ";".join(eksport.KOLONNER)


@pytest.mark.parametrize("celle", ["=1+1", "+47", "-2", "@sum"])
def test_no_cell_of_an_export_is_a_formula_and_the_import_takes_the_quote_off(celle: str) -> None:
    assert eksport.ufarlig(celle) == f"'{celle}"
    assert filer.rens(eksport.ufarlig(celle)) == celle


def test_the_demo_file_is_without_fault() -> None:
    innlest = les((Path(filer.__file__).parent / "data" / "demo.csv").read_bytes())
    assert innlest.feil == ()
    assert all(r.demo for r in innlest.rader)
