"""The response curve: what it counts, how far its axes go, and that its drawing is small and says the same."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from services.audit.rapport.kurve import Kurve, Steg, kurve, kurve_av, tabell, ved
from services.audit.rapport.kurve_svg import beskrivelse, tegn_kurve
from services.audit.rapport.modell import Spurt, Svar
from tests.audit.historie import START, om
from tests.audit.test_rapport import R

FRIST = [("Svarfrist", om(30)), ("Start", START)]


def en(*svar: tuple[float, str], art: str = "foresporsel") -> Spurt:
    """One who was asked at the beginning, and answered so many minutes later."""
    svarene = tuple(Svar(tid=om(minutt), svar=hva, kanal="SMS") for minutt, hva in svar)
    return Spurt.model_validate(
        {"hvem": "SaLTo-koordinator Frogner", "art": art, "roller": (), "kalt": om(0), "sendt": om(0), "svar": svarene}
    )


def tegnet(*alle: Spurt, lest_til: float = 60) -> Kurve:
    k = kurve(alle, FRIST, om(lest_til))
    assert k
    return k


def punkter(sti: str) -> list[tuple[int, int]]:
    """The corners of a drawn step line."""
    start, *rest = re.findall(r"[Mhv][-\d ]+", sti)
    x, y = (int(t) for t in start[1:].split())
    ut = [(x, y)]
    for bit in rest:
        x, y = (x + int(bit[1:]), y) if bit[0] == "h" else (x, y + int(bit[1:]))
        ut.append((x, y))
    return ut


def linjene(k: Kurve) -> list[list[tuple[int, int]]]:
    """«har svart» and «kommer», as they are drawn."""
    stier = re.findall(r'<path class="linje[^"]*" d="(M[^"]+)"', tegn_kurve(k))
    return [punkter(sti) for sti in stier[2:]]


def test_everyone_is_counted_once_however_often_they_answer() -> None:
    k = tegnet(en((1, "kommer"), (2, "framme"), (9, "ferdig")), en((3, "kommer_ikke")), en())
    assert k.spurte == 3
    assert k.svart == (Steg(60, 1), Steg(180, 2))
    assert k.kommer == (Steg(60, 1),)


def test_who_says_no_after_yes_is_not_coming_any_more_but_has_answered() -> None:
    k = tegnet(en((1, "kommer"), (5, "kommer ikke"), (8, "kommer")))
    assert k.svart == (Steg(60, 1),)
    assert k.kommer == (Steg(60, 1), Steg(300, 0), Steg(480, 1))


def test_the_answered_only_grow_and_the_coming_are_never_more_than_they() -> None:
    k = kurve_av(R)
    assert k
    antall = [s.antall for s in k.svart]
    assert antall == sorted(antall)
    assert all(ved(k.kommer, s.sekunder) <= ved(k.svart, s.sekunder) for s in (*k.svart, *k.kommer))


def test_those_only_informed_are_not_in_the_curve() -> None:
    assert kurve([en((1, "kommer"), art="orientering")], FRIST, om(60)) is None
    assert kurve([], FRIST, om(60)) is None


def test_answers_at_the_same_moment_are_one_step() -> None:
    assert tegnet(en((2, "kommer")), en((2, "kommer")), en((2, "kommer"))).svart == (Steg(120, 3),)


@pytest.mark.parametrize(
    ("minutter", "slutt", "steg"),
    [
        ([], 30, 10),  # nobody: to the deadline
        ([10], 30, 10),  # the deadline is near enough to be seen with the answers
        ([2], 2.5, 0.5),  # it is not: the axis is as long as the answers
        ([60], 75, 15),  # answers after the deadline
        ([0.01], 1 / 6, 1 / 30),  # never shorter than ten seconds
        ([3 * 24 * 60], 4 * 24 * 60, 24 * 60),
        ([80 * 24 * 60], 105 * 24 * 60, 21 * 24 * 60),
    ],
)
def test_the_time_axis_ends_where_the_answers_do(minutter: list[float], slutt: float, steg: float) -> None:
    k = tegnet(*[en((m, "kommer")) for m in minutter], en())
    assert (k.slutt / 60, k.steg / 60) == pytest.approx((slutt, steg))
    assert k.slutt / k.steg == pytest.approx(round(k.slutt / k.steg))


def test_a_deadline_after_it_was_all_over_is_not_waited_for() -> None:
    lukket, aapen = (kurve([en()], FRIST, om(2), aapen=a) for a in (False, True))
    assert lukket
    assert aapen
    assert (lukket.slutt, aapen.slutt) == (120, 1800)


def test_deadline_and_start_are_drawn_when_they_fit_and_told_when_they_do_not() -> None:
    k = tegnet(en((10, "kommer")))
    assert ([m.navn for m in k.innenfor], [m.navn for m in k.utenfor]) == (["Svarfrist"], ["Start"])
    assert "Svarfrist kl. 12.30" in tegn_kurve(k)
    assert "Start" not in tegn_kurve(k)
    begge = tegnet(en((110, "kommer")))
    assert [m.navn for m in begge.innenfor] == ["Svarfrist", "Start"]


def test_a_line_ends_where_the_log_does() -> None:
    halv, hel = (linjene(tegnet(en((10, "kommer")), lest_til=m))[0][-1][0] for m in (15, 60))
    assert (halv, hel) == (342, 622)


@pytest.mark.parametrize(("svar", "tekst"), [
    ([], "Ingen av 2 spurte har svart."),
    ([(4, "kommer")], "1 av 2 spurte har svart, og 1 kommer. Første svar kom etter 4 min 0 s."),
    ([(4, "kommer ikke")], "1 av 2 spurte har svart, og 0 kommer. Første svar kom etter 4 min 0 s."),
])  # fmt: skip
def test_the_curve_is_told_in_words(svar: list[tuple[float, str]], tekst: str) -> None:
    k = tegnet(*[en(s) for s in svar], *[en()] * (2 - len(svar)))
    assert beskrivelse(k) == tekst
    assert tekst in tegn_kurve(k)


@pytest.mark.parametrize("antall", [0, 1, 12, 2000])
def test_the_drawing_is_well_formed_small_and_without_looks_of_its_own(antall: int) -> None:
    k = tegnet(
        *[en((0.5 + 25 * (i / max(antall, 1)) ** 2, "kommer" if i % 3 else "kommer ikke")) for i in range(antall)], en()
    )
    tegning = str(tegn_kurve(k))
    rot = ET.fromstring(tegning)  # noqa: S314 - our own drawing
    assert [barn.tag for barn in list(rot)[:2]] == ["title", "desc"]
    assert len(tegning.encode()) < 10_000
    assert not re.search(r"style=|fill=|stroke=|font-size=", tegning)


def test_two_thousand_answers_are_thinned_without_changing_the_shape() -> None:
    alle = [en((0.5 + 25 * (i / 2000) ** 2, "kommer")) for i in range(2000)]
    k = tegnet(*alle)
    svart, _ = linjene(k)
    assert len(svart) < 1200
    for minutt in (1, 2, 5, 10, 20, 25):
        x = 62 + 560 * minutt * 60 / k.slutt
        tegnet_y = next(y for (_, y), (neste_x, _) in zip(svart, [*svart[1:], (10_000, 0)], strict=True) if neste_x > x)
        riktig_y = svart[0][1] - 190 * ved(k.svart, minutt * 60) / 2000
        assert abs(tegnet_y - riktig_y) <= 2, minutt
    assert svart[-1][1] == svart[0][1] - 190


def test_the_table_has_every_change_while_they_are_few_and_the_axis_when_they_are_many() -> None:
    faa = tabell(tegnet(en((1, "kommer")), en((4, "kommer ikke"))))
    assert [(p.sekunder, p.svart, p.kommer) for p in faa] == [(0, 0, 0), (60, 1, 1), (240, 2, 1)]
    mange = tabell(tegnet(*[en((i / 10, "kommer")) for i in range(1, 201)]))
    assert [(p.sekunder, p.svart) for p in mange] == [(0, 0), (600, 100), (1200, 200)]
    assert [p.svart for p in tabell(tegnet(en()))] == [0]
