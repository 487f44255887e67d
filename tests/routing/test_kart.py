"""The map: metres, shared borders, every point on earth, and speed."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from contracts.hendelse import HendelseType
from contracts.roller import EGNE_BYDELER
from contracts.spoersmaal import StedInn
from services.routing.kart import DATA, Kart, punkt
from services.routing.politi import Driftsenheter
from tests.routing.byen import STEDER

HENDELSE = HendelseType.HENDELSE


def test_metres_on_the_map_are_metres_on_the_ground() -> None:
    kart = Kart.les(frozenset())
    sentrum = dict(zip(kart._numre, kart._flater, strict=True))["16"]
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as apen:
        steder = list(csv.DictReader(apen))
    for rad in steder:
        avstand = sentrum.distance(punkt(float(rad["lat"]), float(rad["lon"])))
        assert avstand == pytest.approx(int(rad["avstand_sentrum_m"]), rel=0.004, abs=1)


def test_a_point_on_a_shared_border_belongs_to_the_lowest_number_alone() -> None:
    kart = Kart.les(Driftsenheter.les().delbydeler)
    flater = dict(zip(kart._numre, kart._flater, strict=True))
    hjoerner = [xy for xy in flater["02"].exterior.coords if flater["01"].boundary.distance(_i_flata(xy)) == 0]
    assert len(hjoerner) > 5
    for xy in hjoerner:
        treff = kart.finn(_i_flata(xy))
        assert treff is not None
        assert treff.bydel == "01"
        assert "02" in treff.naere


def _i_flata(xy: tuple[float, ...]) -> Point:
    return Point(*xy[:2])


LAT, LON = st.floats(59.80, 60.14), st.floats(10.48, 10.96)


@settings(max_examples=300)
@given(lat=LAT, lon=LON)
def test_every_point_has_exactly_one_bydel_and_somebody_who_answers_or_is_refused(lat: float, lon: float) -> None:
    sted, galt = STEDER.stedfest(StedInn(lat=lat, lon=lon), HENDELSE)
    if sted is None:
        assert "utenfor Oslo" in galt[0].tekst
        return
    assert not galt
    assert (sted.ansvarlig in EGNE_BYDELER) != (sted.bydel == "16")
    assert sted.driftsenhet is not None
    assert sted.bydeler[0] == (sted.ansvarlig or "16")
    assert "17" not in sted.bydeler
    assert (sted.lat, sted.lon) == (lat, lon)


@settings(max_examples=100)
@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_points_anywhere_else_on_earth_are_never_moved_into_oslo(lat: float, lon: float) -> None:
    sted, galt = STEDER.stedfest(StedInn(lat=lat, lon=lon), HENDELSE)
    i_oslos_ramme = 59.80 < lat < 60.14 and 10.48 < lon < 10.96
    assert (sted is not None) != bool(galt)
    assert i_oslos_ramme or sted is None
