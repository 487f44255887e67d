"""Which geographic unit of the police a place belongs to. An editable default: the police must confirm it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import shapely
from pydantic import BaseModel, Field

from contracts.hendelse import Driftsenhet
from services.routing.kart import DATA, Kart


class Politi(NamedTuple):
    """The unit, and those told as well because the border between them is not known."""

    enhet: Driftsenhet
    medvarsles: tuple[Driftsenhet, ...] = ()


class _Enhet(BaseModel):
    id: Driftsenhet
    bydeler: tuple[str, ...]


class _Overstyring(BaseModel):
    delbydel: str
    driftsenhet: Driftsenhet
    medvarsle: tuple[Driftsenhet, ...] = ()


class _Fil(BaseModel):
    driftsenheter: tuple[_Enhet, ...]
    overstyringer: tuple[_Overstyring, ...] = Field(alias="delbydelOverstyring")


class Driftsenheter:
    """The table bydel → driftsenhet with its exceptions (Oslostandarden 4.5, S:810-812; table: our default)."""

    def __init__(self, bydeler: dict[str, Politi], delbydeler: dict[str, Politi]) -> None:
        self._bydeler = bydeler
        self._delbydeler = delbydeler

    @classmethod
    def les(cls, mappe: Path = DATA) -> Driftsenheter:
        """The table from the files of the room; ValidationError when it names an unknown unit."""
        fil = _Fil.model_validate(json.loads((mappe / "driftsenheter.json").read_text(encoding="utf-8")))
        return cls(
            {bydel: Politi(enhet.id) for enhet in fil.driftsenheter for bydel in enhet.bydeler},
            {o.delbydel: Politi(o.driftsenhet, o.medvarsle) for o in fil.overstyringer},
        )

    @property
    def delbydeler(self) -> frozenset[str]:
        """The delbydeler whose unit is not their bydel's."""
        return frozenset(self._delbydeler)

    def for_bydel(self, bydel: str) -> Politi:
        """The unit of a bydel 01-16. Marka has none of its own: ask for the bydel that answers for the point."""
        return self._bydeler[bydel]

    def for_punkt(self, bydel: str, sted: shapely.Point, kart: Kart) -> Politi:
        """The unit of a point whose responsible bydel is known."""
        delbydel = kart.delbydel(sted)
        # The delbydel borders are simplified: they may only divide the bydel they lie in, never reach over its edge.
        if delbydel and delbydel.startswith(bydel):
            return self._delbydeler[delbydel]
        return self._bydeler[bydel]
