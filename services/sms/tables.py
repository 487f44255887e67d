"""What `sms` remembers: messages and attempts, the provider's words, and the erasable words of answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class MeldingRow(SQLModel, table=True):
    """One message to one person. The row is the queue: who may send it next, and what became of it."""

    __tablename__ = "sms_melding"
    __table_args__ = (
        Index("ix_sms_melding_koe", "status", "prioritet", "nr_i_hendelse", "neste"),
        Index("ix_sms_melding_sid", "sid"),
    )

    id: UUID = Field(primary_key=True)
    utkalling_id: UUID | None = None
    hendelse_id: UUID | None = None
    person_id: UUID | None = None
    til_direkte: str | None = Field(default=None, max_length=32)
    """Only for the reply to an unknown sender; emptied once it is sent."""
    aarsak: UUID
    """The event that ordered it: what is told about it is caused by that."""
    formaal: str = Field(max_length=16)
    tekst: str
    ref: str = Field(default="", max_length=16)
    segmenter: int = 0
    prioritet: int
    nr_i_hendelse: int
    """Its place in the queue of its own hendelse: a large hendelse does not hold up a small one."""
    bestilt: datetime
    send_foer: datetime
    oevelse: bool = False

    status: str = Field(max_length=8)
    """klar | sender | tvil | sendt | levert | feilet | uviss | antatt (a person regards it as sent) | trukket."""
    forsoek: int = 0
    neste: datetime
    """When it is due: to be sent (klar), looked up (tvil), or asked about (sendt)."""
    startet: datetime | None = None
    """When the newest attempt was committed: the settling time counts from here."""
    leie_til: datetime | None = None
    arbeider: UUID | None = None
    sid: str | None = Field(default=None, max_length=64)
    blikk: int = 0
    """How many times this doubt has been looked up in vain."""
    ikke_funnet: int = 0
    """Attempts that the provider turned out never to have accepted."""
    trekkes: bool = False
    """Withdrawn while it was on its way: it goes out no more than it already has."""


class ForsoekRow(SQLModel, table=True):
    """One attempt, committed with the number it uses before anything is sent."""

    __tablename__ = "sms_forsoek"

    melding_id: UUID = Field(primary_key=True)
    nr: int = Field(primary_key=True)
    arbeider: UUID
    startet: datetime
    leie_til: datetime
    til: str | None = Field(default=None, max_length=32)
    """Emptied when the attempt is no longer in doubt."""
    utfall: str | None = Field(default=None, max_length=16)
    """sendt | avvist | vent | stans | ikke_sendt | ikke_funnet | uviss; empty while nobody knows."""
    ferdig: datetime | None = None


class StatusRow(SQLModel, table=True):
    """The provider's word about a message: kept also when it comes before our own outcome."""

    __tablename__ = "sms_status"
    __table_args__ = (Index("ix_sms_status_melding", "melding_id"),)

    sid: str = Field(primary_key=True, max_length=64)
    status: str = Field(primary_key=True, max_length=32)
    feilkode: int | None = None
    melding_id: UUID | None = None
    forsoek: int | None = None
    mottatt: datetime


class InnholdRow(SQLModel, table=True):
    """The words of an answer. Text and key can be erased; the journal then holds an HMAC that fits nothing."""

    __tablename__ = "sms_innhold"

    svar_id: UUID = Field(primary_key=True)
    message_sid: str = Field(max_length=64, unique=True)
    tekst: str | None = None
    noekkel: bytes | None = None
    mottatt: datetime


class StoppRow(SQLModel, table=True):
    """A number that has said STOPP, or START after it. The number itself is not kept."""

    __tablename__ = "sms_stopp"

    nummer: str = Field(primary_key=True, max_length=64)
    person_id: UUID | None = None
    stoppet: bool
    sist: datetime
    """When it was said: an older word that arrives late changes nothing."""


class UkjentRow(SQLModel, table=True):
    """An unknown number that was answered, so that it is answered at most once a day."""

    __tablename__ = "sms_ukjent"

    nummer: str = Field(primary_key=True, max_length=64)
    sist: datetime


class TaktRow(SQLModel, table=True):
    """One row: the tokens that all who send for the provider's account share. Only with SALTO_SMS_PER_SECOND."""

    __tablename__ = "sms_takt"

    nr: int = Field(primary_key=True)
    innhold: float
    sist: float
    """When it was filled last, in seconds since 1970."""


class TrukketRow(SQLModel, table=True):
    """A withdrawal that came before its order: with replicas, or when the order had to be tried again."""

    __tablename__ = "sms_trukket"

    melding_id: UUID = Field(primary_key=True)
    mottatt: datetime
