"""Oslo as a drawing: each bydel a link with its name, its colour and a mark, and which bydeler lie beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from markupsafe import Markup
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from contracts.roller import BYDELER
from infra.web.utlaan import Kartfelt
from services.routing.kart import DATA, MARKA, i_meter

VEST, SOER, OEST, NORD = -7500, -13600, 11450, 6500
"""The frame in metres from the middle of Oslo: everything people live in. Marka is cut at it."""
METER_PER_ENHET = 16
FORENKLING_METER = 80
"""Half of what a pixel is on a phone: nobody can see the difference."""
BREDDE, HOYDE = (OEST - VEST) // METER_PER_ENHET, (NORD - SOER) // METER_PER_ENHET
LINJE = 30
"""From one line of a name to the next, in the drawing's units."""
NABOLAG_METER = 100
"""Bydeler that share less of a border than this only meet at a corner."""
INGEN = Kartfelt("ingen", "ingen åpne utkallinger")


class Etikett(NamedTuple):
    """Where a name stands, in metres from the middle of Oslo, and its lines."""

    oest: int
    nord: int
    linjer: tuple[str, ...]


ETIKETTER = {
    "01": Etikett(1650, -2250, ("Gamle Oslo",)),
    "02": Etikett(1600, -650, ("Grünerløkka",)),
    "03": Etikett(900, 1000, ("Sagene",)),
    "04": Etikett(-800, 200, ("St. Hans-", "haugen")),
    "05": Etikett(-2450, -1350, ("Frogner",)),
    "06": Etikett(-5300, -300, ("Ullern",)),
    "07": Etikett(-4500, 2700, ("Vestre", "Aker")),
    "08": Etikett(0, 2900, ("Nordre", "Aker")),
    "09": Etikett(4000, 1000, ("Bjerke",)),
    "10": Etikett(7000, 3300, ("Grorud",)),
    "11": Etikett(9450, 3350, ("Stovner",)),
    "12": Etikett(6000, 0, ("Alna",)),
    "13": Etikett(4400, -4000, ("Østensjø",)),
    "14": Etikett(2000, -6000, ("Nordstrand",)),
    "15": Etikett(3600, -10200, ("Søndre", "Nordstrand")),
    "16": Etikett(-500, -2200, ("Sentrum",)),
    "17": Etikett(7600, -7200, ("Marka",)),
}
"""Set by eye: the middle of Frogner and of Gamle Oslo is in the fjord."""
MERKER = {
    "venter": '<circle r="17"/><path d="M0-10V1l8 5"/>',
    "delvis": '<circle r="17"/><path class="fylt" d="M0-17a17 17 0 0 1 0 34z"/>',
    "dekket": '<circle r="17"/><path d="M-8 0l6 7L9-8"/>',
    "mangler": '<path class="fylt" d="M0-21L22 17H-22z"/><path class="lys" d="M0-9V4M0 9v3"/>',
}
"""What a colour means, for those who cannot tell the colours apart."""
FORKLARING = {
    "ingen": "Ingen åpne utkallinger",
    "venter": "Ingen har svart ennå",
    "delvis": "Noen har svart",
    "dekket": "Alle har svart, og noen kommer",
    "mangler": "Noen må ses på",
}
KILDE = (
    "Bydelsgrenser: Oslo kommune, Plan- og bygningsetaten (CC BY 4.0), bearbeidet. "
    "Bydelene går ut i fjorden, og Marka er kuttet."
)
_SVG = Markup(
    '<figure class="bydelskart"><svg class="kart" viewBox="0 0 {bredde} {hoyde}" role="group" '
    'aria-label="Kart over bydelene">{flater}<g class="etiketter" aria-hidden="true">{etiketter}</g></svg>'
    '<figcaption><ul class="tegnforklaring">{forklaring}</ul><p class="daempet">{kilde}</p></figcaption></figure>'
)
_BYDEL = Markup(
    '<a href="/bydeler/{nr}" aria-label="{tekst}"><title>{tekst}</title>'
    '<path class="bydel bydel--{status}" d="{d}"/></a>'
)
_MERKE = Markup('<g class="kartmerke">{}</g>')
_FORKLART = Markup('<li class="{}">{}{}</li>')
_LITE_MERKE = Markup('<svg class="kartmerke" viewBox="-24 -24 48 48" aria-hidden="true">{}</svg>')


