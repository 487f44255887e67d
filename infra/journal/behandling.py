"""What is done with messages that have come: one transaction a batch, retried when it is theirs, set aside at last."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from contracts.event import AnyEvent
from infra.db import NEDE
from infra.journal import hukommelse
from infra.journal.feil import JournalNede
from infra.journal.feilkoe import Omkjoering, Omkjoert, legg_bort, stedet
from infra.journal.forteller import Forteller, Transaksjon
from infra.journal.hukommelse import Ufortalt
from infra.journal.levering import Levering, les_event, les_levering
from infra.journal.maalinger import BEHANDLET, PAUSE

logg = structlog.get_logger("mottak")
Handler = Callable[[Transaksjon, Sequence[Levering[Any]]], Awaitable[None]]
Par = tuple[Msg, Levering[AnyEvent]]
FORSOEK_MAKS = 5
FORSOEK_PAUSE_SEKUNDER = 0.5
"""Doubles with every attempt: 1, 2, 4 and 8 seconds before a message is set aside."""
KOLLISJONER_MAKS = 3
RUNDE_BYTES = 128 * 1024
"""A list of 500 recipients is twice that, an answer a hundredth of it."""
PAUSE_FOERST_SEKUNDER, PAUSE_MAKS_SEKUNDER = 0.1, 2.0
_PERMANENT = (ValidationError, UnicodeDecodeError)


class EnderProsessen(Exception):
    """Every process that began with this message ended before it was through."""


class Behandling:
    """One room's handling. It never raises: a message ends in an ack, a later try, or the dead-letter queue."""

    def __init__(self, forteller: Forteller, handlers: Mapping[type[AnyEvent], Handler]) -> None:
        self._forteller = forteller
        self._handlers = handlers
        self._journal = forteller.journal
        self.rom = forteller.rom
        self.i_hende: Sequence[Msg] = ()
        """What is being handled just now."""
        self._feilet_foer: Counter[int] = Counter()
        self._stopper = False

    def stopp(self) -> None:
        """Finishes what is begun; what waits for something that is away is handed back."""
        self._stopper = True

    async def behandle(self, msgs: Sequence[Msg]) -> None:
        """Handles messages in order; a failing batch is handled one by one."""
        self.i_hende = msgs
        try:
            for runde in _runder(msgs):
                lesbare = [par for m in runde if (par := await self._les(m))]
                if lesbare:
                    await self._bunke(lesbare)
        except Exception as feil:  # noqa: BLE001 - the journal went away under an ack or a nak: it all comes again
            logg.warning("bunke_avbrutt", rom=self.rom, antall=len(msgs), feil=type(feil).__name__)
        finally:
            self.i_hende = ()

    async def kjoer_igjen(self, brev: Omkjoering) -> Omkjoert:
        """A dead letter, handed over again by a person: handled as if it had just come, or told why not."""
        try:
            await self._i_en_runde([Levering(les_event(base64.b64decode(brev.data)), brev.sekvens, brev.tid)])
        except Exception as feil:  # noqa: BLE001 - whatever is still wrong is the answer
            return Omkjoert(ok=False, feil=f"{type(feil).__name__} {stedet(feil)}")
        return Omkjoert(ok=True)

    async def legg_bort(self, msg: Msg) -> None:
        """Sets a message aside unread, because nobody who began with it lived to tell."""
        await self._til_feilkoe(msg, EnderProsessen())

    async def _bunke(self, par: Sequence[Par]) -> None:
        pause, kollisjoner = PAUSE_FOERST_SEKUNDER, 0
        while True:
            try:
                await self._i_en_runde([lev for _, lev in par])
            except (*NEDE, JournalNede) as feil:
                PAUSE.labels(self.rom).inc()
                logg.warning("rommet_venter", feil=type(feil).__name__, sekunder=pause)
                if self._stopper:
                    await gi_tilbake([m for m, _ in par])
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MAKS_SEKUNDER)
            except IntegrityError as feil:
                kollisjoner += 1  # another replica was first with one of these: look again
                if kollisjoner > KOLLISJONER_MAKS:
                    await self._en_og_en(par, feil)
                    return
            except Exception as feil:  # noqa: BLE001 - whatever the message itself causes ends in the dead-letter queue
                await self._en_og_en(par, feil)
                return
            else:
                break
        BEHANDLET.labels(self.rom).inc(len(par))
        for _, lev in par:
            self._feilet_foer.pop(lev.sekvens, None)
        # An ack that is lost brings the message again, and the room's memory makes that harmless.
        await asyncio.gather(*(m.ack() for m, _ in par), return_exceptions=True)

    async def _en_og_en(self, par: Sequence[Par], feil: Exception) -> None:
        if len(par) == 1:
            await self._feilet(par[0][0], feil)
            return
        for en in par:
            await self._bunke([en])

    async def _i_en_runde(self, leveringer: Sequence[Levering[AnyEvent]]) -> None:
        rom, en_av_hver = self.rom, {lev.event.id: lev for lev in leveringer}
        async with self._forteller.transaksjon(maa_fortelles=True) as t:
            hendelser = [lev.event.hendelseid for lev in leveringer if lev.event.hendelseid]
            await hukommelse.en_om_gangen(t.tx, rom, hendelser)
            nye = await hukommelse.noter_lest(t.tx, rom, en_av_hver, t.runde)
            igjen = await self._fortalt_foer(t, en_av_hver.keys() - nye)
            nye_leveringer = [lev for event_id, lev in en_av_hver.items() if event_id in nye]
            for klasse, bunke in itertools.groupby(nye_leveringer, key=lambda lev: type(lev.event)):
                if handler := self._handlers.get(klasse):
                    await handler(t, list(bunke))
        await self._forteller.fortell_paa_nytt(igjen)

    async def _fortalt_foer(self, t: Transaksjon, kjente: Collection[UUID]) -> dict[UUID, Ufortalt]:
        """What was decided when these were handled, as far as it is not confirmed: told again, never decided anew."""
        if not kjente:
            return {}
        runder = await hukommelse.lest_foer(t.tx, self.rom, list(kjente))
        return await hukommelse.ufortalt(t.tx, self.rom, set(runder.values()))

    async def _les(self, msg: Msg) -> Par | None:
        """The message with its event; an unreadable one is set aside at once and blocks nobody."""
        try:
            return msg, les_levering(msg)
        except Exception as feil:  # noqa: BLE001 - bytes can be wrong in any way
            await self._til_feilkoe(msg, feil)
            return None

    async def _feilet(self, msg: Msg, feil: Exception) -> None:
        sekvens = msg.metadata.sequence.stream
        # Our own count: the server's also has deliveries that a kill, a pause or a stop sent back, and those are free.
        forsoek = self._feilet_foer[sekvens] = self._feilet_foer[sekvens] + 1
        if isinstance(feil, _PERMANENT) or forsoek >= FORSOEK_MAKS:
            await self._til_feilkoe(msg, feil)
            return
        logg.warning("forsoek_feilet", forsoek=forsoek, feil=type(feil).__name__, sted=stedet(feil))
        await msg.nak(delay=min(30.0, FORSOEK_PAUSE_SEKUNDER * 2**forsoek))

    async def _til_feilkoe(self, msg: Msg, feil: Exception) -> None:
        """Sets a message aside with bytes, error and room; it is terminated only when that is confirmed."""
        sekvens = msg.metadata.sequence.stream
        try:
            await legg_bort(self._journal, self.rom, msg.subject, sekvens, msg.data, feil)
        except JournalNede:
            await msg.nak(delay=1)
            return
        self._feilet_foer.pop(sekvens, None)
        await msg.term()


def _runder(msgs: Sequence[Msg]) -> Iterator[Sequence[Msg]]:
    """In order, about as much as is good to do at a time.

    What the first of several large messages leads to goes on its way while the next is being handled.
    """
    runde: list[Msg] = []
    tyngde = 0
    for msg in msgs:
        runde.append(msg)
        tyngde += len(msg.data)
        if tyngde >= RUNDE_BYTES:
            yield runde
            runde, tyngde = [], 0
    if runde:
        yield runde


async def gi_tilbake(msgs: Sequence[Msg]) -> None:
    """Hands messages back at once, to whoever is there to take them."""
    for msg in msgs:
        with suppress(Exception):  # what cannot be handed back is given out again when its time is up
            await msg.nak()
