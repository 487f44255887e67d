"""What Twilio gave up telling us: fetched afterwards, and told under the ids it would have had."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from services.sms import store_ord, store_svar
from services.sms.innkommende import Innkommende
from services.sms.leverandoer import Funnet, Leverandoer
from services.sms.maalinger import INNKOMMET
from services.sms.rules import Rad
from services.sms.rules_koe import neste_statusspoersmaal
from services.sms.rules_svar import Sms
from services.sms.status import Ord, Statusmottak

logg = structlog.get_logger("sms")
HVERT = timedelta(minutes=1)
"""An answer that was given up while nobody of ours noticed is late by this at most."""
SNART = timedelta(seconds=10)
"""When to ask again a provider that did not answer."""
TILBAKE = timedelta(hours=24)
OVERLAPP = timedelta(minutes=15)
"""How far before the last whole listing the next one begins: the provider's own lists may lag."""
SPOERSMAAL_MAKS, SAMTIDIGE = 500, 8


class LeverandoerBorte(Exception):
    """The provider cannot be asked now. It keeps what it has: the next round asks again."""


class Mistede:
    """Fetches what is missing, every minute and after any outage of our own."""

    def __init__(
        self,
        forteller: Forteller,
        leverandoer: Leverandoer | None,
        innkommende: Innkommende,
        statusmottak: Statusmottak,
    ) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._leverandoer = leverandoer
        self._innkommende = innkommende
        self._statusmottak = statusmottak
        self._neste: datetime | None = None
        self._hentet_til: datetime | None = None
        """Everything that came before this has been listed, by this process."""

    def snart(self) -> None:
        """We were away: what came meanwhile may be missing."""
        self._neste = None

    async def tikk(self) -> None:
        """Fetches when it is time, or when we have been away. Tried again soon when something did not answer."""
        naa = self._clock.now()
        if self._leverandoer is None or (self._neste and naa < self._neste <= naa + HVERT):
            return
        self._neste = naa + HVERT
        try:
            await self.hent_mistede()
        except (*NEDE, JournalNede) as feil:
            self.snart()
            logg.warning("sms_henting_venter", feil=type(feil).__name__)
        except LeverandoerBorte as feil:
            self._neste = self._clock.now() + SNART
            logg.warning("sms_leverandoer_svarer_ikke", feil=str(feil))

    async def hent_mistede(self) -> int:
        """Lists answers and asks about undelivered messages at the provider. Returns how many answers were missing.

        Raises:
            LeverandoerBorte: the provider did not answer; what it did tell is taken in.
        """
        if self._leverandoer is None:
            return 0
        hentet = await self._hent_svar(self._leverandoer)
        await self._hent_statuser(self._leverandoer)
        return hentet

    async def _hent_svar(self, leverandoer: Leverandoer) -> int:
        """Lists all that came since the last time, known or not: what got through says nothing of what did not."""
        begynte = self._clock.now()
        # Listed by a clock that was ahead, and set back since: what came meanwhile was not asked for.
        kjent = self._hentet_til if self._hentet_til and self._hentet_til <= begynte else None
        etter = kjent - OVERLAPP if kjent else begynte - TILBAKE
        try:
            funnet = await leverandoer.innkomne(etter)
        except Exception as feil:
            raise LeverandoerBorte(type(feil).__name__) from feil
        mangler = await self._ukjente(funnet)
        # Oldest first: a person who changed the answer meant the last one.
        await asyncio.gather(*(self._innkommende.ta_imot(sms) for sms in reversed(mangler)))
        self._hentet_til = begynte
        if mangler:
            INNKOMMET.labels("hentet").inc(len(mangler))
            logg.warning("sms_mistede_svar_hentet", antall=len(mangler))
        return len(mangler)

    async def _ukjente(self, funnet: Sequence[Funnet]) -> list[Sms]:
        alle = [self._sms(f) for f in funnet]
        async with self._forteller.db.les() as tx:
            kjente = await store_svar.kjente(tx, [sms.svar_id for sms in alle])
        return [sms for sms in alle if sms.svar_id not in kjente]

    def _sms(self, funnet: Funnet) -> Sms:
        return Sms(funnet.sid, funnet.fra, funnet.til, funnet.tekst, funnet.tid or self._clock.now())

    async def _hent_statuser(self, leverandoer: Leverandoer) -> None:
        """Asks, a few at a time, and asks no more when nobody answers: each question may take its whole time-out."""
        naa = self._clock.now()
        async with self._forteller.db.les() as tx:
            rader = await store_ord.uleverte(tx, naa, SPOERSMAAL_MAKS)
        neste: dict[UUID, datetime] = {}
        borte = False
        for fra in range(0, len(rader), SAMTIDIGE):
            bunke = rader[fra : fra + SAMTIDIGE]
            svarte = await asyncio.gather(*(self._spoer_om(leverandoer, rad) for rad in bunke))
            neste |= {r.id: neste_statusspoersmaal(r.bestilt, naa) for r, ok in zip(bunke, svarte, strict=True) if ok}
            if borte := not any(svarte):
                break
        if neste:
            async with self._forteller.transaksjon() as t:
                await store_ord.utsett_spoersmaal(t.tx, neste)
        if borte:
            raise LeverandoerBorte("statuser")

    async def _spoer_om(self, leverandoer: Leverandoer, rad: Rad) -> bool:
        """Asks about one message, and takes the answer in as if it had been told us. False when there was none."""
        try:
            funnet = await leverandoer.hent(rad.sid or "")
        except Exception as feil:  # noqa: BLE001 - the provider is away: the next round asks again
            logg.warning("sms_status_kan_ikke_hentes", melding_id=str(rad.id), feil=type(feil).__name__)
            return False
        if funnet is None:
            logg.error("sms_borte_hos_leverandoer", melding_id=str(rad.id), sid=rad.sid)
            return True
        await self._statusmottak.ta_imot(
            Ord(funnet.sid, funnet.status, funnet.feilkode, self._clock.now(), melding_id=rad.id, forsoek=rad.forsoek)
        )
        return True
