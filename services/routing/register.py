"""The copy of the register, folded in the journal's order whatever order it is delivered in.

A hendelse is decided by the register as the journal had it right before: with a room in two processes, or a message
that comes again after a crash, the register's change may be delivered after the hendelse it matters to.
"""

from __future__ import annotations

import structlog

from contracts.register import RegisterEndret
from infra.journal import hukommelse
from infra.journal.forteller import Transaksjon
from infra.journal.journal import Journal, Melding
from infra.journal.levering import Levering, les_event
from services.routing import store

logg = structlog.get_logger("routing")


class Registerfold:
    """Folds the register's events, each once and in order."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def ta(self, t: Transaksjon, lev: Levering[RegisterEndret]) -> None:
        """Folds one event that was delivered, after everything the journal has before it."""
        kommet_til = await store.laas_register(t.tx)
        if lev.sekvens <= kommet_til:
            # Passed over once (a dead letter that is handed back): only from the beginning does it get its place.
            await store.glem_register(t.tx)
        await self.innhent(t, lev.sekvens - 1)
        await store.fold_register(t.tx, lev.event.data, lev.sekvens)
        await self.innhent(t, kommet_til)

    async def innhent(self, t: Transaksjon, til: int) -> None:
        """Folds what the journal has up to a sequence and we have not: its delivery will find it done."""
        sekvens = await store.laas_register(t.tx)
        while sekvens < til and (melding := await self._journal.neste_paa(RegisterEndret.filter(), sekvens + 1)):
            sekvens = melding.sekvens
            if sekvens <= til and (event := _les(melding)):
                await store.fold_register(t.tx, event.data, sekvens)
                await hukommelse.noter_lest(t.tx, "routing", [event.id], t.runde)


def _les(melding: Melding) -> RegisterEndret | None:
    """The event; None when it cannot be read: the room's own reader sets it aside, with bytes and error."""
    try:
        event = les_event(melding.data)
    except ValueError:
        logg.warning("register_hopper_over_ulesbar", sekvens=melding.sekvens)
        return None
    return event if isinstance(event, RegisterEndret) else None
