"""No personal data at the door: national ids, numbers and addresses are found and refused, never repeated."""

from __future__ import annotations

import re

import phonenumbers
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

_ELLEVE = re.compile(r"(?<!\d)(\d{6})[ \-.]?(\d{5})(?!\d)")
_EPOST = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[A-Za-z]{2,}")
NORGE = "NO"


def funn(tekst: str) -> str | None:
    """What is wrong with the text, in bokmål and without quoting it; None when nothing was found."""
    if har_fodselsnummer(tekst):
        return "inneholder et fødselsnummer eller D-nummer. Skriv aldri personopplysninger her"
    if _EPOST.search(tekst):
        return "inneholder en e-postadresse. Skriv aldri personopplysninger her"
    if any(True for _ in phonenumbers.PhoneNumberMatcher(tekst, NORGE)):
        return "inneholder et telefonnummer. Bruk feltet vakttelefon, og skriv aldri personopplysninger her"
    return None


def har_fodselsnummer(tekst: str) -> bool:
    """Whether eleven digits in the text have the check digits of a national id (also D-, H- and test numbers)."""
    return any(_kontrollsifre_stemmer(a + b) for a, b in _ELLEVE.findall(tekst))


def _kontrollsifre_stemmer(sifre: str) -> bool:
    return sifre[9] == str(calc_check_digit1(sifre)) and sifre[10] == str(calc_check_digit2(sifre))


def e164(nummer: str) -> str | None:
    """A phone number in E.164, or None when it is no valid number."""
    try:
        lest = phonenumbers.parse(nummer, NORGE)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(lest):
        return None
    return phonenumbers.format_number(lest, phonenumbers.PhoneNumberFormat.E164)
