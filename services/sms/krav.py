"""Claims: what is due is either refused with a reason or ours to send, committed with the number it goes to."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from contracts.melding import Feil
from contracts.register import Kontakt
from infra.journal.forteller import Forteller, Transaksjon
from services.sms import store, store_svar, store_takt
from services.sms.bokfoering import Bok
from services.sms.kontakt import Kontakter
from services.sms.rules import Rad, Tider, avvis
from services.sms.rules_koe import hindring, mottaker
from services.sms.rules_takt import Boette
from services.sms.utsending import Forsoek


class Krav:
    """Makes claims in the name of this process.

    Args:
        boette: how many this process may claim, by its own reckoning; put right by what all of them have claimed.
        har_leverandoer: without a gateway every order fails at once, with the reason.
        simulator: whether the gateway is the simulator's, and demo persons may be called.
    """

    def __init__(
        self,
        forteller: Forteller,
        kontakter: Kontakter,
        tider: Tider,
        boette: Boette,
        *,
        har_leverandoer: bool,
        simulator: bool,
    ) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._kontakter = kontakter
        self._leie = timedelta(seconds=tider.leie)
        self._boette = boette
        self._har_leverandoer = har_leverandoer
        self._simulator = simulator
        self.arbeider = uuid4()
        """Random for every process: nobody inherits a dead one's claims."""

    async def ta(self, plass: int, vanlige: int, send: Callable[[Sequence[Forsoek]], None]) -> int:
        """Claims what is due, first things first.

        Args:
            plass: how many at most.
            vanlige: how many of them at most that are not akutt.
            send: called with the attempts as soon as they are committed.

        Returns:
            How many were due.

        Raises:
            JournalNede: the register does not answer; nothing was claimed.
        """
        async with self._forteller.db.les() as tx:
            rader = await store.kandidater(tx, self._clock.now(), plass, vanlige)
        if rader:
            spoerres = [rad.person_id for rad in rader if rad.person_id and self._har_leverandoer]
            await self._krev(rader, await self._kontakter.for_personer(spoerres), send)
        return len(rader)

    async def _krev(
        self, rader: Sequence[Rad], kontakter: Mapping[UUID, Kontakt], send: Callable[[Sequence[Forsoek]], None]
    ) -> None:
        naa, sekund = self._clock.now(), asyncio.get_running_loop().time()
        kontakt = {rad.id: kontakter.get(rad.person_id) if rad.person_id else None for rad in rader}
        til = {rad.id: nummer for rad in rader if (nummer := mottaker(rad, kontakt[rad.id]))}
        avtrykk = {melding_id: self._kontakter.avtrykk(nummer) for melding_id, nummer in til.items()}
        async with self._forteller.transaksjon() as t:
            stoppede = await store_svar.stoppede(t.tx, set(avtrykk.values()))
            hindret = {
                rad.id: grunn
                for rad in rader
                if (grunn := self._hindring(rad, kontakt[rad.id], stoppet=avtrykk.get(rad.id) in stoppede))
            }
            fri = {melding_id: nummer for melding_id, nummer in til.items() if melding_id not in hindret}
            felles = await store_takt.laas(t.tx, self._boette.per_sekund, naa)
            foerst = dict(itertools.islice(fri.items(), felles.ledig(naa.timestamp())))
            tatt = await store.krev(t.tx, foerst, self.arbeider, naa, naa + self._leie)
            felles.ta(len(tatt))
            await store_takt.lagre(t.tx, felles)
            await self._avvis(t, hindret)
            forsoek = [
                Forsoek(rad, tatt[rad.id], til[rad.id], avtrykk[rad.id], naa + self._leie, sekund)
                for rad in rader
                if rad.id in tatt
            ]
            t.etter_commit(lambda: self._boette.rett(felles, sekund))
            t.etter_commit(lambda: send(forsoek))

    def _hindring(self, rad: Rad, kontakt: Kontakt | None, *, stoppet: bool) -> Feil | None:
        return hindring(
            rad,
            kontakt,
            self._clock.now(),
            stoppet=stoppet,
            har_leverandoer=self._har_leverandoer,
            simulator=self._simulator,
        )

    async def _avvis(self, t: Transaksjon, hindret: Mapping[UUID, Feil]) -> None:
        bok = Bok(await store.laas(t.tx, list(hindret)))
        for rad in list(bok.rader.values()):
            if rad.status == "klar":
                bok.steg(avvis(rad, hindret[rad.id]))
        if bok.fakta:
            await bok.lagre(t, self._clock.now())
