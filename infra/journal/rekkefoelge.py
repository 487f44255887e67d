"""Sequences never go back: a journal that was made anew, or set back to a copy, begins where the tables have come to.

The tables remember places: versions, what is decided by what, how far a room has come. In another journal the same
number would be another message. So it is moved forward, past all that any room has seen, before anybody is told yes.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog
from nats.js import JetStreamContext
from nats.js.api import StreamInfo

from infra.db import Database
from infra.journal import hukommelse, sted
from infra.journal.journal import Journal
from infra.journal.sted import Sted
from infra.journal.strekning import Arkiv
from infra.journal.topologi import JOURNAL

logg = structlog.get_logger("journal")
RUM = 10_000
"""More than can be told between two times that a room notes how far the journal is (2 s)."""
FYLL = "salto.fyll.lagt.-"
BUNKE = 500


async def sikre(journal: Journal, db: Database, arkiv: Arkiv | None = None) -> None:
    """Looks whether the journal is the one the tables know, and moves another one forward. Any process, at any start.

    What a room had not handled when its journal went, it is handed from the archive; what the archive has, is told.
    """
    info = await journal.js.stream_info(JOURNAL)
    async with db.les() as tx:
        if not _fremmed(info, await sted.alle(tx)):
            return
    async with db.skriv() as tx:
        steder = await sted.alle(tx, laas=True)  # one process at a time; the next finds it done
        info = await journal.js.stream_info(JOURNAL)
        if not _fremmed(info, steder):
            return
        arkivert = await arkiv.siste() if arkiv else 0
        kjent = max(arkivert, *(s.sett for s in steder.values()))
        logg.error("journalen_er_en_annen", kjent_til=kjent, har=info.state.last_seq, gjoer="salto audit ny-epoke …")
        await _flytt_fram(journal.js, info, kjent + RUM)
        for rom, her in steder.items():
            await sted.sett(tx, rom, **_i_den_nye(str(info.created), kjent + RUM, her, arkivert))
        if arkiv:
            await hukommelse.er_fortalt(tx, await arkiv.kjente(await hukommelse.alle_ufortalte(tx)))


def _i_den_nye(journal: str, til: int, her: Sted, arkivert: int) -> dict[str, Any]:
    """A room's place, when another journal goes on after `til`."""
    felt = {"journal": journal, "begynner": til + 1, "sett": til}
    if her.gjenspilles or her.sekvens >= arkivert:
        return felt
    maa_hentes = {"gjenspilles_fra": her.sekvens + 1, "gjenspilles_til": arkivert, "levert_til": arkivert}
    return {**felt, **maa_hentes, "fortalt_til": sted.UVISST}


def _fremmed(info: StreamInfo, steder: dict[str, sted.Sted]) -> bool:
    """Whether the tables have seen another journal, or this one when it had come further."""
    kjente = [s for s in steder.values() if s.journal]
    return any(s.journal != str(info.created) or s.sett > info.state.last_seq for s in kjente)


async def _flytt_fram(js: JetStreamContext, info: StreamInfo, til: int) -> None:
    """Makes `til` the last sequence. What is there stays."""
    if info.state.last_seq >= til:
        return
    if not info.state.messages:
        await _rens(js, {"seq": til + 1})
        return
    for nr in range(info.state.last_seq, til, BUNKE):
        await asyncio.gather(*(js.publish(FYLL, b"") for _ in range(min(BUNKE, til - nr))))
    await _rens(js, {"filter": FYLL})


async def _rens(js: JetStreamContext, hva: dict[str, object]) -> None:
    await js._api_request(f"{js._prefix}.STREAM.PURGE.{JOURNAL}", json.dumps(hva).encode())  # noqa: SLF001 - nats-py's own call cannot name a sequence beyond the last
