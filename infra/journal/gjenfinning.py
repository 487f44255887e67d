"""Finding in the journal what may have been told before: the server remembers ids for an hour, and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.event import AnyEvent
from infra.journal.journal import Journal
from infra.journal.topologi import DUPLIKATVINDU_SEKUNDER

HUSKES = timedelta(seconds=DUPLIKATVINDU_SEKUNDER) - timedelta(minutes=10)
"""So young is the server's memory of ids to be trusted with it."""
SLARK = timedelta(days=1)
"""How far the clocks of whoever told, and of the journal, may be from each other."""
ALT = "salto.>"


async def ikke_fortalt(journal: Journal, events: Sequence[AnyEvent], *, etter: datetime) -> list[AnyEvent]:
    """Those of these that the journal does not have, looking from a day before `etter`."""
    fra = await sekvens_ved(journal, etter - SLARK)
    return [e for e in events if not await _staar_der(journal, e, fra)]


async def sekvens_ved(journal: Journal, tid: datetime) -> int:
    """The first sequence from this time on, by halving; the next one to come when there is none."""
    lav, hoey = 1, await journal.siste_sekvens() + 1
    while lav < hoey:
        midt = (lav + hoey) // 2
        melding = await journal.neste_paa(ALT, midt)
        if melding is None or melding.tid >= tid:
            hoey = midt
        else:
            lav = melding.sekvens + 1
    return lav


async def _staar_der(journal: Journal, event: AnyEvent, fra: int) -> bool:
    while melding := await journal.neste_paa(event.subjekt(), fra):
        if melding.id == str(event.id):
            return True
        fra = melding.sekvens + 1
    return False
