"""The story of one hendelse as events in order: parsed, each once; what cannot be read is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from cachetools import LRUCache, cached
from pydantic import ValidationError

from contracts.event import AnyEvent
from contracts.hendelse import (
    Hendelse,
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseMeldt,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    SentrumBestemt,
)
from contracts.katalog import HENDELSER
from services.audit.rules import Rad

E = TypeVar("E", bound=AnyEvent)
Livsloep = (
    HendelseMeldt
    | HendelseSendt
    | HendelseEndret
    | HendelseAvlyst
    | HendelseAvsluttet
    | HendelseOverfoert
    | HendelseVurdert
    | SentrumBestemt
    | HendelseUtvidet
)
_TYPER = {klasse.typenavn(): klasse for klasse in HENDELSER}


HUSKER_BYTES = 8 * 1024 * 1024
"""So many bytes of rows are kept parsed; the parsed take some times as much."""


class _Lest(NamedTuple):
    event: AnyEvent | None
    bytes: int


class IngenHendelse(ValueError):
    """The rows have no event of the hendelse's own life cycle: there is nothing to report about."""


@dataclass(frozen=True)
class Innslag(Generic[E]):
    """One event, and where in the journal it stands."""

    sekvens: int
    event: E

    @property
    def tid(self) -> datetime:
        """When it became true."""
        return self.event.time


@dataclass(frozen=True)
class Fortelling:
    """All that is told."""

    hendelse_id: UUID
    innslag: tuple[Innslag[AnyEvent], ...]
    uleste: int

    def av(self, klasse: type[E]) -> Iterator[Innslag[E]]:
        """The events of one kind, in order."""
        for i in self.innslag:
            if isinstance(i.event, klasse):
                yield Innslag(i.sekvens, i.event)

    def livsloep(self) -> list[Innslag[Livsloep]]:
        """What was decided about the hendelse itself, in order."""
        return [Innslag(i.sekvens, i.event) for i in self.innslag if isinstance(i.event, Livsloep)]

    @property
    def aapen(self) -> bool:
        """Whether it is neither called off nor closed: more can come."""
        return not any(isinstance(i.event, HendelseAvlyst | HendelseAvsluttet) for i in self.innslag)

    @property
    def hendelse(self) -> Hendelse:
        """The hendelse as it last was. Every event of its life cycle carries it whole."""
        return self.livsloep()[-1].event.data.hendelse


def les(rader: Iterable[Rad], hendelse_id: UUID) -> Fortelling:
    """Parses the rows. Raises IngenHendelse when there is no life cycle in them."""
    sett: dict[UUID, Innslag[AnyEvent]] = {}
    uleste = 0
    for rad in rader:
        event = les_en(rad)
        if event is None:
            uleste += rad.hendelse_id == hendelse_id
        elif event.hendelseid in {None, hendelse_id}:
            sett.setdefault(event.id, Innslag(rad.sekvens, event))
    fortelling = Fortelling(hendelse_id, tuple(sett.values()), uleste)
    if not fortelling.livsloep():
        raise IngenHendelse("loggen har ikke hendelsen selv")
    return fortelling


def les_en(rad: Rad) -> AnyEvent | None:
    """The event of a row; None when this version cannot read it."""
    if rad.data is None or rad.type not in _TYPER:
        return None
    return _les(rad.type, rad.data).event


@cached(LRUCache(HUSKER_BYTES, getsizeof=lambda lest: lest.bytes), lock=Lock())
def _les(type_: str, data: bytes) -> _Lest:
    """By the bytes themselves: an open page reads the same rows for every answer, and a changed row is another."""
    try:
        return _Lest(_TYPER[type_].model_validate_json(data), len(data))
    except ValidationError:
        return _Lest(None, len(data))
