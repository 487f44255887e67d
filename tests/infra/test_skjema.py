"""The schema's history gives exactly the tables that the code has."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from infra.db import Database
from infra.migrations import historie
from infra.settings import Innstillingsfeil, Settings
from services.migrering import baser, migrer, sjekk
from services.tabeller import METADATA
from tests.harness.baser import Base

UTLOESERE = {
    "sqlite": ("select count(*) from sqlite_master where type = 'trigger'", 3),
    "postgresql": ("select count(*) from pg_trigger where not tgisinternal", 2),
}


async def test_historien_gir_tabellene_i_koden(tmp_path: Path, base: Base) -> None:
    settings = Settings(data_dir=tmp_path, database_url=base.innstilling)
    await migrer(settings)
    await migrer(settings)  # a second time changes nothing
    await sjekk(settings)
    for navn, url in baser(settings).items():
        db = Database(url)
        async with db.les() as tx:
            assert await tx.run_sync(historie.avvik, navn, METADATA[navn]) == []
        await db.lukk()


async def test_et_nyere_skjema_avvises_med_klar_beskjed(tmp_path: Path, base: Base) -> None:
    settings = Settings(data_dir=tmp_path, database_url=base.innstilling)
    await migrer(settings)
    db = Database(settings.hoveddatabase)
    async with db.skriv() as tx:
        await tx.execute(text("update alembic_salto set version_num = '9999'"))
    await db.lukk()
    with pytest.raises(Innstillingsfeil, match="nyere versjon"):
        await migrer(settings)
    with pytest.raises(Innstillingsfeil, match="9999"):
        await sjekk(settings)


async def test_databasen_nekter_aa_endre_arkivet(tmp_path: Path, base: Base) -> None:
    settings = Settings(data_dir=tmp_path, database_url=base.innstilling)
    await migrer(settings)
    db = Database(settings.auditdatabase)
    async with db.les() as tx:
        sql, antall = UTLOESERE[db.url.get_backend_name()]
        assert (await tx.execute(text(sql))).scalar() == antall
    await db.lukk()
