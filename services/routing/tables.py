"""What `routing` remembers: its own copy of roles and absence, and what it has decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel


class RolleRow(SQLModel, table=True):
    """A role row as `register` told it."""

    __tablename__ = "routing_rolle"

    id: UUID = Field(primary_key=True)
    rad: dict[str, Any] = Field(sa_type=JSON)


class FravaerRow(SQLModel, table=True):
    """An absence as `register` told it."""

    __tablename__ = "routing_fravaer"

    id: UUID = Field(primary_key=True)
    rad: dict[str, Any] = Field(sa_type=JSON)


class RegisterRow(SQLModel, table=True):
    """Which version of the register the copy is: the sequence of the last event folded in."""

    __tablename__ = "routing_register"

    nr: int = Field(primary_key=True)
    sekvens: int = Field(sa_type=BigInteger)


class BeslutningRow(SQLModel, table=True):
    """A decision: what caused it, by which rules and register, and whom it called."""

    __tablename__ = "routing_beslutning"
    __table_args__ = (Index("ix_routing_beslutning_hendelse", "hendelse_id", "sekvens"),)

    id: UUID = Field(primary_key=True)
    """Id of the event that caused it."""
    hendelse_id: UUID
    sekvens: int = Field(sa_type=BigInteger)
    regelsett: str = Field(max_length=80)
    register_sekvens: int = Field(sa_type=BigInteger)
    personer: list[str] = Field(sa_type=JSON)
    ute: list[str] = Field(default_factory=list, sa_type=JSON)
    """Whom earlier decisions called and this one does not."""
