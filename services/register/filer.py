"""The register file (API §7): bytes from any spreadsheet in; rows, and what is wrong with the other lines, out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.register.felter import LESERE, Cellefeil, har_personnummer
from services.register.rules_rader import Rad, Radfeil
from services.register.rules_roller import feil_i_enhet

STOERST_BYTES = 2 * 1024 * 1024
RADER_MAKS = 20_000
PAAKREVD = ("person_id", "navn", "rolle", "enhet")
PERSONNUMMER = "ser ut som et fødselsnummer eller D-nummer; det skal aldri stå i registeret"
_SEP = re.compile(r"sep=.\r?\n", re.IGNORECASE)
Linje = tuple[int, list[str]]


class Filfeil(ValueError):
    """The file cannot be read further from this line."""

    def __init__(self, linje: int, tekst: str) -> None:
        super().__init__(tekst)
        self.feil = Radfeil(linje, "fil", tekst)


@dataclass(frozen=True)
class Innlest:
    """What a file says: the rows that could be read, and what is wrong with the others."""

    rader: tuple[Rad, ...]
    feil: tuple[Radfeil, ...]
    uleste: frozenset[str] = frozenset()
    """Keys of rows that could not be read."""


def les(data: bytes) -> Innlest:
    """Reads a register file: `;` or `,`, UTF-8 or Windows-1252, header first, columns in any order. Never raises."""
    rader: list[Rad] = []
    feil: list[Radfeil] = []
    uleste: set[str] = set()
    try:
        linjer = _linjer(_tekst(data))
        kolonner = _kolonner(next(linjer, None))
        for antall, (nr, celler) in enumerate(linjer, 1):
            if antall > RADER_MAKS:
                raise Filfeil(nr, f"filen har flere enn {RADER_MAKS} rader")  # noqa: TRY301 - the one way out
            rad, radfeil = _rad(nr, kolonner, celler)
            feil += radfeil
            if rad:
                rader.append(rad)
            else:
                uleste |= _noekkel(kolonner, celler)
    except Filfeil as stopp:
        feil.append(stopp.feil)
    if not rader and not feil:
        feil.append(Radfeil(1, "fil", "filen har ingen rader under overskriften"))
    return Innlest(tuple(rader), tuple(feil), frozenset(uleste))


def les_rad(celler: Mapping[str, str], linje: int) -> tuple[Rad | None, list[Radfeil]]:
    """The row of these cells, or everything that is wrong with them, never with the value itself."""
    feil = [Radfeil(linje, felt, PERSONNUMMER) for felt, verdi in celler.items() if har_personnummer(verdi)]
    if feil:
        return None, feil
    felter: dict[str, Any] = {}
    for felt, leser in LESERE.items():
        try:
            felter[felt] = leser(rens(celler.get(felt, "")))
        except Cellefeil as en:
            feil.append(Radfeil(linje, felt, str(en)))
    if feil:
        return None, feil
    rad = Rad(linje=linje, noekkel=felter.pop("person_id"), **felter)
    if grunn := feil_i_enhet(rad.rolle, rad.enhet):
        feil.append(Radfeil(linje, "enhet", grunn))
    if rad.gyldig_fra and rad.gyldig_til and rad.gyldig_til < rad.gyldig_fra:
        feil.append(Radfeil(linje, "gyldig_til", "er før gyldig_fra"))
    return (None if feil else rad), feil


def rens(celle: str) -> str:
    """The cell in NFC, with plain single spaces, and without the quote our own export puts before a formula."""
    tekst = " ".join(unicodedata.normalize("NFC", celle).split())
    return tekst[1:].lstrip() if tekst[:1] == "'" and tekst[1:2] in {"=", "+", "-", "@"} else tekst


def _tekst(data: bytes) -> str:
    """The file as text. Windows-1252 is what Excel writes when it is not told otherwise."""
    if len(data) > STOERST_BYTES:
        raise Filfeil(1, f"filen er større enn {STOERST_BYTES // 1024 // 1024} MB")
    if b"\0" in data:
        raise Filfeil(1, "filen er ikke en CSV-fil i UTF-8 eller Windows-1252")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as feil:
        linje = data.count(b"\n", 0, feil.start) + 1
        raise Filfeil(linje, "filen er verken UTF-8 eller Windows-1252") from feil


def _linjer(tekst: str) -> Iterator[Linje]:
    """Each row that is not blank, with the line it begins on."""
    forskjoevet = 0
    if sep := _SEP.match(tekst):  # Excel's own hint about the delimiter
        tekst, forskjoevet = tekst[sep.end() :], 1
    overskrift = tekst.lstrip().partition("\n")[0]
    leser = csv.reader(io.StringIO(tekst, newline=""), delimiter=";" if ";" in overskrift else ",", strict=True)
    while True:
        fra = leser.line_num + 1 + forskjoevet
        try:
            celler = next(leser)
        except StopIteration:
            return
        except csv.Error as feil:
            raise Filfeil(fra, "raden kan ikke leses (anførselstegn som ikke går opp?)") from feil
        if any(celle.strip() for celle in celler):
            yield fra, celler


def _kolonner(overskrift: Linje | None) -> list[str]:
    """The columns by name. Never quotes the header: in a file without one it is somebody's row."""
    if overskrift is None:
        raise Filfeil(1, "filen er tom")
    linje, celler = overskrift
    navn = [celle.strip().lower() for celle in celler]
    while navn and not navn[-1]:
        navn.pop()
    ukjente = [str(nr) for nr, ett in enumerate(navn, 1) if ett not in LESERE]
    if ukjente:
        raise Filfeil(linje, f"overskriften har ukjent kolonne nr. {', '.join(ukjente)}; kjente er {', '.join(LESERE)}")
    if len(set(navn)) < len(navn):
        raise Filfeil(linje, "overskriften har samme kolonne to ganger")
    if mangler := [ett for ett in PAAKREVD if ett not in navn]:
        raise Filfeil(linje, f"overskriften mangler {', '.join(mangler)}")
    if not {"mobil", "epost"} & set(navn):
        raise Filfeil(linje, "overskriften mangler mobil eller epost")
    return navn


def _rad(linje: int, kolonner: list[str], celler: list[str]) -> tuple[Rad | None, list[Radfeil]]:
    """Excel leaves out empty cells at the end of a row; cells beyond the header mean a stray delimiter."""
    if any(celle.strip() for celle in celler[len(kolonner) :]):
        return None, [Radfeil(linje, "rad", f"har flere celler enn overskriften, som har {len(kolonner)} kolonner")]
    return les_rad(dict(zip(kolonner, celler, strict=False)), linje)


def _noekkel(kolonner: list[str], celler: list[str]) -> set[str]:
    return {rens(celle) for kolonne, celle in zip(kolonner, celler, strict=False) if kolonne == "person_id"}
