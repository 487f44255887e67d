"""Bringing the databases to the newest schema (`salto migrate`; `up` does it by itself)."""

from __future__ import annotations

from infra.db import Database
from infra.settings import Settings
from services.audit.tables import UTLOESERE
from services.tabeller import METADATA


async def migrer(settings: Settings) -> None:
    for navn, url in (("salto", settings.hoveddatabase), ("audit", settings.auditdatabase)):
        db = Database(url)
        async with db.skriv() as tx:
            await tx.run_sync(METADATA[navn].create_all)
        await db.lukk()


_ = UTLOESERE
