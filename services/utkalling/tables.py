"""What `utkalling` remembers: one row per hendelse, per call-out, per message, per answer, per deadline."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class HendelseRow(SQLModel, table=True):
    """A hendelse as its last event left it. Its row is the lock of everything about it."""

    __tablename__ = "utkalling_hendelse"

    hendelse_id: UUID = Field(primary_key=True)
    hendelse: dict[str, Any] = Field(sa_type=JSON)
    kodeord: str = Field(max_length=16, index=True)
    aapen: bool
    sekvens: int = Field(sa_type=BigInteger)
    """Journal sequence of the last of its own events folded here."""
    lukket_sekvens: int = Field(default=0, sa_type=BigInteger)
    """Where it was called off or closed; decisions caused before that call nobody."""
    avlyst: bool = False
    bemannet: bool = False
    utloeper: datetime
    """After this its call-outs are no longer what an answer without a kodeord is about."""
    sekretariat: list[str] = Field(default_factory=list, sa_type=JSON)
    """Persons who are told by e-mail of what waits for somebody."""
    besluttet_sekvens: int = Field(default=0, sa_type=BigInteger)
    """What caused the newest decision; one caused before that calls nobody."""
    oppgaver: list[str] = Field(default_factory=list, sa_type=JSON)
    """What the newest decision left to a person: it is told once."""
    endret_sekvens: int = Field(default=0, sa_type=BigInteger)
    """Where something people must know was last changed."""
    fortelles_av: int = Field(default=0, sa_type=BigInteger)
    """What caused the decision that tells of it, in all its chunks; 0 while none has come."""


class UtkallingRow(SQLModel, table=True):
    """A call-out of one person to one hendelse."""

    __tablename__ = "utkalling_utkalling"
    __table_args__ = (
        UniqueConstraint("hendelse_id", "person_id"),
        Index("ix_utkalling_utkalling_person", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    hendelse_id: UUID
    person_id: UUID
    art: str = Field(max_length=16)
    roller: list[dict[str, Any]] = Field(sa_type=JSON)
    kanaler: list[str] = Field(sa_type=JSON)
    svarfrist: datetime | None = None
    vara_for: UUID | None = None
    kanalstatus: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    svar: str | None = Field(default=None, max_length=16)
    svar_tid: datetime | None = None
    eta: datetime | None = None
    antall: int | None = None
    sen: bool = False
    eskalert: bool = False
    utloept: bool = False
    avlyst: bool = False
    opprettet: datetime
    nr: int
    gjelder: str = Field(default="", max_length=200)
    """What, where and when, in the words the person was last given: a stand-down is about that."""


class MeldingRow(SQLModel, table=True):
    """A message ordered, and what the channel has said about it."""

    __tablename__ = "utkalling_melding"
    __table_args__ = (Index("ix_utkalling_melding_utkalling", "utkalling_id"),)

    id: UUID = Field(primary_key=True)
    hendelse_id: UUID | None = None
    utkalling_id: UUID | None = None
    kanal: str = Field(max_length=8)
    formaal: str = Field(max_length=16)
    segmenter: int
    status: str = Field(default="bestilt", max_length=16)
    leverandoer_id: str | None = Field(default=None, max_length=64)
    tider: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    feil: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    send_foer: datetime | None = None
    """Past this the channel sends it no more; empty for what was ordered before we noted it."""
    uviss_forsoek: int = 0
    """The attempt nobody knows about, the newest time it was so: a decision is about that one."""
    avgjort: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """What a person decided about it last: `forsoek`, `valg`, `tid`, `av`, `grunn`. The journal has every decision."""


class KvitteringRow(SQLModel, table=True):
    """An answer. Every answer is kept."""

    __tablename__ = "utkalling_kvittering"

    id: UUID = Field(primary_key=True)
    utkalling_id: UUID = Field(index=True)
    hendelse_id: UUID
    svar: str = Field(max_length=16)
    eta: datetime | None = None
    antall: int | None = None
    kanal: str = Field(max_length=8)
    mottatt: datetime
    sen: bool = False
    merknad: str = ""
    av_rolle: str | None = Field(default=None, max_length=32)
    av_enhet: str | None = Field(default=None, max_length=100)
    """Who took it for the person, by role; empty when the person answered."""


class FristRow(SQLModel, table=True):
    """A deadline. It is due until a tick has taken it."""

    __tablename__ = "utkalling_frist"
    __table_args__ = (Index("ix_utkalling_frist_frist", "naadd", "frist"),)

    id: UUID = Field(primary_key=True)
    hendelse_id: UUID
    utkalling_id: UUID
    slag: str = Field(max_length=16)
    frist: datetime
    naadd: datetime | None = None


class VaraRow(SQLModel, table=True):
    """How a deputy named in a decision can be reached."""

    __tablename__ = "utkalling_vara"

    hendelse_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    kanaler: list[str] = Field(sa_type=JSON)


class SamtaleRow(SQLModel, table=True):
    """Where the conversation with a person stands: an answer that waits for its kodeord, a stopped phone."""

    __tablename__ = "utkalling_samtale"

    person_id: UUID = Field(primary_key=True)
    venter: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    venter_siden: datetime | None = None
    sms_stoppet: bool = False
