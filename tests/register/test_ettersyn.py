"""A register put back from a backup: it is noticed, said, and mended by importing all of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, select, update

from infra.journal.topologi import JOURNAL
from services.register import oppslag, store
from services.register.app import bygg
from services.register.fortalt import les_fortalt
from services.register.store import FRAVAER, PERSON, TILSTAND, VERV
from tests.register.byen import Byen, csv, rad
from tests.register.test_fravaer import dager

GAMMEL, FLYTTET = rad("a-01"), rad("a-01", mobil="900 00 021")
SLUTTET, NY = rad("b-02", enhet="bydel:06"), rad("c-03", enhet="bydel:06")
TABELLER = (PERSON, VERV, FRAVAER, TILSTAND)
Kopi = list[list[dict[str, Any]]]


async def kopier(byen: Byen) -> Kopi:
    """A backup of the register's tables."""
    async with byen.db.les() as tx:
        return [[dict(r) for r in (await tx.execute(select(tabell))).mappings()] for tabell in TABELLER]


async def legg_tilbake(byen: Byen, kopi: Kopi) -> None:
    """The backup is put back while the program is stopped, and the program is started again."""
    async with byen.db.skriv() as tx:
        for tabell in reversed(TABELLER):
            await tx.execute(tabell.delete())
        for tabell, rader in zip(TABELLER, kopi, strict=True):
            if rader:
                await tx.execute(insert(tabell), rader)
    await start_igjen(byen)


async def start_igjen(byen: Byen) -> None:
    rom = bygg(byen.hus)
    assert rom.start
    await rom.start()


async def er_eldre(byen: Byen) -> bool:
    """Whether the room says so; the metric says the same."""
    async with byen.db.les() as tx:
        eldre = await store.er_eldre(tx)
    assert REGISTRY.get_sample_value("salto_register_eldre_enn_journalen") == eldre
    return eldre


async def test_after_an_ordinary_start_nothing_is_said(byen: Byen) -> None:
    await start_igjen(byen)
    assert not await er_eldre(byen)
    await byen.har(GAMMEL, SLUTTET)
    await byen.har(NY)
    await start_igjen(byen)
    assert not await er_eldre(byen)


@pytest.mark.parametrize("foerste", [(GAMMEL, SLUTTET), ()], ids=["a backup", "an empty one"])
async def test_a_backup_says_that_it_is_one_until_all_is_imported(byen: Byen, foerste: tuple[Any, ...]) -> None:
    if foerste:
        await byen.har(*foerste)
    kopi = await kopier(byen)
    await byen.har(FLYTTET)  # no copy of the register says what number somebody has
    await legg_tilbake(byen, kopi)
    assert await er_eldre(byen)
    await byen.har(FLYTTET)  # one person is not all of them
    await start_igjen(byen)
    assert await er_eldre(byen)
    assert (await byen.leser_inn(csv(FLYTTET, SLUTTET), erstatt=True)).status_code == 200
    await start_igjen(byen)
    assert not await er_eldre(byen)


async def test_afterwards_the_journal_says_what_the_register_says(byen: Byen) -> None:
    """Who came after the backup has another id now, and nobody keeps the first one; absence is as it was told."""
    await byen.har(GAMMEL, SLUTTET)
    kopi = await kopier(byen)
    assert (await byen.leser_inn(csv(FLYTTET, NY), erstatt=True)).status_code == 200
    for hvem in ("a-01", "c-03"):
        assert (await byen.sekretariat.post("/fravaer", json={"person_id": hvem, **dager(byen, 1, 2)})).is_success
    await legg_tilbake(byen, kopi)
    assert (await byen.leser_inn(csv(FLYTTET, NY), erstatt=True)).status_code == 200
    sagt = await les_fortalt(byen.journal)
    async with byen.db.les() as tx:
        assert sorted(sagt.roller.values(), key=str) == sorted(await oppslag.alle_roller(tx), key=str)
        fravaer = await oppslag.fravaer(tx, fra=byen.klokke.now().date())
    assert list(sagt.fravaer.values()) == [ett for ett, _ in fravaer]
    assert [noekkel for _, noekkel in fravaer] == ["a-01"]


async def test_a_file_that_says_what_the_backup_says_is_enough(byen: Byen) -> None:
    await byen.har(GAMMEL)
    kopi = await kopier(byen)
    await byen.har(FLYTTET)
    await byen.har(GAMMEL)
    await legg_tilbake(byen, kopi)
    assert await er_eldre(byen)
    assert (await byen.leser_inn(csv(GAMMEL), erstatt=True)).json()["uendret"] == 1
    await start_igjen(byen)
    assert not await er_eldre(byen)


async def test_a_journal_made_anew_is_not_newer(byen: Byen) -> None:
    await byen.har(GAMMEL)
    await byen.journal.js.delete_stream(JOURNAL)
    await byen.journal.start()
    await start_igjen(byen)
    assert not await er_eldre(byen)
    async with byen.db.skriv() as tx:  # nor one that is an older copy: what we told last is not there
        await store.noter_fortalt(tx, uuid4())
    await start_igjen(byen)
    assert not await er_eldre(byen)


async def test_tables_from_before_this_was_noted_begin_where_the_journal_is(byen: Byen) -> None:
    await byen.har(GAMMEL)
    async with byen.db.skriv() as tx:
        await tx.execute(update(TILSTAND).values(fortalt=None))
    await start_igjen(byen)
    assert not await er_eldre(byen)
    kopi = await kopier(byen)
    await byen.har(FLYTTET)
    await legg_tilbake(byen, kopi)
    assert await er_eldre(byen)
