"""Where Oslo's inner borders run: which bydel a point is in, which are near, and how far Oslo sentrum reaches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import cos, radians
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).with_name("data")
MARKA = "17"
SENTRUM = "16"
NAER_METER = 50
"""«Near a border» (API §7)."""

_LAT0, _LON0 = 59.93, 10.75
_FI = radians(_LAT0)
# Metres per degree on the WGS84 ellipsoid here: within 0.3 % over all 15 bydeler, and no projection library.
_M_PER_LAT = 111_132.92 - 559.82 * cos(2 * _FI) + 1.175 * cos(4 * _FI)
_M_PER_LON = 111_412.84 * cos(_FI) - 93.5 * cos(3 * _FI) + 0.118 * cos(5 * _FI)
_ORIGO = np.array([_LON0, _LAT0])
_SKALA = np.array([_M_PER_LON, _M_PER_LAT])


class Treff(NamedTuple):
    """What the map says about a point in Oslo."""

    bydel: str
    """The polygon's number, 01-17. On a shared border the lowest, so that every point has exactly one."""
    naere: tuple[str, ...]
    """Every other bydel within 50 m, 16 too, but not Marka: it has nobody to call."""
    ansvarlig: str | None
    """The bydel 01-15 that answers for the point; nearest when in Marka, None in Sentrum."""


def i_meter(flate: BaseGeometry) -> BaseGeometry:
    """A WGS84 shape in metres east and north of the middle of Oslo."""
    return shapely.transform(flate, lambda grader: (grader - _ORIGO) * _SKALA)


def punkt(lat: float, lon: float) -> shapely.Point:
    """A WGS84 point in the same metres."""
    return shapely.Point((lon - _LON0) * _M_PER_LON, (lat - _LAT0) * _M_PER_LAT)


def _flater(fil: Path) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    for del_ in json.loads(fil.read_text(encoding="utf-8"))["features"]:
        yield del_["properties"], i_meter(shape(del_["geometry"]))


class Kart:
    """The bydeler, two delbydeler where the police border differs, and the suggested area of Oslo sentrum."""

    def __init__(
        self, bydeler: dict[str, BaseGeometry], delbydeler: dict[str, BaseGeometry], sentrum: BaseGeometry
    ) -> None:
        self._numre = tuple(sorted(bydeler))
        self._flater = np.array([bydeler[nummer] for nummer in self._numre])
        self._egne = tuple(nummer for nummer in self._numre if nummer < SENTRUM)
        self._kanter = shapely.boundary([bydeler[nummer] for nummer in self._egne])
        self._delbydeler = sorted(delbydeler.items())
        self._sentrum = sentrum
        # Prepared shapes keep an index of their edges: a lookup is microseconds, not a walk along every border.
        shapely.prepare(self._flater)
        shapely.prepare(list(delbydeler.values()))
        shapely.prepare(sentrum)
        self._tre = shapely.STRtree(self._flater)

    @classmethod
    def les(cls, delbydeler: frozenset[str], mappe: Path = DATA) -> Kart:
        """The map from the files of the room, with only those delbydeler that somebody asks about."""
        omraader = {egenskaper["id"]: flate for egenskaper, flate in _flater(mappe / "oslo_sentrum.geojson")}
        return cls(
            {str(e["bydelsnummer"]): flate for e, flate in _flater(mappe / "bydeler.geojson")},
            {
                str(e["delbydelsnummer"]): flate
                for e, flate in _flater(mappe / "delbydeler.simplified.geojson")
                if e["delbydelsnummer"] in delbydeler
            },
            omraader["oslo-sentrum-standard"],
        )

    def finn(self, sted: shapely.Point) -> Treff | None:
        """What the map says about a point; None outside Oslo, however near the border it is."""
        innenfor, naere = self._rundt(sted)
        if not innenfor:
            return None
        bydel = innenfor[0]
        ansvarlig = self._naermeste_egne(sted) if bydel == MARKA else bydel
        return Treff(
            bydel,
            tuple(nummer for nummer in naere if nummer not in {bydel, MARKA}),
            None if ansvarlig == SENTRUM else ansvarlig,
        )

    def delbydel(self, sted: shapely.Point) -> str | None:
        """The number of the first known delbydel the point is in."""
        return next((nummer for nummer, flate in self._delbydeler if flate.intersects(sted)), None)

    def i_sentrumsomraadet(self, sted: shapely.Point) -> bool:
        """Whether the point is within 300 m of Sentrum, the area we suggest as Oslo sentrum."""
        return bool(self._sentrum.intersects(sted))

    def _rundt(self, sted: shapely.Point) -> tuple[list[str], list[str]]:
        """The bydeler the point is in, and those within 50 m, both in number order."""
        x, y = sted.x, sted.y
        vindu = shapely.box(x - NAER_METER, y - NAER_METER, x + NAER_METER, y + NAER_METER)
        kandidater = np.sort(self._tre.query(vindu))
        flater = self._flater[kandidater]
        inne = shapely.intersects(flater, sted)
        # With one shape in the window there is no other bydel to be near.
        naere = shapely.dwithin(flater, sted, NAER_METER) if len(kandidater) > 1 else inne
        return (
            [self._numre[i] for i in kandidater[inne]],
            [self._numre[i] for i in kandidater[naere]],
        )

    def _naermeste_egne(self, sted: shapely.Point) -> str:
        """The bydel 01-15 with the shortest way to the point; the lowest number when two are equally near."""
        return self._egne[int(np.argmin(shapely.distance(self._kanter, sted)))]
