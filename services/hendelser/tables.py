"""What `hendelser` remembers: each hendelse as it is, kodeord given out, keys seen, tasks that wait for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel


class HendelseRow(SQLModel, table=True):
    """A hendelse as its last own event left it. `versjon` is that event's journal sequence."""

    __tablename__ = "hendelser_hendelse"
    __table_args__ = (Index("ix_hendelser_hendelse_status_start", "status", "start"),)

    id: UUID = Field(primary_key=True)
    hendelse: dict[str, Any] = Field(sa_type=JSON)
    status: str = Field(max_length=12)
    versjon: int = Field(sa_type=BigInteger)
    start: datetime | None = None
    slutt: datetime | None = None
    opprettet: datetime
    grunn: str = ""
    """Why it was called off, or how it went."""


class KodeordRow(SQLModel, table=True):
    """A kodeord and the hendelse that has it: a unique reservation, free again when `frigis` has passed."""

    __tablename__ = "hendelser_kodeord"

    ord: str = Field(primary_key=True, max_length=16)
    hendelse_id: UUID = Field(unique=True)
    reservert: datetime
    frigis: datetime | None = None


class NokkelRow(SQLModel, table=True):
    """An Idempotency-Key that was used (scope: token and path), with the digest of its body."""

    __tablename__ = "hendelser_nokkel"

    nokkel: str = Field(primary_key=True, max_length=64)
    foresporsel: str = Field(max_length=64)
    hendelse_id: UUID
    brukt: datetime


class OppgaveRow(SQLModel, table=True):
    """Something that waits for a person."""

    __tablename__ = "hendelser_oppgave"
    __table_args__ = (Index("ix_hendelser_oppgave_aapen", "loest", "opprettet"),)

    id: UUID = Field(primary_key=True)
    slag: str = Field(max_length=24)
    hendelse_id: UUID | None = Field(default=None, index=True)
    gjelder: UUID | None = None
    """The call-out, message or answer it is about."""
    svar_id: UUID | None = None
    """The answer that was unclear."""
    person_id: UUID | None = None
    """Who sent it, or closed the channel."""
    enhet: str | None = Field(default=None, max_length=64)
    tekst: str
    haster: bool = False
    opprettet: datetime
    loest: datetime | None = None
