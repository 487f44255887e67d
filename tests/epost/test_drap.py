"""The worker is killed: what had not reached DATA goes out once from another; only what had is left to a person."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from contracts.melding import MeldingSendt, MeldingUviss
from services.epost import rules
from services.epost.utsending import FORBINDELSER, FORHAAND
from tests.epost.byen import Byen, vent_til
from tests.epost.postkasse import Sted

ANTALL = 30
LEIEN_ER_UTE = rules.LEIE + timedelta(seconds=1)


async def _kopier(byen: Byen) -> Counter[str]:
    return Counter(str(brev["Message-ID"]) for brev in byen.postkasse.brev)


@pytest.mark.parametrize("sted", ["hilsen", "mottaker"])
async def test_killed_before_data_everything_arrives_once_and_nothing_is_in_doubt(byen: Byen, sted: Sted) -> None:
    byen.postkasse.hold(sted)
    async with byen.offer() as drep:
        await byen.bestill(*[byen.bestilling() for _ in range(ANTALL)])
        await vent_til(lambda: byen.postkasse.holdt == FORBINDELSER)
        await byen.vent_paa_status("sender", FORBINDELSER * FORHAAND)
        drep()
    byen.postkasse.gaa_videre()
    byen.klokke.frem(seconds=LEIEN_ER_UTE.total_seconds())
    await byen.ny_arbeider()
    await byen.hoerer(MeldingSendt, ANTALL)
    assert byen.fortalt(MeldingUviss) == []
    assert set((await _kopier(byen)).values()) == {1}
    assert len(byen.postkasse.brev) == ANTALL


@pytest.mark.parametrize("sted", ["data", "svar"])
async def test_killed_after_data_no_more_are_in_doubt_than_there_are_connections(byen: Byen, sted: Sted) -> None:
    byen.postkasse.hold(sted)
    async with byen.offer() as drep:
        await byen.bestill(*[byen.bestilling() for _ in range(ANTALL)])
        await vent_til(lambda: byen.postkasse.holdt == FORBINDELSER)
        drep()
    byen.postkasse.gaa_videre()
    byen.klokke.frem(seconds=LEIEN_ER_UTE.total_seconds())
    await byen.ny_arbeider()
    await byen.hoerer(MeldingSendt, ANTALL - FORBINDELSER)
    assert len(await byen.hoerer(MeldingUviss, FORBINDELSER)) == FORBINDELSER
    assert set((await _kopier(byen)).values()) == {1}
    assert Counter(r.status for r in await byen.rader()) == {"sendt": ANTALL - FORBINDELSER, "uviss": FORBINDELSER}


async def test_what_is_in_doubt_after_a_kill_is_never_sent_again(byen: Byen) -> None:
    byen.postkasse.hold("svar")
    async with byen.offer() as drep:
        await byen.bestill(byen.bestilling())
        await vent_til(lambda: len(byen.postkasse.brev) == 1)
        drep()
    byen.postkasse.gaa_videre()
    await byen.ny_arbeider()
    assert [r.status for r in await byen.rader()] == ["sender"]
    byen.klokke.frem(seconds=LEIEN_ER_UTE.total_seconds())
    await byen.hoerer(MeldingUviss)
    byen.klokke.frem(hours=1)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert sorted(r.status for r in await byen.rader()) == ["sendt", "uviss"]
    assert set((await _kopier(byen)).values()) == {1}
