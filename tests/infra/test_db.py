"""One writer at a time, readers that see one consistent picture, and nothing half written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from infra.db import Database, Tx, sett_inn_ny, tabell
from infra.journal.tables import LestRow
from tests.harness.baser import BARE_SQLITE, Base

LEST = tabell(LestRow)


@pytest_asyncio.fixture(loop_scope="session")
async def to(base: Base) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' views of one database."""
    ene, andre = Database(base.url), Database(base.url)
    async with ene.skriv() as tx:
        await tx.run_sync(LEST.create)
    yield ene, andre
    await ene.lukk()
    await andre.lukk()


async def antall(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(LEST))).scalar_one())


def rad(nr: UUID | None = None) -> dict[str, object]:
    return {"rom": "prøve", "event_id": nr or uuid4(), "runde": uuid4()}


async def les_og_skriv(db: Database) -> None:
    """Reads, thinks, and writes what follows from it: what a deferred transaction would lose."""
    async with db.skriv() as tx:
        foer = await antall(tx)
        await asyncio.sleep(0)
        await tx.execute(insert(LEST), [rad(UUID(int=foer))])


@BARE_SQLITE  # elsewhere it is rows that are waited for, not the database
async def test_to_som_skriver_venter_paa_hverandre_i_en_og_i_to_prosesser(to: tuple[Database, Database]) -> None:
    await asyncio.gather(*(les_og_skriv(to[nr % 2]) for nr in range(40)))
    async with to[0].les() as tx:
        assert await antall(tx) == 40


async def test_en_som_leser_ser_ett_bilde_mens_andre_skriver(to: tuple[Database, Database]) -> None:
    async with to[0].les() as tx:
        assert await antall(tx) == 0
        await les_og_skriv(to[1])
        assert await antall(tx) == 0
    async with to[0].les() as tx:
        assert await antall(tx) == 1


async def test_en_feil_etterlater_ingenting(to: tuple[Database, Database]) -> None:
    with pytest.raises(IntegrityError):
        await skriv_to_ganger(to[0], uuid4())
    async with to[1].les() as tx:
        assert await antall(tx) == 0


async def skriv_to_ganger(db: Database, samme: UUID) -> None:
    async with db.skriv() as tx:
        await tx.execute(insert(LEST), [rad(samme)])
        await tx.execute(insert(LEST), [rad(samme)])


async def test_det_som_finnes_fra_foer_staar_som_det_stod(to: tuple[Database, Database]) -> None:
    gammel = rad()
    async with to[0].skriv() as tx:
        await sett_inn_ny(tx, LestRow, [gammel])
        await sett_inn_ny(tx, LestRow, [{**gammel, "runde": uuid4()}, rad()])
        await sett_inn_ny(tx, LestRow, [])
    async with to[1].les() as tx:
        runder = set((await tx.execute(select(LEST.c.runde))).scalars())
        assert await antall(tx) == 2
    assert gammel["runde"] in runder
