"""Places: names, points, borders, and what is refused at the door."""

from __future__ import annotations

import csv
from math import inf, nan
from pathlib import Path

import pytest

from contracts.hendelse import HendelseType, Sted
from contracts.spoersmaal import Feltfeil, StedInn
from services.routing.kart import DATA
from tests.routing.byen import STEDER

HENDELSE = HendelseType.HENDELSE


def _rader(fil: str) -> list[dict[str, str]]:
    with Path(DATA / fil).open(encoding="utf-8", newline="") as apen:
        return list(csv.DictReader(apen))


PLACES = _rader("places.csv")
I_OSLO = [rad for rad in PLACES if rad["bydelsnummer"]]
UTENFOR = [rad for rad in PLACES if not rad["bydelsnummer"]]
SKOLER = _rader("skoler.csv")


def finn(inn: StedInn, slag: HendelseType = HENDELSE) -> Sted:
    sted, feil = STEDER.stedfest(inn, slag)
    assert not feil
    assert sted is not None
    return sted


def feil(inn: StedInn | None, slag: HendelseType = HENDELSE) -> tuple[Feltfeil, ...]:
    sted, galt = STEDER.stedfest(inn, slag)
    assert sted is None
    return galt


@pytest.mark.parametrize("rad", I_OSLO, ids=lambda rad: rad["id"])
def test_every_place_resolves_to_its_documented_bydel_by_name_and_by_point(rad: dict[str, str]) -> None:
    ved_navn = finn(StedInn(navn=rad["navn"]))
    ved_punkt = finn(StedInn(lat=float(rad["lat"]), lon=float(rad["lon"])))
    assert ved_navn.bydel == ved_punkt.bydel == rad["bydelsnummer"]
    assert ved_navn.navn == rad["navn"]
    assert ved_navn.presisjon_m == int(rad["presisjon_m"])


@pytest.mark.parametrize("rad", UTENFOR, ids=lambda rad: rad["id"])
def test_places_outside_oslo_are_refused_with_whom_to_contact(rad: dict[str, str]) -> None:
    for inn, felt in (
        (StedInn(navn=rad["navn"]), "sted.navn"),
        (StedInn(lat=float(rad["lat"]), lon=float(rad["lon"])), "sted"),
    ):
        (galt,) = feil(inn)
        assert galt.felt == felt
        assert "utenfor Oslo" in galt.tekst
        assert "SLT-koordinatoren" in galt.tekst


@pytest.mark.parametrize("rad", SKOLER, ids=lambda rad: rad["navn"])
def test_every_school_is_known_by_name_in_its_bydel(rad: dict[str, str]) -> None:
    sted = finn(StedInn(navn=rad["navn"]))
    assert sted.bydel == rad["bydelsnummer"]
    assert sted.skole == rad["navn"]


@pytest.mark.parametrize(
    ("skrevet", "kjent"),
    [
        ("Eidsvolls plass", "Eidsvolls plass"),
        ("  eidsvolls   PLASS ", "Eidsvolls plass"),
        ("Løvebakken", "Eidsvolls plass"),
        ("loevebakken", "Eidsvolls plass"),
        ("Toyen torg", "Tøyen torg"),
        ("Tøyen Torg", "Tøyen torg"),
        ("toeyen torg", "Tøyen torg"),
        ("St Hanshaugen", "St. Hanshaugen park"),
        ("Raadhusplassen", "Rådhusplassen"),
        ("Spikersuppa", "Spikersuppa"),
        ("stovner vgs", "Stovner videregående skole"),
    ],
)
def test_names_are_known_however_they_are_spelled(skrevet: str, kjent: str) -> None:
    assert finn(StedInn(navn=skrevet)).navn == kjent


def test_coordinates_win_over_the_name_and_the_name_is_shown() -> None:
    sted = finn(StedInn(navn="Furuset senter", lat=59.91332, lon=10.73893))
    assert (sted.bydel, sted.navn) == ("16", "Furuset senter")
    assert finn(StedInn(navn="Bakgården hos oss", lat=59.94060, lon=10.89640)).bydel == "12"


def test_coordinates_inside_oslo_win_over_a_name_outside() -> None:
    assert finn(StedInn(navn="Sandvika", lat=59.91332, lon=10.73893)).bydel == "16"


def test_an_unknown_name_gets_up_to_three_suggestions() -> None:
    (galt,) = feil(StedInn(navn="Frognerprken"))
    assert galt.felt == "sted.navn"
    assert "«Frognerparken»" in galt.tekst
    assert galt.tekst.count("«") <= 4


def test_a_bydels_name_points_to_the_field_for_bydeler() -> None:
    (galt,) = feil(StedInn(navn="Alna"))
    assert galt.felt == "sted.navn"
    assert '["12"]' in galt.tekst


@pytest.mark.parametrize(
    ("inn", "felt"),
    [
        (StedInn(lat=59.9), "sted.lon"),
        (StedInn(lon=10.7), "sted.lat"),
        (StedInn(lat=nan, lon=10.7), "sted.lat"),
        (StedInn(lat=59.9, lon=inf), "sted.lon"),
        (StedInn(lat=91.0, lon=10.7), "sted.lat"),
        (StedInn(lat=59.9, lon=-181.0), "sted.lon"),
        (StedInn(navn="Youngstorget", lat=nan, lon=nan), "sted.lat"),
        (StedInn(bydeler=("18",)), "sted.bydeler"),
        (StedInn(bydeler=("05", "5")), "sted.bydeler"),
        (StedInn(bydeler=("17",)), "sted.bydeler"),
        (StedInn(navn="Youngstorget", bydeler=("00",)), "sted.bydeler"),
        (StedInn(), "sted"),
        (StedInn(navn="   "), "sted"),
        (StedInn(sentrum=True), "sted"),
        (None, "sted"),
    ],
)
def test_a_bad_place_names_the_field(inn: StedInn | None, felt: str) -> None:
    assert feil(inn)[0].felt == felt


