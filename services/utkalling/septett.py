"""What a text weighs as SMS: GSM-7 septets, or UCS-2 when it must, and how many segments."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import gsm0338

_CODEC = gsm0338.Codec()
_TEGN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "•": "-",
        "ç": "c",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": "",
        "č": "c",
        "Č": "C",
        "đ": "d",
        "Đ": "D",
        "ŋ": "n",
        "Ŋ": "N",
        "š": "s",
        "Š": "S",
        "ŧ": "t",
        "Ŧ": "T",
        "ž": "z",
        "Ž": "Z",
        "á": "a",
        "Á": "A",
    }
)
EN_GSM, DEL_GSM, EN_UCS2, DEL_UCS2 = 160, 153, 70, 67


@dataclass(frozen=True)
class Vekt:
    """Encoding and number of segments."""

    koding: str
    segmenter: int
    tegn: int
    """Septets in GSM-7, UTF-16 units in UCS-2."""


@lru_cache(maxsize=512)
def normaliser(tekst: str) -> str:
    """Typographic characters as GSM-7 has them, and no double spaces; a letter we have no twin for becomes «?»."""
    samlet = unicodedata.normalize("NFC", tekst)  # a Mac writes «å» as two characters
    rettet = re.sub(r"[ \t]+", " ", samlet.translate(_TEGN)).strip()
    return "".join(t if _septetter(t) else "?" for t in rettet)


def vei(tekst: str) -> Vekt:
    """Weighs a text. An escape pair is never split over two segments."""
    per_tegn = [_septetter(t) for t in tekst]
    if all(per_tegn):
        return Vekt("gsm7", _segmenter(per_tegn, EN_GSM, DEL_GSM), sum(per_tegn))
    enheter = [2 if ord(t) > 0xFFFF else 1 for t in tekst]
    return Vekt("ucs2", _segmenter(enheter, EN_UCS2, DEL_UCS2), sum(enheter))


@cache
def _septetter(tegn: str) -> int:
    """1 or 2 septets, or 0 when GSM-7 does not have the character."""
    try:
        return len(_CODEC.encode(tegn)[0])
    except UnicodeEncodeError:
        return 0


def _segmenter(vekter: list[int], en: int, del_: int) -> int:
    if sum(vekter) <= en:
        return 1
    antall, i_denne = 1, 0
    for vekt in vekter:
        if i_denne + vekt > del_:
            antall, i_denne = antall + 1, 0
        i_denne += vekt
    return antall
