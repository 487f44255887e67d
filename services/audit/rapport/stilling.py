"""How it stands with each who was called, in one line: the newest answer, or else how far the message came."""

from __future__ import annotations

from dataclasses import dataclass

from services.audit.rapport.modell import Rapport, Spurt
from services.audit.tid import klokka


@dataclass(frozen=True)
class Stilling:
    """A role and where it stands. `svart`: an answer has come."""

    hvem: str
    tekst: str
    svart: bool
    merknad: str


def stillinger(r: Rapport) -> tuple[Stilling, ...]:
    """Everyone who was called, in the order of the call-outs."""
    return tuple(Stilling(s.hvem, _tekst(s), bool(s.svar), "; ".join(s.merknader)) for s in r.spurt)


def _tekst(s: Spurt) -> str:
    if s.svar:
        return f"{s.svar[-1].svar}, svarte kl. {klokka(s.svar[-1].tid)}"
    hale = "" if s.art == "orientering" else ", har ikke svart"
    if s.levert:
        return f"levert kl. {klokka(s.levert)}{hale}"
    return f"sendt kl. {klokka(s.sendt)}{hale}" if s.sendt else f"ikke sendt ennå{hale}"
