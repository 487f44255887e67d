"""Deadlines: time is a row, and a tick only says that it has come."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import Event, Fakta

FristSlag = Literal["purring", "svarfrist", "slutt"]


class Naadd(Fakta):
    id: UUID
    slag: FristSlag
    utkalling_id: UUID | None = None
    frist: AwareDatetime


class NaaddData(Fakta):
    frister: tuple[Naadd, ...]


class FristNaadd(Event[NaaddData]):
    """Deadlines were reached. What it means, the fold decides."""

    emne = "frist.naadd"
    rom = "utkalling"
