"""The ledger is the queue: claim, say that DATA begins, send, write down what happened, never again what is in doubt.

A claim alone is harmless: what a dead worker had claimed goes back to the queue when its lease has run out. Right
before DATA that fact is committed, if the row is still ours; from there a mail server cannot be asked what became of
it, and without an answer the row becomes `uviss`, which a person decides about. There are never more of those than
there are connections (`FORBINDELSER`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

import structlog

from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.oppgave import avslutt, vent_paa
from services.epost.bokfoering import Bok, Nr
from services.epost.krav import Krav
from services.epost.leie import leid
from services.epost.maalinger import SPERRET
from services.epost.rules import TILBAKE
from services.epost.utsending import FORBINDELSER, FORHAAND, Utsending

logg = structlog.get_logger("epost")
PAUSE_FOERST_SEKUNDER = 0.5
PAUSE_MAKS_SEKUNDER = 15.0
STOPPFRIST_SEKUNDER = 5.0


class Ledger:
    """The sending side of the room. Any number of replicas may run one.

    Args:
        forteller: the room's voice.
        utsending: None when no mail server is set up: then every order fails at once, with the reason.
        bok: where this worker writes.
    """

    def __init__(self, forteller: Forteller, utsending: Utsending | None, bok: Bok) -> None:
        self._db = forteller.db
        self._clock = forteller.clock
        self._utsending = utsending
        self._bok = bok
        self._krav = Krav(forteller, bok, har_tjener=utsending is not None)
        self._i_haanden: set[Nr] = set()
        """Claimed attempts whose outcome is not committed."""
        self._noe = asyncio.Event()
        self._stopper = asyncio.Event()
        self._pause = PAUSE_FOERST_SEKUNDER
        self._oppgave: asyncio.Task[None] | None = None
        bok.skrevet = self._skrevet
        if utsending:
            utsending.vaaknet = self.vekk

    def vekk(self) -> None:
        """There may be something to send."""
        self._noe.set()

    async def tikk(self) -> None:
        """The tick: what was put off may be due, and a lease may have run out."""
        self.vekk()

    async def start(self) -> None:
        if self._utsending is None:
            logg.error("epost_ikke_satt_opp", mangler="SALTO_SMTP_URL")
        else:
            self._utsending.start()
        self.vekk()
        self._oppgave = asyncio.create_task(self._kjoer(), name="epost-ledger")

    async def stopp(self) -> None:
        """Claims nothing more, hands back at once what has not begun DATA, and waits a little for the rest."""
        self._stopper.set()
        self.vekk()
        if self._utsending:
            await self._utsending.stopp(STOPPFRIST_SEKUNDER)
        if self._oppgave:
            await asyncio.wait({self._oppgave}, timeout=STOPPFRIST_SEKUNDER)
            await avslutt(self._oppgave)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPFRIST_SEKUNDER):
                await self._bok.tom()

    async def _kjoer(self) -> None:
        async with leid(self._db, self._clock, self._bok.arbeider, self._ider):
            while not self._stopper.is_set():
                await self._noe.wait()
                self._noe.clear()
                try:
                    while not self._stopper.is_set() and await self.runde():
                        self._pause = PAUSE_FOERST_SEKUNDER
                    if self._utsending and not self._i_haanden:
                        await self._utsending.hvil()
                except (*NEDE, JournalNede) as feil:
                    logg.warning("epost_venter", feil=type(feil).__name__, sekunder=self._pause)
                    await self._vent_litt()
                except Exception as feil:  # the queue must outlive whatever one round meets
                    logg.error("epost_runde_feilet", exc_info=feil)
                    await self._vent_litt()

    async def runde(self) -> bool:
        """Claims what is due and there is room for, and has it sent. Returns whether there may be more at once."""
        forfalt, forlatt = await self._krav.arbeid()
        if forlatt:
            await self._krav.rydd()
        plass = self._plass()
        if not (forfalt or forlatt) or plass <= 0:
            return False
        antall, oppdrag = await self._krav.ta(plass)
        if self._utsending is None or not oppdrag:
            return antall > 0
        self._i_haanden |= {(o.id, o.forsoek) for o in oppdrag}
        try:
            self._utsending.ta(await self._krav.fyll_ut(oppdrag))
        except Exception:
            for o in oppdrag:
                self._bok.slutt(o, TILBAKE)
            raise
        return True

    def _plass(self) -> int:
        return (self._utsending.kapasitet() if self._utsending else FORBINDELSER * FORHAAND) - len(self._i_haanden)

    def _ider(self) -> Collection[UUID]:
        return {id_ for id_, _ in self._i_haanden}

    def _skrevet(self, forsoek: Collection[Nr]) -> None:
        """These are settled: there is room for more."""
        self._i_haanden -= set(forsoek)
        self.vekk()

    async def _vent_litt(self) -> None:
        SPERRET.set(1)
        await vent_paa(self._stopper, self._pause)
        self._pause = min(self._pause * 2, PAUSE_MAKS_SEKUNDER)
        self.vekk()
