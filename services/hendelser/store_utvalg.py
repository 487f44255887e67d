"""Reading many hendelser at once: what the overview, the list and a bydel's page show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select

from contracts.hendelse import Status
from infra.db import Tx
from services.hendelser.store import HENDELSE

LUKKET = (Status.AVLYST.value, Status.AVSLUTTET.value)
_STED = HENDELSE.c.hendelse["sted"]


@dataclass(frozen=True)
class Utvalg:
    """Which hendelser somebody wants to see. Times are moments; empty means all."""

    status: str = ""
    bydel: str = ""
    fra: datetime | None = None
    til: datetime | None = None
    tekst: str = ""

    def vilkaar(self) -> list[ColumnElement[bool]]:
        """The same as SQL. A hendelse that has begun and is not over is within a time it reaches into."""
        c = HENDELSE.c
        ut: list[ColumnElement[bool]] = []
        if self.status:
            ut.append(c.status == self.status)
        if self.bydel:
            ut.append(i_bydel(self.bydel))
        if self.fra:
            ut.append(or_(c.start >= self.fra, c.slutt >= self.fra))
        if self.til:
            ut.append(c.start < self.til)
        if self.tekst:
            felt = (c.hendelse["tittel"], c.hendelse["kodeord"], _STED["navn"])
            ut.append(or_(*(_smaa(f.as_string()).contains(self.tekst.lower(), autoescape=True) for f in felt)))
        return ut


def i_bydel(nr: str) -> ColumnElement[bool]:
    """Hendelser with a leg in a bydel. Read as text, the JSON list holds each number in its quotes, once."""
    har: ColumnElement[bool] = _STED["bydeler"].as_string().contains(f'"{nr}"', autoescape=True)
    return har


def _smaa(tekst: ColumnElement[str]) -> ColumnElement[str]:
    """In small letters. SQLite's own `lower` knows only A to Z."""
    smaa: ColumnElement[str] = func.lower(tekst)
    for stor, liten in zip("ÆØÅ", "æøå", strict=True):
        smaa = func.replace(smaa, stor, liten)
    return smaa


async def side(tx: Tx, utvalg: Utvalg, *, hopp: int, antall: int) -> Sequence[Row[Any]]:
    """One page of those chosen, newest start first; those without a time last."""
    sporring = select(HENDELSE).where(*utvalg.vilkaar())
    sporring = sporring.order_by(HENDELSE.c.start.desc().nulls_last(), HENDELSE.c.opprettet.desc())
    return (await tx.execute(sporring.offset(hopp).limit(antall))).all()


async def antall(tx: Tx, utvalg: Utvalg) -> int:
    """How many are chosen."""
    sporring = select(func.count()).select_from(HENDELSE).where(*utvalg.vilkaar())
    return (await tx.execute(sporring)).scalar() or 0


async def naa_aktuelle(tx: Tx, foer: datetime, antall: int) -> Sequence[Row[Any]]:
    """Open ones that have begun or begin before this, latest start first, then those without a time."""
    sporring = select(HENDELSE).where(
        HENDELSE.c.status == Status.AAPEN.value, or_(HENDELSE.c.start <= foer, HENDELSE.c.start.is_(None))
    )
    sporring = sporring.order_by(HENDELSE.c.start.desc().nulls_last(), HENDELSE.c.opprettet.desc())
    return (await tx.execute(sporring.limit(antall))).all()


async def kommende(tx: Tx, etter: datetime, til: datetime, antall: int) -> Sequence[Row[Any]]:
    """Open ones that begin in this time, soonest first."""
    sporring = select(HENDELSE).where(
        HENDELSE.c.status == Status.AAPEN.value, HENDELSE.c.start > etter, HENDELSE.c.start <= til
    )
    return (await tx.execute(sporring.order_by(HENDELSE.c.start).limit(antall))).all()


async def aapne_for_bydel(tx: Tx, nr: str, andre: Collection[UUID], antall: int) -> Sequence[Row[Any]]:
    """Open ones with a leg in a bydel, and `andre` that somebody there is called for, by start."""
    sporring = select(HENDELSE).where(
        HENDELSE.c.status == Status.AAPEN.value, or_(i_bydel(nr), HENDELSE.c.id.in_(andre))
    )
    return (await tx.execute(sporring.order_by(HENDELSE.c.start.nulls_last()).limit(antall))).all()


async def sist_lukket(tx: Tx, antall: int) -> Sequence[Row[Any]]:
    """Those closed last: `versjon` is the place of their last own event in the journal."""
    sporring = select(HENDELSE).where(HENDELSE.c.status.in_(LUKKET))
    return (await tx.execute(sporring.order_by(HENDELSE.c.versjon.desc()).limit(antall))).all()


async def antall_med_status(tx: Tx) -> dict[str, int]:
    """How many hendelser have each status."""
    sporring = select(HENDELSE.c.status, func.count()).group_by(HENDELSE.c.status)
    return {str(status): int(n) for status, n in await tx.execute(sporring)}
