"""Answers in SQL: their erasable words, who has said STOPP, and which unknown numbers were answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from infra.db import Tx, sett_inn_ny, sett_inn_og_si_hvilke, tabell
from services.sms.tables import InnholdRow, StoppRow, UkjentRow

N, P, U = tabell(InnholdRow), tabell(StoppRow), tabell(UkjentRow)
ALDRI = datetime(2000, 1, 1, tzinfo=UTC)
TAPT = b""
"""The key of an answer whose words are lost with a backup: they may be fetched again. Erased words have none."""
EN_GANG_PER = timedelta(days=1)


async def kjente(tx: Tx, ider: Collection[UUID]) -> set[UUID]:
    """Those answers that are taken in already."""
    return set((await tx.execute(select(N.c.svar_id).where(N.c.svar_id.in_(ider)))).scalars())


async def legg_innhold(tx: Tx, rader: Sequence[dict[str, Any]]) -> set[UUID]:
    """Keeps the words of new answers; gives those that were new, and not taken in meanwhile by another process."""
    return await sett_inn_og_si_hvilke(tx, InnholdRow, rader, "svar_id")


async def tekster(tx: Tx, ider: Collection[UUID]) -> dict[UUID, str]:
    """The words of these answers; those that are erased are left out."""
    rader = await tx.execute(select(N.c.svar_id, N.c.tekst).where(N.c.svar_id.in_(ider), N.c.tekst.is_not(None)))
    return {rad.svar_id: rad.tekst for rad in rader}


async def tapte(tx: Tx, siden: datetime) -> set[UUID]:
    """Those answers since then whose words are lost."""
    mangler = select(N.c.svar_id).where(N.c.tekst.is_(None), N.c.noekkel == TAPT, N.c.mottatt >= siden)
    return set((await tx.execute(mangler)).scalars())


async def fyll_inn(tx: Tx, svar_id: UUID, tekst: str) -> None:
    """Puts words back. The key of their digest in the journal is gone for good."""
    await tx.execute(update(N).where(N.c.svar_id == svar_id, N.c.noekkel == TAPT).values(tekst=tekst, noekkel=None))


async def slett_innhold(tx: Tx, ider: Collection[UUID]) -> int:
    """Erases words and keys; that the answers came is kept. Returns how many had words."""
    har_ord = or_(N.c.tekst.is_not(None), N.c.noekkel.is_not(None))  # lost ones must not be fetched again
    stryk = update(N).where(N.c.svar_id.in_(ider), har_ord).values(tekst=None, noekkel=None)
    return int((await tx.execute(stryk)).rowcount)


async def stoppede(tx: Tx, numre: Collection[str]) -> set[str]:
    """Those of these digests whose number wants no SMS."""
    return set((await tx.execute(select(P.c.nummer).where(P.c.nummer.in_(numre), P.c.stoppet))).scalars())


async def sett_stopp(tx: Tx, nummer: str, person_id: UUID | None, *, stoppet: bool, sagt: datetime) -> bool | None:
    """Notes STOPP or START. Returns whether that changed anything; None when something newer has been said."""
    felles = {"nummer": nummer, "person_id": person_id}
    await sett_inn_ny(tx, StoppRow, [{**felles, "stoppet": False, "sist": ALDRI}])
    endring = update(P).where(P.c.nummer == nummer, P.c.sist < sagt)
    var = (await tx.execute(select(P.c.stoppet).where(P.c.nummer == nummer).with_for_update())).scalar_one()
    ny = (await tx.execute(endring.values(stoppet=stoppet, sist=sagt, person_id=person_id))).rowcount
    return bool(var) != stoppet if ny else None


async def skal_svares(tx: Tx, nummer: str, naa: datetime) -> bool:
    """Whether an unknown number may be answered now: at most once a day. Saying yes notes it."""
    stoppet = select(P.c.nummer).where(P.c.nummer == nummer, P.c.stoppet)
    if (await tx.execute(stoppet)).first():
        return False
    await sett_inn_ny(tx, UkjentRow, [{"nummer": nummer, "sist": ALDRI}])
    forrige = or_(U.c.sist <= naa - EN_GANG_PER, U.c.sist == ALDRI)
    return bool((await tx.execute(update(U).where(U.c.nummer == nummer, forrige).values(sist=naa))).rowcount)
