"""The audit database: rows that are only ever added, and the one head they are chained to.

The tables have a metadata of their own, so that they are made in the audit database and nowhere else.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class AuditBase(SQLModel, registry=registry()):
    """What every audit table descends from; `AuditBase.metadata` is the whole audit schema."""


class RadRow(AuditBase, table=True):
    """One message of the journal, as it was received, in its place in the chain."""

    __tablename__ = "audit_rad"
    __table_args__ = (Index("ix_audit_rad_hendelse", "hendelse_id", "epoke", "sekvens"),)

    epoke: int = Field(primary_key=True, sa_type=BigInteger)
    sekvens: int = Field(primary_key=True, sa_type=BigInteger)
    tid: int = Field(sa_type=BigInteger)
    """Stream time in microseconds since 1970 (UTC): exact, and the same number that is hashed."""
    subjekt: str
    data: bytes | None = None
    """The bytes as received; None once they are erased under a recorded decision (not built yet)."""
    digest: bytes = Field(max_length=32)
    hash: bytes = Field(max_length=32)
    event_id: UUID | None = Field(default=None, index=True)
    type: str = Field(default="", max_length=120)
    hendelse_id: UUID | None = None


class HodeRow(AuditBase, table=True):
    """The one head of the chain; whoever holds its lock is the one who writes."""

    __tablename__ = "audit_hode"

    id: int = Field(primary_key=True, default=1)
    epoke: int = Field(sa_type=BigInteger)
    sekvens: int = Field(sa_type=BigInteger)
    hash: bytes = Field(max_length=32)


_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS audit_rad_ingen_endring BEFORE UPDATE ON audit_rad
       BEGIN SELECT RAISE(ABORT, 'audit_rad kan ikke endres'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_rad_ingen_sletting BEFORE DELETE ON audit_rad
       BEGIN SELECT RAISE(ABORT, 'audit_rad kan ikke slettes'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER IF NOT EXISTS audit_rad_ingen_erstatning BEFORE INSERT ON audit_rad
       WHEN EXISTS (SELECT 1 FROM audit_rad WHERE epoke = NEW.epoke AND sekvens = NEW.sekvens)
       BEGIN SELECT RAISE(ABORT, 'audit_rad kan ikke erstattes'); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION audit_rad_nei() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit_rad kan ikke endres eller slettes'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_rad_ingen_endring BEFORE UPDATE OR DELETE ON audit_rad
       FOR EACH ROW EXECUTE FUNCTION audit_rad_nei()""",
    """CREATE OR REPLACE TRIGGER audit_rad_ingen_toemming BEFORE TRUNCATE ON audit_rad
       FOR EACH STATEMENT EXECUTE FUNCTION audit_rad_nei()""",
    "ALTER TABLE audit_rad ENABLE ALWAYS TRIGGER audit_rad_ingen_endring",
    "ALTER TABLE audit_rad ENABLE ALWAYS TRIGGER audit_rad_ingen_toemming",
)
UTLOESERE: dict[str, tuple[str, ...]] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
"""By dialect, what the migration runs after the tables are made, each time: every UPDATE and DELETE is refused.

An owner can drop a trigger: on PostgreSQL `salto migrate` therefore gives a running program's role, when it is another
than the owner's, no more than it needs (services/rettigheter.py).
Erasure under a recorded decision is not built: when it is, the trigger lets `data` become NULL for a row that has one.
"""
