"""What may stand in each column of the register file, and how it is normalised: one reader a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import phonenumbers

from contracts.mobilisering import Kanal
from contracts.roller import Rolle
from infra.web.personvern import har_fodselsnummer

_NOEKKEL = re.compile(r"[^\W_][\w.:@+/#\-]{0,63}")
_EPOST = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_KOMMENTAR = re.compile(r"\((?:0|[^()]*[^\W\d_][^()]*)\)|^(?:tlf|tel|telefon|mob|mobil)\b[.:]*", re.IGNORECASE)
_NUMMER = re.compile(r"[+\d\s().\-/]+")
_MOBILTYPER = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
_I_NAVN = {"L", "M", "N", "Z", "P"}
_FREMMED_I_NAVN = frozenset("¾¿¡½¼²³¹†‡…›Œ\ufffd")
"""What «æøå» turns into when a file is read in the wrong encoding."""
_KANALER: dict[str, tuple[Kanal, ...]] = {
    "": (),
    "sms": ("sms",),
    "epost": ("epost",),
    "sms+epost": ("sms", "epost"),
    "epost+sms": ("sms", "epost"),
}
_JA_NEI = {"": None, "ja": True, "nei": False}


class Cellefeil(ValueError):
    """One cell is wrong; the text says how, in bokmål, without the value."""


def har_personnummer(celle: str) -> bool:
    """Whether the cell has the digits of a national id; a number with + before it is a telephone's."""
    lest = unicodedata.normalize("NFKC", celle).strip()
    return not lest.startswith("+") and har_fodselsnummer(lest)


def les_noekkel(tekst: str) -> str:
    """The owner's key: letters, digits and `._:@+/#-`, at most 64, the first a letter or a digit."""
    if not tekst:
        raise Cellefeil("må fylles ut")
    if not _NOEKKEL.fullmatch(tekst):
        raise Cellefeil(
            "kan bare ha bokstaver, tall og tegnene . _ : @ + / # - (høyst 64, først en bokstav eller et tall)"
        )
    return tekst


def les_navn(tekst: str) -> str:
    """A name of at most 100 letters, digits, spaces and punctuation; empty is for another row to fill."""
    if len(tekst) > 100:
        raise Cellefeil("er for langt (høyst 100 tegn)")
    if any(unicodedata.category(tegn)[0] not in _I_NAVN or tegn in _FREMMED_I_NAVN for tegn in tekst):
        raise Cellefeil("har tegn som ikke hører hjemme i et navn (er filen lagret som UTF-8 eller Windows-1252?)")
    return tekst


def les_mobil(tekst: str) -> str | None:
    """A mobile number in any human form, as E.164; Norwegian when no country is given."""
    nummer = _KOMMENTAR.sub("", tekst).strip()
    if not tekst:
        return None
    if not _NUMMER.fullmatch(nummer):
        raise Cellefeil("er ikke et telefonnummer")
    try:
        lest = phonenumbers.parse(nummer, "NO")
    except phonenumbers.NumberParseException as feil:
        raise Cellefeil("er ikke et telefonnummer") from feil
    if not phonenumbers.is_valid_number(lest) or phonenumbers.number_type(lest) not in _MOBILTYPER:
        raise Cellefeil("er ikke et gyldig mobilnummer")
    return phonenumbers.format_number(lest, phonenumbers.PhoneNumberFormat.E164)


def les_epost(tekst: str) -> str | None:
    """An e-mail address in lower case."""
    if not tekst:
        return None
    if len(tekst) > 254 or not _EPOST.fullmatch(tekst):
        raise Cellefeil("er ikke en gyldig e-postadresse")
    return tekst.lower()


def les_rolle(tekst: str) -> Rolle:
    """One of the roles of API §7."""
    if tekst.lower() not in set(Rolle):
        raise Cellefeil(f"må være en av: {', '.join(Rolle)}" if tekst else "må fylles ut")
    return Rolle(tekst.lower())


def les_enhet(tekst: str) -> str:
    """A unit as it is written in API §7; whether it exists depends on the role."""
    if not tekst:
        raise Cellefeil("må fylles ut")
    slag, skille, navn = tekst.partition(":")
    if slag.lower() == "skole":
        return f"skole:{les_navn(navn.strip())}"
    return f"{slag}{skille}{navn.strip()}".lower()


def les_vara_for(tekst: str) -> str | None:
    """The key of the holder; empty for a holder."""
    return les_noekkel(tekst) if tekst else None


def les_kanaler(tekst: str) -> tuple[Kanal, ...]:
    """`sms`, `epost` or `sms+epost`; () = both that exist."""
    kanaler = _KANALER.get(tekst.lower().replace(" ", ""))
    if kanaler is None:
        raise Cellefeil("må være sms, epost eller sms+epost")
    return kanaler


def les_dato(tekst: str) -> date | None:
    """A day, as 2026-11-28 or as Excel saves it here, 28.11.2026."""
    if not tekst:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            dag = datetime.strptime(tekst, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 2000 <= dag.year <= 2100:
            return dag
    raise Cellefeil("er ikke en dato (2026-11-28 eller 28.11.2026)")


def les_demo(tekst: str) -> bool | None:
    """Whether the person is fictitious: the real gateway never calls those."""
    if tekst.lower() not in _JA_NEI:
        raise Cellefeil("må være ja eller nei")
    return _JA_NEI[tekst.lower()]


LESERE: dict[str, Callable[[str], Any]] = {
    "person_id": les_noekkel,
    "navn": les_navn,
    "mobil": les_mobil,
    "epost": les_epost,
    "rolle": les_rolle,
    "enhet": les_enhet,
    "vara_for": les_vara_for,
    "kanaler": les_kanaler,
    "gyldig_fra": les_dato,
    "gyldig_til": les_dato,
    "demo": les_demo,
}
"""Every column, with its reader."""
