"""API tokens, stored as digests."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class TokenRow(SQLModel, table=True):
    """One API token: shown once when made, known afterwards by its SHA-256 alone."""

    __tablename__ = "web_token"

    id: str = Field(primary_key=True, max_length=16)
    sha256: str = Field(unique=True, max_length=64)
    rolle: str = Field(max_length=32)
    enhet: str | None = Field(default=None, max_length=64)
    navn: str = Field(max_length=100)
    opprettet: datetime
    tilbakekalt: datetime | None = None
