"""What the database role of a running program may do when the tables belong to another role (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from infra.db import Database
from infra.settings import Innstillingsfeil
from services.tabeller import METADATA

ALT = "SELECT, INSERT, UPDATE, DELETE"
UNNTAK = {"audit_rad": "SELECT, INSERT", "audit_hode": "SELECT, INSERT, UPDATE"}
"""Archived rows are only added; the head of their chain moves, and never goes away."""
_KAN_ENDRE = text("""
    SELECT has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')
        OR has_table_privilege(c.oid, 'TRUNCATE') OR pg_has_role(c.relowner, 'MEMBER')
    FROM pg_class c WHERE c.oid = to_regclass('audit_rad')
""")


def gi(forbindelse: Connection, rolle: str) -> None:
    """Gives a role exactly what `salto run` needs, and takes the rest, in the caller's transaction.

    Raises:
        Innstillingsfeil: there is no such role.
    """
    if not forbindelse.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :rolle"), {"rolle": rolle}).scalar():
        raise Innstillingsfeil(f"Rollen «{rolle}» i SALTO_DATABASE_URL finnes ikke i databasen")
    hvem = forbindelse.dialect.identifier_preparer.quote(rolle)
    skjema = forbindelse.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    forbindelse.execute(text(f"REVOKE CREATE ON SCHEMA {skjema} FROM PUBLIC, {hvem}"))
    forbindelse.execute(text(f"GRANT USAGE ON SCHEMA {skjema} TO {hvem}"))
    for tabell, hva in _rettigheter():
        forbindelse.execute(text(f"REVOKE ALL ON {tabell} FROM PUBLIC, {hvem}"))
        forbindelse.execute(text(f"GRANT {hva} ON {tabell} TO {hvem}"))


def _rettigheter() -> Iterator[tuple[str, str]]:
    for base, metadata in METADATA.items():
        yield f"alembic_{base}", "SELECT"
        for tabell in metadata.tables:
            yield tabell, UNNTAK.get(tabell, ALT)


async def kan_endre_arkivet(db: Database) -> bool:
    """Whether the role of this connection could change or remove archived rows, or take away what refuses it."""
    async with db.les() as tx:
        return bool((await tx.execute(_KAN_ENDRE)).scalar())
