"""Publishing, asking and reading: FastStream's broker, with nats-py under it where a batch is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

import structlog
from faststream.nats import NatsBroker, NatsToken
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import APIError
from pydantic import BaseModel

from contracts.event import AnyEvent
from infra.journal import lesing, sporring
from infra.journal.feil import NEDE_FEIL, JournalNede, Versjonskonflikt
from infra.journal.lesing import Melding
from infra.journal.publisering import Bud, Kvittering, egne, publiser
from infra.journal.topologi import FEILKOE, JOURNAL, erklaer, se_etter
from infra.log import FastStreamLogg

logg = structlog.get_logger("journal")
SVAR = TypeVar("SVAR", bound=BaseModel)
SPOR = TypeVar("SPOR", bound=BaseModel)
START_SEKUNDER = 25.0
"""A cluster that starts with us elects its leaders meanwhile."""
STARTFORSOEK_SEKUNDER, STARTPAUSE_SEKUNDER = 3.0, 0.5
UBEKREFTET_SEKUNDER = 15.0
"""How long a telling in vain counts against readiness, when nothing has been told since."""


def adresser(url: str) -> list[str]:
    """The servers of SALTO_NATS_URL: one, or several with commas between."""
    return [del_.strip() for del_ in url.split(",") if del_.strip()]


class Journal:
    """The way in and out. `start` connects, declares the topology, and lets the rooms receive."""

    def __init__(self, url: str, token: str = "", *, kopier: int = 1) -> None:
        self._kopier = kopier
        self.broker = NatsBroker(
            adresser(url),
            logger=FastStreamLogg(),  # type: ignore[arg-type] # its protocol names parameters we only pass on
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,  # type: ignore[arg-type] # nats-py sleeps any number of seconds
            connect_timeout=1,
            ping_interval=1,  # a line cut in silence is noticed in 3 s; by default it takes minutes
            max_outstanding_pings=2,
            pending_size=0,  # nothing is buffered while disconnected: no PubAck is doubt, and is told as such
            graceful_timeout=20,
            security=NatsToken(token) if token else None,
        )
        self.ved_oppstart: list[Callable[[], Awaitable[None]]] = []
        self._ubekreftet: float | None = None

    @property
    def nc(self) -> Client:
        """The raw connection under FastStream's broker."""
        return self.broker._connection  # type: ignore[return-value]  # noqa: SLF001 - FastStream gives no other way

    @property
    def js(self) -> JetStreamContext:
        return cast("JetStreamContext", self.broker.config.connection_state.stream)

    async def koble_til(self) -> None:
        """Connects and declares the streams; raises JournalNede when nobody can be asked for so long."""
        await self.broker.connect()
        slutt = asyncio.get_running_loop().time() + START_SEKUNDER
        while True:
            try:
                async with asyncio.timeout(STARTFORSOEK_SEKUNDER):  # who asks before there is a leader gets no answer
                    return await erklaer(self.js, kopier=self._kopier)
            except NEDE_FEIL as feil:
                if asyncio.get_running_loop().time() > slutt:
                    raise JournalNede(
                        f"journalen kunne ikke opprettes med {self._kopier} kopi(er): {_hvorfor(feil)}"
                    ) from feil
                logg.warning("venter_paa_journalen", kopier=self._kopier, grunn=_hvorfor(feil))
            await asyncio.sleep(STARTPAUSE_SEKUNDER)

    async def start(self) -> None:
        await self.koble_til()
        for gjoer in self.ved_oppstart:
            await gjoer()
        await self.broker.start()

    async def stopp(self) -> None:
        await self.broker.stop()

    async def publiser(self, events: Sequence[AnyEvent], *, etter: int | None = None) -> list[Kvittering]:
        """Tells events in order, all or none of each thousand, and waits for the PubAck.

        Args:
            events: what to tell.
            etter: the sequence that must be the last of the hendelse's own life cycle, or nothing is stored.

        Raises:
            JournalNede: no PubAck came in ten seconds of trying; the events may or may not be stored.
            JournalFull: there is no room; they are not.
            Versjonskonflikt: something newer is there already (only with `etter`).
        """
        try:
            return await self._fortell([Bud.om(e, etter) for e in events])
        except Versjonskonflikt:
            if etter is not None and (sekvens := await self._staar_der(events[0], etter)):
                return [Kvittering(sekvens, duplikat=True)]
            raise

    async def _fortell(self, bud: Sequence[Bud]) -> list[Kvittering]:
        """Publishes, and remembers for readiness that it was in vain: a server that cannot write answers all else."""
        try:
            kvitteringer = await publiser(self.js, bud)
        except JournalNede:
            self._ubekreftet = asyncio.get_running_loop().time()
            raise
        self._ubekreftet = None
        return kvitteringer

    async def _staar_der(self, event: AnyEvent, etter: int) -> int | None:
        """Where an event stands that was told before, unheard: what is expected of it, it has changed itself."""
        foerste = await self.neste_paa(egne(event), etter + 1)
        return foerste.sekvens if foerste and foerste.id == str(event.id) else None

    async def hent(self, sekvens: int) -> Melding | None:
        """The stored message at a sequence, or None."""
        return await lesing.en(self.js.get_msg(JOURNAL, seq=sekvens, direct=True))

    async def siste_paa(self, filter_: str) -> Melding | None:
        """The newest message on a subject filter, or None."""
        return await lesing.en(self.js.get_last_msg(JOURNAL, filter_))

    async def neste_paa(self, filter_: str, fra: int) -> Melding | None:
        """The first message on a subject filter at a sequence or after it, or None. Asks the leader: never behind."""
        return await lesing.en(self.js.get_msg(JOURNAL, seq=max(1, fra), subject=filter_, next=True))

    async def siste_sekvens(self) -> int:
        """The sequence of the newest message; raises JournalNede when the journal does not answer."""
        try:
            return (await self.js.stream_info(JOURNAL)).state.last_seq
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil

    async def klar(self) -> None:
        """Raises JournalNede with what is wrong when nothing can be confirmed: no answer, no majority, no room."""
        try:
            se_etter(await self.js.stream_info(JOURNAL), stoerste=self.nc.max_payload)
        except NEDE_FEIL as feil:
            raise feil if isinstance(feil, JournalNede) else JournalNede(type(feil).__name__) from feil
        if self._ubekreftet and asyncio.get_running_loop().time() - self._ubekreftet < UBEKREFTET_SEKUNDER:
            raise JournalNede("journalen svarer, men bekrefter ikke det som fortelles: er disken dens full?")

    def les_fra(self, sekvens: int, filtre: Sequence[str] = ("salto.>",)) -> AsyncIterator[list[Melding]]:
        """Every message from a sequence on, each once and in order, without end; a lost connection is waited for."""
        return lesing.les_fra(self.nc, self.js, sekvens, filtre)

    async def spoer(
        self, subjekt: str, spoersmaal: BaseModel, svar: type[SVAR], *, frist: float = 2.0, igjen: bool = True
    ) -> SVAR:
        """Asks another room and waits for the answer; raises JournalNede when none comes in `frist` seconds.

        Args:
            subjekt: what is asked about.
            spoersmaal: the question.
            svar: what the answer is.
            frist: seconds to wait, in all.
            igjen: ask again while nobody answers; only for what may be asked twice.
        """
        data = spoersmaal.model_dump_json().encode()
        return svar.model_validate_json(await sporring.spoer(self.nc, subjekt, data, frist=frist, igjen=igjen))

    def svar_paa(self, subjekt: str, spoersmaal: type[SPOR], svarer: Callable[[SPOR], Awaitable[BaseModel]]) -> None:
        """Lets a room answer a question; replicas share the work."""

        async def doer(raa: bytes) -> str:
            return (await svarer(spoersmaal.model_validate_json(raa))).model_dump_json()

        self.broker.subscriber(subjekt, queue=subjekt, decoder=_raa)(doer)

    async def feilkoe(self, subjekt: str, data: bytes, hode: dict[str, str]) -> None:
        """Puts bytes in the dead-letter stream; raises JournalNede when that is not confirmed."""
        await publiser(self.js, [Bud(subjekt, data, {**hode, "Nats-Expected-Stream": FEILKOE})])


def _hvorfor(feil: Exception) -> str:
    """What a server that will not, or does not, answer means to whoever runs it."""
    if isinstance(feil, APIError):
        return str(feil.description or feil.err_code)
    return f"NATS svarer ikke, eller klyngen har ingen leder ({type(feil).__name__})"


async def _raa(msg: Any) -> bytes:
    return bytes(msg.body)


__all__ = ["NEDE_FEIL", "Journal", "Kvittering", "Melding"]
