"""How a room receives: batches in order, one transaction, told before acked, and nobody blocked by poison."""

from __future__ import annotations

import asyncio
import base64
import itertools
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsMessage, PullSub
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from contracts.event import AnyEvent
from infra.db import NEDE
from infra.journal import hukommelse
from infra.journal.feil import JournalNede
from infra.journal.feilkoe import Omkjoering, Omkjoert, sporsmaal
from infra.journal.forteller import Forteller, Transaksjon
from infra.journal.levering import Levering, les_event, les_levering
from infra.journal.maalinger import BEHANDLET, FEILKOE_LAGT, PAUSE
from infra.journal.topologi import JOURNAL, erklaer_konsument
from infra.journal.uttak import KonsumentBorte, Uttak

logg = structlog.get_logger("mottak")
Handler = Callable[[Transaksjon, Sequence[Levering[Any]]], Awaitable[None]]
FORSOEK_MAKS = 5
FORSOEK_PAUSE_SEKUNDER = 0.5
"""Doubles with every attempt: 1, 2, 4 and 8 seconds before a message is set aside."""
KOLLISJONER_MAKS = 3
PULS_SEKUNDER = 1.0
"""A third of what the server waits before it gives a silent room's messages away."""
PAUSE_MAKS_SEKUNDER = 2.0
LEVERINGER_MAKS = 50
"""A message that ends the process is never handled to its end; after so many deliveries it is set aside unread."""
_PERMANENT = (ValidationError, UnicodeDecodeError)


