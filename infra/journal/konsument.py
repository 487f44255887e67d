"""A room's durable consumer: declared, and taken up in order where a dead room, or a lost connection, left it.

A server gives what was in hand out again when its time is up, one by one and behind what is newer: a hendelse would be
decided before the register it is about. So a room that begins, or has a new connection, sets the consumer back to what
is settled, and reads on from there. What it has handled already, it knows (`hukommelse`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo
from nats.js.errors import NotFoundError

from infra.journal.topologi import JOURNAL

logg = structlog.get_logger("mottak")
ACK_VENT_SEKUNDER = 3.0
"""How long what a silent room has in hand is left alone. A living room says every second that it is at work."""
FRIST_SEKUNDER = 5.0
ENKELTVIS_ETTER = 3
OPPTAK_MAKS = 20
"""A message that ends the process is never handled to its end; after so many starts it is set aside unread."""
_GULV, _GANGER = "salto.gulv", "salto.ganger"


@dataclass(frozen=True)
class Opptak:
    """Where a room begins: how many starts in a row have begun right there without getting past it."""

    ganger: int = 0
    hengende_til: int = 0
    """The last sequence that was out when it was left."""

    @property
    def enkeltvis(self) -> bool:
        """Something here may end the process: one at a time, so that its neighbours get past it."""
        return self.ganger >= ENKELTVIS_ETTER

    @property
    def mistenkt(self) -> bool:
        """Whether the first message is the one that ends the process."""
        return self.ganger >= OPPTAK_MAKS


@dataclass(frozen=True)
class Oppgjort:
    """How far a room's consumer has settled everything, how far it has handed out anything, and what it hears."""

    finnes: bool
    til: int
    levert: int
    filtre: Sequence[str]


async def oppgjort(js: JetStreamContext, rom: str, filtre: Sequence[str]) -> Oppgjort:
    """What the server says of the room's consumer; where there is none, it would hear `filtre`."""
    info = await _info(js, rom)
    if info is None:
        return Oppgjort(finnes=False, til=0, levert=0, filtre=filtre)
    til = info.ack_floor.stream_seq if info.ack_floor else 0
    levert = info.delivered.stream_seq if info.delivered else 0
    return Oppgjort(True, til, levert, info.config.filter_subjects or [info.config.filter_subject or "salto.>"])


async def ta_opp(js: JetStreamContext, rom: str, filtre: Sequence[str], *, start: bool) -> Opptak:
    """Declares the consumer, and sets it back to what is settled.

    Args:
        js: the journal.
        rom: whose.
        filtre: the subjects it hears.
        start: a process begins (and counts as one more try at what hangs); False = only the connection is new.
    """
    info = await _info(js, rom)
    opptak = _opptak(info, start=start)
    gulv = info.ack_floor.stream_seq if info and info.ack_floor else 0
    await erklaer(js, rom, filtre, {_GULV: str(gulv), _GANGER: str(opptak.ganger)})
    if info and info.num_ack_pending:
        await _sett_tilbake(js, rom)
    return opptak


async def erklaer(js: JetStreamContext, rom: str, filtre: Sequence[str], minne: dict[str, str]) -> None:
    """The durable pull consumer of a room, created or updated in place."""
    await js.add_consumer(
        JOURNAL,
        ConsumerConfig(
            durable_name=rom,
            name=rom,
            filter_subjects=list(filtre),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_VENT_SEKUNDER,
            max_deliver=-1,  # the room counts, and dead-letters with bytes and error
            max_ack_pending=2000,
            metadata=minne,
        ),
    )


def _opptak(info: ConsumerInfo | None, *, start: bool) -> Opptak:
    if info is None or not info.num_ack_pending or not info.ack_floor or not info.delivered:
        return Opptak()
    minne = info.config.metadata or {}
    samme = minne.get(_GULV) == str(info.ack_floor.stream_seq)
    foer = int(minne.get(_GANGER, "0")) if samme else 0
    return Opptak(foer + start, info.delivered.stream_seq)


async def _info(js: JetStreamContext, rom: str) -> ConsumerInfo | None:
    try:
        info: ConsumerInfo = await js.consumer_info(JOURNAL, rom)
    except NotFoundError:
        return None
    return info


async def _sett_tilbake(js: JetStreamContext, rom: str) -> None:
    """Everything after the last message settled is given out again, at once and in order (nats-server 2.14)."""
    try:
        raa = await js._nc.request(f"$JS.API.CONSUMER.RESET.{JOURNAL}.{rom}", b"", timeout=FRIST_SEKUNDER)  # noqa: SLF001 - nats-py has no word for it
        svar: dict[str, Any] = json.loads(raa.data)
    except nats.errors.NoRespondersError:
        svar = {"error": {"description": "ukjent kall"}}
    if "error" in svar:  # an older server: what hangs comes again when its time is up, behind what is newer
        logg.warning("konsument_ikke_satt_tilbake", rom=rom, grunn=svar["error"].get("description"))
