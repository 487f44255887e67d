"""The e-mail ledger, what is withdrawn before it was seen, and the answer links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class MeldingRow(SQLModel, table=True):
    """One ordered e-mail. The ledger is the queue: what becomes of the order is written here and nowhere else."""

    __tablename__ = "epost_melding"
    __table_args__ = (Index("ix_epost_melding_koe", "status", "prioritet", "nr_i_hendelse", "neste"),)

    id: UUID = Field(primary_key=True)
    """The order's own id: a second delivery of the order is the same row."""
    utkalling_id: UUID | None = None
    hendelse_id: UUID | None = None
    person_id: UUID
    formaal: str = Field(max_length=32)
    emne: str
    tekst: str
    prioritet: int
    nr_i_hendelse: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Its place in the queue of its own hendelse: a large hendelse does not hold up a small one."""
    send_foer: datetime
    svarlenke: bool = False
    oevelse: bool = False
    status: str = Field(max_length=16)
    """klar | sender | sendt | feilet | trukket | uviss."""
    forsoek: int = 0
    neste: datetime
    """When it is due, while it is `klar`."""
    arbeider: UUID | None = None
    """Who claimed it last."""
    leie_til: datetime | None = None
    """While it is `sender`: when its worker must have been heard of again, or is taken for dead."""
    data_begynt: datetime | None = None
    """When this attempt was about to say DATA. Empty: it is certain that nothing went out."""
    feilkode: str | None = Field(default=None, max_length=32)


class TrukketRow(SQLModel, table=True):
    """A withdrawal that came before its order, as it can with replicas. Orders of other channels leave rows too."""

    __tablename__ = "epost_trukket"

    id: UUID = Field(primary_key=True)


class LenkeRow(SQLModel, table=True):
    """One answer link, known by the digest of its token alone and bound to one call-out."""

    __tablename__ = "epost_lenke"

    sha256: str = Field(primary_key=True, max_length=64)
    melding_id: UUID = Field(index=True)
    utkalling_id: UUID
    person_id: UUID
    hendelse_id: UUID | None = None
    utloeper: datetime
    brukt: datetime | None = None
    """When the newest answer was taken; a page that is only fetched leaves no trace."""
    svar: str | None = Field(default=None, max_length=16)
    eta_minutter: int | None = None
    antall_svar: int = 0
