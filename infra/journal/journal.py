"""Publishing, asking and reading: FastStream's broker, with nats-py under it where a batch is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import nats.errors
from faststream.nats import NatsBroker, NatsToken
from nats.aio.client import Client
from nats.errors import ConnectionClosedError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError
from pydantic import BaseModel

from contracts.event import AnyEvent
from infra.journal.feil import JournalNede, Versjonskonflikt
from infra.journal.topologi import FEILKOE, JOURNAL, erklaer
from infra.journal.uttak import KonsumentBorte, NyForbindelse, Uttak
from infra.log import FastStreamLogg

SVAR = TypeVar("SVAR", bound=BaseModel)
SPOR = TypeVar("SPOR", bound=BaseModel)
FRIST_SEKUNDER = 5.0
SAMLE_SEKUNDER = 0.01
"""Who reads everything waits this long for company: the archive writes once for what is told together."""
FEIL_SEKVENS = 10071
NEDE_FEIL = (nats.errors.Error, APIError, TimeoutError, OSError)


@dataclass(frozen=True)
class Kvittering:
    """A PubAck: the event stands at this sequence. `duplikat`: it stood there already."""

    sekvens: int
    duplikat: bool


@dataclass(frozen=True)
class Melding:
    """A stored message as bytes."""

    sekvens: int
    subjekt: str
    tid: datetime
    data: bytes


class Journal:
    """The way in and out. `start` connects, declares the topology, and lets the rooms receive."""

    def __init__(self, url: str, token: str = "", *, kopier: int = 1) -> None:
        self._kopier = kopier
        self.broker = NatsBroker(
            url,
            logger=FastStreamLogg(),  # type: ignore[arg-type] # its protocol names parameters we only pass on
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,  # type: ignore[arg-type] # nats-py sleeps any number of seconds
            ping_interval=10,
            max_outstanding_pings=2,
            pending_size=0,  # nothing is buffered while disconnected: no PubAck is doubt, and is told as such
            graceful_timeout=20,
            security=NatsToken(token) if token else None,
        )
        self.ved_oppstart: list[Callable[[], Awaitable[None]]] = []

    @property
    def nc(self) -> Client:
        """The raw connection under FastStream's broker."""
        return self.broker._connection  # type: ignore[return-value]  # noqa: SLF001 - FastStream gives no other way

    @property
    def js(self) -> JetStreamContext:
        return cast("JetStreamContext", self.broker.config.connection_state.stream)

    async def koble_til(self) -> None:
        """Connects and declares the streams; raises when the server cannot be reached."""
        await self.broker.connect()
        await erklaer(self.js, kopier=self._kopier)

    async def start(self) -> None:
        await self.koble_til()
        for gjoer in self.ved_oppstart:
            await gjoer()
        await self.broker.start()

    async def stopp(self) -> None:
        await self.broker.stop()

    async def publiser(self, events: Sequence[AnyEvent], *, etter: int | None = None) -> list[Kvittering]:
        """Tells events, pipelined and in order, and waits for every PubAck.

        Args:
            events: what to tell.
            etter: the sequence that must be the last of the hendelse's own life cycle, or nothing is stored.

        Raises:
            JournalNede: a PubAck did not come; the events may or may not be stored.
            Versjonskonflikt: something newer is there already (only with `etter`).
        """
        ventende: list[asyncio.Future[Any]] = []
        try:
            if len(events) == 1:  # publish_async loses the server's refusal (nats-py 2.16)
                return [await self._send_en(events[0], etter)]
            async with asyncio.timeout(FRIST_SEKUNDER):
                for event in events:
                    ventende.append(await self._send(event, etter))  # noqa: PERF401 - kept when a later one fails
                ack = await asyncio.gather(*ventende)
        except APIError as feil:
            if feil.err_code == FEIL_SEKVENS:
                raise Versjonskonflikt from feil
            raise JournalNede(str(feil)) from feil
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        finally:
            for fremtid in ventende:
                fremtid.cancel()
        return [Kvittering(a.seq, bool(a.duplicate)) for a in ack]

    async def _send_en(self, event: AnyEvent, etter: int | None) -> Kvittering:
        ack = await self.js.publish(
            event.subjekt(), event.til_bytes(), timeout=FRIST_SEKUNDER, headers=_hode(event, etter)
        )
        return Kvittering(ack.seq, bool(ack.duplicate))

    async def _send(self, event: AnyEvent, etter: int | None) -> asyncio.Future[Any]:
        if not self.nc.is_connected:  # nats-py would keep one of its 4,000 places for ever (publish_async, 2.16)
            raise ConnectionClosedError
        return await self.js.publish_async(
            event.subjekt(), event.til_bytes(), wait_stall=FRIST_SEKUNDER, headers=_hode(event, etter)
        )

    async def hent(self, sekvens: int) -> Melding | None:
        """The stored message at a sequence, or None."""
        try:
            raa = await self.js.get_msg(JOURNAL, seq=sekvens, direct=True)
        except NotFoundError:
            return None
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        return Melding(
            raa.seq or sekvens, raa.subject or "", raa.time or datetime.min.replace(tzinfo=UTC), raa.data or b""
        )

    async def siste_paa(self, filter_: str) -> Melding | None:
        """The newest message on a subject filter, or None."""
        try:
            raa = await self.js.get_last_msg(JOURNAL, filter_)
        except NotFoundError:
            return None
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        return Melding(raa.seq or 0, raa.subject or "", raa.time or datetime.min.replace(tzinfo=UTC), raa.data or b"")

    async def neste_paa(self, filter_: str, fra: int) -> Melding | None:
        """The first message on a subject filter at a sequence or after it, or None. Asks the leader: never behind."""
        try:
            raa = await self.js.get_msg(JOURNAL, seq=max(1, fra), subject=filter_, next=True)
        except NotFoundError:
            return None
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        return Melding(raa.seq or 0, raa.subject or "", raa.time or datetime.min.replace(tzinfo=UTC), raa.data or b"")

    async def siste_sekvens(self) -> int:
        """The sequence of the newest message; raises JournalNede when the journal does not answer."""
        try:
            return (await self.js.stream_info(JOURNAL)).state.last_seq
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil

    async def les_fra(self, sekvens: int, filtre: Sequence[str] = ("salto.>",)) -> AsyncIterator[list[Melding]]:
        """Every message from a sequence on, in order, without end; a lost connection is waited for."""
        neste = max(1, sekvens)
        while True:
            uttak: Uttak | None = None
            try:
                uttak = Uttak(self.nc, await self._flyktig(neste, filtre), antall=500)
                while True:
                    msgs = await uttak.neste()
                    await asyncio.sleep(SAMLE_SEKUNDER)
                    batch = [
                        Melding(m.metadata.sequence.stream, m.subject, m.metadata.timestamp.astimezone(UTC), m.data)
                        for m in (*msgs, *uttak.flere())
                    ]
                    neste = batch[-1].sekvens + 1
                    yield batch
            except (KonsumentBorte, NyForbindelse, *NEDE_FEIL):
                await asyncio.sleep(0.2)
            finally:
                if uttak and self.nc.is_connected:
                    await uttak.lukk()

    async def _flyktig(self, sekvens: int, filtre: Sequence[str]) -> str:
        info = await self.js.add_consumer(
            JOURNAL,
            ConsumerConfig(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=sekvens,
                filter_subjects=list(filtre),
                ack_policy=AckPolicy.NONE,
                inactive_threshold=60,
                mem_storage=True,
            ),
        )
        return info.name

    async def spoer(self, subjekt: str, spoersmaal: BaseModel, svar: type[SVAR], *, frist: float = 2.0) -> SVAR:
        """Asks another room and waits for the answer; raises JournalNede when none comes in `frist` seconds."""
        try:
            msg = await self.nc.request(subjekt, spoersmaal.model_dump_json().encode(), timeout=frist)
        except NEDE_FEIL as feil:
            raise JournalNede(f"{subjekt}: {type(feil).__name__}") from feil
        return svar.model_validate_json(msg.data)

    def svar_paa(self, subjekt: str, spoersmaal: type[SPOR], svarer: Callable[[SPOR], Awaitable[BaseModel]]) -> None:
        """Lets a room answer a question; replicas share the work."""

        async def doer(raa: bytes) -> str:
            return (await svarer(spoersmaal.model_validate_json(raa))).model_dump_json()

        self.broker.subscriber(subjekt, queue=subjekt, decoder=_raa)(doer)

    async def feilkoe(self, subjekt: str, data: bytes, hode: dict[str, str]) -> None:
        """Puts bytes in the dead-letter stream; raises JournalNede when that is not confirmed."""
        try:
            await self.js.publish(subjekt, data, stream=FEILKOE, headers=hode, timeout=FRIST_SEKUNDER)
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil


async def _raa(msg: Any) -> bytes:
    return bytes(msg.body)


def _hode(event: AnyEvent, etter: int | None) -> dict[str, str]:
    hode = {"Nats-Msg-Id": str(event.id), "content-type": "application/cloudevents+json"}
    if etter is not None:
        noun = event.emne.split(".")[0]
        hode["Nats-Expected-Last-Subject-Sequence"] = str(etter)
        hode["Nats-Expected-Last-Subject-Sequence-Subject"] = f"salto.{noun}.*.{event.hendelseid}"
    return hode


__all__ = ["Journal", "Kvittering", "Melding"]
