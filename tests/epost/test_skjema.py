"""The ledger's schema meets rows that were under way before it: what may have reached DATA is not sent again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from infra.db import Database
from infra.migrations import historie
from infra.settings import Settings
from services.epost import store
from services.migrering import migrer
from services.tabeller import METADATA
from tests.harness.baser import Base

FOER = "0005"
RAD = text(
    "INSERT INTO epost_melding (id, person_id, formaal, emne, tekst, prioritet, send_foer, svarlenke, oevelse, status,"
    " forsoek, neste, leie_til) VALUES (:id, :id, 'utkalling', '', '', 2, :tid, false, false, :status, 1, :tid, :tid)"
)


def _til(forbindelse: Connection, revisjon: str) -> None:
    oppsett = Config()
    oppsett.set_main_option("script_location", str(historie.MAPPE))
    oppsett.set_main_option("path_separator", "os")
    oppsett.attributes.update(connection=forbindelse, base="salto", metadata=METADATA["salto"])
    command.upgrade(oppsett, revisjon)


async def test_what_was_under_way_before_is_in_doubt_and_what_waited_still_waits(tmp_path: Path, base: Base) -> None:
    settings = Settings(data_dir=tmp_path, database_url=base.innstilling)
    db = Database(settings.hoveddatabase)
    tid = datetime(2026, 11, 21, 12, tzinfo=UTC)
    async with db.skriv() as tx:
        await tx.run_sync(_til, FOER)
        for status in ("klar", "sender"):
            id_ = uuid4()
            await tx.execute(RAD, {"id": id_.hex if db.sqlite else id_, "tid": str(tid)[:19] if db.sqlite else tid,
                                   "status": status})  # fmt: skip
    await migrer(settings)
    async with db.skriv() as tx:
        assert await store.forlatte_foer_data(tx, datetime(2026, 11, 22, tzinfo=UTC)) == 0
        [i_tvil] = await store.forlatte_i_data(tx, datetime(2026, 11, 22, tzinfo=UTC))
        rader = (await tx.execute(store.MELDING.select())).all()
    await db.lukk()
    assert {r.status: r.nr_i_hendelse for r in rader} == {"klar": 0, "uviss": 0}
    assert i_tvil.forsoek == 1
