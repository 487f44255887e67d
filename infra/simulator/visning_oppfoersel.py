"""What people call a phone's or a mailbox's misbehaviour, and the rule each name stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VANLIG = "vanlig"
EGEN = "egen"
"""A rule that was set elsewhere, and that no name here stands for."""


@dataclass(frozen=True)
class Slag:
    """One way to misbehave. `regel` is what the simulator is told; None: as usual."""

    kode: str
    tekst: str
    regel: Mapping[str, Any] | None


TELEFON = (
    Slag(VANLIG, "Oppfører seg som den skal", None),
    Slag("avslaatt", "Er avslått: SMS-en kommer ikke fram", {"ulevert": 30003}),
    Slag("borte", "Nummeret finnes ikke", {"avvis": 21211}),
    Slag("fasttelefon", "Er en fasttelefon og kan ikke få SMS", {"avvis": 21614}),
    Slag("treg", "Er treg: hver SMS bruker 5 sekunder", {"forsinkelse_ms": 5000}),
    Slag("opptatt", "Leverandøren ber oss vente, tre ganger", {"status": 429, "antall": 3}),
    Slag("nede", "Leverandøren feiler, tre ganger", {"status": 503, "antall": 3}),
    Slag(
        "tvil",
        "Neste SMS går ut, men vi får ikke vite det",
        {"tidsavbrudd_etter_aksept": 0, "antall": 1},
    ),
    Slag("taus", "Melder aldri om SMS-en er levert", {"ingen_statuser": True}),
    Slag("dobbel", "Melder alt to ganger", {"doble_statuser": True}),
    Slag("baklengs", "Melder i feil rekkefølge", {"omvendt_rekkefolge": True}),
    Slag("svarer_ja", "Svarer JA av seg selv", {"autosvar": [{"tekst": "JA"}]}),
    Slag("svarer_nei", "Svarer NEI av seg selv", {"autosvar": [{"tekst": "NEI"}]}),
)
POSTKASSE = (
    Slag(VANLIG, "Oppfører seg som den skal", None),
    Slag("full", "Er full: tar ikke imot nå, tre ganger", {"kode": 450, "antall": 3}),
    Slag("borte", "Adressen finnes ikke", {"kode": 550}),
    Slag("tvil", "Neste e-post tas imot, men vi får ikke vite det", {"brudd_etter_data": True, "antall": 1}),
)


def slag_av(kode: str, alle: tuple[Slag, ...]) -> Slag | None:
    """The way to misbehave that has this code; None when there is none."""
    return next((slag for slag in alle if slag.kode == kode), None)


def gjelder(regel: Mapping[str, Any] | None, alle: tuple[Slag, ...]) -> Slag:
    """What the simulator's rule is called; how many times are left of it does not matter."""
    if regel is None:
        return alle[0]
    kjent = next((slag for slag in alle if slag.regel is not None and _likt(slag.regel, regel)), None)
    return kjent or Slag(EGEN, "Har en egen regel, satt et annet sted", regel)


def valg(naa: Slag, alle: tuple[Slag, ...]) -> list[tuple[str, str]]:
    """The choices of a form; a rule from elsewhere is one of them, so that saving something else keeps it."""
    return [(slag.kode, slag.tekst) for slag in (alle if naa in alle else (*alle, naa))]


def _likt(ene: Mapping[str, Any], andre: Mapping[str, Any]) -> bool:
    return all(ene.get(f) == andre.get(f) for f in {*ene, *andre} - {"antall"})
