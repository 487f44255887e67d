"""The ledger is the queue: what is due is claimed and committed with the number it goes to, and only then sent.

One residue is left open (architecture law 3): the lease is checked in memory right before each call, and a worker that
stands still between that check and the call for longer than the settling time may send a second copy. So may a
provider that takes longer than the settling time to accept a call that we have given up, or to list what it has.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from uuid import UUID

import structlog

from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.oppgave import vent_paa
from infra.samler import AVSTAND_SEKUNDER
from infra.settings import Settings
from services.sms.kontakt import Kontakter
from services.sms.krav import Krav
from services.sms.leverandoer import Leverandoer
from services.sms.maalinger import STANSET, UNDERVEIS
from services.sms.rules import Tider
from services.sms.rules_feil import Slag
from services.sms.rules_takt import Boette, Linje, Vindu
from services.sms.utfall import Anrop, Utfall
from services.sms.utsending import Forsoek, Utsending

logg = structlog.get_logger("sms")
TAKT_SEKUNDER = 0.5
STOPPFRIST_SEKUNDER = 5.0


class Ledger:
    """The sending side of the room. Any number of replicas may run one on the same database."""

    def __init__(
        self,
        forteller: Forteller,
        settings: Settings,
        kontakter: Kontakter,
        leverandoer: Leverandoer | None,
        tider: Tider,
    ) -> None:
        self._clock = forteller.clock
        self._tider = tider
        self._har_leverandoer = leverandoer is not None
        self._boette = Boette(settings.sms_per_second)
        self._krav = Krav(
            forteller,
            kontakter,
            tider,
            self._boette,
            har_leverandoer=self._har_leverandoer,
            simulator=settings.simulator,
        )
        self._vindu = Vindu(settings.sms_vindu)
        self._linje = Linje()
        self._ute: set[tuple[UUID, int]] = set()
        """Attempts whose outcome is not committed: what a kill leaves in doubt, at most twice the window."""
        self._sendt = 0
        self._fullt = False
        """Whether more may wait than there was room for: then every free slot is worth a round."""
        self._noe = asyncio.Event()
        self._stopper = False
        self._loep: asyncio.Task[None] | None = None
        self._utfall = Utfall(forteller, self._skrevet)
        self._utsending = Utsending(leverandoer, settings.public_url, tider, self._clock, self._svarte)
        self.etter_brudd = self.vekk
        """Called when the register or the database was away."""

    def vekk(self) -> None:
        """There may be something to send."""
        self._noe.set()

    async def start(self) -> None:
        if not self._har_leverandoer:
            logg.error("sms_uten_leverandoer", mangler="SALTO_TWILIO_ACCOUNT_SID")
        if self._tider.ro <= self._tider.leie:  # a call may begin late in its lease, and must be listed before the end
            logg.warning("sms_ro_kortere_enn_leien", ro=self._tider.ro, leie=self._tider.leie)
        self._stopper = False
        self._loep = asyncio.create_task(self._kjoer(), name="sms-ledger")

    async def stopp(self) -> None:
        """Claims nothing more, waits a little for what is under way, and writes down what came of it."""
        self._stopper = True
        self.vekk()
        if self._loep:
            with contextlib.suppress(asyncio.CancelledError):
                await self._loep
        await self._utsending.stopp(STOPPFRIST_SEKUNDER)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOPPFRIST_SEKUNDER):
                await self._utfall.tom()

    async def _kjoer(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopper:
            begynte, krevd = loop.time(), 0
            self._noe.clear()
            try:
                krevd = await self.runde()
            except (*NEDE, JournalNede) as feil:
                logg.warning("sms_venter", feil=type(feil).__name__)
                self.etter_brudd()
                await asyncio.sleep(TAKT_SEKUNDER)
            except Exception as feil:  # the queue must outlive whatever one round meets
                logg.error("sms_runde_feilet", exc_info=feil)
                await asyncio.sleep(TAKT_SEKUNDER)
            await vent_paa(self._noe, self._boette.vent() or TAKT_SEKUNDER)
            if krevd:  # under load, claims are made in handfuls: what is free waits for the others of these 20 ms
                await asyncio.sleep(begynte + AVSTAND_SEKUNDER - loop.time())

    async def runde(self) -> int:
        """Claims what is due and there is room for, and starts sending it. Returns how many were due."""
        plass = self._plass()
        if plass <= 0:
            self._fullt = True
            return 0
        vanlige = min(plass, self._vindu.ledig_vanlig())
        foer = self._sendt
        antall = await self._krav.ta(plass, vanlige, self._send)
        self._fullt = antall >= vanlige
        if self._sendt - foer < antall:  # some were refused, or another replica's: their room is free
            self.vekk()
        return antall

    def _plass(self) -> int:
        plass = min(
            self._vindu.ledig(),
            2 * self._vindu.maks - len(self._ute),
            self._boette.ledig(asyncio.get_running_loop().time()),
        )
        proeve = self._linje.ledig(self._clock.now())
        return plass if proeve is None else min(plass, proeve - self._vindu.underveis)

    def _send(self, forsoek: Sequence[Forsoek]) -> None:
        self._sendt += len(forsoek)
        self._ute |= {(f.rad.id, f.nr) for f in forsoek}
        self._vindu.ta(len(forsoek))
        UNDERVEIS.set(self._vindu.underveis)
        self._utsending.start(forsoek)

    def _svarte(self, anrop: Anrop) -> None:
        """A call has ended: its place in the window is free, and what it says about the gateway is heeded."""
        self._vindu.ferdig(1)
        match anrop.dom.slag:
            case Slag.SENDT:
                self._vindu.voks(1)
                self._linje.gaar()
            case Slag.STANS:
                self._stans(anrop)
            case Slag.VENT:
                self._vindu.krymp(asyncio.get_running_loop().time())
        self._utfall.meld(anrop)
        if self._fullt:
            self.vekk()

    def _stans(self, anrop: Anrop) -> None:
        self._linje.stans(self._clock.now())
        logg.error("sms_linjen_stanset", kode=anrop.dom.feil.kode if anrop.dom.feil else "")

    def _skrevet(self, anrop: Sequence[Anrop]) -> None:
        """Outcomes are committed: a kill no longer leaves these in doubt."""
        self._ute -= {(a.melding_id, a.nr) for a in anrop}
        UNDERVEIS.set(self._vindu.underveis)
        STANSET.set(self._linje.stanset_til is not None)
        if self._fullt:
            self.vekk()
