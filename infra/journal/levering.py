"""An event as it was delivered: what it says, and where in the journal it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Generic, TypeVar

from nats.aio.msg import Msg

from contracts.event import AnyEvent
from contracts.katalog import HENDELSER

E_co = TypeVar("E_co", bound=AnyEvent, covariant=True)


@dataclass(frozen=True)
class Levering(Generic[E_co]):
    """One event with its journal sequence and stream time."""

    event: E_co
    sekvens: int
    tid: datetime


@cache
def _typer() -> dict[str, type[AnyEvent]]:
    return {h.typenavn(): h for h in HENDELSER}


def les_event(data: bytes) -> AnyEvent:
    """Parses the bytes of any event; raises ValueError when it is none of ours."""
    innhold = json.loads(data)
    navn = innhold.get("type") if isinstance(innhold, dict) else None
    klasse = _typer().get(navn) if isinstance(navn, str) else None
    if klasse is None:
        raise ValueError(f"ukjent type: {navn!r}")
    return klasse.model_validate_json(data)


def les_levering(msg: Msg) -> Levering[AnyEvent]:
    """A delivery from a JetStream message; raises ValueError when the bytes are none of our events."""
    meta = msg.metadata
    return Levering(les_event(msg.data), meta.sequence.stream, meta.timestamp.astimezone(UTC))
