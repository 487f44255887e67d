"""What can be told the simulator about itself, at start or while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from infra.simulator.nummer import e164

KONTO = "AC" + "0" * 32
ET_DOEGN_MS = 86_400_000

Framdrift = Literal["queued", "sending", "sent", "delivered"]


class Innstillinger(BaseModel):
    """Kept in the database, so a restarted simulator behaves as the one before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    innkommende_url: str | None = None
    """Where a phone's answer is posted, connection overrides (`#rc=5&rp=all`) included; none: only listed."""
    latens_ms: int = Field(default=50, ge=0, le=ET_DOEGN_MS)
    """How long after its arrival a send is answered; it is accepted at once."""
    status_ms: int = Field(default=20, ge=0, le=ET_DOEGN_MS)
    """Time between one delivery status and the next."""
    statuser: tuple[Framdrift, ...] = ("queued", "sent", "delivered")
    leveranse: bool = True
    """False: everything stays `queued` and no status is reported."""
    liste_forsinket_ms: int = Field(default=0, ge=0, le=ET_DOEGN_MS)
    """How long after it was accepted a message is first seen in a list; by its sid it is found at once."""
    liste_status: int | None = Field(default=None, ge=400, le=599)
    """An HTTP error instead of any list."""
    svar_ganger: int = Field(default=1, ge=1, le=100)
    """How many times a phone's answer is posted: once, or replayed."""
    nummer: str = "+4790099000"
    """Our own number: the sender that a Messaging Service assigns."""

    @field_validator("innkommende_url")
    @classmethod
    def _bare_loopback(cls, url: str | None) -> str | None:
        if url and not er_loopback(url):
            raise ValueError("simulatoren ringer bare denne maskinen")
        return url or None

    @field_validator("nummer")
    @classmethod
    def _e164(cls, nummer: str) -> str:
        return e164(nummer)


@dataclass(frozen=True)
class Vei:
    """Where the service is when it stands in another container: every call goes there, whatever address it names."""

    innenfra: str
    """Its address as the simulator reaches it."""
    utenfra: str
    """Its public address: Twilio signs the address it was given, not the one a proxy passes on."""


@dataclass(frozen=True)
class Oppstart:
    """The command line, read once."""

    mappe: Path
    port: int = 0
    smtp_port: int = 0
    konto: str = KONTO
    token: str | None = None
    """None: the one from an earlier start, else a random one."""
    doer_med_forelder: bool = False
    vert: str = "127.0.0.1"
    """The address listened on."""
    vei: Vei | None = None
    endringer: tuple[tuple[str, object], ...] = ()
    """Settings given on the command line; they win over those stored."""


def er_loopback(url: str) -> bool:
    """Whether the URL points at this machine; without a `Vei` the simulator never calls another."""
    try:
        vert = urlsplit(url).hostname
    except ValueError:
        return False
    if vert is None:
        return False
    try:
        return ip_address(vert).is_loopback
    except ValueError:
        return vert == "localhost" or vert.endswith(".localhost")
