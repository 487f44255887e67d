"""A mail's text with its answer link made a link, to our own page and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEKST_MAKS = 5000


@dataclass(frozen=True)
class Bit:
    """A stretch of text; with `sti` it is a link to a page of ours."""

    tekst: str
    sti: str = ""


def biter(tekst: str, public_url: str) -> list[Bit]:
    """The text in stretches: `{public_url}/svar/…` is a link to `/svar/…`, everything else stays text."""
    lenke = re.compile(rf"{re.escape(public_url.rstrip('/'))}(/svar/[A-Za-z0-9_-]{{8,128}})(?![\w/-])")
    ut, fra = [], 0
    kort = tekst[:TEKST_MAKS].strip()
    for treff in lenke.finditer(kort):
        ut += [Bit(kort[fra : treff.start()]), Bit("Åpne svarsiden", treff[1])]
        fra = treff.end()
    return [bit for bit in (*ut, Bit(kort[fra:])) if bit.tekst]