def test_swapped_coordinates_are_recognised() -> None:
    assert "byttet om" in feil(StedInn(lat=10.73893, lon=59.91332))[0].tekst


def test_only_a_trend_may_have_no_place() -> None:
    assert STEDER.stedfest(None, HendelseType.UTVIKLINGSTREKK) == (None, ())
    assert STEDER.stedfest(StedInn(), HendelseType.UTVIKLINGSTREKK) == (None, ())
    assert finn(StedInn(sentrum=True), HendelseType.UTVIKLINGSTREKK).bydeler == ("16",)


def test_named_bydeler_are_a_place_and_the_first_leads() -> None:
    sted = finn(StedInn(bydeler=("14", "05", "14", "17")))
    assert sted.bydeler == ("14", "05")
    assert (sted.ansvarlig, sted.bydel, sted.driftsenhet, sted.sentrum) == ("14", None, "ost", False)


def test_sentrum_among_named_bydeler_suggests_sentrum() -> None:
    sted = finn(StedInn(bydeler=("01", "16")))
    assert (sted.ansvarlig, sted.sentrum, sted.sentrum_kilde) == ("01", True, "forslag")
    bare_sentrum = finn(StedInn(bydeler=("16",)))
    assert (bare_sentrum.ansvarlig, bare_sentrum.driftsenhet) == (None, "sentrum")


def test_the_senders_bydeler_are_legs_beside_the_points_own() -> None:
    assert finn(StedInn(navn="Furuset senter", bydeler=("16", "11"))).bydeler == ("12", "16", "11")


@pytest.mark.parametrize(
    ("navn", "bydeler"),
    [
        ("Tøyenparken", ("02", "01")),  # 12 m
        ("Ryen", ("13", "14")),  # 7 m
        ("Stortorvet", ("16", "04")),  # 28 m: the border of Sentrum counts
        ("Blindern T", ("07", "08")),  # 9 m
        ("Alexander Kiellands plass", ("02", "03", "04")),  # 18 and 23 m
        ("Youngstorget", ("04",)),  # 143 m
        ("Frognerparken", ("05",)),  # 79 m
        ("Furuset senter", ("12",)),
        ("Tryvann", ("07",)),  # Marka itself is nobody's leg
    ],
)
def test_every_bydel_within_50_metres_is_a_leg(navn: str, bydeler: tuple[str, ...]) -> None:
    assert finn(StedInn(navn=navn)).bydeler == bydeler


@pytest.mark.parametrize(
    ("navn", "bydel"),
    [
        ("Tryvann", "07"),
        ("Holmenkollen nasjonalanlegg", "07"),
        ("Frognerseteren T", "07"),
        ("Nøklevann", "13"),
    ],
)
def test_marka_is_the_nearest_bydels(navn: str, bydel: str) -> None:
    sted = finn(StedInn(navn=navn))
    assert (sted.bydel, sted.ansvarlig, sted.bydeler) == ("17", bydel, (bydel,))
    assert sted.driftsenhet == {"07": "vest", "13": "ost"}[bydel]


def test_sentrum_has_nobody_of_its_own_but_is_a_leg() -> None:
    sted = finn(StedInn(navn="Eidsvolls plass"))
    assert (sted.bydel, sted.bydeler, sted.ansvarlig, sted.driftsenhet) == ("16", ("16",), None, "sentrum")


@pytest.mark.parametrize(
    ("navn", "enhet", "medvarsles"),
    [
        ("Majorstuen", "vest", ()),  # 0504
        ("Valkyrieplassen", "sentrum", ("vest",)),  # 0505
        ("Frogner stadion", "sentrum", ()),
        ("Furuset senter", "ost", ()),
        ("Ullevål stadion", "vest", ()),
        ("Youngstorget", "sentrum", ()),
    ],
)
def test_the_police_unit_follows_the_bydel_except_at_majorstuen(
    navn: str, enhet: str, medvarsles: tuple[str, ...]
) -> None:
    sted = finn(StedInn(navn=navn))
    assert (sted.driftsenhet, sted.medvarsles) == (enhet, medvarsles)


@pytest.mark.parametrize(
    ("navn", "sentrum"),
    [
        ("Eidsvolls plass", True),
        ("Youngstorget", True),  # 143 m
        ("Grønlands torg", True),  # 209 m
        ("Sørenga Sjøbad", True),  # 190 m
        ("Sørenga", True),  # 306 m, but a named hot spot
        ("Tjuvholmen", True),  # 350 m, the same
        ("Rudolf Nilsens plass", False),  # 475 m
        ("Furuset senter", False),
    ],
)
def test_the_map_suggests_sentrum(navn: str, *, sentrum: bool) -> None:
    sted = finn(StedInn(navn=navn))
    assert (sted.sentrum, sted.sentrum_kilde) == (sentrum, "forslag")
    assert sted.sentrum_grunn


def test_a_person_decides_over_the_map_both_ways() -> None:
    uten = finn(StedInn(navn="Eidsvolls plass", sentrum=False))
    med = finn(StedInn(navn="Furuset senter", sentrum=True))
    assert (uten.sentrum, uten.sentrum_kilde) == (False, "person")
    assert (med.sentrum, med.sentrum_kilde) == (True, "person")
