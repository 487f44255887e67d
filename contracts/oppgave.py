"""What waited for a person, and that a person has dealt with it."""

from __future__ import annotations

from uuid import UUID

from contracts.event import Aktoer, Event, Fakta


class LoestData(Fakta):
    oppgave: UUID
    slag: str
    av: Aktoer


class OppgaveLoest(Event[LoestData]):
    """A person has dealt with a task that nothing else would have closed."""

    emne = "oppgave.loest"
    rom = "hendelser"
