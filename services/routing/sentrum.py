"""Whether a place counts as Oslo sentrum; the border is «skjønnsmessig» (4.2, S:648), so the map only suggests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import shapely

from services.routing.kart import DATA, SENTRUM, Kart, punkt
from services.routing.stedsnavn import Stedsnavn

HOTSPOT_METER = 150
"""How near an added hot spot a point counts as it. A product decision, shown in the reason."""


class Sentrumsvalg(NamedTuple):
    """Sentrum or not, who says so, and why."""

    sentrum: bool
    kilde: Literal["forslag", "person"]
    grunn: str


class Sentrumsforslag:
    """Suggests by bydel, by the 300 m area, and by the list of hot spots (S:650) that the sekretariat edits."""

    def __init__(self, hotspots: Sequence[tuple[str, shapely.Point]], kart: Kart) -> None:
        self._hotspots = hotspots
        self._kart = kart

    @classmethod
    def les(cls, navn: Stedsnavn, kart: Kart, mappe: Path = DATA) -> Sentrumsforslag:
        """The suggestions from the files of the room; KeyError when a hot spot is no known place."""
        fil = json.loads((mappe / "sentrumsbydeler.json").read_text(encoding="utf-8"))
        kjente = [navn.med_id(sted_id) for sted_id in fil["osloSentrum"]["ekstraSteder"]]
        return cls([(kjent.navn, punkt(kjent.lat, kjent.lon)) for kjent in kjente], kart)

    def velg(self, valgt: bool | None, bydeler: Sequence[str], sted: shapely.Point | None = None) -> Sentrumsvalg:
        """What the sender chose, or what the map suggests when the sender left it open."""
        if valgt is not None:
            ikke = "" if valgt else "ikke "
            return Sentrumsvalg(valgt, "person", f"Avsenderen har bestemt at stedet {ikke}regnes som Oslo sentrum.")
        grunn = self._grunn(bydeler, sted)
        return Sentrumsvalg(bool(grunn), "forslag", grunn or "Stedet ligger utenfor området vi foreslår som sentrum.")

    def _grunn(self, bydeler: Sequence[str], sted: shapely.Point | None) -> str:
        if bydeler[0] == SENTRUM:
            return "Stedet ligger i Sentrum (16)."
        if sted is not None and self._kart.i_sentrumsomraadet(sted):
            return "Stedet ligger mindre enn 300 meter fra Sentrum (16)."
        if SENTRUM in bydeler:
            return "Sentrum (16) er blant bydelene hendelsen gjelder."
        for navn, hotspot in self._hotspots if sted is not None else ():
            if hotspot.dwithin(sted, HOTSPOT_METER):
                return f"Stedet ligger ved {navn}, der ungdom samles."
        return ""
