"""How a number or a mail address misbehaves, on order, and how many times it still will."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from infra.simulator.innstillinger import ET_DOEGN_MS
from infra.simulator.nummer import ALLE

Millisekunder = Annotated[int, Field(ge=0, le=ET_DOEGN_MS)]


class _Forstyrrelse(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    antall: Annotated[int, Field(ge=1)] | None = None
    """How many attempts it holds for; none: until it is taken away."""


class Autosvar(BaseModel):
    """A phone that answers by itself; only what asks is answered, or two machines would talk for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tekst: str = Field(max_length=1600)
    etter_ms: Millisekunder = 0
    naar: str = Field(default=r"[Ss]var (bare )?(JA|NEI)\b", max_length=200)
    """A regular expression; messages in which it is not found get no answer."""

    @field_validator("naar")
    @classmethod
    def _er_regulaert(cls, uttrykk: str) -> str:
        try:
            re.compile(uttrykk)
        except re.error as grunn:
            raise ValueError(f"ikke et regulært uttrykk: {grunn}") from grunn
        return uttrykk

    def gjelder(self, melding: str) -> bool:
        """Whether this message is one the phone answers."""
        return re.search(self.naar, melding) is not None


class Oppfoersel(_Forstyrrelse):
    """One number's misbehaviour: what happens to the call, then to the message, then what the phone does."""

    forsinkelse_ms: Millisekunder = 0
    """Waited *before* the message is accepted."""
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    """An HTTP error instead of 201: 429, 500, 503 …; nothing is accepted."""
    etter_aksept: bool = False
    """`status` is answered although the message *was* accepted."""
    avvis: int | None = None
    """A Twilio error code: 21211 no number, 21610 stopped, 21614 landline …"""
    tidsavbrudd_etter_aksept: Literal[True] | Annotated[float, Field(ge=0, le=3600)] | None = None
    """Accepted, then no answer: the connection is dropped after so many seconds, or (`true`) never."""
    svar_mangler: Literal["sid", "slutt"] | None = None
    """Accepted, and the 201 lacks its sid, or the end of its JSON."""
    drypp_ms: Millisekunder = 0
    """The answer comes drop by drop, over so long."""
    ulevert: int | None = None
    """The error code that `undelivered` carries, e.g. 30003 (phone off)."""
    doble_statuser: bool = False
    omvendt_rekkefolge: bool = False
    ingen_statuser: bool = False
    autosvar: tuple[Autosvar, ...] = ()


class EpostOppfoersel(_Forstyrrelse):
    """One address' misbehaviour over SMTP."""

    kode: Annotated[int, Field(ge=400, le=599)] | None = None
    """The reply to RCPT: 450 try later, 550 no such mailbox."""
    brudd_etter_data: bool = False
    """The mail is stored, then the connection is dropped without a reply: doubt."""


T = TypeVar("T", bound=_Forstyrrelse)
INGEN = Oppfoersel()
INGEN_EPOST = EpostOppfoersel()


class Bok(Generic[T]):
    """Who misbehaves how, in memory; the caller writes what changed to disk."""

    def __init__(self, regler: Mapping[str, T], vanlig: T) -> None:
        self._regler = dict(regler)
        self._vanlig = vanlig

    def sett(self, hvem: str, regel: T | None) -> None:
        """A new rule for a number, address or `*`, or none."""
        if regel is None:
            self._regler.pop(hvem, None)
        else:
            self._regler[hvem] = regel

    def alle(self) -> dict[str, T]:
        return dict(self._regler)

    def toem(self) -> None:
        self._regler.clear()

    def bruk(self, hvem: str) -> tuple[T, str | None]:
        """The rule for this attempt (its own before `*`), and whose rule is one less and must be written."""
        for noekkel in (hvem, ALLE):
            regel = self._regler.get(noekkel)
            if regel is not None:
                return regel, self._en_mindre(noekkel, regel)
        return self._vanlig, None

    def _en_mindre(self, noekkel: str, regel: T) -> str | None:
        if regel.antall is None:
            return None
        igjen = regel.antall - 1
        self.sett(noekkel, regel.model_copy(update={"antall": igjen}) if igjen else None)
        return noekkel
