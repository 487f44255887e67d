"""What a telephone number looks like when written the one way we store it (E.164)."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

ALLE = "*"
_NORSK = re.compile(r"\+47\d{8}")


class UgyldigNummer(ValueError):
    """The text is no telephone number."""


@lru_cache(maxsize=65_536)
def e164(tekst: str) -> str:
    """The number as E.164, Norwegian when no country is given; raises UgyldigNummer."""
    if _NORSK.fullmatch(tekst):
        return tekst
    try:
        nummer = phonenumbers.parse(tekst, "NO")
    except phonenumbers.NumberParseException as feil:
        raise UgyldigNummer(tekst) from feil
    if not phonenumbers.is_possible_number(nummer):
        raise UgyldigNummer(tekst)
    return phonenumbers.format_number(nummer, phonenumbers.PhoneNumberFormat.E164)
