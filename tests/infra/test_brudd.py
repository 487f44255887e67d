"""A line to PostgreSQL that goes silent: noticed soon at both ends, and a commit in doubt has one effect."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import event, select, text, update

from contracts.kanal import KanalData, KanalStartet
from infra import postgres as infra_postgres
from infra.clock import Clock
from infra.db import NEDE, Database, Tx
from infra.journal.forteller import Forteller
from infra.simulator.klient import vent
from tests.harness.baser import BARE_POSTGRES, Base
from tests.harness.mellomledd import Mellomledd, Vei, mellomledd
from tests.infra.rommet import Huset, Rommet
from tests.infra.test_db import LEST, antall, rad

pytestmark = BARE_POSTGRES
UTAALMODIG = 2.0
"""Those whose line is whole have the same limit: not as short as a machine stands still now and then."""
FRIST_SEKUNDER = 60.0
"""Much longer than what is set here, on any machine: without the limits nothing ends at all."""


@pytest.fixture(autouse=True)
def utaalmodig(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest of the limits, sooner."""
    monkeypatch.setattr(infra_postgres, "SETNING_SEKUNDER", UTAALMODIG)


@pytest_asyncio.fixture(loop_scope="session")
async def linje(base: Base) -> AsyncIterator[tuple[Database, Mellomledd]]:
    """A database behind a line that can fail, with one table in it."""
    rett = Database(base.url)
    async with rett.skriv() as tx:
        await tx.run_sync(LEST.create)
    await rett.lukk()
    async with mellomledd(rett.url.port or 0) as ledd:
        db = Database(rett.url.set(port=ledd.port).render_as_string(hide_password=False))
        yield db, ledd
        await db.lukk()


async def pid(tx: Tx) -> int:
    return int((await tx.execute(text("select pg_backend_pid()"))).scalar_one())


async def flere(db: Database, hvor_mange: int) -> set[int]:
    """The server's processes for so many connections at once."""
    klare = asyncio.Barrier(hvor_mange)

    async def en() -> int:
        async with db.les() as tx:
            nr = await pid(tx)
            await klare.wait()
            return nr

    return set(await asyncio.gather(*(en() for _ in range(hvor_mange))))


async def avbrytes(db: Database, ledd: Mellomledd, *, midt_i_en_setning: bool = False) -> None:
    """The line goes silent in the middle of a transaction that has locked every row."""
    async with db.skriv() as tx:
        await tx.execute(update(LEST).values(rom="avbrutt"))
        if midt_i_en_setning:
            await halv_setning(tx)
        ledd.svelg()
        await antall(tx)


async def test_a_statement_into_silence_ends_soon_and_is_a_database_that_is_away(
    linje: tuple[Database, Mellomledd],
) -> None:
    db, ledd = linje
    async with asyncio.timeout(FRIST_SEKUNDER):
        with pytest.raises(NEDE):
            await avbrytes(db, ledd)
        with pytest.raises(NEDE):
            await db.ping()


async def test_what_was_open_before_the_silence_is_not_used_again(linje: tuple[Database, Mellomledd]) -> None:
    db, ledd = linje
    foer = await flere(db, 5)
    ledd.svelg()
    with pytest.raises(NEDE):
        await db.ping()
    await ledd.hel()
    async with asyncio.timeout(FRIST_SEKUNDER):
        etter = await flere(db, 5)
    assert not foer & etter


async def slippes(base: Base) -> None:
    """Waits until somebody else may write to every row, and does."""
    rett = Database(base.url)

    async def skrevet() -> bool | None:
        try:
            async with rett.skriv() as tx:
                await tx.execute(update(LEST).values(rom="ny"))
        except NEDE:
            return None
        return True

    await vent(skrevet, "låsen er sluppet", FRIST_SEKUNDER)
    async with rett.les() as tx:
        assert set((await tx.execute(select(LEST.c.rom))).scalars()) == {"ny"}
    await rett.lukk()


