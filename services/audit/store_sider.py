"""What the pages read of the archive: the newest first, a piece at a time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from infra.db import Tx
from services.audit.rules import Ledd, Rad
from services.audit.store import HELE, LEDD, RAD, hent, hent_ledd

Sted = tuple[int, int]
"""Epoch and sequence."""


async def nyeste(tx: Tx, *, foer: Sted | None, antall: int) -> list[Rad]:
    """The newest rows before a place, newest first."""
    return await hent(tx, _bakover(HELE, foer, antall))


async def nyeste_av_hendelse(
    tx: Tx, hendelse_id: UUID, *, foer: Sted | None, til: int | None, antall: int, uten: Sequence[str] = ()
) -> list[Rad]:
    """The newest rows of one hendelse before a place and up to a stream time (microseconds), newest first.

    Those of the types in `uten` are left out.
    """
    sporring = HELE.where(RAD.c.hendelse_id == hendelse_id, RAD.c.type.not_in(uten))
    if til is not None:
        sporring = sporring.where(RAD.c.tid <= til)
    return await hent(tx, _bakover(sporring, foer, antall))


async def nyeste_sted(tx: Tx, hendelse_id: UUID, *, uten: Sequence[str]) -> Sted | None:
    """Where the newest row of one hendelse stands, those of the types in `uten` left out."""
    sporring = select(RAD.c.epoke, RAD.c.sekvens).where(RAD.c.hendelse_id == hendelse_id, RAD.c.type.not_in(uten))
    funnet = (await tx.execute(sporring.order_by(RAD.c.epoke.desc(), RAD.c.sekvens.desc()).limit(1))).one_or_none()
    return (funnet.epoke, funnet.sekvens) if funnet else None


async def av_typer(tx: Tx, hendelse_id: UUID, typer: Sequence[str]) -> list[Rad]:
    """The rows of one hendelse that are of these types, in order."""
    sporring = HELE.where(RAD.c.hendelse_id == hendelse_id, RAD.c.type.in_(typer))
    return await hent(tx, sporring.order_by(RAD.c.epoke, RAD.c.sekvens))


async def ende(tx: Tx, hendelse_id: UUID, *, siste: bool) -> Ledd | None:
    """The first link of a hendelse, or its last; None when it has none."""
    rekke = (RAD.c.epoke, RAD.c.sekvens)
    sporring = LEDD.where(RAD.c.hendelse_id == hendelse_id)
    ledd = await hent_ledd(tx, sporring.order_by(*(k.desc() if siste else k for k in rekke)).limit(1))
    return ledd[0] if ledd else None


async def finnes(tx: Tx, hendelse_id: UUID) -> bool:
    """Whether there is any row of the hendelse."""
    return await ende(tx, hendelse_id, siste=False) is not None


def sted(rad: Ledd) -> Sted:
    """Where a row stands."""
    return rad.epoke, rad.sekvens


def _bakover(sporring: Select[tuple[object, ...]], foer: Sted | None, antall: int) -> Select[tuple[object, ...]]:
    if foer is not None:
        sporring = sporring.where(tuple_(RAD.c.epoke, RAD.c.sekvens) < foer)
    return sporring.order_by(RAD.c.epoke.desc(), RAD.c.sekvens.desc()).limit(antall)
