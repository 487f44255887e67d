"""The one way a change gets into the register: one at a time, decided whole, written, and told in that order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from contracts.event import Aktoer
from contracts.register import Fravaer, RegisterData, RegisterEndret
from infra.journal.forteller import Forteller, Transaksjon
from services.register import oppslag, store
from services.register.fortalt import les_fortalt
from services.register.rules import Endring, Plan, planlegg, som_data
from services.register.rules_rader import Omfang, Rad


class FinnesAlt(Exception):
    """The key belongs to somebody already, and what was sent is not what is there."""


class Innfoering:
    """Changes the register. Role rows are told whole, so the order they are told in is the order they were made in."""

    def __init__(self, forteller: Forteller) -> None:
        self.forteller = forteller
        self._en = asyncio.Lock()

    @asynccontextmanager
    async def transaksjon(self) -> AsyncIterator[Transaksjon]:
        """A transaction that holds the register alone; raises JournalNede while something older is untold.

        A newer row that overtook an older one in the journal would be overwritten by it in every copy.
        """
        async with self._en:  # those who wait for the lock would hold a connection each, and who has it needs two
            await self.forteller.fortell_alt()  # while the journal is away, nobody waits for us
            async with self.forteller.transaksjon(maa_fortelles=True) as t:
                await store.laas(t.tx)
                await self.forteller.fortell_alt()  # whoever had the lock before us has committed, and told it or not
                yield t
                if t.events:
                    await store.noter_fortalt(t.tx, t.events[-1].id)

    async def innfoer(
        self,
        rader: Sequence[Rad],
        omfang: Omfang,
        av: Aktoer,
        *,
        uleste: Collection[str] = (),
        bare_nye: bool = False,
    ) -> Plan:
        """Makes the register say what the rows say; with an error in the plan nothing is done.

        Raises:
            FinnesAlt: with `bare_nye`, when a key is taken by somebody who is not just so already.
            JournalNede: stored, but not confirmed told (or refused, see `transaksjon`): trying again is safe.
        """
        async with self.transaksjon() as t:
            register = await store.hent(t.tx, *_hvem(rader, omfang))
            plan = await asyncio.to_thread(planlegg, rader, register, omfang, uuid4, uleste)
            if bare_nye and not plan.endring.tom and any(rad.noekkel in register.personer for rad in rader):
                raise FinnesAlt
            if not plan.feil:
                await self._skriv(t, plan.endring, av)
                if omfang is Omfang.ALT and await store.er_eldre(t.tx):
                    await self._rett_kopiene(t, av)
        return plan

    async def _rett_kopiene(self, t: Transaksjon, av: Aktoer) -> None:
        """The register was a backup and is whole again: what else is told of it no longer holds.

        Somebody who came after the backup had another id, and has none now. Absence is in no file, and in every event:
        that of people who are still here is taken back from there.
        """
        sagt = await les_fortalt(self.forteller.journal)
        rader = {rad.id: rad for rad in await oppslag.alle_roller(t.tx)}
        personer = {rad.person_id for rad in rader.values()}
        await store.erstatt_fravaer(t.tx, [f for f in sagt.fravaer.values() if f.person_id in personer])
        endring = Endring(
            fortelles=tuple(rad for rad in rader.values() if sagt.roller.get(rad.id) != rad),
            fjernede_verv=tuple(sagt.roller.keys() - rader.keys()),
        )
        self._fortell(t, som_data(endring, [f.id for f in sagt.fravaer.values() if f.person_id not in personer], av))
        await store.sett_ajour(t.tx, sagt.siste)

    async def proev(self, rader: Sequence[Rad], omfang: Omfang, uleste: Collection[str] = ()) -> Plan:
        """What `innfoer` would do, with nothing done."""
        async with self.forteller.db.les() as tx:
            register = await store.hent(tx, *_hvem(rader, omfang))
        return await asyncio.to_thread(planlegg, rader, register, omfang, uuid4, uleste)

    async def fjern(self, t: Transaksjon, person_id: UUID, verv: Sequence[UUID], av: Aktoer) -> None:
        """Removes a person with every role and absence."""
        await self._skriv(t, Endring(fjernede_personer=(person_id,), fjernede_verv=tuple(verv)), av)

    def fortell_fravaer(self, t: Transaksjon, av: Aktoer, *nytt: Fravaer, fjernet: Sequence[UUID] = ()) -> None:
        """Tells of absence that came or went in this transaction."""
        self._fortell(t, [RegisterData(fravaer=nytt, fravaer_fjernet=tuple(fjernet), av=av)])

    async def _skriv(self, t: Transaksjon, endring: Endring, av: Aktoer) -> None:
        fravaer = await store.skriv(t.tx, endring)
        self._fortell(t, som_data(endring, fravaer, av))

    def _fortell(self, t: Transaksjon, data: Sequence[RegisterData]) -> None:
        naa = self.forteller.clock.now()
        t.fortell(*(RegisterEndret.ny(ett, naa=naa) for ett in data))


def _hvem(rader: Sequence[Rad], omfang: Omfang) -> tuple[set[str] | None, set[str]]:
    if omfang is Omfang.ALT:
        return None, set()
    noekler = {rad.noekkel for rad in rader} | {rad.vara_for for rad in rader if rad.vara_for}
    return noekler, {rad.mobil for rad in rader if rad.mobil}
