"""Tables that are older than the journal: noticed before the room receives, and brought up to it by a replay.

What a room has handled it knows by id, in the same tables. So if its consumer has settled something that the tables do
not know, they are a backup. What was told since is then folded again, in order and by the time of the first time; it
tells nothing that was told before, and what its ledger once sent is not sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

import structlog

from contracts.event import AnyEvent
from infra.clock import den_gang
from infra.db import NEDE
from infra.journal import hukommelse, sted, strekning
from infra.journal.behandling import Handler
from infra.journal.feil import JournalNede
from infra.journal.feilkoe import legg_bort
from infra.journal.forteller import Forteller, Transaksjon
from infra.journal.journal import Melding
from infra.journal.konsument import Oppgjort, oppgjort
from infra.journal.levering import Levering, les_event
from infra.journal.maalinger import GJENSPILL
from infra.journal.oversikt import Fortalt, fortalt_fra, har_ukjente, siste_fortalte
from infra.journal.rekkefoelge import sikre
from infra.journal.sted import Sted
from infra.journal.topologi import JOURNAL

logg = structlog.get_logger("gjenspill")
BUNKE = 100
FORSOEK_MAKS, PAUSE_SEKUNDER = 3, 0.5
Lest = tuple[Melding, Levering[AnyEvent]]


@dataclass(frozen=True)
class Gjenreising:
    """What a room does when its tables are a backup, besides handling again what it hears.

    Args:
        egne: how it takes in what it told itself, where that is born in its tables and follows from nothing it hears.
        etter: when all is replayed: what waits still may have been done, and the journal does not say.
    """

    egne: Mapping[type[AnyEvent], Handler] = field(default_factory=dict)
    etter: Callable[[Transaksjon], Awaitable[None]] | None = None


class Gjenspill:
    """Watches over where one room's tables are, and replays what they lack."""

    def __init__(
        self,
        forteller: Forteller,
        handlers: Mapping[type[AnyEvent], Handler],
        reising: Gjenreising,
        arkiv: strekning.Arkiv | None,
    ) -> None:
        self._forteller = forteller
        self._handlers = handlers
        self._reising = reising
        self._arkiv = arkiv
        self._journal = forteller.journal
        self._rom = forteller.rom
        self.ajour = asyncio.Event()
        """Until then the tables are not to be acted on: nothing is due before it is known what was done."""

    async def sjekk(self) -> None:
        """Looks whether the tables are older than what was settled, and if so prepares the replay."""
        async with self._forteller.db.les() as tx:
            steder = await sted.alle(tx)
        her = steder.get(self._rom, Sted())
        if not her.gjenspilles:
            filtre = [k.filter() for k in self._handlers]
            naa = await oppgjort(self._journal.js, self._rom, filtre)
            grense = naa.til if naa.finnes else await siste_fortalte(self._journal, self._rom, self._reising.egne)
            # One backup is of all rooms: what this one told itself, another has heard.
            andre = {rom: s for rom, s in steder.items() if rom != self._rom}
            if not await self._mangler(self._rom, her, naa.filtre, grense) and not await self._andre_mangler(andre):
                self.ajour.set()
                return
            await self._begynn(naa)

    async def _andre_mangler(self, andre: Mapping[str, Sted]) -> bool:
        for rom, sitt in andre.items():
            naa = await oppgjort(self._journal.js, rom, ())
            if await self._mangler(rom, sitt, naa.filtre, naa.til):
                return True
        return False

    async def samme_journal(self) -> None:
        """The connection is new: the journal may be, too."""
        await sikre(self._journal, self._forteller.db, self._arkiv)

    async def _mangler(self, rom: str, sitt: Sted, filtre: Sequence[str], grense: int) -> bool:
        """Whether a room has settled something that its tables do not know."""
        if grense <= sitt.sekvens:
            return False
        async with aclosing(cast("Any", self._les(sitt, sitt.sekvens + 1, grense))) as meldinger:
            return await har_ukjente(self._forteller.db, self._journal, rom, filtre, meldinger)

    async def _begynn(self, naa: Oppgjort) -> None:
        siste = await self._journal.siste_paa(strekning.ALT)
        til = siste.sekvens if siste else 0
        levert = naa.levert if naa.finnes else til  # without a consumer nobody knows: it may all have been handled
        async with self._forteller.db.skriv() as tx:
            await sted.sett(tx, self._rom)  # a row to hold
            her = await sted.hent(tx, self._rom, laas=True)
            if her.gjenspilles:
                return  # another replica was first
            felt = {"gjenspilles_til": til, "fortalt_til": naa.til, "levert_til": levert}
            await sted.sett(tx, self._rom, gjenspilles_fra=her.sekvens + 1, **felt)
        GJENSPILL.labels(self._rom).inc()
        logg.error("tabellene_er_eldre_enn_journalen", rom=self._rom, fra=her.sekvens + 1, til=til)

    async def kjoer(self) -> None:
        """Replays until the tables are where the journal was when it was noticed."""
        while not self.ajour.is_set():
            try:
                await self._gjennom()
            except Exception as feil:  # noqa: BLE001 - a room that is not up to date must not begin; tried again, loudly
                logg.error("gjenspill_venter", rom=self._rom, feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)

    async def noter(self) -> None:
        """Notes what is settled by now: from there the next start looks."""
        if not self.ajour.is_set():
            return
        info = await self._journal.js.stream_info(JOURNAL)
        naa = await oppgjort(self._journal.js, self._rom, ())
        async with self._forteller.db.les() as tx:
            her = await sted.hent(tx, self._rom)
        ny = (str(info.created), max(naa.til, her.sekvens), max(info.state.last_seq, her.sett))
        if (her.journal, her.sekvens, her.sett) != ny:
            async with self._forteller.db.skriv() as tx:
                await sted.noter(tx, self._rom, journal=ny[0], sekvens=ny[1], sett_til=ny[2])

    def _les(self, her: Sted, fra: int, til: int) -> AsyncIterator[list[Melding]]:
        return strekning.les(self._journal, fra, til, arkiv=self._arkiv, begynner=her.begynner)

    async def _gjennom(self) -> None:
        async with self._forteller.db.les() as tx:
            her = await sted.hent(tx, self._rom)
        if her.gjenspilles:
            fortalt = await fortalt_fra(self._les(her, her.gjenspilles_fra, her.gjenspilles_til), self._rom)
            async with aclosing(cast("Any", self._les(her, her.sekvens + 1, her.gjenspilles_til))) as meldinger:
                async for batch in meldinger:
                    for nr in range(0, len(batch), BUNKE):
                        await self._bunke(batch[nr : nr + BUNKE], her, fortalt)
            await self._avslutt(her)
        self.ajour.set()

    async def _avslutt(self, her: Sted) -> None:
        async with self._forteller.transaksjon() as t:
            naa = await sted.hent(t.tx, self._rom, laas=True)
            if not naa.gjenspilles:
                return
            t.alt_fortalt = frozenset()
            if self._reising.etter and naa.fortalt_til != sted.UVISST:
                await self._reising.etter(t)
            await sted.sett(t.tx, self._rom, sekvens=her.gjenspilles_til, gjenspilles_til=0)
        logg.warning("tabellene_er_gjenreist", rom=self._rom, fra=her.gjenspilles_fra, til=her.gjenspilles_til)

    async def _bunke(self, meldinger: Sequence[Melding], her: Sted, fortalt: Fortalt) -> None:
        for nr in range(1, FORSOEK_MAKS + 1):
            try:
                return await self._i_en_runde(meldinger, her, fortalt)
            except (*NEDE, JournalNede):
                raise
            except Exception as feil:  # noqa: BLE001 - what the message itself causes ends in the dead-letter queue
                if len(meldinger) > 1:
                    break
                logg.warning("gjenspill_forsoek_feilet", rom=self._rom, forsoek=nr, feil=type(feil).__name__)
                if nr == FORSOEK_MAKS:
                    await self._legg_bort(meldinger[0], feil)
                    return None
        for en in meldinger:
            await self._bunke([en], her, fortalt)
        return None

    async def _legg_bort(self, melding: Melding, feil: Exception) -> None:
        await legg_bort(self._journal, self._rom, melding.subjekt, melding.sekvens, melding.data, feil)
        async with self._forteller.db.skriv() as tx:
            await sted.sett(tx, self._rom, sekvens=melding.sekvens)

    async def _i_en_runde(self, meldinger: Sequence[Melding], her: Sted, fortalt: Fortalt) -> None:
        """One transaction, under the lock of the room's place: replicas replay in turn, and in order."""
        async with self._forteller.transaksjon(maa_fortelles=True) as t:
            t.alt_fortalt = fortalt.aarsaker.keys()
            kommet = (await sted.hent(t.tx, self._rom, laas=True)).sekvens
            lest = [par for m in meldinger if m.sekvens > kommet and (par := self._hoert(m))]
            ider = [
                lev.event.id for m, lev in lest if type(lev.event) in self._handlers and m.sekvens <= her.levert_til
            ]
            nye = await hukommelse.noter_lest(t.tx, self._rom, ider, t.runde)
            for melding, lev in lest:
                await self._en(t, melding, lev, nye, her, fortalt)
            eldre = {"fortalt_til": 0} if nye and her.fortalt_til == sted.UVISST else {}
            await sted.sett(t.tx, self._rom, sekvens=max(kommet, meldinger[-1].sekvens), **eldre)

    def _hoert(self, melding: Melding) -> Lest | None:
        """The message as an event that this room takes in; what cannot be read was, or will be, set aside."""
        try:
            event = les_event(melding.data)
        except ValueError:
            return None
        if type(event) not in self._handlers and type(event) not in self._reising.egne:
            return None
        return melding, Levering(event, melding.sekvens, melding.tid)

    async def _en(
        self, t: Transaksjon, melding: Melding, lev: Levering[AnyEvent], nye: set[Any], her: Sted, fortalt: Fortalt
    ) -> None:
        gjort_foer = melding.sekvens <= her.fortalt_til
        foer = len(t.events)
        with den_gang(fortalt.aarsaker.get(lev.event.id) or (melding.tid if gjort_foer else None)):
            if lev.event.id in nye and (handler := self._handlers.get(type(lev.event))):
                await handler(t, [lev])
        if egen := self._reising.egne.get(type(lev.event)):
            with den_gang(lev.event.time):
                await egen(t, [lev])
        nytt = [e for e in t.events[foer:] if not gjort_foer and e.id not in fortalt.ider]
        t.events[foer:] = nytt
