"""The tick: takes due deadlines and says that they have come. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from uuid import UUID

from contracts.event import ELEMENTER_MAKS
from contracts.frist import FristNaadd, Naadd, NaaddData
from infra.clock import Clock
from infra.journal.forteller import Forteller
from services.utkalling import store


async def meld_forfalte(forteller: Forteller, clock: Clock) -> int:
    """Says which deadlines have come, one event per hendelse. Returns how many."""
    naa = clock.now()
    async with forteller.db.les() as tx:
        neste = await store.neste_frist(tx)
    if neste is None or neste > naa:
        return 0
    async with forteller.transaksjon() as t:
        rader = sorted(await store.ta_forfalte(t.tx, naa, ELEMENTER_MAKS), key=lambda r: (str(r.hendelse_id), r.frist))
        for hendelse_id, gruppe in groupby(rader, key=lambda r: r.hendelse_id):
            frister = tuple(Naadd(id=r.id, slag=r.slag, utkalling_id=r.utkalling_id, frist=r.frist) for r in gruppe)
            t.fortell(_event(hendelse_id, frister, naa))
    return len(rader)


def _event(hendelse_id: UUID, frister: tuple[Naadd, ...], naa: datetime) -> FristNaadd:
    # Born in a table: the first deadline's row is the cause, so the id is the same if it is ever made again.
    data = NaaddData(frister=frister)
    return FristNaadd.ny(data, naa=naa, hendelse_id=hendelse_id, aarsak=frister[0].id, nokkel="naadd")
