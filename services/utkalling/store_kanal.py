"""The SQL of what a channel says late: which call-outs a newer one has taken the place of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from infra.db import Tx
from services.utkalling.store import MELDING

KALL = ("utkalling", "orientering")
"""The messages that a call-out's channel status is about."""


async def avloeste(tx: Tx, utkallinger: Collection[UUID]) -> set[UUID]:
    """The messages of these call-outs that were ordered before somebody was asked again on the same channel."""
    kall = MELDING.c.utkalling_id.in_(utkallinger), MELDING.c.formaal.in_(KALL)
    flere = select(MELDING.c.utkalling_id).where(*kall).group_by(MELDING.c.utkalling_id, MELDING.c.kanal)
    mine = flere.having(func.count() > 1)
    rader = (await tx.execute(select(MELDING).where(MELDING.c.utkalling_id.in_(mine), *kall))).all()
    bestilt = {r.id: datetime.fromisoformat(r.tider["bestilt"]) for r in rader}
    siste: dict[tuple[UUID, str], datetime] = {}
    for r in rader:
        paa = r.utkalling_id, r.kanal
        siste[paa] = max(bestilt[r.id], siste.get(paa, bestilt[r.id]))
    return {r.id for r in rader if bestilt[r.id] < siste[r.utkalling_id, r.kanal]}
