"""Whether the register is a backup: older than what it has told. It is no projection, so only its owner can mend it.

Names and numbers are in no event. What was changed after the backup is gone, then, and a number that was changed is
the old one again: somebody must import the whole register, and until that is done, it is said.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import structlog
from prometheus_client import Gauge

from contracts.register import RegisterEndret
from infra.db import NEDE
from infra.journal.feil import JournalNede
from services.register import store
from services.register.fortalt import fortellinger
from services.register.innfoering import Innfoering

logg = structlog.get_logger("register")
ELDRE = Gauge("salto_register_eldre_enn_journalen", "1 når registeret er en kopi som er eldre enn det som er fortalt")


class Ettersyn:
    """Looks once, as the program starts: tables are put back while it is stopped."""

    def __init__(self, innfoering: Innfoering) -> None:
        self._innfoering = innfoering
        self._sett = False

    async def begynn(self) -> None:
        """The first look; the tick looks again when the journal or the database was away."""
        with suppress(JournalNede, *NEDE):
            await self.tikk()

    async def tikk(self) -> None:
        """Says that the register is older for as long as it is."""
        if not self._sett:
            await self._se_etter()
            self._sett = True
        async with self._innfoering.forteller.db.les() as tx:
            eldre = await store.er_eldre(tx)
        ELDRE.set(eldre)
        if eldre:
            logg.error("registeret_er_eldre_enn_journalen", gjoer="les inn hele registeret på nytt, med --erstatt")

    async def _se_etter(self) -> None:
        """Whether the journal has changes after the last one these tables know of."""
        journal = self._innfoering.forteller.journal
        async with self._innfoering.transaksjon() as t:  # alone, and all is told: the last told is the last done
            siste, kjent = await journal.siste_paa(RegisterEndret.filter()), await store.sist_fortalt(t.tx)
            if siste is None or siste.id == str(kjent):
                return
            if kjent is None and not await store.er_tomt(t.tx):
                await store.noter_fortalt(t.tx, UUID(siste.id))  # from before tables noted what they told
            elif kjent is None or kjent in [event.id async for event in fortellinger(journal)]:
                await store.sett_eldre(t.tx)  # and where it is not there, the journal is what is older
