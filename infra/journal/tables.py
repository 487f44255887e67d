"""What every room remembers about the journal: what it has read, and what it has yet to have confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
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


class StedRow(SQLModel, table=True):
    """Where a room's tables are in the journal: what they are checked by when the two have been apart."""

    __tablename__ = "journal_sted"

    rom: str = Field(primary_key=True, max_length=32)
    journal: str = Field(default="", max_length=40)
    """Which journal: when its stream was made."""
    begynner: int = Field(default=0, sa_type=BigInteger)
    """Where this journal begins: what came before stood in one that is gone, and is in the archive."""
    sekvens: int = Field(default=0, sa_type=BigInteger)
    """All that the room hears up to here has been handled. More may have been."""
    sett: int = Field(default=0, sa_type=BigInteger)
    """The last sequence the journal was seen to have."""
    gjenspilles_fra: int = Field(default=0, sa_type=BigInteger)
    gjenspilles_til: int = Field(default=0, sa_type=BigInteger)
    """While the tables are older than the journal: the stretch that is being replayed, both included."""
    fortalt_til: int = Field(default=0, sa_type=BigInteger)
    """Up to here the room had told all that it had to, before its tables were restored."""
    levert_til: int = Field(default=0, sa_type=BigInteger)
    """What came after this was never handed to the room: it is no matter of the replay."""
