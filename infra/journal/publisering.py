"""Telling the journal: whole or not at all, and again under the same ids until the PubAck has come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import structlog
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError

from contracts.event import AnyEvent
from infra.journal.feil import NEDE_FEIL, JournalFull, JournalNede, Versjonskonflikt
from infra.journal.maalinger import JOURNAL_FULL

logg = structlog.get_logger("journal")
FRIST_SEKUNDER = 10.0
"""How long a telling is tried. A cluster whose leader dies is without one for 4 to 8 seconds (measured): that is
bridged. Twilio hangs up after 15 seconds, and a person sooner: what lasts longer must be told as doubt."""
SVAR_FOERST_SEKUNDER, SVAR_MAKS_SEKUNDER = 0.5, 2.5
"""How long one try waits, twice as long each time: what was sent to a leader that died is never answered."""
PAUSE_SEKUNDER = 0.1
BUNKE_MAKS = 1000
"""The most that nats-server stores as one."""
FEIL_SEKVENS, FEIL_STAAR_DER = 10071, 10201
FEIL_FULL = {10077, 10023}
"""The stream has no room, or the server."""


@dataclass(frozen=True)
class Kvittering:
    """A PubAck: the event stands at this sequence. `duplikat`: it stood there already."""

    sekvens: int
    duplikat: bool


@dataclass(frozen=True)
class Bud:
    """What is sent: where to, what, and under which id."""

    subjekt: str
    data: bytes
    hode: dict[str, str]

    @classmethod
    def om(cls, event: AnyEvent, etter: int | None) -> Bud:
        """An event on its way; `etter`: it must follow right behind this in its hendelse's own life cycle."""
        hode = {"Nats-Msg-Id": str(event.id), "content-type": "application/cloudevents+json"}
        if etter is not None:
            hode["Nats-Expected-Last-Subject-Sequence"] = str(etter)
            hode["Nats-Expected-Last-Subject-Sequence-Subject"] = egne(event)
        return cls(event.subjekt(), event.til_bytes(), hode)


def egne(event: AnyEvent) -> str:
    """The subjects of the hendelse's own events of this noun."""
    return f"salto.{event.emne.split('.')[0]}.*.{event.hendelseid}"


async def publiser(js: JetStreamContext, bud: Sequence[Bud]) -> list[Kvittering]:
    """Sends in order, and waits until it stands; raises JournalNede, JournalFull or Versjonskonflikt."""
    slutt = asyncio.get_running_loop().time() + FRIST_SEKUNDER
    ut: list[Kvittering] = []
    for fra in range(0, len(bud), BUNKE_MAKS):
        ut += await _til_det_staar(js, bud[fra : fra + BUNKE_MAKS], slutt)
    return ut


async def _til_det_staar(js: JetStreamContext, bunke: Sequence[Bud], slutt: float) -> list[Kvittering]:
    loop, vent = asyncio.get_running_loop(), SVAR_FOERST_SEKUNDER
    while True:
        try:
            async with asyncio.timeout(max(0.0, min(vent, slutt - loop.time()))):
                return await _alle(js, bunke) if len(bunke) > 1 else [await _en(js, bunke[0])]
        except APIError as feil:
            if feil.err_code == FEIL_STAAR_DER:  # some of it: the rest one by one, so that the order stays
                return [k for b in bunke for k in await _til_det_staar(js, [b], slutt)]
            _se_paa(feil)
            grunn = str(feil.description or feil.err_code)
        except NEDE_FEIL as feil:
            grunn = type(feil).__name__
        if loop.time() + PAUSE_SEKUNDER >= slutt:
            raise JournalNede(grunn)
        await asyncio.sleep(PAUSE_SEKUNDER)
        vent = min(2 * vent, SVAR_MAKS_SEKUNDER)


async def _en(js: JetStreamContext, bud: Bud) -> Kvittering:
    ack = await js.publish(bud.subjekt, bud.data, headers=dict(bud.hode), timeout=FRIST_SEKUNDER)
    return Kvittering(ack.seq, bool(ack.duplicate))


async def _alle(js: JetStreamContext, bunke: Sequence[Bud]) -> list[Kvittering]:
    """All of it in one batch that the server stores whole (ADR-50): a lost message leaves no hole in the order."""
    nc, felles = js._nc, {"Nats-Batch-Id": uuid4().hex}  # noqa: SLF001 - nats-py has no word for batches
    for nr, bud in enumerate(bunke[:-1], 1):
        await nc.publish(bud.subjekt, bud.data, headers={**bud.hode, **felles, "Nats-Batch-Sequence": str(nr)})
    slutten = {"Nats-Batch-Sequence": str(len(bunke)), "Nats-Batch-Commit": "1"}
    siste = bunke[-1]
    raa = await nc.request(
        siste.subjekt, siste.data, headers={**siste.hode, **felles, **slutten}, timeout=FRIST_SEKUNDER
    )
    svar = json.loads(raa.data)
    if "error" in svar:
        raise APIError.from_error(svar["error"])
    ack = PubAck.from_response(svar)
    return [Kvittering(ack.seq - len(bunke) + nr, duplikat=False) for nr in range(1, len(bunke) + 1)]


def _se_paa(feil: APIError) -> None:
    """Some refusals are answers, and no use asking again about."""
    if feil.err_code == FEIL_SEKVENS:
        raise Versjonskonflikt from feil
    if feil.err_code in FEIL_FULL:
        JOURNAL_FULL.inc()
        logg.error("journalen_er_full", grunn=feil.description)
        raise JournalFull(str(feil.description)) from feil
