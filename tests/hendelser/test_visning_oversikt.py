"""What the overview makes of numbers: colours, words, and the order of rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from contracts.hendelse import Sted
from contracts.tavle import Svartall
from infra.clock import OSLO
from services.hendelser.visning_bydeler import bydelsrader, kartfelt, stille_bydeler
from services.hendelser.visning_oversikt import i_rekkefoelge
from services.hendelser.visning_rad import Hendelsesrad, sted
from services.hendelser.visning_tid import tid

NAA = datetime(2026, 11, 28, 12, 0, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("tall", "status", "tekst"),
    [
        (None, "ingen", "ingen åpne utkallinger"),
        (Svartall(), "ingen", "ingen åpne utkallinger"),
        (Svartall(orientert=2), "ingen", "ingen er spurt, 2 orienterte"),
        (Svartall(spurt=4, venter=4), "venter", "0 av 4 har svart"),
        (Svartall(spurt=4, kommer=2, venter=2), "delvis", "2 av 4 har svart, 2 kommer"),
        (Svartall(spurt=4, kommer_ikke=1, venter=3), "delvis", "1 av 4 har svart, 1 kommer ikke"),
        (Svartall(spurt=2, kommer=1, kommer_ikke=1), "dekket", "2 av 2 har svart, 1 kommer, 1 kommer ikke"),
        (Svartall(spurt=2, kommer_ikke=2), "mangler", "2 av 2 har svart, 2 kommer ikke"),
        (
            Svartall(spurt=3, kommer=2, venter=1, sviktet=1, orientert=1),
            "mangler",
            "2 av 3 har svart, 2 kommer, 1 må ses på, 1 orientert",
        ),
    ],
)
def test_a_bydel_has_the_colour_of_its_answers(tall: Svartall | None, status: str, tekst: str) -> None:
    assert (kartfelt(tall).status, kartfelt(tall).tekst) == (status, tekst)


def test_beside_the_map_stands_first_the_bydel_that_needs_somebody() -> None:
    tall = {
        "01": Svartall(spurt=1, kommer=1),
        "12": Svartall(spurt=1, venter=1, sviktet=1),
        "13": Svartall(orientert=1),
    }
    assert [(r.nr, r.status) for r in bydelsrader(tall)] == [("12", "mangler"), ("01", "dekket")]
    stille = stille_bydeler(tall)
    assert len(stille) == 15
    assert ("13", "Østensjø") in stille


@pytest.mark.parametrize(
    ("hvor", "sagt"),
    [
        (None, "Uten sted"),
        (Sted(navn="Eidsvolls plass", bydel="16", bydeler=("16",)), "Eidsvolls plass, Sentrum"),
        (Sted(navn="Sentrum", bydel="16"), "Sentrum"),
        (Sted(bydeler=("05",)), "Frogner"),
        (Sted(bydeler=("05", "12")), "Frogner og Alna"),
        (Sted(bydeler=("05", "12", "03")), "Frogner, Alna og Sagene"),
        (Sted(bydeler=("05", "12", "03", "01", "02")), "Frogner, Alna, Sagene og 2 til"),
    ],
)
def test_a_place_is_said_in_one_line(hvor: Sted | None, sagt: str) -> None:
    assert sted(hvor) == sagt


def _rad(tittel: str, start: timedelta | None, slutt: timedelta | None = None, *, akutt: bool = False) -> Hendelsesrad:
    fra, til = (NAA + t if t is not None else None for t in (start, slutt))
    return Hendelsesrad(
        id=uuid4(),
        kodeord="ELG",
        tittel=tittel,
        type="Hendelse",
        sted="Frogner",
        tid=tid(fra, til, NAA),
        start=fra,
        eier="SaLTo-sentrum",
        status="aapen",
        akutt=akutt,
        over=til is not None and til <= NAA,
        oevelse=False,
        svar=None,
    )


def test_what_is_urgent_stands_first_then_the_soonest_and_what_has_no_time_last() -> None:
    rader = [
        _rad("uten tid", None),
        _rad("skulle vært over", timedelta(hours=-5), timedelta(hours=-1)),
        _rad("om litt", timedelta(hours=3)),
        _rad("pågår", timedelta(hours=-1), timedelta(hours=1)),
        _rad("akutt", timedelta(hours=5), akutt=True),
    ]
    assert [r.tittel for r in i_rekkefoelge(rader)] == ["akutt", "pågår", "om litt", "skulle vært over", "uten tid"]
