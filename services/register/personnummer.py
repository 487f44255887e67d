"""Finding national identity numbers in text: they have no place in the register, and are never shown or logged."""

from __future__ import annotations

import re
import unicodedata

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

_SKILLE = r"[ .\-/\u00a0\u2010\u2011]"
_ELLEVE = re.compile(rf"(?<![\d+])(?<!\d{_SKILLE})\d(?:{_SKILLE}?\d){{10}}(?!{_SKILLE}?\d)")
"""Eleven digits that stand alone, however they are grouped; a number with + before it is a telephone's."""


def har_personnummer(tekst: str) -> bool:
    """Whether the text has eleven digits whose check digits are a national id's.

    Fødselsnummer, D-, H- and FH-numbers and Tenor's test numbers all share the check digits, so the
    date is not looked at. Of other eleven-digit numbers about one in a hundred is taken for one.
    """
    for treff in _ELLEVE.finditer(unicodedata.normalize("NFKC", tekst)):
        sifre = "".join(str(int(tegn)) for tegn in treff.group() if tegn.isdigit())
        if calc_check_digit1(sifre) == sifre[9] and calc_check_digit2(sifre) == sifre[10]:
            return True
    return False
