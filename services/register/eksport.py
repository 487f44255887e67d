"""The register as a file: what `importer` reads back unchanged, and what a spreadsheet opens without running it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import phonenumbers

from services.register.rules_rader import Person, Register, Verv

KOLONNER = (
    "person_id",
    "navn",
    "mobil",
    "epost",
    "rolle",
    "enhet",
    "vara_for",
    "kanaler",
    "gyldig_fra",
    "gyldig_til",
)


def skriv(register: Register) -> bytes:
    """The whole register in UTF-8 with a mark that Excel knows it by, `;` between cells.

    A column `demo` is there when anybody is fictitious: the mark must survive a round trip, for the real gateway
    refuses whoever carries it.
    """
    personer = {p.person_id: p for p in register.personer.values()}
    demo = any(p.demo for p in personer.values())
    noekler = {p.person_id: p.noekkel for p in personer.values()}
    rader = sorted(
        _rad(personer[v.person_id], v, noekler.get(v.vara_for, "") if v.vara_for else "") for v in register.verv
    )
    return skriv_rader((*KOLONNER, "demo") if demo else KOLONNER, rader).encode("utf-8-sig")


def skriv_rader(kolonner: Sequence[str], rader: Iterable[Sequence[str]]) -> str:
    """Rows as CSV text, cut to the columns, with every cell made harmless."""
    ut = io.StringIO()
    skriver = csv.writer(ut, delimiter=";", lineterminator="\r\n")
    skriver.writerow(kolonner)
    skriver.writerows([ufarlig(celle) for celle in rad[: len(kolonner)]] for rad in rader)
    return ut.getvalue()


def ufarlig(celle: str) -> str:
    """The cell as text a spreadsheet never runs as a formula: `=`, `+`, `-` or `@` first gets a quote before it."""
    return f"'{celle}" if celle[:1] in {"=", "+", "-", "@"} else celle


def les_nummer(e164: str) -> str:
    """A number as people write it, and without the `+` that a spreadsheet takes for a formula."""
    nummer = phonenumbers.parse(e164)
    if nummer.country_code == 47:
        return phonenumbers.format_number(nummer, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "00" + phonenumbers.format_number(nummer, phonenumbers.PhoneNumberFormat.INTERNATIONAL).removeprefix("+")


def _rad(person: Person, verv: Verv, vara_for: str) -> tuple[str, ...]:
    return (
        person.noekkel,
        person.navn,
        les_nummer(person.mobil) if person.mobil else "",
        person.epost or "",
        verv.rolle,
        verv.enhet,
        vara_for,
        "+".join(verv.kanaler),
        str(verv.gyldig_fra or ""),
        str(verv.gyldig_til or ""),
        "ja" if person.demo else "nei",
    )
