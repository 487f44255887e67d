"""A handful of connections side by side, each with a worker that takes the most urgent mail there is and sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import structlog

from infra.clock import Clock
from services.epost.bokfoering import Bok, Sending
from services.epost.brev import Brev, Brevskriver, UbrukeligAdresse
from services.epost.maalinger import SPERRET
from services.epost.rules import INGEN_VEI, KAN_IKKE_SKRIVES, TILBAKE, UGYLDIG_ADRESSE, UVISS, Resultat, Slag, mottaker
from services.epost.smtp import Forbindelse
from services.epost.tjener import Tjener

logg = structlog.get_logger("epost")
FORBINDELSER = 8
"""Also the most that one kill can leave in doubt."""
FORHAAND = 2
"""Mails in hand for each connection: while one is sent, the next is claimed."""
PAUSE_FOERST_SEKUNDER = 0.5
PAUSE_MAKS_SEKUNDER = 15.0
Plass = tuple[int, int, UUID, int]


@dataclass(eq=False)
class _Bane:
    """One connection and its worker."""

    forbindelse: Forbindelse
    sending: Sending | None = None
    i_data: bool = False
    hviler: bool = False
    pause: float = PAUSE_FOERST_SEKUNDER
    oppgave: asyncio.Task[None] | None = field(default=None, repr=False)


class Utsending:
    """Sends what it is given and tells the book what came of it.

    Args:
        tjener: the mail server.
        skriver: writes the mails.
        bok: where DATA and outcomes are written down.
        clock: dates the mails.
        simulator: people who are made up get mail too.
    """

    def __init__(self, tjener: Tjener, skriver: Brevskriver, bok: Bok, clock: Clock, *, simulator: bool) -> None:
        self._skriver = skriver
        self._bok = bok
        self._clock = clock
        self._simulator = simulator
        self._baner = [_Bane(Forbindelse(tjener, skriver.domene)) for _ in range(FORBINDELSER)]
        self._koe: asyncio.PriorityQueue[tuple[Plass, Sending]] = asyncio.PriorityQueue()
        self._stopper = False
        self.vaaknet: Callable[[], None] = lambda: None
        """Called when a connection has rested and there is room for more."""

    def start(self) -> None:
        """Begins to work."""
        for bane in self._baner:
            bane.oppgave = asyncio.create_task(self._kjoer(bane), name="epost-bane")

    def kapasitet(self) -> int:
        """How many mails it is worth having in hand: none while every connection rests."""
        return FORHAAND * sum(not bane.hviler for bane in self._baner)

    def ta(self, sendinger: Sequence[Sending]) -> None:
        """Sends these, the most urgent first."""
        for s in sendinger:
            o = s.oppdrag
            self._koe.put_nowait(((o.prioritet, o.nr_i_hendelse, o.id, o.forsoek), s))
        if self._stopper:
            self._gi_tilbake()

    async def hvil(self) -> None:
        """Closes the connections: there is nothing more to send now."""
        await asyncio.gather(*(bane.forbindelse.lukk() for bane in self._baner if bane.sending is None))

    async def stopp(self, sekunder: float) -> None:
        """Hands back at once what has not begun DATA, and waits this long for the rest; after that it is in doubt."""
        self._stopper = True
        self._gi_tilbake()
        foer_data = {bane.oppgave: bane for bane in self._baner if bane.oppgave and not bane.i_data}
        await _avslutt(foer_data)
        for bane in foer_data.values():
            if bane.sending:
                bane.forbindelse.kast()
                self._bok.slutt(bane.sending.oppdrag, TILBAKE)
        resten = {bane.oppgave for bane in self._baner if bane.oppgave and not bane.oppgave.done()}
        if resten:
            await asyncio.wait(resten, timeout=sekunder)
        await _avslutt(resten)
        await asyncio.gather(*(bane.forbindelse.lukk() for bane in self._baner), return_exceptions=True)

    def _gi_tilbake(self) -> None:
        while not self._koe.empty():
            self._bok.slutt(self._koe.get_nowait()[1].oppdrag, TILBAKE)

    async def _kjoer(self, bane: _Bane) -> None:
        while not self._stopper:
            _, sending = await self._koe.get()
            bane.sending = sending
            resultat = await self._send(bane, sending)
            bane.sending, bane.i_data = None, False
            self._bok.slutt(sending.oppdrag, resultat)
            if resultat.brems:
                await self._hvil(bane)
                continue
            SPERRET.set(0)
            if resultat.slag is Slag.SENDT:
                bane.pause = PAUSE_FOERST_SEKUNDER

    async def _send(self, bane: _Bane, sending: Sending) -> Resultat:
        try:
            brev = self._skriv(sending)
            if isinstance(brev, Resultat):
                return brev
            return await bane.forbindelse.send(brev, partial(self._begynn, bane, sending))
        except Exception as feil:  # the connection must outlive whatever one mail meets
            logg.error("epost_sending_feilet", melding_id=str(sending.oppdrag.id), exc_info=feil)
            return UVISS if bane.i_data else INGEN_VEI

    async def _begynn(self, bane: _Bane, sending: Sending) -> bool:
        bane.i_data = await self._bok.begynn(sending)
        return bane.i_data

    def _skriv(self, sending: Sending) -> Brev | Resultat:
        """Each mail is written just before it goes, so that nobody else waits for a batch."""
        oppdrag = sending.oppdrag
        adresse = mottaker(sending.kontakt, simulator=self._simulator)
        if isinstance(adresse, Resultat):
            return adresse
        try:
            return self._skriver.skriv(oppdrag, adresse, sending.token, self._clock.now())
        except UbrukeligAdresse:
            return UGYLDIG_ADRESSE
        except Exception as feil:  # noqa: BLE001 - one message that cannot be written must not stop the others
            logg.error("epost_kan_ikke_skrives", melding_id=str(oppdrag.id), feil=type(feil).__name__)
            return KAN_IKKE_SKRIVES

    async def _hvil(self, bane: _Bane) -> None:
        """Rests, longer each time. When all rest, what is in hand goes back: the most urgent go first afterwards."""
        bane.hviler = True
        if not self.kapasitet():
            SPERRET.set(1)
            logg.error("epost_kan_ikke_sendes", sekunder=bane.pause)
            self._gi_tilbake()
        await asyncio.sleep(bane.pause)
        bane.pause = min(bane.pause * 2, PAUSE_MAKS_SEKUNDER)
        bane.hviler = False
        self.vaaknet()


async def _avslutt(oppgaver: Collection[asyncio.Task[None]]) -> None:
    for oppgave in oppgaver:
        oppgave.cancel()
    await asyncio.gather(*oppgaver, return_exceptions=True)