async def test_who_is_cut_off_in_the_middle_lets_go_of_its_locks(
    linje: tuple[Database, Mellomledd], base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert int(infra_postgres._TJENERENS["idle_in_transaction_session_timeout"]) <= 15_000
    monkeypatch.setitem(infra_postgres._TJENERENS, "idle_in_transaction_session_timeout", "500")
    db, ledd = linje
    await en_rad(db)
    with pytest.raises(NEDE):
        await avbrytes(db, ledd)
    await slippes(base)


async def test_who_is_cut_off_in_the_middle_of_a_statement_lets_go_of_its_locks(
    linje: tuple[Database, Mellomledd], base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert infra_postgres.TRANSAKSJON_SEKUNDER <= 30
    monkeypatch.setattr(infra_postgres, "TRANSAKSJON_SEKUNDER", 1)
    db, ledd = linje
    await en_rad(db)
    with pytest.raises(NEDE):
        await avbrytes(db, ledd, midt_i_en_setning=True)
    await slippes(base)


async def en_rad(db: Database) -> None:
    async with db.skriv() as tx:
        await tx.execute(LEST.insert(), [rad()])


async def halv_setning(tx: Tx) -> None:
    """Parse without Bind: to the server we are neither idle nor at work."""
    raa = (await tx.get_raw_connection()).driver_connection
    assert raa is not None
    parse = b"halv\0select 1\0" + bytes(2)
    raa._transport.write(b"P" + (len(parse) + 4).to_bytes(4) + parse + b"H" + (4).to_bytes(4))


async def test_the_operating_systems_at_both_ends_watch_the_line(base: Base) -> None:
    db = Database(base.url)
    async with db.les() as tx:
        raa = (await tx.get_raw_connection()).driver_connection
        assert raa is not None
        sokkel = raa._transport.get_extra_info("socket")
        assert sokkel.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert sokkel.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000
        assert sokkel.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 3
        for navn, verdi in {"tcp_user_timeout": "3000", "tcp_keepalives_idle": "3"}.items():
            assert (await tx.execute(text(f"SHOW {navn}"))).scalar_one() == verdi
    await db.lukk()


async def test_a_long_statement_lives_where_it_is_allowed_to(base: Base) -> None:
    lang = text(f"select pg_sleep({UTAALMODIG * 1.5})")
    db, taalmodig = Database(base.url), Database(base.url, taalmodig=True)
    with pytest.raises(NEDE):
        async with db.les() as tx:
            await tx.execute(lang)
    async with taalmodig.les() as tx:
        await tx.execute(lang)
    await db.lukk()
    await taalmodig.lukk()


def taus_ved_commit(db: Database, ledd: Mellomledd) -> None:
    """The next commit reaches the server, and its answer nobody."""
    event.listen(db._skriver.sync_engine, "commit", lambda _: ledd.svelg([Vei.TILBAKE]), once=True)


async def test_a_message_whose_commit_was_never_answered_has_one_effect_and_is_told(
    huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    rett = huset.db
    async with mellomledd(rett.url.port or 0) as ledd:
        db = Database(rett.url.set(port=ledd.port).render_as_string(hide_password=False))
        monkeypatch.setattr(huset, "db", db)

        async def gjoer(rom: Rommet, _: object) -> None:
            taus_ved_commit(db, ledd)

        async with huset.rom(forteller_videre=True, gjoer=gjoer) as rom:
            await huset.si("a")
            await vent(lambda: _lest(rett), "lagret, uten at rommet vet det")
            assert await huset.fortalt() == []
            await ledd.hel()
            await vent(lambda: _fortalt(huset), "fortalt")
            await huset.alt_er_avgjort()
        await db.lukk()
    assert rom.behandlet == ["a"]
    assert len(await huset.fortalt()) == 1
    assert await huset.feilkoe(0) == []


async def test_what_nobody_asks_for_again_is_told_though_its_commit_was_never_answered(huset: Huset) -> None:
    async with mellomledd(huset.db.url.port or 0) as ledd:
        db = Database(huset.db.url.set(port=ledd.port).render_as_string(hide_password=False))
        forteller = Forteller("prøve", db, huset.journal, Clock())
        await forteller.tikk()  # what a crash left is looked for once; not again without a reason
        taus_ved_commit(db, ledd)
        with pytest.raises(NEDE):
            async with forteller.transaksjon() as t:
                t.fortell(KanalStartet.ny(KanalData(person_id=uuid4(), grunn="x"), naa=Clock().now()))
        assert await huset.fortalt() == []
        await ledd.hel()
        await forteller.tikk()
        await db.lukk()
    assert len(await huset.fortalt()) == 1


async def _lest(db: Database) -> bool | None:
    async with db.les() as tx:
        return await antall(tx) > 0 or None


async def _fortalt(huset: Huset) -> bool | None:
    return len(await huset.fortalt()) > 0 or None
