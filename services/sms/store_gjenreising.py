"""The ledger's rows brought up to what was told of them, in SQL. Takes a `tx`, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, update

from contracts.melding import Utfall
from infra.db import Tx, tabell
from services.sms.tables import ForsoekRow, MeldingRow

M, F = tabell(MeldingRow), tabell(ForsoekRow)


async def sett_utfall(tx: Tx, utfall: Utfall, status: str) -> None:
    """Puts a message where it was said to be; what is delivered stays so. Due at once: it is asked about from here."""
    rad = update(M).where(M.c.id == utfall.melding_id, M.c.status != "levert")
    verdier = {"status": status, "forsoek": utfall.forsoek, "neste": utfall.tid, "leie_til": None}
    sid = func.coalesce(utfall.leverandoer_id, M.c.sid)
    await tx.execute(rad.values(**verdier, sid=sid, til_direkte=None))
    aapne = update(F).where(F.c.melding_id == utfall.melding_id, F.c.utfall.is_(None))
    await tx.execute(aapne.values(utfall=status, ferdig=utfall.tid))


async def koen_i_tvil(tx: Tx, naa: datetime) -> None:
    """All that waits or was under way may be out: it is looked up, and settles from now on."""
    i_koen = update(M).where(M.c.status.in_(["klar", "sender", "tvil"]))
    await tx.execute(i_koen.values(status="tvil", startet=naa, neste=naa, leie_til=None, blikk=0))
