"""The register's tables: persons with contact data, their roles, their absence, and the lock of all writers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """One person. `person_id` is our own random id, the only one that leaves the room in an event."""

    __tablename__ = "register_person"

    person_id: UUID = Field(primary_key=True)
    noekkel: str = Field(unique=True, max_length=64)
    """The owner's stable key (`person_id` in files and in the API)."""
    navn: str = Field(max_length=100)
    mobil: str | None = Field(default=None, unique=True, max_length=16)
    """E.164; one mobile belongs to one person."""
    epost: str | None = Field(default=None, index=True, max_length=254)
    """In lower case; an address may be shared."""
    demo: bool = False


class VervRow(SQLModel, table=True):
    """One person in one role in one unit, as holder or as deputy for a holder."""

    __tablename__ = "register_rolle"
    __table_args__ = (Index("ix_register_rolle_rolle_enhet", "rolle", "enhet"),)

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="register_person.person_id", index=True)
    rolle: str = Field(max_length=32)
    enhet: str = Field(max_length=100)
    vara_for: UUID | None = Field(default=None, foreign_key="register_person.person_id", index=True)
    kanaler: str = Field(default="", max_length=16)
    """`sms`, `epost`, `sms+epost`; empty = both that exist."""
    gyldig_fra: date | None = None
    gyldig_til: date | None = None


class FravaerRow(SQLModel, table=True):
    """Days a person is away, both included. Never why."""

    __tablename__ = "register_fravaer"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="register_person.person_id", index=True)
    fra: date
    til: date


class TilstandRow(SQLModel, table=True):
    """One row: whoever writes to the register locks it first, on SQLite and PostgreSQL alike.

    `fortalt`: the last change that was told; a backup knows an older one. `eldre`: that is what the register is.
    """

    __tablename__ = "register_tilstand"

    nr: int = Field(primary_key=True)
    endringer: int = 0
    fortalt: UUID | None = None
    eldre: bool = False
