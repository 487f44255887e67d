"""Everything is delivered several times, and to two replicas at once: what it leads to happens once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio

from infra.journal import Levering, konsument
from infra.journal.topologi import JOURNAL
from infra.nats.server import start
from infra.simulator.klient import vent
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.infra.rommet import Huset, Rommet, huset_i

ANTALL = 60
TREG_SEKUNDER = 0.02


@pytest_asyncio.fixture(loop_scope="session")
async def huset(tmp_path_factory: pytest.TempPathFactory, base: Base) -> AsyncIterator[Huset]:
    tjener = await start(tmp_path_factory.mktemp("nats"), port=ledig_port())
    async with huset_i(base, tjener) as huset:
        yield huset
    tjener.stopp()


async def er_treg(_: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
    """So long that the server has given everything away again before it is done."""
    await asyncio.sleep(TREG_SEKUNDER * len(leveringer))


async def test_det_som_leveres_om_igjen_mens_det_behandles_gjoeres_en_gang(
    huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(konsument, "ACK_VENT_SEKUNDER", 0.05)
    grunner = [str(nr) for nr in range(ANTALL)]
    async with (
        huset.rom(gjoer=er_treg, forteller_videre=True) as en,
        huset.rom(gjoer=er_treg, forteller_videre=True) as to,
    ):
        await huset.si(*grunner)  # at once: one by one, each would be done before it came again

        async def alt() -> bool | None:
            return len(en.behandlet) + len(to.behandlet) >= ANTALL or None

        await vent(alt, "alt er behandlet", 60)
        await huset.alt_er_avgjort()
        info = await huset.journal.js.consumer_info(JOURNAL, "prøve")
        assert info.delivered is not None
        assert info.delivered.consumer_seq > ANTALL + 20  # the test is about deliveries that came again
        assert en.behandlet
        assert to.behandlet
        assert sorted(en.behandlet + to.behandlet) == sorted(grunner)
    assert sorted(e.data.grunn for e in await huset.fortalt()) == sorted(grunner)
    assert await huset.feilkoe(0) == []
