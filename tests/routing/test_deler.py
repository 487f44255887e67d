"""A decision of more than 500: what each chunk says, so that they can be taken in any order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlmodel import SQLModel

from contracts.event import Aktoer, Event
from contracts.hendelse import EndretData, Hendelse, HendelseEndret, HendelseMeldt, MeldtData
from contracts.mobilisering import BesluttetData
from contracts.register import RegisterData, RolleRad
from contracts.roller import Rolle
from infra.clock import Clock
from infra.db import Database, tabell
from infra.journal import Journal, Levering
from infra.journal.forteller import Transaksjon
from infra.nats.server import start
from services.routing import store, tables
from services.routing.handlers import Ruting
from services.routing.register import Registerfold
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.routing.byen import REGELSETT, hendelse, person, rad

TABELLER = [
    tabell(m)
    for m in vars(tables).values()
    if isinstance(m, type) and issubclass(m, SQLModel) and m.__module__ == tables.__name__
]
AV = Aktoer(rolle="sekretariat")
HENDELSE_ID = UUID(int=1)
FROGNER, ALNA = {"bydeler": ["05"]}, {"bydeler": ["12"]}


def koordinatorer(bydel: str, antall: int) -> list[RolleRad]:
    """So many holders of one role in one bydel."""
    return [rad(Rolle.SALTO_KOORDINATOR, f"bydel:{bydel}", f"{bydel}/{nr}") for nr in range(antall)]


def folk(bydel: str, antall: int) -> set[UUID]:
    return {person(f"{bydel}/{nr}") for nr in range(antall)}


class Rommet:
    """Routing alone: it is handed hendelser, and gives its decisions."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._ruting = Ruting(REGELSETT, "prøve", Registerfold(journal), Clock())

    async def har(self, rader: Sequence[RolleRad]) -> None:
        async with self._db.skriv() as tx:
            await store.fold_register(tx, RegisterData(roller=tuple(rader), av=AV), 1)

    async def _hoerer(self, event: Event[Any], sekvens: int) -> list[BesluttetData]:
        async with self._db.skriv() as tx:
            t = Transaksjon(tx)
            await self._ruting.on_hendelse(t, [Levering(event, sekvens, event.time)])
        return [e.data for e in t.events]

    async def meldt(self, sekvens: int, h: Hendelse) -> list[BesluttetData]:
        event = HendelseMeldt.ny(MeldtData(hendelse=h, av=AV), naa=Clock().now(), hendelse_id=HENDELSE_ID)
        return await self._hoerer(event, sekvens)

    async def endret(self, sekvens: int, h: Hendelse) -> list[BesluttetData]:
        event = HendelseEndret.ny(EndretData(hendelse=h, av=AV), naa=Clock().now(), hendelse_id=HENDELSE_ID)
        return await self._hoerer(event, sekvens)


@pytest_asyncio.fixture(loop_scope="session")
async def rommet(tmp_path: Path, base: Base) -> AsyncIterator[Rommet]:
    db = Database(base.url)
    async with db.skriv() as tx:
        await tx.run_sync(lambda c: SQLModel.metadata.drop_all(c, tables=TABELLER))
        await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=TABELLER))
    tjener = await start(tmp_path / "nats", port=ledig_port())
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    yield Rommet(db, journal)
    await journal.stopp()
    await db.lukk()
    tjener.stopp()


def alle(deler: Sequence[BesluttetData]) -> set[UUID]:
    return {m.person_id for d in deler for m in d.mottakere}


async def test_nobody_is_in_two_chunks_and_the_first_says_what_is_about_the_whole(rommet: Rommet) -> None:
    await rommet.har(koordinatorer("05", 1100))
    deler = await rommet.meldt(10, hendelse(sted=FROGNER))
    assert [len(d.mottakere) for d in deler] == [500, 500, 100]
    assert [(d.del_nr, d.deler) for d in deler] == [(1, 3), (2, 3), (3, 3)]
    assert alle(deler) == folk("05", 1100)
    assert [(bool(d.mangler), bool(d.ikke_valgt)) for d in deler] == [(True, True), (False, False), (False, False)]
    assert not any(d.ikke_lenger or d.i_andre_deler for d in deler)  # nobody is stood down: nothing more is needed


async def test_where_some_are_out_of_scope_the_first_chunk_knows_everyone_who_stays(rommet: Rommet) -> None:
    await rommet.har([*koordinatorer("05", 3), *koordinatorer("12", 600)])
    await rommet.meldt(10, hendelse(sted=FROGNER))
    foerste, andre = await rommet.endret(20, hendelse(sted=ALNA))
    assert set(foerste.ikke_lenger) == folk("05", 3)
    assert {m.person_id for m in foerste.mottakere} | set(foerste.i_andre_deler) == folk("12", 600)
    assert (andre.ikke_lenger, andre.i_andre_deler) == ((), ())


async def test_each_decision_says_of_everyone_called_before_that_they_are_out_of_scope(rommet: Rommet) -> None:
    """The newest is whole in itself: what an older one said is not needed, should that come late."""
    await rommet.har([*koordinatorer("05", 2), *koordinatorer("12", 2), *koordinatorer("15", 2)])
    await rommet.meldt(10, hendelse(sted=FROGNER))
    await rommet.endret(20, hendelse(sted=ALNA))
    [tredje] = await rommet.endret(30, hendelse(sted={"bydeler": ["15"]}))
    assert set(tredje.ikke_lenger) == folk("05", 2) | folk("12", 2)
    [fjerde] = await rommet.endret(40, hendelse(sted=FROGNER))
    assert set(fjerde.ikke_lenger) == folk("12", 2) | folk("15", 2)


async def test_an_event_older_than_what_is_decided_decides_nothing(rommet: Rommet) -> None:
    await rommet.har(koordinatorer("05", 1))
    assert await rommet.meldt(20, hendelse(sted=FROGNER))
    assert await rommet.endret(10, hendelse(sted=ALNA)) == []
