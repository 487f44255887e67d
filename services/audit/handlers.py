"""The archivist: reads the journal by sequence from its own head on, and chains what it reads.

It has no durable consumer: what is archived is what the head says, whatever a server remembers.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import cast

import structlog

from infra.db import NEDE, Database
from infra.journal import Journal, Melding
from services.audit import epoke, store
from services.audit.maalinger import ETTERSLEP, HULL, RADER, STANSET
from services.audit.rules import Hode, Raa, Rad, kjed
from services.audit.tid import mikrosekunder

logg = structlog.get_logger("audit")
PAUSE_SEKUNDER = 0.5


def _sted(feil: Exception) -> str:
    """Where it went wrong, never the text of the error, which may quote a row."""
    rammer = traceback.extract_tb(feil.__traceback__)
    return f"{rammer[-1].filename.rsplit('/', 2)[-1]}:{rammer[-1].lineno}" if rammer else ""


class Arkivar:
    """One writer among all replicas: the head row is locked while a batch is added."""

    def __init__(self, journal: Journal, db: Database) -> None:
        self._journal = journal
        self._db = db
        self._skriver = asyncio.Lock()
        self._oppgave: asyncio.Task[None] | None = None
        self._hull_ved: Hode | None = None
        self._sett_sist: Hode | None = None
        self._stanset = False

    async def start(self) -> None:
        """Begins to archive, and goes on until `stopp`."""
        self._oppgave = asyncio.create_task(self._kjoer(), name="arkivar")

    async def stopp(self) -> None:
        """Ends between two batches, never inside one."""
        oppgave, self._oppgave = self._oppgave, None
        if oppgave is not None:
            await self._avbryt(oppgave)

    async def _avbryt(self, oppgave: asyncio.Task[None]) -> None:
        while not oppgave.done():  # Python 3.11's wait_for drops a cancellation that comes together with a message
            async with self._skriver:
                oppgave.cancel()
            await asyncio.wait([oppgave], timeout=PAUSE_SEKUNDER)

    async def maal(self) -> None:
        """The tick: how far behind we are, whether we move, and whether the journal is still the one we know."""
        try:
            hode = await epoke.kontroller(self._journal, self._db)
        except epoke.FremmedJournal:
            if not self._stanset:
                await self._les_paa_nytt()  # the reader waits for sequences that will never be ours
            return
        etterslep = max(0, await self._journal.siste_sekvens() - hode.sekvens)
        ETTERSLEP.set(etterslep)
        if etterslep and hode == self._sett_sist:
            logg.warning("arkivar_staar_stille", etterslep=etterslep)
            await self._les_paa_nytt()  # a request that was lost with its connection is waited for a long time
        self._sett_sist = hode

    async def _les_paa_nytt(self) -> None:
        if (gammel := self._oppgave) is not None:
            await self._avbryt(gammel)
            if self._oppgave is gammel:  # nobody stopped us meanwhile
                await self.start()

    async def _kjoer(self) -> None:
        while True:
            try:
                await self._arkiver()
            except epoke.FremmedJournal as feil:
                self._stans(str(feil))
                await asyncio.sleep(PAUSE_SEKUNDER)
            except NEDE as feil:
                logg.warning("arkivar_venter", feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            except Exception as feil:  # noqa: BLE001 - an archivist that dies is silence; it tries again, loudly
                logg.error("arkivar_feilet", feil=type(feil).__name__, sted=_sted(feil))
                await asyncio.sleep(PAUSE_SEKUNDER)

    def _stans(self, grunn: str) -> None:
        if not self._stanset:
            logg.error("arkivar_stanset", grunn=grunn, gjoer="salto audit ny-epoke --grunn …")
        self._stanset = True
        STANSET.set(1)

    async def _arkiver(self) -> None:
        """Archives until something must be looked at again."""
        async with self._skriver, self._db.skriv() as tx:
            await store.sikre_hode(tx)
        hode = await epoke.kontroller(self._journal, self._db)
        self._stanset = False
        STANSET.set(0)
        lesing = cast("AsyncGenerator[list[Melding]]", self._journal.les_fra(hode.sekvens + 1))
        async with aclosing(lesing) as strom:
            async for batch in strom:
                if not await self._legg_til(hode.epoke, batch):
                    return

    async def _legg_til(self, epoke_naa: int, batch: Sequence[Melding]) -> bool:
        """Adds a batch; False when the journal must be read again from the head."""
        async with self._skriver, self._db.skriv() as tx:
            hode = await store.hode(tx, laas=True)
            if hode.epoke != epoke_naa:
                return False
            nye = [Raa(m.sekvens, mikrosekunder(m.tid), m.subjekt, m.data) for m in batch if m.sekvens > hode.sekvens]
            rader = kjed(hode, nye, hull_sett=self._hull_ved == hode)
            if rader:
                await store.legg_til(tx, rader)
        self._tell(hode, rader)
        if len(rader) == len(nye):
            return True
        # A connection that broke can swallow messages: a jump counts only when a new reading gives it again.
        self._hull_ved = Hode(rader[-1].epoke, rader[-1].sekvens, rader[-1].hash) if rader else hode
        return False

    def _tell(self, foer: Hode, rader: Sequence[Rad]) -> None:
        if not rader:
            return
        RADER.inc(len(rader))
        if mangler := rader[0].sekvens - foer.sekvens - 1:
            HULL.inc(mangler)
            logg.error("audit_hull", fra=foer.sekvens + 1, til=rader[0].sekvens - 1)
