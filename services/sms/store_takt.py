"""The tokens that all replicas share, in SQL. Takes a `tx`, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.sms.rules_takt import Boette
from services.sms.tables import TaktRow

B = tabell(TaktRow)


async def laas(tx: Tx, per_sekund: float, naa: datetime) -> Boette:
    """The shared tokens as they are now, held until the transaction ends. Without a limit nobody holds anything."""
    boette = Boette(per_sekund)
    if per_sekund:
        await sett_inn_ny(tx, TaktRow, [{"nr": 1, "innhold": boette.innhold, "sist": boette.sist}])
        rad = (await tx.execute(select(B.c.innhold, B.c.sist).where(B.c.nr == 1).with_for_update())).one()
        boette.innhold, boette.sist = rad
        boette.ledig(naa.timestamp())
    return boette


async def lagre(tx: Tx, boette: Boette) -> None:
    """Writes back what is left."""
    if boette.per_sekund:
        await tx.execute(update(B).where(B.c.nr == 1).values(innhold=boette.innhold, sist=boette.sist))
