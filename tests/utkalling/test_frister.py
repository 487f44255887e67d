"""Deadlines that are moved: whose follow, and what becomes of the old ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.utkalling import rules_kall, store
from tests.utkalling.bord import NAA, START, av, hendelse, med_kalte, mottaker, neste
from tests.utkalling.rommet import Rommet, besluttet, endret, meldt

TIME = timedelta(hours=1)
FOER, ETTER = NAA + 24 * TIME, NAA + 3 * TIME


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({}, ETTER),
        ({"svar": "kommer"}, FOER),
        ({"svar": "kommer_ikke"}, FOER),
        ({"avlyst": True}, FOER),
        ({"eskalert": True}, FOER),
        ({"svarfrist": NAA}, NAA),  # has come already
        ({"art": "orientering", "svarfrist": None}, None),
    ],
)
def test_those_who_have_not_answered_get_the_new_deadline(felt: dict[str, Any], ventet: datetime | None) -> None:
    bord = med_kalte(mottaker(1), hendelse=hendelse(svarfrist=FOER))
    bord = neste(bord, hendelse=hendelse(svarfrist=ETTER))
    bord.sett(av(bord, 1), **felt)
    rules_kall.flytt_frister(bord)
    assert av(bord, 1).svarfrist == ventet
    flyttet = [("purring", NAA + 2 * TIME), ("svarfrist", ETTER)]
    assert [(f.slag, f.frist) for f in bord.vedtak.frister] == (flyttet if ventet == ETTER else [])


@pytest.mark.parametrize(
    ("naa", "start", "ventet"),
    [
        (NAA + 25 * TIME, START, NAA + 49 * TIME),
        (NAA + 25 * TIME, NAA + 48 * TIME, NAA + 48 * TIME),
        (NAA + 25 * TIME, NAA + 30 * TIME, NAA + 25.5 * TIME),
    ],
)
def test_one_called_after_the_deadline_keeps_the_own_one_but_not_past_the_start(
    naa: datetime, start: datetime, ventet: datetime
) -> None:
    bord = med_kalte(mottaker(1), hendelse=hendelse(svarfrist=FOER), naa=naa)
    bord = neste(bord, hendelse=hendelse(svarfrist=FOER, start=start))
    rules_kall.flytt_frister(bord)
    assert av(bord, 1).svarfrist == ventet


def test_a_closed_hendelse_has_no_deadlines_to_move() -> None:
    bord = med_kalte(mottaker(1), hendelse=hendelse(svarfrist=FOER))
    bord = neste(bord, hendelse=hendelse(svarfrist=ETTER), aapen=False)
    rules_kall.flytt_frister(bord)
    assert bord.vedtak.frister == []


async def test_the_new_deadlines_are_instead_of_the_old_ones(rommet: Rommet) -> None:
    await rommet.hoerer(meldt(10, hendelse(svarfrist=FOER)), besluttet(10, [mottaker(1)], h=hendelse(svarfrist=FOER)))
    snart = hendelse(start=NAA + 5 * TIME, svarfrist=ETTER)
    await rommet.hoerer(endret(20, "start", "svarfrist", h=snart), besluttet(20, [mottaker(1)], h=snart))
    assert av(await rommet.sak(), 1).svarfrist == ETTER
    async with rommet.db.skriv() as tx:
        alle = await store.ta_forfalte(tx, START, 100)
    assert sorted((f.slag, f.frist) for f in alle) == [("purring", NAA + 2 * TIME), ("svarfrist", ETTER)]
