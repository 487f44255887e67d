"""API tokens, accounts and sessions: every secret is stored as a digest."""

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


class BrukerRow(SQLModel, table=True):
    """A local account of the portal. The password is known by its argon2 hash alone; a demo account has none."""

    __tablename__ = "web_bruker"

    id: str = Field(primary_key=True, max_length=16)
    brukernavn: str = Field(unique=True, max_length=64)
    passord: str | None = Field(default=None, max_length=256)
    rolle: str = Field(max_length=32)
    enhet: str | None = Field(default=None, max_length=64)
    demo: bool = False
    opprettet: datetime
    sperret: datetime | None = None


class OektRow(SQLModel, table=True):
    """One login: its cookie is known by SHA-256 alone. It ends by itself, by logging out, or with its account."""

    __tablename__ = "web_oekt"

    sha256: str = Field(primary_key=True, max_length=64)
    bruker_id: str = Field(max_length=16, index=True)
    opprettet: datetime
    sist_brukt: datetime
