"""Bringing the databases to the newest schema (`salto migrate`; `up` does it by itself)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, make_url, text

from infra.db import Database, DBAPIError
from infra.migrations import historie
from infra.settings import Innstillingsfeil, Settings
from services import rettigheter
from services.audit.tables import UTLOESERE
from services.tabeller import METADATA


def baser(settings: Settings) -> dict[str, str]:
    """The URL of each database by name."""
    return {"salto": settings.hoveddatabase, "audit": settings.auditdatabase}


async def migrer(settings: Settings) -> None:
    """Brings both databases to the newest schema, as their owner, and gives the running program's role what it needs.

    Raises:
        Innstillingsfeil: a database is newer than this program, or the two roles are not of the same database.
    """
    rolle = _driftsrolle(settings)
    for navn, url in baser(settings).items():
        db = Database(settings.migrering_url or url, taalmodig=True)
        try:
            async with db.skriv() as tx:
                await tx.run_sync(_oppgrader, navn)
                if rolle and navn == "audit":  # the last one: now every table is there
                    await tx.run_sync(rettigheter.gi, rolle)
        finally:
            await db.lukk()


def _driftsrolle(settings: Settings) -> str:
    """The role a program runs as, when it is not the owner's."""
    if not settings.migrering_url:
        return ""
    eier, drift = make_url(settings.migrering_url), make_url(settings.hoveddatabase)
    if (eier.get_backend_name(), drift.get_backend_name()) != ("postgresql", "postgresql"):
        raise Innstillingsfeil("SALTO_MIGRERING_URL brukes bare sammen med PostgreSQL i SALTO_DATABASE_URL")
    if eier.database != drift.database:
        raise Innstillingsfeil("SALTO_MIGRERING_URL og SALTO_DATABASE_URL må være samme database")
    return "" if eier.username == drift.username else drift.username or ""


async def sjekk(settings: Settings) -> None:
    """Raises Innstillingsfeil when a database does not answer, or has another schema than this program's."""
    for navn, url in baser(settings).items():
        db = Database(url)
        try:
            async with db.les() as tx:
                har = await tx.run_sync(historie.naa, navn)
        except (DBAPIError, OSError) as feil:
            raise Innstillingsfeil(f"Databasen «{navn}» svarer ikke: {type(feil).__name__}") from feil
        finally:
            await db.lukk()
        if har != historie.nyeste():
            raise Innstillingsfeil(f"Databasen «{navn}» har skjema {har or 0}, programmet vil ha {historie.nyeste()}: "
                                   "kjør `salto migrate`")  # fmt: skip


async def ny(settings: Settings, melding: str) -> Path:
    """Writes the next revision from what the tables in code have and the databases have not."""
    hoved, audit = (Database(url) for url in baser(settings).values())
    async with hoved.skriv() as en, audit.skriv() as to:
        await en.run_sync(_oppgrader, "salto")
        await to.run_sync(_oppgrader, "audit")
        fil = await en.run_sync(
            lambda a: historie.skriv(
                melding,
                {"salto": (a, METADATA["salto"]), "audit": (to.sync_connection, METADATA["audit"])},  # type: ignore[dict-item]
            )
        )
    await hoved.lukk()
    await audit.lukk()
    return fil


def _oppgrader(forbindelse: Connection, navn: str) -> None:
    foer = historie.naa(forbindelse, navn)
    if foer is not None and not historie.kjenner(foer):
        raise Innstillingsfeil(f"Databasen «{navn}» er laget av en nyere versjon ({foer}). Oppdater programmet.")
    historie.oppgrader(forbindelse, navn, METADATA[navn])
    if navn == "audit" and foer is None and historie.nyeste():
        for utloeser in UTLOESERE[forbindelse.dialect.name]:
            forbindelse.execute(text(utloeser))
