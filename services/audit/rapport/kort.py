"""The report in a glance: the handful of numbers that stand first."""

from __future__ import annotations

from dataclasses import dataclass

from services.audit.rapport.modell import Rapport, Tall

_STILLER = {"kommer", "framme", "ferdig"}
_TIDER = {
    "Fra meldt til første utkalling sendt": "Tid til første melding",
    "Fra meldt til første svar": "Tid til første svar",
    "Svartid, median": "Median tid til svar",
    "Fra meldt til bemannet": "Tid til bemannet",
}


@dataclass(frozen=True)
class Kort:
    """Counts with their words, and how long things took."""

    tellere: tuple[tuple[int, str], ...]
    tider: tuple[Tall, ...]


def kort_fortalt(r: Rapport) -> Kort:
    """The numbers of a report that are read first."""
    spurt = [s for s in r.spurt if s.art == "foresporsel"]
    kommer = sum(bool(s.svar) and s.svar[-1].svar in _STILLER for s in spurt)
    kommer_ikke = sum(bool(s.svar) and s.svar[-1].svar == "kommer ikke" for s in spurt)
    ubesvart = r.hode.ubesvart
    tellere = [
        (len(spurt), "spurt"),
        (kommer, "kommer" if r.hode.aapen else "sa ja"),
        (kommer_ikke, "kommer ikke" if r.hode.aapen else "sa nei"),
        (len(r.aldri_svart), ubesvart[:1].lower() + ubesvart[1:]),
        (len(r.mangler), "rolle manglet" if len(r.mangler) == 1 else "roller manglet"),
    ]
    verdi = {t.navn: t.verdi for t in r.tall}
    tider = tuple(Tall(navn=kort, verdi=verdi[langt]) for langt, kort in _TIDER.items() if langt in verdi)
    return Kort(tuple(tellere), tider)
