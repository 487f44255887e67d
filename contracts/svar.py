"""Answers in: what was read, never the words themselves."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import Event, Fakta
from contracts.lesning import Lesning


class Innkommet(Fakta):
    """One inbound answer. Its words live in the channel's erasable `innhold`; here is only an HMAC of them."""

    id: UUID
    kanal: Literal["sms", "epost"]
    person_id: UUID | None = None
    """None: the sender is nobody we know, and learns nothing."""
    utkalling_id: UUID | None = None
    """Set when the channel knows the call-out (an e-mail link)."""
    lesning: Lesning
    innhold_hmac: str = ""
    mottatt: AwareDatetime
    leverandoer_id: str | None = None


class MottattData(Fakta):
    svar: tuple[Innkommet, ...]


class UklartData(Fakta):
    svar_id: UUID
    person_id: UUID
    utkallinger: tuple[UUID, ...] = ()
    grunn: str
    haster: bool = False


class SvarMottatt(Event[MottattData]):
    """Answers came in, read context-free."""

    emne = "svar.mottatt"
    rom = "kanal"


class SvarUklart(Event[UklartData]):
    """An answer that is not guessed: a person sees it."""

    emne = "svar.uklart"
    rom = "utkalling"
