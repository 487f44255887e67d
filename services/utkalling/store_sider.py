"""What the pages read of call-outs: counted many at a time, and everything about one hendelse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Select, Text, func, or_, select
from sqlalchemy import cast as som

from contracts.mobilisering import Art
from infra.db import Tx
from services.utkalling.sak import Utkalling
from services.utkalling.store import HENDELSE, KVITTERING, MELDING, UTKALLING, utkalling_av

_INGEN = UUID(int=0)
_EVIG = datetime.max.replace(tzinfo=UTC)
_STILLING = (
    *(UTKALLING.c.art, UTKALLING.c.svar, UTKALLING.c.avlyst, UTKALLING.c.eskalert, UTKALLING.c.utloept),
    *(UTKALLING.c.svarfrist, som(UTKALLING.c.kanalstatus, Text)),
)
"""The columns a status hangs on. JSON as its text: the same few texts come again and again, and are read once."""
Telling = list[tuple[Utkalling, int]]
OSLO_SENTRUM = {"sentrum": "bydel:16"}


async def stillinger(tx: Tx, hendelser: Sequence[UUID]) -> dict[UUID, Telling]:
    """How the call-outs of these hendelser stand, each standing once with how many have it: the database counts."""
    sporring = (
        select(func.count(), UTKALLING.c.hendelse_id, *_STILLING)
        .where(UTKALLING.c.hendelse_id.in_(hendelser))
        .group_by(UTKALLING.c.hendelse_id, *_STILLING)
    )
    ut: dict[UUID, Telling] = {}
    for antall, hendelse_id, *stilling in await tx.execute(sporring):
        ut.setdefault(hendelse_id, []).append((_stilt(*stilling), antall))
    return ut


async def stillinger_i_bydeler(tx: Tx) -> dict[str, Telling]:
    """How the call-outs of all open hendelser stand, by each bydel (`05`) somebody is called in a role of."""
    roller = som(UTKALLING.c.roller, Text)
    aapne = select(HENDELSE.c.hendelse_id).where(HENDELSE.c.aapen.is_(True))
    sporring = (
        select(func.count(), roller, *_STILLING)
        .where(UTKALLING.c.hendelse_id.in_(aapne), UTKALLING.c.avlyst.is_(False))
        .group_by(roller, *_STILLING)
    )
    ut: dict[str, Telling] = {}
    for antall, roller_, *stilling in await tx.execute(sporring):
        u = _stilt(*stilling)
        for bydel in _bydeler(roller_):
            ut.setdefault(bydel, []).append((u, antall))
    return ut


async def stillinger_i_bydel(tx: Tx, bydel: str) -> dict[UUID, Telling]:
    """How the call-outs of one bydel stand, by open hendelse."""
    roller = som(UTKALLING.c.roller, Text)
    sporring = (
        select(func.count(), UTKALLING.c.hendelse_id, roller, *_STILLING)
        .join(HENDELSE, HENDELSE.c.hendelse_id == UTKALLING.c.hendelse_id)
        .where(HENDELSE.c.aapen.is_(True), UTKALLING.c.avlyst.is_(False))
        .group_by(UTKALLING.c.hendelse_id, roller, *_STILLING)
    )
    ut: dict[UUID, Telling] = {}
    for antall, hendelse_id, roller_, *stilling in await tx.execute(sporring):
        if bydel in _bydeler(roller_):
            ut.setdefault(hendelse_id, []).append((_stilt(*stilling), antall))
    return ut


def _stilt(
    art: str, svar: str | None, avlyst: bool, eskalert: bool, utloept: bool, svarfrist: datetime | None, kanaler: str
) -> Utkalling:
    """A call-out of which only the standing is known: enough for the one definition of a status."""
    return Utkalling(
        id=_INGEN,
        person_id=_INGEN,
        art=cast("Art", art),
        roller=(),
        kanaler=(),
        opprettet=_EVIG,
        nr=0,
        svarfrist=svarfrist,
        kanalstatus=_kanalstatus(kanaler),
        svar=svar,
        eskalert=eskalert,
        utloept=utloept,
        avlyst=avlyst,
    )


@lru_cache(maxsize=256)
def _kanalstatus(tekst: str) -> Mapping[str, str]:
    return dict(json.loads(tekst))


@lru_cache(maxsize=8192)
def _bydeler(roller: str) -> tuple[str, ...]:
    # Oslo sentrum is no bydel, but it has a place of its own on the map.
    enheter = {OSLO_SENTRUM.get(r["enhet"], str(r["enhet"])) for r in json.loads(roller)}
    return tuple(e.removeprefix("bydel:") for e in enheter if e.startswith("bydel:"))


async def roller_av(tx: Tx, ider: Sequence[UUID]) -> dict[UUID, Utkalling]:
    """The call-out each of these ids is, or the newest of the person it is."""
    hvem = or_(UTKALLING.c.id.in_(ider), UTKALLING.c.person_id.in_(ider))
    rader = await tx.execute(select(UTKALLING).where(hvem).order_by(UTKALLING.c.opprettet))
    spurt, ut = set(ider), {}
    for u in map(utkalling_av, rader):
        ut.update({id_: u for id_ in (u.id, u.person_id) if id_ in spurt})
    return ut


async def hendelse(tx: Tx, hendelse_id: UUID) -> Row[Any] | None:
    """The hendelse's row, without locking it."""
    return (await tx.execute(select(HENDELSE).where(HENDELSE.c.hendelse_id == hendelse_id))).one_or_none()


async def hendelse_av(tx: Tx, utkalling_id: UUID) -> Row[Any] | None:
    """The row of the hendelse a call-out belongs to, without locking it."""
    hvilken = select(UTKALLING.c.hendelse_id).where(UTKALLING.c.id == utkalling_id).scalar_subquery()
    return (await tx.execute(select(HENDELSE).where(HENDELSE.c.hendelse_id == hvilken))).one_or_none()


async def meldinger(tx: Tx, hendelse_id: UUID) -> dict[UUID, list[Row[Any]]]:
    """The messages of each call-out."""
    return await _etter_utkalling(tx, select(MELDING).where(MELDING.c.hendelse_id == hendelse_id))


async def svar(tx: Tx, hendelse_id: UUID) -> dict[UUID, list[Row[Any]]]:
    """The answers to each call-out, oldest first."""
    sporring = select(KVITTERING).where(KVITTERING.c.hendelse_id == hendelse_id).order_by(KVITTERING.c.mottatt)
    return await _etter_utkalling(tx, sporring)


async def _etter_utkalling(tx: Tx, sporring: Select[Any]) -> dict[UUID, list[Row[Any]]]:
    ut: dict[UUID, list[Row[Any]]] = {}
    for rad in await tx.execute(sporring):
        if rad.utkalling_id:
            ut.setdefault(rad.utkalling_id, []).append(rad)
    return ut
