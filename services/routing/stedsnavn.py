"""Which names people use for places in Oslo: known places, their aliases, and schools."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from services.routing.kart import DATA

_LIGATURER = str.maketrans({"æ": "a", "ø": "o", "ß": "s"})
_VGS = re.compile(r"\bvgs\b")
_FORSLAG = 3


@dataclass(frozen=True, slots=True)
class Kjent:
    """A place we know by name."""

    id: str
    navn: str
    lat: float
    lon: float
    skole: bool = False
    presisjon_m: int | None = None
    """How far the point may be from what people mean, in metres; None = not known."""


def brett(navn: str) -> str:
    """The name without what people write differently: case, spaces, dots, accents, «vgs», and æ/ae ø/oe å/aa."""
    utskrevet = _VGS.sub("videregående skole", navn.casefold())
    flatt = unicodedata.normalize("NFKD", utskrevet.translate(_LIGATURER))
    for dobbel, enkel in (("ae", "a"), ("oe", "o"), ("aa", "a")):
        flatt = flatt.replace(dobbel, enkel)
    return "".join(tegn for tegn in flatt if tegn.isalnum())


class Stedsnavn:
    """The gazetteer. A place's own name beats another's alias, and both beat a school of the same name."""

    def __init__(self, steder: Iterable[tuple[Kjent, tuple[str, ...]]], skoler: Iterable[Kjent]) -> None:
        self._kjente: dict[str, Kjent] = {}
        med_alias = list(steder)
        for kjent, _ in med_alias:
            self._kjente.setdefault(brett(kjent.navn), kjent)
        for kjent, alias in med_alias:
            for navn in alias:
                self._kjente.setdefault(brett(navn), kjent)
        for skole in skoler:
            self._kjente.setdefault(brett(skole.navn), skole)
        self._etter_id = {kjent.id: kjent for kjent, _ in med_alias}

    @classmethod
    def les(cls, mappe: Path = DATA) -> Stedsnavn:
        """The gazetteer from the files of the room."""
        return cls(map(_sted, _rader(mappe / "places.csv")), map(_skole, _rader(mappe / "skoler.csv")))

    def finn(self, navn: str) -> Kjent | None:
        """The place with this name or alias, however it is spelled."""
        return self._kjente.get(brett(navn))

    def med_id(self, sted_id: str) -> Kjent:
        """The place with this id in the file; KeyError when there is none."""
        return self._etter_id[sted_id]

    def alle(self) -> Mapping[str, Kjent]:
        """Every place by its folded name and aliases (`brett`)."""
        return self._kjente

    def forslag(self, navn: str) -> tuple[str, ...]:
        """Up to three known places the sender may have meant, best first."""
        naere = get_close_matches(brett(navn), self._kjente, n=2 * _FORSLAG, cutoff=0.6)
        return tuple(dict.fromkeys(self._kjente[noekkel].navn for noekkel in naere))[:_FORSLAG]


def _rader(fil: Path) -> list[dict[str, str]]:
    with fil.open(encoding="utf-8", newline="") as apen:
        return list(csv.DictReader(apen))


def _sted(rad: dict[str, str]) -> tuple[Kjent, tuple[str, ...]]:
    kjent = Kjent(rad["id"], rad["navn"], float(rad["lat"]), float(rad["lon"]), presisjon_m=int(rad["presisjon_m"]))
    return kjent, tuple(filter(None, rad["alias"].split(";")))


def _skole(rad: dict[str, str]) -> Kjent:
    return Kjent(brett(rad["navn"]), rad["navn"], float(rad["lat"]), float(rad["lon"]), skole=True)
