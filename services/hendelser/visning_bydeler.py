"""How a bydel stands: its colour on the map, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.roller import BYDELER
from contracts.tavle import Svartall
from infra.web.utlaan import Kartfelt
from services.hendelser.visning_rad import svarlinje

INGEN = Kartfelt("ingen", "ingen åpne utkallinger")


@dataclass(frozen=True)
class Bydelsrad:
    """A bydel with open call-outs, beside the map."""

    nr: str
    navn: str
    status: str
    tall: Svartall
    svar: str


def kartfelt(tall: Svartall | None) -> Kartfelt:
    """What the map shows of a bydel. When everybody asked has said no, somebody must look, too."""
    if tall is None or not (tall.spurt or tall.orientert):
        return INGEN
    if not tall.spurt:
        return Kartfelt("ingen", f"ingen er spurt, {svarlinje(tall)}")
    linje = f"{tall.svart} av {tall.spurt} har svart"
    return Kartfelt(_status(tall), ", ".join(filter(None, (linje, svarlinje(tall)))))


def _status(tall: Svartall) -> str:
    alle = tall.svart >= tall.spurt
    if tall.sviktet or (alle and not tall.kommer):
        return "mangler"
    if alle:
        return "dekket"
    return "delvis" if tall.svart else "venter"


def bydelsrader(tall: Mapping[str, Svartall]) -> list[Bydelsrad]:
    """The bydeler where somebody is asked, those that need a person first."""
    rader = [
        Bydelsrad(nr, navn, kartfelt(tall[nr]).status, tall[nr], svarlinje(tall[nr]))
        for nr, navn in BYDELER.items()
        if nr in tall and tall[nr].spurt
    ]
    return sorted(rader, key=lambda r: r.status != "mangler")


def stille_bydeler(tall: Mapping[str, Svartall]) -> list[tuple[str, str]]:
    """Number and name of the bydeler where nobody is asked."""
    return [(nr, navn) for nr, navn in BYDELER.items() if nr not in tall or not tall[nr].spurt]