class Bydelskart:
    """The drawing, with everything that does not change made once."""

    def __init__(self, bydeler: Mapping[str, BaseGeometry]) -> None:
        self._numre = tuple(sorted(bydeler))
        flater = np.array([bydeler[nr] for nr in self._numre])
        ramme = shapely.intersection(flater, shapely.box(VEST, SOER, OEST, NORD))
        # As a coverage: a border that two bydeler share stays shared, and nothing gapes between them.
        self._stier = tuple(_sti(f) for f in shapely.coverage_simplify(ramme, FORENKLING_METER))
        self._naboer = _naboer(self._numre, flater)
        self._forklaring = Markup("").join(
            _FORKLART.format(status, _tegnet(_LITE_MERKE, status), tekst) for status, tekst in FORKLARING.items()
        )

    @classmethod
    def les(cls, mappe: Path = DATA) -> Bydelskart:
        """The map from the files of the room."""
        return cls(_flater(mappe))

    def tegn(self, felt: Mapping[str, Kartfelt]) -> Markup:
        """The map as SVG, with what its colours mean; a bydel that is not told of has no open call-outs."""
        alle = [(nr, sti, felt.get(nr, INGEN)) for nr, sti in zip(self._numre, self._stier, strict=True)]
        return _SVG.format(
            bredde=BREDDE,
            hoyde=HOYDE,
            flater=Markup("").join(_bydel(*en) for en in alle),
            # On top of everything: a name may reach over its border.
            etiketter=Markup("").join(_etikett(nr, f.status) for nr, _, f in alle),
            forklaring=self._forklaring,
            kilde=KILDE,
        )

    def naboer(self, nr: str) -> tuple[str, ...]:
        """The bydeler that share a border with this one; none for an unknown number."""
        return self._naboer.get(nr, ())


def _flater(mappe: Path = DATA) -> dict[str, BaseGeometry]:
    fil = json.loads((mappe / "bydeler.geojson").read_text(encoding="utf-8"))
    return {str(d["properties"]["bydelsnummer"]): i_meter(shape(d["geometry"])) for d in fil["features"]}


def _bydel(nr: str, sti: str, felt: Kartfelt) -> Markup:
    status = "marka" if nr == MARKA else felt.status
    tekst = f"{BYDELER[nr]}: {felt.tekst}"
    return _BYDEL.format(nr=nr, tekst=tekst, status=status, d=sti)


def _etikett(nr: str, status: str) -> Markup:
    """The name where there is room, the number where there is not, and the mark beneath."""
    plass = ETIKETTER[nr]
    x, y = _punkt(plass.oest, plass.nord)
    merke = _tegnet(_MERKE, status)
    opp = LINJE // 2 * (len(plass.linjer) - 1 + bool(merke))
    navn = Markup("").join(
        Markup('<text class="navn" y="{}">{}</text>').format(10 - opp + LINJE * i, linje)
        for i, linje in enumerate(plass.linjer)
    )
    nummer = Markup('<text class="nr" y="{}">{}</text>').format(-4 if merke else 16, nr)
    under = Markup('<g transform="translate(0 {})">{}</g>').format(opp + 20, merke) if merke else Markup("")
    return Markup('<g transform="translate({} {})">{}{}{}</g>').format(x, y, navn, nummer, under)


def _tegnet(ramme: Markup, status: str) -> Markup:
    return ramme.format(Markup(MERKER[status])) if status in MERKER else Markup("")  # noqa: S704 - our own drawing


def _punkt(oest: float, nord: float) -> tuple[int, int]:
    return round((oest - VEST) / METER_PER_ENHET), round((NORD - nord) / METER_PER_ENHET)


def _sti(flate: BaseGeometry) -> str:
    return "".join(_ring(ring) for del_ in shapely.get_parts(flate) for ring in shapely.get_rings(del_))


def _ring(ring: BaseGeometry) -> str:
    """One outline as steps between whole units: half the letters of what absolute points would take."""
    punkter = [_punkt(x, y) for x, y in shapely.get_coordinates(ring)[:-1]]
    steg = [(x - fra_x, y - fra_y) for (fra_x, fra_y), (x, y) in pairwise(punkter)]
    skritt = "".join(f"{dx}{'' if dy < 0 else ' '}{dy} " for dx, dy in steg if (dx, dy) != (0, 0))
    return f"M{punkter[0][0]} {punkter[0][1]}l{skritt.rstrip()}z"


def _naboer(numre: Iterable[str], flater: Iterable[BaseGeometry]) -> dict[str, tuple[str, ...]]:
    alle = list(zip(numre, flater, strict=True))
    return {
        nr: tuple(
            andre for andre, annen in alle if andre != nr and shapely.intersection(flate, annen).length > NABOLAG_METER
        )
        for nr, flate in alle
    }
