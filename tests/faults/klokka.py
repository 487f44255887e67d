"""The wall clock of every process jumps two hours ahead, and back again, while people are called and answer."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack, suppress
from functools import partial

from sqlalchemy import text

from infra.db import NEDE
from infra.simulator.klient import vent
from tests.faults.drift import Drift
from tests.faults.feil import POSTGRESQL, SQLITE, Feil
from tests.faults.klokkefil import still
from tests.faults.natt import Natt

TO_TIMER = 2 * 3600.0
ANROP_SEKUNDER, RO_SEKUNDER, TREG_MS = "6", "9", 5500
"""Calls that take almost as long as they may: lease and settling time are long over by a clock that has jumped."""
MERKES_SEKUNDER = 60.0
SPRANG = "klokka_sprang"


async def med_klokke(d: Drift, _: AsyncExitStack) -> None:
    """The clock can be moved, and calls may take their time."""
    still(d.mappe, 0)
    d.innstillinger |= {"SALTO_SMS_ANROP_SEKUNDER": ANROP_SEKUNDER, "SALTO_SMS_RO_SEKUNDER": RO_SEKUNDER}


async def _frem(natt: Natt, _: random.Random, ganger: int) -> None:
    """What is under way when the clock jumps ahead looks old at once: nothing of it is sent again."""
    d = natt.drift
    for _gang in range(ganger):
        await d.sim.telefon("*").oppfoersel(forsinkelse_ms=TREG_MS, antall=natt.antall)  # is accepted only then
        await natt.meld()
        await vent(partial(_noen, d, "status = 'sender'"), "anrop er underveis", MERKES_SEKUNDER)
        await _stilles(d, TO_TIMER)
        await natt.meld()
        await natt.i_maal()
        await _stilles(d, 0)


async def _tilbake(natt: Natt, _: random.Random, ganger: int) -> None:
    """What was begun by a clock that was ahead is not put off until the right one has caught up."""
    d = natt.drift
    for _gang in range(ganger):
        await _stilles(d, TO_TIMER)
        await d.sim.telefon("*").oppfoersel(status=429, antall=1000)
        await natt.meld()
        await vent(partial(_noen, d, "status = 'klar' AND forsoek > 0"), "noe skal prøves igjen", MERKES_SEKUNDER)
        await _stilles(d, 0)
        await d.sim.telefon("*").oppfoerer_seg()
        await natt.meld()


async def _noen(d: Drift, hvilke: str) -> bool | None:
    """Whether the SMS ledger has such a row."""
    sporring = text(f"SELECT count(*) FROM sms_melding WHERE {hvilke}")  # noqa: S608 - our own words
    with suppress(*NEDE):  # a database that stood still is asked again
        async with d.db.les() as tx:
            return bool((await tx.execute(sporring)).scalar_one()) or None
    return None


async def _stilles(d: Drift, sekunder: float) -> None:
    """Sets every clock; returns when every process has said in its log that it has jumped."""
    foer = d.logg().count(SPRANG)
    still(d.mappe, sekunder)

    async def sagt() -> bool | None:
        return d.logg().count(SPRANG) >= foer + len(d.pider) or None

    await vent(sagt, "alle har merket at klokka sprang", MERKES_SEKUNDER)


KLOKKA = (
    Feil("klokka går to timer frem", _frem, ganger=3, kort=(SQLITE,), oppsett=med_klokke),
    Feil("klokka går to timer tilbake", _tilbake, ganger=3, kort=(POSTGRESQL,), oppsett=med_klokke),
)
