"""Two replicas of a room with the same hendelser in hand, each from its own end: nobody waits in a ring."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import OperationalError

from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.db import Database
from infra.journal import Levering
from infra.journal.behandling import Behandling, Handler
from infra.journal.forteller import Forteller, Transaksjon
from tests.harness.baser import BARE_POSTGRES
from tests.infra.rommet import Huset
from tests.infra.test_db import LEST

pytestmark = BARE_POSTGRES  # SQLite has one writer at a time
ENE, ANDRE = UUID(int=1), UUID(int=2)


def om(hendelse_id: UUID) -> Levering[Any]:
    naa = Clock().now()
    return Levering(KanalStoppet.ny(KanalData(person_id=uuid4(), grunn="x"), naa=naa, hendelse_id=hendelse_id), 1, naa)


async def roer(t: Transaksjon, leveringer: Sequence[Levering[Any]]) -> None:
    """Locks the row of each hendelse as it comes, and takes its time."""
    for lev in leveringer:
        await t.tx.execute(update(LEST).where(LEST.c.event_id == lev.event.hendelseid).values(runde=uuid4()))
        await t.tx.execute(text("select pg_sleep(0.02)"))


async def runder(huset: Huset, ganger: int = 10, roer: Handler = roer) -> list[BaseException | None]:
    """Both replicas handle both hendelser at once, again and again, in opposite orders."""
    async with huset.db.skriv() as tx:
        await tx.execute(insert(LEST), [{"rom": "rad", "event_id": i, "runde": uuid4()} for i in (ENE, ANDRE)])
    db = Database(huset.db.url.render_as_string(hide_password=False))
    en, to = (Behandling(Forteller("prøve", d, huset.journal, Clock()), {KanalStoppet: roer}) for d in (huset.db, db))
    ut: list[BaseException | None] = []
    for _ in range(ganger):
        ut += await asyncio.gather(
            en._i_en_runde([om(ENE), om(ANDRE)]), to._i_en_runde([om(ANDRE), om(ENE)]), return_exceptions=True
        )
    await db.lukk()
    return ut


async def test_batches_that_meet_take_turns(huset: Huset) -> None:
    assert await runder(huset) == [None] * 20


async def test_a_ring_that_is_broken_is_tried_again_and_is_nobodys_fault(
    huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ingen(*_: object) -> None:
        """The locks are taken as the rows come."""

    begge = asyncio.Barrier(2)

    async def roer_i_ring(t: Transaksjon, leveringer: Sequence[Levering[Any]]) -> None:
        """Nobody goes on to a second row before both have their first."""
        await roer(t, leveringer[:1])
        await begge.wait()
        await roer(t, leveringer[1:])

    monkeypatch.setattr("infra.journal.hukommelse.en_om_gangen", ingen)
    feil = [f for f in await runder(huset, 2, roer_i_ring) if f]
    assert feil
    assert {type(f) for f in feil} == {OperationalError}  # what a room waits for, and never counts against a message
