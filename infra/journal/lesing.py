"""Reading the journal without a place of one's own in it: one stored message, or every one from a sequence on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg
from nats.js.errors import NotFoundError

from infra.journal.feil import NEDE_FEIL, JournalNede
from infra.journal.topologi import JOURNAL
from infra.journal.uttak import KonsumentBorte, NyForbindelse, Uttak

SAMLE_SEKUNDER = 0.01
"""Who reads everything waits this long for company: the archive writes once for what is told together."""
PAUSE_SEKUNDER = 0.2


@dataclass(frozen=True)
class Melding:
    """A stored message as bytes, with the id it was told under when it was asked for alone."""

    sekvens: int
    subjekt: str
    tid: datetime
    data: bytes
    id: str = ""


async def en(sporring: Awaitable[RawStreamMsg]) -> Melding | None:
    """What the journal answers; None when there is nothing, JournalNede when it does not answer."""
    try:
        raa = await sporring
    except NotFoundError:
        return None
    except NEDE_FEIL as feil:
        raise JournalNede(type(feil).__name__) from feil
    tid = raa.time or datetime.min.replace(tzinfo=UTC)
    return Melding(raa.seq or 0, raa.subject or "", tid, raa.data or b"", (raa.headers or {}).get("Nats-Msg-Id", ""))


async def les_fra(
    nc: Client, js: JetStreamContext, sekvens: int, filtre: Sequence[str]
) -> AsyncIterator[list[Melding]]:
    """Every message from a sequence on, each once and in order, without end; a lost connection is waited for."""
    neste = max(1, sekvens)
    while True:
        uttak: Uttak | None = None
        try:
            uttak, levert = Uttak(nc, await _flyktig(js, neste, filtre), antall=500), 0
            while True:
                msgs = await uttak.neste()
                await asyncio.sleep(SAMLE_SEKUNDER)
                msgs += uttak.flere()
                levert = _uten_hull(msgs, levert)
                batch = [_levert(m) for m in msgs]
                neste = batch[-1].sekvens + 1
                yield batch
        except (KonsumentBorte, NyForbindelse, *NEDE_FEIL):
            await asyncio.sleep(PAUSE_SEKUNDER)
        finally:
            if uttak and nc.is_connected:
                await uttak.lukk()


def _uten_hull(msgs: Sequence[Msg], levert: int) -> int:
    """How many the consumer has delivered by now; raises KonsumentBorte when it is not the one we began with.

    A cluster makes a consumer whose server died again elsewhere, and it begins at its beginning; and what one server
    sent another just before that one died never comes.
    """
    for msg in msgs:
        if msg.metadata.sequence.consumer != levert + 1:
            raise KonsumentBorte
        levert += 1
    return levert


def _levert(msg: Msg) -> Melding:
    meta = msg.metadata
    return Melding(meta.sequence.stream, msg.subject, meta.timestamp.astimezone(UTC), msg.data)


async def _flyktig(js: JetStreamContext, sekvens: int, filtre: Sequence[str]) -> str:
    info = await js.add_consumer(
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
