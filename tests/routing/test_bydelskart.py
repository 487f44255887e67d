"""The drawing of Oslo: a link for each bydel, words and marks besides colour, light, and nothing that a CSP stops."""

from __future__ import annotations

import re

import pytest
import shapely

from contracts.roller import BYDELER
from infra.web.utlaan import Kartfelt
from services.routing.bydelskart import BREDDE, ETIKETTER, HOYDE, MERKER, Bydelskart, _flater

KART = Bydelskart.les()


def test_every_bydel_is_a_link_that_says_its_name_and_how_it_stands() -> None:
    svg = KART.tegn({"05": Kartfelt("delvis", "3 av 4 har svart")})
    assert re.findall(r'<a href="/bydeler/(\d\d)"', svg) == sorted(BYDELER)
    assert (
        '<a href="/bydeler/05" aria-label="Frogner: 3 av 4 har svart"><title>Frogner: 3 av 4 har svart</title>' in svg
    )
    assert 'aria-label="Grorud: ingen åpne utkallinger"' in svg


@pytest.mark.parametrize("status", ["venter", "delvis", "dekket", "mangler"])
def test_a_status_has_a_mark_besides_its_colour(status: str) -> None:
    stille = KART.tegn({})
    svg = KART.tegn({"12": Kartfelt(status, "noe")})
    assert f'class="bydel bydel--{status}"' in svg
    assert svg.count(MERKER[status]) == stille.count(MERKER[status]) + 1


def test_the_drawing_says_what_its_colours_mean_and_where_it_is_from() -> None:
    svg = KART.tegn({})
    assert "Oslo kommune, Plan- og bygningsetaten (CC BY 4.0), bearbeidet" in svg
    for status in ("ingen", "venter", "delvis", "dekket", "mangler"):
        assert f'<li class="{status}">' in svg


def test_it_is_light_and_has_nothing_inline() -> None:
    svg = KART.tegn({nr: Kartfelt("mangler", "2 av 3 har svart, 1 må ses på") for nr in BYDELER})
    assert len(svg.encode()) < 30_000
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", svg)


def test_what_is_told_of_a_bydel_is_text_and_never_markup() -> None:
    assert "<b>" not in KART.tegn({"01": Kartfelt("venter", '"><b>hei')})


def test_everything_is_within_the_frame_and_marka_is_cut_at_it() -> None:
    for sti in re.findall(r' d="(M[^"]+z)"/></a>', KART.tegn({})):
        for ring in sti.split("z")[:-1]:
            start, _, steg = ring.removeprefix("M").partition("l")
            x, y = (int(tall) for tall in start.split())
            for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", steg):
                x, y = x + int(dx), y + int(dy)
                assert 0 <= x <= BREDDE
                assert 0 <= y <= HOYDE


@pytest.mark.parametrize("nr", sorted(BYDELER))
def test_a_name_stands_in_its_own_bydel(nr: str) -> None:
    plass = ETIKETTER[nr]
    assert shapely.intersects_xy(_flater()[nr], plass.oest, plass.nord)


def test_neighbours_are_each_others() -> None:
    assert KART.naboer("16") == ("01", "02", "04", "05")
    assert KART.naboer("11") == ("10", "12")
    assert KART.naboer("99") == ()
    for nr in BYDELER:
        assert all(nr in KART.naboer(andre) for andre in KART.naboer(nr))