class Mottak:
    """The receiving side of one room: a durable pull consumer, driven by FastStream, in batches."""

    def __init__(self, forteller: Forteller, handlers: Mapping[type[AnyEvent], Handler]) -> None:
        self._forteller = forteller
        self._handlers = handlers
        self._journal = forteller.journal
        self.rom = forteller.rom
        self.filtre = [klasse.filter() for klasse in handlers]
        self._uttak: Uttak | None = None
        self._i_hende: Sequence[Msg] = ()
        self._feilet_foer: Counter[int] = Counter()
        self._stopper = False
        self._journal.ved_oppstart.append(self._bind)
        self._subscriber = self._journal.broker.subscriber(
            f"salto.*.*.{self.rom}",
            title=self.rom,
            stream=JStream(JOURNAL, declare=False),
            durable=self.rom,
            pull_sub=PullSub(batch=True),
            ack_policy=AckPolicy.MANUAL,
            decoder=_udekodet,
        )
        self._subscriber(self._fra_faststream)
        self._journal.svar_paa(sporsmaal(self.rom), Omkjoering, self._kjoer_igjen)
        # FastStream waits until a batch is full or its time is out; the room is handed what has come at once.
        setattr(self._subscriber, "_create_subscription", self._start)  # noqa: B010 - its slot is not ours to type

    async def _bind(self) -> None:
        await erklaer_konsument(self._journal.js, self.rom, self.filtre)
        self._uttak = Uttak(self._journal.nc, self.rom)

    async def _start(self) -> None:
        self._subscriber.add_task(self._trekk)
        self._subscriber.add_task(self._puls)

    async def _trekk(self) -> None:
        """Pulls until stopped. A consumer that is gone raises its voice and is declared again."""
        assert self._uttak is not None
        while self._subscriber.running and not self._stopper:
            try:
                msgs = await self._uttak.neste()
            except KonsumentBorte:
                logg.error("konsument_borte", rom=self.rom)
                await self._bind_paa_nytt()
            except NEDE as feil:
                logg.warning("journal_nede", rom=self.rom, feil=type(feil).__name__)
                await asyncio.sleep(0.3)
            except Exception as feil:  # noqa: BLE001 - nats-py raises many kinds; the loop must outlive them all
                logg.warning("uttak_feilet", rom=self.rom, feil=type(feil).__name__)
                await asyncio.sleep(0.3)
            else:
                if msgs:
                    await self._subscriber.consume(msgs)

    async def _puls(self) -> None:
        """Says of what is in hand that we are at work with it: what a dead room had goes soon to a living one."""
        assert self._uttak is not None
        while True:
            await asyncio.sleep(PULS_SEKUNDER)
            for msg in (*self._i_hende, *self._uttak.ventende):
                with suppress(Exception):  # settled meanwhile, or the connection is away: then it comes again
                    await msg.in_progress()

    async def _bind_paa_nytt(self) -> None:
        try:
            await erklaer_konsument(self._journal.js, self.rom, self.filtre)
        except Exception as feil:  # noqa: BLE001 - tried again on the next turn, loudly
            logg.error("konsument_kan_ikke_erklaeres", rom=self.rom, feil=type(feil).__name__)
            await asyncio.sleep(1)

    async def stopp(self) -> None:
        """Pulls no more, and hands back at once what was fetched and not begun. What is begun is finished."""
        self._stopper = True
        if self._uttak and self._journal.nc.is_connected:
            await _gi_tilbake(await self._uttak.lukk())

    async def _fra_faststream(self, msg: NatsMessage) -> None:
        raa: list[Msg] = msg.raw_message  # type: ignore[assignment]
        self._i_hende = raa
        try:
            with structlog.contextvars.bound_contextvars(rom=self.rom):
                await self.behandle(raa)
        finally:
            self._i_hende = ()

    async def behandle(self, msgs: Sequence[Msg]) -> None:
        """Handles messages in order; a failing batch is handled one by one. Never raises."""
        lesbare = [par for m in msgs if (par := await self._les(m))]
        if not lesbare:
            return
        pause, kollisjoner = 0.1, 0
        while True:
            try:
                await self._i_en_runde([lev for _, lev in lesbare])
            except (*NEDE, JournalNede) as feil:
                PAUSE.labels(self.rom).inc()
                logg.warning("rommet_venter", feil=type(feil).__name__, sekunder=pause)
                if self._stopper:
                    await _gi_tilbake([m for m, _ in lesbare])
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE_MAKS_SEKUNDER)
            except IntegrityError as feil:
                kollisjoner += 1  # another replica was first with one of these: look again
                if kollisjoner > KOLLISJONER_MAKS:
                    await self._en_og_en(lesbare, feil)
                    return
            except Exception as feil:  # noqa: BLE001 - whatever the message itself causes ends in the dead-letter queue
                await self._en_og_en(lesbare, feil)
                return
            else:
                break
        BEHANDLET.labels(self.rom).inc(len(lesbare))
        for _, lev in lesbare:
            self._feilet_foer.pop(lev.sekvens, None)
        # An ack that is lost brings the message again, and the room's memory makes that harmless.
        await asyncio.gather(*(m.ack() for m, _ in lesbare), return_exceptions=True)

    async def _en_og_en(self, par: Sequence[tuple[Msg, Levering[AnyEvent]]], feil: Exception) -> None:
        if len(par) == 1:
            await self._feilet(par[0][0], feil)
            return
        for msg, _ in par:
            await self.behandle([msg])

    async def _i_en_runde(self, leveringer: Sequence[Levering[AnyEvent]]) -> None:
        rom = self.rom
        async with self._forteller.transaksjon(maa_fortelles=True) as t:
            foer = await hukommelse.lest_foer(t.tx, rom, [lev.event.id for lev in leveringer])
            nye = list({lev.event.id: lev for lev in leveringer if lev.event.id not in foer}.values())
            igjen = await hukommelse.ufortalt(t.tx, rom, set(foer.values())) if foer else {}
            for klasse, bunke in itertools.groupby(nye, key=lambda lev: type(lev.event)):
                if handler := self._handlers.get(klasse):
                    await handler(t, list(bunke))
            await hukommelse.noter_lest(t.tx, rom, [lev.event.id for lev in nye], t.runde)
        await self._forteller.fortell(igjen)

    async def _kjoer_igjen(self, brev: Omkjoering) -> Omkjoert:
        """A dead letter, handed over again by a person: handled as if it had just come, or told why not."""
        try:
            await self._i_en_runde([Levering(les_event(base64.b64decode(brev.data)), brev.sekvens, brev.tid)])
        except Exception as feil:  # noqa: BLE001 - whatever is still wrong is the answer
            return Omkjoert(ok=False, feil=f"{type(feil).__name__} {_sted(feil)}")
        return Omkjoert(ok=True)

    async def _les(self, msg: Msg) -> tuple[Msg, Levering[AnyEvent]] | None:
        """The message with its event; an unreadable or process-ending one is set aside and blocks nobody."""
        try:
            if (msg.metadata.num_delivered or 0) > LEVERINGER_MAKS:
                raise ValueError(f"levert {msg.metadata.num_delivered} ganger uten å bli ferdig")  # noqa: TRY301
            return msg, les_levering(msg)
        except ValueError as feil:
            await self._til_feilkoe(msg, feil)
            return None

    async def _feilet(self, msg: Msg, feil: Exception) -> None:
        sekvens = msg.metadata.sequence.stream
        # Our own count: the server's also has deliveries that a kill, a pause or a stop sent back, and those are free.
        forsoek = self._feilet_foer[sekvens] = self._feilet_foer[sekvens] + 1
        if isinstance(feil, _PERMANENT) or forsoek >= FORSOEK_MAKS:
            await self._til_feilkoe(msg, feil)
            return
        logg.warning("forsoek_feilet", forsoek=forsoek, feil=type(feil).__name__, sted=_sted(feil))
        await msg.nak(delay=min(30.0, FORSOEK_PAUSE_SEKUNDER * 2**forsoek))

    async def _til_feilkoe(self, msg: Msg, feil: Exception) -> None:
        """Sets a message aside with bytes, error and room; it is terminated only when that is confirmed."""
        sekvens = msg.metadata.sequence.stream
        hode = {
            "Nats-Msg-Id": f"feilkoe:{self.rom}:{sekvens}",
            "salto-rom": self.rom,
            "salto-subjekt": msg.subject,
            "salto-sekvens": str(sekvens),
            "salto-feil": f"{type(feil).__name__} {_sted(feil)}"[:300],
            "salto-forsoek": str(msg.metadata.num_delivered),
        }
        try:
            await self._journal.feilkoe(f"feilkoe.{self.rom}", msg.data, hode)
        except JournalNede:
            await msg.nak(delay=1)
            return
        self._feilet_foer.pop(sekvens, None)
        FEILKOE_LAGT.labels(self.rom).inc()
        logg.error("lagt_i_feilkoe", sekvens=sekvens, feil=hode["salto-feil"])
        await msg.term()


async def _udekodet(msg: Any) -> Any:
    return None


async def _gi_tilbake(msgs: Sequence[Msg]) -> None:
    for msg in msgs:
        with suppress(Exception):  # what cannot be handed back is given out again when its time is up
            await msg.nak()


def _sted(feil: Exception) -> str:
    """Where it went wrong: file and line, never the text of the error, which may quote data."""
    spor = traceback.extract_tb(feil.__traceback__)
    return f"{spor[-1].filename.rsplit('/', 2)[-1]}:{spor[-1].lineno}" if spor else ""
