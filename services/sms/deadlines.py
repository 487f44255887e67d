"""What is due: doubt to be looked up, leases run out, messages too late, answers that did not arrive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.room import Tick
from services.sms import store
from services.sms.bokfoering import Bok
from services.sms.ledger import Ledger
from services.sms.leting import Leting
from services.sms.maalinger import KOE
from services.sms.mistede import Mistede
from services.sms.rules import avvis, etter_leien, trekk
from services.sms.rules_feil import FOR_SENT

logg = structlog.get_logger("sms")
STATUSER = ("klar", "sender", "tvil", "uviss")
TRUKKET_BEHOLDES = timedelta(days=7)


class Forfall:
    """Looks for due rows. Several replicas may; each transition happens once, under the row's lock."""

    def __init__(self, forteller: Forteller, ledger: Ledger, leting: Leting, mistede: Mistede) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._ledger = ledger
        self._leting = leting
        self._mistede = mistede
        self._i_gang: set[str] = set()

    def ticks(self, tikk_sekunder: float) -> Sequence[Tick]:
        """The room's ticks; none runs twice at a time in one process."""
        return (
            Tick("sms.tvil", self._ene("tvil", self.let), tikk_sekunder),
            Tick("sms.feiing", self._ene("feiing", self.fei), 1.0),
            Tick("sms.mistede", self._ene("mistede", self._mistede.tikk), 2.0),
        )

    async def let(self) -> None:
        """Puts what dead workers left in doubt, and looks for what is in doubt."""
        naa = self._clock.now()
        async with self._forteller.db.les() as tx:
            utloept = await store.har_utloepte_leier(tx, naa)
        if utloept:
            async with self._forteller.transaksjon() as t:
                doede = await store.utloepte_leier(t.tx, naa)
                await store.lagre(t.tx, [etter_leien(rad, naa) for rad in doede])
            logg.warning("sms_leier_utloept", antall=len(doede))
        if await self._leting.let():
            self._ledger.vekk()

    async def fei(self) -> None:
        """Settles what waits in vain, whatever else stands still, and counts the queue."""
        naa = self._clock.now()
        async with self._forteller.db.les() as tx:
            ider = await store.uferdige(tx, naa)
            telling = await store.telling(tx)
            utsatt = await store.er_utsatt(tx, naa)
        for status in STATUSER:
            KOE.labels(status).set(telling.get(status, 0))
        if utsatt:
            async with self._forteller.transaksjon() as t:
                logg.warning("sms_hentet_fram", antall=await store.hent_fram(t.tx, naa))
            self._ledger.vekk()
        if not ider:
            return
        async with self._forteller.transaksjon() as t:
            bok = Bok(await store.laas(t.tx, ider))
            trukket = await store.trukket_foer(t.tx, ider)
            for rad in [r for r in bok.rader.values() if r.status == "klar"]:
                bok.steg(trekk(rad) if rad.id in trukket else avvis(rad, FOR_SENT))
            await bok.lagre(t, naa)
            await store.rydd_trukket(t.tx, naa - TRUKKET_BEHOLDES)

    def _ene(self, navn: str, gjoer: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def alene() -> None:
            if navn in self._i_gang:
                return
            self._i_gang.add(navn)
            try:
                await gjoer()
            except (*NEDE, JournalNede) as feil:
                self._mistede.snart()
                logg.warning("sms_tikk_venter", tikk=navn, feil=type(feil).__name__)
            finally:
                self._i_gang.discard(navn)

        return alene
