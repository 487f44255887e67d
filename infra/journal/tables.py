"""What every room remembers about the journal: what it has read, and what it has yet to have confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class LestRow(SQLModel, table=True):
    """An event that a room has handled: a second delivery has no second effect."""

    __tablename__ = "journal_lest"

    rom: str = Field(primary_key=True, max_length=32)
    event_id: UUID = Field(primary_key=True)
    runde: UUID
    """The transaction it was handled in: what that transaction told is told again, never decided anew."""


class FortaltRow(SQLModel, table=True):
    """An event a room has decided to tell and committed; the row goes when the PubAck has come."""

    __tablename__ = "journal_fortalt"
    __table_args__ = (Index("ix_journal_fortalt_runde", "rom", "runde"),)

    id: UUID = Field(primary_key=True)
    rom: str = Field(max_length=32)
    runde: UUID
    nr: int
    data: bytes
    lagt: datetime
