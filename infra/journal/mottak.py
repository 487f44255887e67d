"""How a room receives: pulled in batches and in order, kept alive while at work, handed back when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsMessage, PullSub
from nats.aio.msg import Msg

from contracts.event import AnyEvent
from infra.db import NEDE
from infra.journal.behandling import Behandling, Handler, gi_tilbake
from infra.journal.feilkoe import Omkjoering, sporsmaal
from infra.journal.forteller import Forteller
from infra.journal.gjenspill import Gjenreising, Gjenspill
from infra.journal.konsument import Opptak, ta_opp
from infra.journal.strekning import Arkiv
from infra.journal.topologi import JOURNAL
from infra.journal.uttak import KonsumentBorte, NyForbindelse, Uttak

logg = structlog.get_logger("mottak")
PULS_SEKUNDER = 1.0
"""A third of what the server waits before it gives a silent room's messages away."""
PAUSE_SEKUNDER = 0.3
NOTERES_SEKUNDER = 2.0
"""How often it is noted how far the tables are: the next start looks through what came after."""
SAMLE_STEG_SEKUNDER, SAMLE_MAKS_SEKUNDER = 0.002, 0.02
"""What comes in a stream is taken in groups: the first is not kept waiting, the tenth has neighbours."""


class Mottak:
    """The receiving side of one room: a durable pull consumer, driven by FastStream, in batches."""

    def __init__(
        self,
        forteller: Forteller,
        handlers: Mapping[type[AnyEvent], Handler],
        reising: Gjenreising | None = None,
        arkiv: Arkiv | None = None,
    ) -> None:
        self._journal = forteller.journal
        self.gjenspill = Gjenspill(forteller, handlers, reising or Gjenreising(), arkiv)
        self._behandling = Behandling(forteller, handlers)
        self.rom = forteller.rom
        self.filtre = [klasse.filter() for klasse in handlers]
        self._uttak: Uttak | None = None
        self._opptak = Opptak()
        self._stopper = False
        self._paa_rad = 0
        self._sist = 0.0
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
        self._journal.svar_paa(sporsmaal(self.rom), Omkjoering, self._behandling.kjoer_igjen)
        # FastStream waits until a batch is full or its time is out; the room is handed what has come at once.
        setattr(self._subscriber, "_create_subscription", self._start)  # noqa: B010 - its slot is not ours to type

    async def _bind(self) -> None:
        await self.gjenspill.sjekk()
        self._opptak = await ta_opp(self._journal.js, self.rom, self.filtre, start=True)
        if self._opptak.enkeltvis:
            logg.error("rommet_kommer_ikke_videre", rom=self.rom, starter=self._opptak.ganger)
        self._uttak = Uttak(self._journal.nc, self.rom)

    async def _start(self) -> None:
        self._subscriber.add_task(self._trekk)
        self._subscriber.add_task(self._puls)
        self._subscriber.add_task(self._noter)

    async def _trekk(self) -> None:
        """Pulls until stopped. A consumer that is gone raises its voice and is declared again."""
        assert self._uttak is not None
        await self.gjenspill.kjoer()
        while self._subscriber.running and not self._stopper:
            try:
                msgs = await self._uttak.neste()
            except KonsumentBorte:
                logg.error("konsument_borte", rom=self.rom)
                await self._ta_opp_igjen()
            except NyForbindelse:
                await self._ta_opp_igjen()
            except NEDE as feil:
                logg.warning("journal_nede", rom=self.rom, feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            except Exception as feil:  # noqa: BLE001 - nats-py raises many kinds; the loop must outlive them all
                logg.warning("uttak_feilet", rom=self.rom, feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            else:
                await self._gi_ut(await self._med_naboer(msgs))

    async def _med_naboer(self, msgs: list[Msg]) -> list[Msg]:
        """The messages with those that come right behind, when they have been coming for a while."""
        loop = asyncio.get_running_loop()
        self._paa_rad = self._paa_rad + 1 if loop.time() - self._sist < SAMLE_MAKS_SEKUNDER else 0
        if self._paa_rad and self._uttak:
            await asyncio.sleep(min(SAMLE_MAKS_SEKUNDER, SAMLE_STEG_SEKUNDER * self._paa_rad))
            msgs += self._uttak.flere()
        return msgs

    async def _gi_ut(self, msgs: Sequence[Msg]) -> None:
        """Hands messages to the room; where something may end the process, one at a time."""
        if self._opptak.mistenkt and msgs:
            await self._behandling.legg_bort(msgs[0])
            self._opptak, msgs = Opptak(), msgs[1:]
        while msgs and self._opptak.enkeltvis and msgs[0].metadata.sequence.stream <= self._opptak.hengende_til:
            await self._subscriber.consume([msgs[0]])
            msgs = msgs[1:]
        if msgs:
            await self._subscriber.consume(list(msgs))
        self._sist = asyncio.get_running_loop().time()

    async def _puls(self) -> None:
        """Says of what is in hand that we are at work with it: what a dead room had goes soon to a living one."""
        assert self._uttak is not None
        while True:
            await asyncio.sleep(PULS_SEKUNDER)
            for msg in (*self._behandling.i_hende, *self._uttak.ventende):
                with suppress(Exception):  # settled meanwhile, or the connection is away: then it comes again
                    await msg.in_progress()

    async def _noter(self) -> None:
        """Notes now and then how far the tables are."""
        while True:
            await asyncio.sleep(NOTERES_SEKUNDER)
            try:
                await self.gjenspill.noter()
            except Exception as feil:  # noqa: BLE001 - the next start only looks from further back
                logg.debug("sted_ikke_notert", rom=self.rom, feil=type(feil).__name__)

    async def _ta_opp_igjen(self) -> None:
        """Goes on where it is settled, as soon as the journal lets us."""
        while self._subscriber.running and not self._stopper:
            try:
                await self.gjenspill.samme_journal()
                await ta_opp(self._journal.js, self.rom, self.filtre, start=False)
            except Exception as feil:  # noqa: BLE001 - tried again on the next turn, loudly
                logg.error("konsument_kan_ikke_erklaeres", rom=self.rom, feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            else:
                return

    async def stopp(self) -> None:
        """Pulls no more, and hands back at once what was fetched and not begun. What is begun is finished."""
        self._stopper = True
        self._behandling.stopp()
        if self._uttak and self._journal.nc.is_connected:
            await gi_tilbake(await self._uttak.lukk())
            with suppress(Exception):  # the next start looks from further back
                await self.gjenspill.noter()

    async def _fra_faststream(self, msg: NatsMessage) -> None:
        raa: list[Msg] = msg.raw_message  # type: ignore[assignment]
        with structlog.contextvars.bound_contextvars(rom=self.rom):
            await self._behandling.behandle(raa)


async def _udekodet(msg: Any) -> Any:
    return None


__all__ = ["Handler", "Mottak"]
