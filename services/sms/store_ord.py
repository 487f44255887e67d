"""The provider's words in SQL: kept, joined by sid, and asked for when they do not come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.sms.rules import Rad
from services.sms.store import KOLONNER
from services.sms.tables import MeldingRow, StatusRow

M, S = tabell(MeldingRow), tabell(StatusRow)


async def legg_status(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Keeps the provider's words; one that is known already changes nothing."""
    await sett_inn_ny(tx, StatusRow, rader)


async def statuser(tx: Tx, *, sider: Collection[str] = (), meldinger: Collection[UUID] = ()) -> list[StatusRow]:
    """Words kept about these sids or messages, oldest first."""
    hvilke = [kolonne.in_(verdier) for kolonne, verdier in ((S.c.sid, sider), (S.c.melding_id, meldinger)) if verdier]
    if not hvilke:
        return []
    sporring = select(S).where(or_(*hvilke)).order_by(S.c.mottatt)
    return [StatusRow(**rad) for rad in (await tx.execute(sporring)).mappings()]


async def eiere(tx: Tx, sider: Collection[str]) -> dict[str, UUID]:
    """Which message each sid belongs to."""
    svar = await tx.execute(select(M.c.sid, M.c.id).where(M.c.sid.in_(sider)))
    return {rad.sid: rad.id for rad in svar}


async def uleverte(tx: Tx, naa: datetime, antall: int) -> list[Rad]:
    """What is sent, not delivered, and due to be asked about."""
    sporring = select(*KOLONNER).where(M.c.status == "sendt", M.c.neste <= naa).order_by(M.c.neste).limit(antall)
    return [Rad(*rad) for rad in await tx.execute(sporring)]


async def utsett_spoersmaal(tx: Tx, neste: Mapping[UUID, datetime]) -> None:
    """Writes down when these are to be asked about again."""
    rader = [{"b_id": i, "b_neste": tid} for i, tid in neste.items()]
    if rader:
        oppdatering = update(M).where(M.c.id == bindparam("b_id"), M.c.status == "sendt")
        await tx.execute(oppdatering.values(neste=bindparam("b_neste")), rader)
