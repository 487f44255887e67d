"""Search among known places, aliases and schools while somebody writes: what begins so first, then what is near."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from contracts.roller import BYDELER, DRIFTSENHETER
from infra.web.utlaan import Stedstreff
from services.routing.kart import punkt
from services.routing.steder import Steder
from services.routing.stedsnavn import Kjent, brett

_LIKHET = 0.6
"""How alike two names must be to be suggested for each other: the same as the door's own «Mente du»."""


class Stedsoek:
    """The gazetteer as a search. It knows the same names as the door that resolves a place, and no more."""

    def __init__(self, steder: Steder) -> None:
        self._steder = steder
        self._navn = steder.navn.alle()

    def finn(self, skrevet: str, antall: int) -> Sequence[Stedstreff]:
        """At most `antall` places, each once: names that begin so, then names with it inside, else names like it."""
        soekt = brett(skrevet)
        if not soekt:
            return ()
        treff = {kjent.id: kjent for noekkel in self._noekler(soekt, antall) for kjent in [self._navn[noekkel]]}
        return [Stedstreff(k.navn, self._hvor(k)) for k in list(treff.values())[:antall]]

    def _noekler(self, soekt: str, antall: int) -> list[str]:
        begynner = sorted((n for n in self._navn if n.startswith(soekt)), key=len)
        inni = sorted(n for n in self._navn if soekt in n[1:])
        return [*begynner, *inni] or get_close_matches(soekt, self._navn, n=antall, cutoff=_LIKHET)

    def _hvor(self, kjent: Kjent) -> str:
        treff = self._steder.kart.finn(punkt(kjent.lat, kjent.lon))
        if treff is None:
            return "utenfor Oslo"
        enhet = self._steder.politi.for_bydel(treff.ansvarlig or treff.bydel).enhet
        return f"{BYDELER[treff.bydel]}, {DRIFTSENHETER[enhet]}"
