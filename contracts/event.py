"""The envelope every event travels in: CloudEvents 1.0 with our own id, cause and salt."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

PREFIKS = "salto"
NAVNEROM = UUID("0f0d2c1e-5a17-4b0e-9a51-54a1705a1705")
ELEMENTER_MAKS = 500
"""What is born together is told together, in lists of at most this many elements."""


class Fakta(BaseModel):
    """A frozen value. Unknown fields are ignored, so that old readers meet new events."""

    model_config = ConfigDict(frozen=True, extra="ignore")


D = TypeVar("D", bound=Fakta)


def ny_id(aarsak: UUID, nokkel: str) -> UUID:
    """The id that the same cause and key always give: a second telling is the same event."""
    return uuid5(aarsak, nokkel)


def salt() -> str:
    """Random text that keeps the digest of an erased event from being guessed."""
    return secrets.token_hex(8)


class Event(BaseModel, Generic[D]):
    """One fact. A subclass gives `emne` (noun.participle), `rom` (who says it) and the shape of `data`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    emne: ClassVar[str]
    rom: ClassVar[str]
    versjon: ClassVar[int] = 1

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    hendelseid: UUID | None = None
    aarsak: UUID | None = None
    salt: str = Field(default_factory=salt)
    data: D

    @classmethod
    def ny(
        cls,
        data: D,
        *,
        naa: datetime,
        hendelse_id: UUID | None = None,
        aarsak: UUID | None = None,
        nokkel: str = "",
        event_id: UUID | None = None,
    ) -> Self:
        """An event caused by `aarsak` about `nokkel`; without a cause it gets a random id, or the one given.

        Args:
            data: the fact.
            naa: when it became true; aware.
            hendelse_id: the hendelse it belongs to, when it belongs to one.
            aarsak: id of the event that caused it.
            nokkel: what it is about among the events of one cause and type.
            event_id: an id the caller has made deterministic in another way.
        """
        if event_id is None:
            event_id = ny_id(aarsak, f"{cls.emne}/{nokkel}") if aarsak else uuid4()
        return cls(
            id=event_id,
            source=f"/{PREFIKS}/{cls.rom}",
            type=cls.typenavn(),
            time=naa,
            hendelseid=hendelse_id,
            aarsak=aarsak,
            data=data,
        )

    @classmethod
    def typenavn(cls) -> str:
        """The CloudEvents type, for example `no.oslo.salto.hendelse.meldt.v1`."""
        return f"no.oslo.{PREFIKS}.{cls.emne}.v{cls.versjon}"

    @classmethod
    def filter(cls) -> str:
        """The subject filter that matches every event of this kind."""
        return f"{PREFIKS}.{cls.emne}.*"

    def subjekt(self) -> str:
        """The NATS subject: `salto.<noun>.<participle>.<hendelse_id or ->`."""
        return f"{PREFIKS}.{self.emne}.{self.hendelseid or '-'}"

    def til_bytes(self) -> bytes:
        """The JSON that goes on the wire and into the audit store."""
        return self.model_dump_json(exclude_none=True).encode()


AnyEvent = Event[Any]


class Aktoer(Fakta):
    """Who did it: a role and a random id, never a name."""

    rolle: str
    enhet: str | None = None
    id: str | None = None
