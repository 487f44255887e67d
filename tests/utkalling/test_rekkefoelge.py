"""Decisions in chunks, late and in any order, are as if each had come whole and in its turn."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from contracts.hendelse import HendelseSendt, Tilstand
from contracts.mobilisering import Vara
from infra.journal import Levering
from tests.utkalling.bord import NAA, hendelse, mottaker, person, rolle
from tests.utkalling.rommet import AV, HENDELSE_ID, Rommet, avlyst, besluttet, brev, endret, meldt, sendt

VARA_50 = (Vara(person_id=person(50), kanaler=("sms", "epost")),)


async def _vara_50_er_kalt_for_1(rommet: Rommet, *andre: int) -> None:
    """Person 1 has said NEI, and 50 is called; so are the others."""
    kalte = [mottaker(1, rolle(vara=[50])), *(mottaker(nr) for nr in andre)]
    await rommet.hoerer(meldt(), besluttet(10, kalte, vara=VARA_50))
    assert sendt(await rommet.svarer(1, "kommer_ikke")) == [(50, "utkalling")]


@pytest.mark.parametrize("rekkefoelge", list(permutations((0, 1))))
async def test_a_deputy_whom_another_chunk_calls_is_neither_stood_down_nor_called_again(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    await _vara_50_er_kalt_for_1(rommet)
    deler = (
        besluttet(20, [mottaker(2)], deler=2, ikke_lenger=(person(1),), i_andre_deler=(person(50),)),
        besluttet(20, [mottaker(50, rolle("bydel:04"))], del_nr=2, deler=2),
    )
    assert sendt(await rommet.hoerer(*(deler[nr] for nr in rekkefoelge))) == [(2, "utkalling")]
    assert await rommet.skal_komme() == {2, 50}


@pytest.mark.parametrize("rekkefoelge", list(permutations((0, 1, 2))))
async def test_everyone_in_scope_is_told_what_is_new_once_whatever_comes_first(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    await _vara_50_er_kalt_for_1(rommet, 2, 3)
    nytt = hendelse(oppmoete="Ved løven")
    hendt: tuple[Levering[Any], ...] = (
        endret(20, h=nytt),
        besluttet(20, [mottaker(1, rolle(vara=[50])), mottaker(2)], deler=2, h=nytt),
        besluttet(20, [mottaker(3), mottaker(50, rolle("bydel:04"))], del_nr=2, deler=2, h=nytt),
    )
    assert sendt(await rommet.hoerer(*(hendt[nr] for nr in rekkefoelge))) == [
        (2, "endring"),
        (3, "endring"),
        (50, "endring"),
    ]


@pytest.mark.parametrize("rekkefoelge", list(permutations((0, 1, 2))))
async def test_what_is_new_is_told_once_also_when_another_decision_comes_between(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    await rommet.hoerer(meldt(), besluttet(10, [mottaker(1), mottaker(2)]), endret(20))
    hendt = (
        besluttet(20, [mottaker(1)], deler=2),
        besluttet(20, [mottaker(2)], del_nr=2, deler=2),
        besluttet(30, [mottaker(1), mottaker(2)]),
    )
    assert sendt(await rommet.hoerer(*(hendt[nr] for nr in rekkefoelge))) == [(1, "endring"), (2, "endring")]


async def test_a_change_whose_own_decision_never_comes_is_told_by_the_next(rommet: Rommet) -> None:
    """Routing passes over an event when something newer is decided already."""
    await rommet.hoerer(meldt(), besluttet(10, [mottaker(1)]), endret(20))
    assert sendt(await rommet.hoerer(besluttet(30, [mottaker(1), mottaker(2)]))) == [(1, "endring"), (2, "utkalling")]
    assert sendt(await rommet.hoerer(besluttet(40, [mottaker(1), mottaker(2)]))) == []


@pytest.mark.parametrize("rekkefoelge", list(permutations((10, 20, 30))))
async def test_an_older_decision_that_comes_late_calls_nobody_the_newer_did_not(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    ute = (person(2), person(3))
    beslutninger = {
        10: besluttet(10, [mottaker(1), mottaker(2)]),
        20: besluttet(20, [mottaker(1), mottaker(2), mottaker(3)]),
        30: besluttet(30, [mottaker(1), mottaker(4)], ikke_lenger=ute),
    }
    await rommet.hoerer(meldt())
    kommet = 0
    for nr in rekkefoelge:
        kalt = {hvem for hvem, hva in sendt(await rommet.hoerer(beslutninger[nr])) if hva == "utkalling"}
        assert not (kalt and nr < kommet)
        kommet = max(kommet, nr)
    assert await rommet.skal_komme() == {1, 4}


@pytest.mark.parametrize("rekkefoelge", list(permutations((10, 20, 30))))
async def test_who_goes_out_of_scope_and_comes_back_is_called_in_the_end(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    beslutninger = {
        10: besluttet(10, [mottaker(1), mottaker(2)]),
        20: besluttet(20, [mottaker(1)], ikke_lenger=(person(2),)),
        30: besluttet(30, [mottaker(1), mottaker(2)]),
    }
    await rommet.hoerer(meldt(), *(beslutninger[nr] for nr in rekkefoelge))
    assert await rommet.skal_komme() == {1, 2}


@pytest.mark.parametrize("rekkefoelge", list(permutations((0, 1, 2))))
async def test_the_chunks_of_the_newest_are_all_taken_with_an_older_one_among_them(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    await rommet.hoerer(meldt(), besluttet(10, [mottaker(1)]))
    hendt = (
        besluttet(20, [mottaker(1), mottaker(9)]),
        besluttet(30, [mottaker(1), mottaker(2)], deler=2, ikke_lenger=(person(9),), i_andre_deler=(person(3),)),
        besluttet(30, [mottaker(3)], del_nr=2, deler=2),
    )
    await rommet.hoerer(*(hendt[nr] for nr in rekkefoelge))
    assert await rommet.skal_komme() == {1, 2, 3}


async def test_one_who_is_out_of_scope_and_stands_in_for_another_goes_on_standing_in(rommet: Rommet) -> None:
    kalte = [mottaker(1, rolle(vara=[50])), mottaker(50, rolle("bydel:04"))]
    await rommet.hoerer(meldt(), besluttet(10, kalte, vara=VARA_50))
    await rommet.hoerer(besluttet(20, kalte[:1], ikke_lenger=(person(50),), vara=VARA_50))
    assert sendt(await rommet.svarer(1, "kommer_ikke")) == [(50, "utkalling")]
    # Every later decision says of 50 that the own role is out of scope.
    nyere = besluttet(30, [*kalte[:1], mottaker(2)], ikke_lenger=(person(50),), vara=VARA_50)
    assert sendt(await rommet.hoerer(nyere)) == [(2, "utkalling")]
    assert await rommet.skal_komme() == {1, 2, 50}


async def test_a_decision_that_outruns_the_sending_of_a_draft_calls_all_the_same(rommet: Rommet) -> None:
    utkast = hendelse(utkast=True)
    aapnet = Tilstand(hendelse=hendelse(oppmoete="Ved løven"), av=AV)
    sendes = Levering(HendelseSendt.ny(aapnet, naa=NAA, hendelse_id=HENDELSE_ID), 20, NAA)
    await rommet.hoerer(meldt(10, utkast))
    ut = await rommet.hoerer(besluttet(20, [mottaker(1)], h=aapnet.hendelse), sendes)
    assert sendt(ut) == [(1, "utkalling")]


async def test_a_decision_from_before_the_end_calls_nobody_however_late_it_comes(rommet: Rommet) -> None:
    await rommet.hoerer(meldt(), besluttet(20, [mottaker(1)]), avlyst(30))
    assert sendt(await rommet.hoerer(besluttet(10, [mottaker(2)]), besluttet(25, [mottaker(3)]))) == []
    assert await rommet.skal_komme() == set()


async def test_the_sekretariat_is_told_of_a_shortfall_when_it_arises_and_not_with_every_decision(
    rommet: Rommet,
) -> None:
    en, to = "Mangler politikontakt Gamle Oslo", "Mangler politikontakt Grünerløkka"
    mangler = [
        (["bydel:01"], [en]),
        (["bydel:01", "bydel:02"], [to]),
        (["bydel:01"], []),
        ([], []),
        (["bydel:01"], [en]),
    ]
    await rommet.hoerer(meldt())
    for nr, (enheter, ventet) in enumerate(mangler, 1):
        ut = await rommet.hoerer(besluttet(10 * nr, [mottaker(1)], mangler=enheter))
        assert [linje.split(":")[0] for linje in brev(ut)] == ventet


@pytest.mark.parametrize("rekkefoelge", list(permutations((0, 1))))
async def test_the_assessment_is_asked_for_once_whichever_chunk_comes_first(
    rekkefoelge: tuple[int, ...], rommet: Rommet
) -> None:
    deler = (
        besluttet(10, [mottaker(1)], deler=2, vurdering_kreves=True),
        besluttet(10, [mottaker(2)], del_nr=2, deler=2),
    )
    ut = await rommet.hoerer(meldt(), *(deler[nr] for nr in rekkefoelge))
    assert [linje.split(":")[0] for linje in brev(ut)] == ["Varslet hendelse"]
    assert brev(await rommet.hoerer(besluttet(20, [mottaker(1), mottaker(2)], vurdering_kreves=True))) == []


async def test_the_assessment_is_asked_for_when_a_change_first_makes_it_needed(rommet: Rommet) -> None:
    await rommet.hoerer(meldt(), besluttet(10, [mottaker(1)]))
    ut = await rommet.hoerer(besluttet(20, [mottaker(1)], vurdering_kreves=True))
    assert [linje.split(":")[0] for linje in brev(ut)] == ["Varslet hendelse"]
