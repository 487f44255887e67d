"""The panel of many: who stands where, in which order, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contracts.event import Aktoer
from contracts.roller import Rolle
from services.utkalling.sak import Sak
from services.utkalling.visning_panel import MANGE, Grunnlag, Panel, Rad, panel, rad
from tests.utkalling.bord import NAA, START, av, hendelse, med_kalte, mottaker, neste, person, rolle, svarer

SEKRETARIAT = Aktoer(rolle="sekretariat")
ENHETER = ("bydel:05", "bydel:03", "driftsenhet:sentrum")


def _grunnlag(bord: Sak, av_: Aktoer = SEKRETARIAT, **navn: str) -> Grunnlag:
    return Grunnlag(bord, {}, {}, {person(int(nr[1:])): n for nr, n in navn.items()}, av_)


def _mange(antall: int = MANGE + 6) -> Sak:
    return med_kalte(
        *(mottaker(nr, rolle(ENHETER[nr % 3], slag=Rolle.UTOEVENDE)) for nr in range(antall)),
        hendelse=hendelse(svarfrist=NAA + timedelta(hours=2)),
    )


def _overskrifter(p: Panel) -> list[tuple[str, int, bool | None]]:
    return [(d.tittel, len(d.rader), d.brettet) for d in p.deler]


def _vist(bord: Sak, nr: int, **felt: Any) -> Rad:
    return rad(_grunnlag(bord), bord.sett(av(bord, nr), **felt))


def test_many_stand_by_unit_and_folded_with_those_who_need_a_look_above_them() -> None:
    bord = _mange()
    bord.sett(av(bord, 1), kanalstatus={"sms": "feilet", "epost": "feilet"})
    svarer(bord, 4, "kommer")
    p = panel(_grunnlag(neste(bord)))
    assert _overskrifter(p) == [
        ("Må ses på", 1, None),
        ("Sagene", 11, True),
        ("Frogner", 12, True),
        ("Enhet sentrum", 12, True),
    ]
    assert p.deler[1].sammendrag == "10 venter på svar, 1 kommer"
    assert [f.tekst for f in p.filtre] == ["Alle", "Må ses på", "Venter på svar", "Kommer"]


def test_what_is_asked_for_by_a_filter_is_not_folded_away() -> None:
    p = panel(_grunnlag(_mange()), "venter")
    assert {d.brettet for d in p.deler} == {False}
    assert sum(len(d.rader) for d in p.deler) == MANGE + 6


def test_the_own_unit_is_first_and_open_also_among_many() -> None:
    p = panel(_grunnlag(_mange(), Aktoer(rolle="salto_koordinator", enhet="bydel:03")))
    assert _overskrifter(p)[0] == ("Din enhet: Sagene", 12, None)
    assert [r.kan_svare for d in p.deler for r in d.rader] == [True] * 12 + [False] * 24


def test_few_stand_by_what_they_have_answered_the_unreached_first() -> None:
    bord = med_kalte(*(mottaker(nr) for nr in range(6)))
    bord.sett(av(bord, 3), utloept=True)
    bord.sett(av(bord, 4), kanalstatus={"sms": "uviss"})
    bord.sett(av(bord, 5), kanalstatus={"sms": "feilet"})
    svarer(bord, 0, "kommer_ikke")
    svarer(bord, 1, "framme")
    p = panel(_grunnlag(neste(bord)))
    assert [d.tittel for d in p.deler] == ["Må ses på", "Venter på svar", "Kommer", "Kommer ikke"]
    assert [r.status for r in p.deler[0].rader] == ["feilet", "uviss", "utloept"]


def test_whoever_is_only_informed_is_folded_below_and_not_counted_as_asked() -> None:
    bord = med_kalte(mottaker(1), mottaker(2, art="orientering"), mottaker(3, art="orientering"))
    bord.sett(av(bord, 3), kanalstatus={"epost": "feilet"})
    p = panel(_grunnlag(neste(bord)))
    assert [f.tekst for f in p.filtre] == ["Alle", "Venter på svar"]
    assert p.orienterte is not None
    assert (p.orienterte.tittel, p.orienterte.brettet) == ("2 er bare orientert (1 er kanskje ikke nådd)", True)


@pytest.mark.parametrize(
    ("felt", "status", "tekst", "under"),
    [
        ({}, "levert", "Venter på svar", ("frist kl. 19.00",)),
        ({"kanalstatus": {"sms": "sendt"}}, "sendt", "", ("frist kl. 19.00",)),
        ({"kanalstatus": {}}, "planlagt", "Har ingen kanal", ("frist kl. 19.00",)),
        ({"eskalert": True}, "eskalert", "Ingen vara å kalle", ("frist kl. 19.00",)),
        ({"svarfrist": NAA - timedelta(hours=1)}, "levert", "Venter på svar", ("fristen gikk ut kl. 17.00",)),
        ({"svar": "kommer", "eta": NAA + timedelta(minutes=20)}, "kommer", "", ("framme ca. kl. 18.20",)),
        ({"svar": "kommer", "eta": START}, "kommer", "", ("framme ca. lør 28.11. kl. 18.00",)),
        ({"svar": "kommer", "antall": 3, "sen": True}, "kommer", "", ("3 personer", "svarte etter fristen")),
        ({"svar": "framme", "eta": NAA, "antall": 1}, "framme", "", ()),
    ],
)
def test_a_status_is_told_in_words_with_what_belongs_to_it(
    felt: dict[str, Any], status: str, tekst: str, under: tuple[str, ...]
) -> None:
    bord = med_kalte(mottaker(1), hendelse=hendelse(svarfrist=NAA + timedelta(hours=1)))
    r = _vist(bord, 1, **felt)
    assert (r.status, r.statustekst, r.under) == (status, tekst, under)


def test_a_deputy_and_the_one_deputised_for_name_each_other() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])))
    svarer(bord, 1, "kommer_ikke")
    g = _grunnlag(neste(bord), p1="Kari Eksempel", p50="Ola Eksempel")
    assert rad(g, av(g.sak, 50)).vara == "Vara for Kari Eksempel"
    assert rad(g, av(g.sak, 1)).vara == "Vara som er kalt: Ola Eksempel"
    uten_navn = _grunnlag(g.sak)
    assert rad(uten_navn, av(g.sak, 50)).vara == "Vara for SaLTo-koordinator Frogner"


def test_when_it_is_over_the_silent_did_not_answer_and_nobody_needs_a_look() -> None:
    bord = med_kalte(mottaker(1), mottaker(2))
    bord.sett(av(bord, 2), utloept=True)
    p = panel(_grunnlag(_lukket(bord)))
    assert _overskrifter(p) == [("Svarte ikke", 2, None)]
    assert {r.statustekst for r in p.deler[0].rader} == {"Svarte ikke"}
    assert {r.under for r in p.deler[0].rader} == {()}


def _lukket(bord: Sak) -> Sak:
    lukket = neste(bord)
    lukket.aapen = False
    return lukket


def test_several_roles_of_one_person_are_told_and_the_first_begins_a_line() -> None:
    bord = med_kalte(mottaker(1, rolle(slag=Rolle.POLITIKONTAKT), rolle("bydel:03")))
    assert rad(_grunnlag(bord), av(bord, 1)).roller == ("Politikontakt Frogner", "SaLTo-koordinator Sagene")
