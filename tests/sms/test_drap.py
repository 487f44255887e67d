"""The room is killed at any instruction, again and again: nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from contracts.melding import MeldingSendt
from tests.sms.huset import Huset, vent_til
from tests.sms.sentral import OK, Oppfoersel, loddtrekning

ANTALL, DRAP, VINDU = 200, 5, 16


class Offer:
    """Children that run the room, one at a time."""

    def __init__(self, hus: Huset) -> None:
        self._linje = json.dumps(
            {
                "nats": hus.nats.url,
                "token": hus.nats.token,
                "sentral": hus.sentral.url,
                "mappe": str(hus.mappe),
                "database": hus.database_url,
                "vindu": str(VINDU),
            }
        )

    async def __aenter__(self) -> Self:
        self._mor = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.sms.drapsoffer",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        return self

    async def foed(self) -> None:
        """Starts the room anew once the one before is dead."""
        assert self._mor.stdin
        assert self._mor.stdout
        self._mor.stdin.write(f"{self._linje}\n".encode())
        self._pid = int(await self._mor.stdout.readline())

    def drep(self) -> None:
        """Kill -9, at whatever instruction it is."""
        os.kill(self._pid, signal.SIGKILL)

    async def __aexit__(self, *_: object) -> None:
        self._mor.kill()  # and the child goes with its mother
        await self._mor.wait()


@pytest.mark.parametrize(("froe", "ellers"), [(1, lambda _: OK), (2, loddtrekning(2))], ids=["a good day", "a bad day"])
async def test_two_hundred_orders_survive_random_kills(
    nats_hus: Huset, froe: int, ellers: Callable[[str], Oppfoersel]
) -> None:
    hus, terning = nats_hus, random.Random(froe)
    hus.sentral.ellers, hus.sentral.forsinkelse = ellers, 0.03
    bestillinger = [hus.bestilling(hus.person()) for _ in range(ANTALL)]
    async with Offer(hus) as offer:
        await offer.foed()
        for del_ in range(0, ANTALL, 50):
            await hus.bestill(*bestillinger[del_ : del_ + 50])
        for drap in range(DRAP):
            grense = (drap + 1) * ANTALL // (DRAP + 2) + terning.randrange(-8, 8)
            await vent_til(lambda grense=grense: len(hus.sentral.skjemaer) >= grense)  # type: ignore[misc]
            offer.drep()
            await offer.foed()
        await vent_til(lambda: _sendte(hus) == {b.id for b in bestillinger})
    kopier = Counter(m["to"] for m in hus.sentral.meldinger)
    assert {nummer: antall for nummer, antall in kopier.items() if antall > 1} == {}
    assert set(kopier) == {hus.mobil(b.person_id) for b in bestillinger}
    fortalt = Counter(u.melding_id for event in hus.fortalt(MeldingSendt) for u in event.data.meldinger)
    assert set(fortalt.values()) == {1}


def _sendte(hus: Huset) -> set[object]:
    return {u.melding_id for event in hus.fortalt(MeldingSendt) for u in event.data.meldinger}
