"""Whether a deployment is at rest: nothing on its way, nothing unread, nothing overdue."""

from __future__ import annotations

from sqlalchemy import text

from infra.clock import Clock
from infra.journal.topologi import JOURNAL
from tests.faults.drift import Drift

_ARBEID = {
    "sms på vei": "SELECT count(*) FROM sms_melding WHERE status IN ('klar', 'sender', 'tvil')",
    "e-post på vei": "SELECT count(*) FROM epost_melding WHERE status IN ('klar', 'sender')",
    "frister som har gått": "SELECT count(*) FROM utkalling_frist WHERE naadd IS NULL AND frist < :naa",
}


async def under_arbeid(d: Drift) -> list[str]:
    """What is not at rest yet."""
    naa = Clock().now()
    verdi: object = naa if d.postgres else naa.strftime("%Y-%m-%d %H:%M:%S.%f")
    async with d.db.les() as tx:
        tall = {hva: (await tx.execute(text(sql), {"naa": verdi} if ":naa" in sql else {})).scalar_one()
                for hva, sql in _ARBEID.items()}  # fmt: skip
    rest = [f"{hva}: {antall}" for hva, antall in tall.items() if antall]
    return rest + await _ulest(d)


async def _ulest(d: Drift) -> list[str]:
    async with d.js() as js:
        # Only the rooms' own: an open board that lost its line leaves a reader behind for a minute.
        rommene = [i for i in await js.consumers_info(JOURNAL) if i.config.durable_name]
        igjen = {i.name: (i.num_pending or 0) + (i.num_ack_pending or 0) for i in rommene}
        ut = [f"{navn} har {antall} ulest" for navn, antall in igjen.items() if antall]
        arkivert = await _ett_tall(d, "SELECT coalesce(max(sekvens), 0) FROM audit_rad")
        siste = (await js.stream_info(JOURNAL)).state.last_seq
        return ut + ([f"arkivet er {siste - arkivert} bak"] if arkivert != siste else [])


async def _ett_tall(d: Drift, sql: str) -> int:
    async with d.db.les() as tx:
        return int((await tx.execute(text(sql))).scalar_one())
