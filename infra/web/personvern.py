"""No personal data at the doors: national ids, numbers and addresses are found and refused, never repeated."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

_SKILLE = r"[\s.\-/\u2010-\u2014]{0,3}"
_ELLEVE = re.compile(rf"(?<!\d)(?=(\d(?:{_SKILLE}\d){{10}})(?!\d))")
"""Eleven digits however they are grouped, from wherever a group begins."""
_SAMLET = re.compile(rf"\d{{6}}{_SKILLE}\d{{5}}")
_EPOST = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[A-Za-z]{2,}")
_TIDSROM = re.compile(r"\d{4} ?[-\u2010-\u2014] ?\d{4}")
_DATO = re.compile(r"(\d{1,2})[ .](\d{1,2})[ .](20\d\d)")
NORGE = "NO"


def funn(tekst: str) -> str | None:
    """What is wrong with the text, in bokmål and without quoting it; None when nothing was found."""
    if "\x00" in tekst:
        return "inneholder et tegn som ikke kan lagres"  # PostgreSQL takes no NUL in a text
    lest = unicodedata.normalize("NFKC", tekst)
    if har_fodselsnummer(lest):
        return "inneholder et fødselsnummer eller D-nummer. Skriv aldri personopplysninger her"
    if _EPOST.search(lest):
        return "inneholder en e-postadresse. Skriv aldri personopplysninger her"
    if har_telefonnummer(lest):
        return "inneholder et telefonnummer. Bruk feltet vakttelefon, og skriv aldri personopplysninger her"
    return None


def har_fodselsnummer(tekst: str) -> bool:
    """Whether eleven digits have the check digits of a national id (also D-, H-, FH- and test numbers).

    Digits grouped as nobody groups a national id must also begin with a possible date, or opening hours would be taken
    for one now and then.
    """
    for treff in _ELLEVE.finditer(tekst):
        sifre = "".join(str(int(tegn)) for tegn in treff[1] if tegn.isdecimal())
        if _kontrollsifre_stemmer(sifre) and (_SAMLET.fullmatch(treff[1]) or _mulig_dato(sifre)):
            return True
    return False


def har_telefonnummer(tekst: str) -> bool:
    """Whether the text has a valid phone number; «2200-2330» and «22 11 2026» are times, not numbers."""
    return any(
        not _TIDSROM.fullmatch(treff.raw_string) and not _er_dato(treff.raw_string)
        for treff in phonenumbers.PhoneNumberMatcher(tekst, NORGE)
    )


def _kontrollsifre_stemmer(sifre: str) -> bool:
    return sifre[9] == str(calc_check_digit1(sifre)) and sifre[10] == str(calc_check_digit2(sifre))


def _mulig_dato(sifre: str) -> bool:
    """Day and month, with what is added in D- (day + 40), H- (month + 40) and test numbers (month + 80)."""
    dag, maaned = int(sifre[:2]), int(sifre[2:4])
    return 1 <= dag % 40 <= 31 and 1 <= maaned % 40 <= 12


def _er_dato(tekst: str) -> bool:
    treff = _DATO.fullmatch(tekst)
    if treff is None:
        return False
    try:
        date(int(treff[3]), int(treff[2]), int(treff[1]))
    except ValueError:
        return False
    return True


def e164(nummer: str) -> str | None:
    """A phone number in E.164, or None when it is no valid number."""
    try:
        lest = phonenumbers.parse(nummer, NORGE)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(lest):
        return None
    return phonenumbers.format_number(lest, phonenumbers.PhoneNumberFormat.E164)


def uten_personopplysninger(tekst: str) -> str:
    """The text, stripped; ValueError with what was found in it."""
    if feil := funn(tekst):
        raise ValueError(feil)
    return tekst.strip()


Fritekst = Annotated[str, AfterValidator(uten_personopplysninger)]
"""Free text a person writes at a door."""
