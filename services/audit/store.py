"""Reading and adding rows of the archive. Nothing here changes a row that is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, tuple_, update
from sqlalchemy.exc import DatabaseError, DataError, OperationalError

from infra.db import Tx, sett_inn_ny, tabell
from services.audit.rules import Hode, Ledd, Rad
from services.audit.tables import HodeRow, RadRow

RAD = tabell(RadRow)
HODE = tabell(HodeRow)
_FELT = tuple(f.name for f in fields(Rad))
HELE = select(RAD)
LEDD = select(RAD.c.epoke, RAD.c.sekvens, RAD.c.tid, RAD.c.digest, RAD.c.hash)


class Ulesbar(Exception):
    """A row is there, and what is in it is not what was written: its type is another, or its bytes are no text."""


async def sikre_hode(tx: Tx) -> None:
    """Makes the head of an empty archive; does nothing when there is one."""
    start = Hode()
    await sett_inn_ny(tx, HodeRow, [{"id": 1, **asdict(start)}])


async def hode(tx: Tx, *, laas: bool = False) -> Hode:
    """The head; with `laas`, held until the transaction ends, so that one writes at a time."""
    sporring = select(HODE.c.epoke, HODE.c.sekvens, HODE.c.hash).where(HODE.c.id == 1)
    rad = (await tx.execute(sporring.with_for_update() if laas else sporring)).one_or_none()
    return Hode(rad.epoke, rad.sekvens, bytes(rad.hash)) if rad else Hode()


async def legg_til(tx: Tx, rader: Sequence[Rad]) -> None:
    """Adds rows in one statement and moves the head to the last; the head must be locked by the caller."""
    siste = rader[-1]
    await tx.execute(insert(RAD), [{navn: getattr(r, navn) for navn in _FELT} for r in rader])
    await sett_hode(tx, Hode(siste.epoke, siste.sekvens, siste.hash))


async def sett_hode(tx: Tx, ny: Hode) -> None:
    """Moves the head; it must be locked by the caller."""
    await tx.execute(update(HODE).where(HODE.c.id == 1).values(**asdict(ny)))


async def siste(tx: Tx, epoke: int, antall: int) -> list[Ledd]:
    """The last links of an epoch, newest first."""
    return await hent_ledd(tx, LEDD.where(RAD.c.epoke == epoke).order_by(RAD.c.sekvens.desc()).limit(antall))


async def ett(tx: Tx, epoke: int, sekvens: int) -> Ledd | None:
    """One link, if there is a row."""
    ledd = await hent_ledd(tx, LEDD.where(RAD.c.epoke == epoke, RAD.c.sekvens == sekvens))
    return ledd[0] if ledd else None


async def etter(tx: Tx, sted: Hode, antall: int) -> list[Rad]:
    """The rows after a place, in order, over epochs."""
    bak = tuple_(RAD.c.epoke, RAD.c.sekvens) > (sted.epoke, sted.sekvens)
    return await hent(tx, HELE.where(bak).order_by(RAD.c.epoke, RAD.c.sekvens).limit(antall))


async def foer(tx: Tx, sted: Ledd) -> Hode:
    """The place right before a row: what it is chained to."""
    sporring = (
        LEDD.where(tuple_(RAD.c.epoke, RAD.c.sekvens) < (sted.epoke, sted.sekvens))
        .order_by(RAD.c.epoke.desc(), RAD.c.sekvens.desc())
        .limit(1)
    )
    ledd = await hent_ledd(tx, sporring)
    return Hode(ledd[0].epoke, ledd[0].sekvens, ledd[0].hash) if ledd else Hode()


async def omraade(tx: Tx, epoke: int, fra: int, antall: int) -> list[Rad]:
    """At most `antall` rows of an epoch from a sequence on."""
    return await hent(tx, HELE.where(RAD.c.epoke == epoke, RAD.c.sekvens >= fra).order_by(RAD.c.sekvens).limit(antall))


async def mellom(tx: Tx, fra: int, til: int, antall: int) -> list[Rad]:
    """At most `antall` rows between two sequences, both included, over epochs."""
    return await hent(tx, HELE.where(RAD.c.sekvens.between(fra, til)).order_by(RAD.c.sekvens).limit(antall))


async def kjente(tx: Tx, ider: Sequence[UUID]) -> set[UUID]:
    """Those of these events that have a row."""
    return set((await tx.execute(select(RAD.c.event_id).where(RAD.c.event_id.in_(ider)))).scalars())


async def hale(tx: Tx, antall: int) -> list[Rad]:
    """The newest rows, oldest of them first."""
    return (await hent(tx, HELE.order_by(RAD.c.epoke.desc(), RAD.c.sekvens.desc()).limit(antall)))[::-1]


async def av_hendelse(
    tx: Tx, hendelse_id: UUID, *, fra: int = 0, til: int | None = None, antall: int | None = None
) -> list[Rad]:
    """The rows of one hendelse, in order: from a sequence on, up to a stream time (microseconds), at most so many."""
    sporring = HELE.where(RAD.c.hendelse_id == hendelse_id, RAD.c.sekvens >= fra)
    if til is not None:
        sporring = sporring.where(RAD.c.tid <= til)
    return await hent(tx, sporring.order_by(RAD.c.epoke, RAD.c.sekvens).limit(antall))


async def uten_hendelse(tx: Tx, fra: Ledd, til: Ledd, typer: Sequence[str]) -> list[Rad]:
    """Rows of these types that name no hendelse, between two places (both included)."""
    sted = tuple_(RAD.c.epoke, RAD.c.sekvens)
    mellom = sted.between((fra.epoke, fra.sekvens), (til.epoke, til.sekvens))
    sporring = HELE.where(RAD.c.hendelse_id.is_(None), RAD.c.type.in_(typer), mellom)
    return await hent(tx, sporring.order_by(RAD.c.epoke, RAD.c.sekvens))


async def hent_ledd(tx: Tx, sporring: Select[Any]) -> list[Ledd]:
    """The links of a query."""
    return [Ledd(r.epoke, r.sekvens, r.tid, r.digest, r.hash) for r in await tx.execute(sporring)]


async def hent(tx: Tx, sporring: Select[Any]) -> list[Rad]:
    """The whole rows of a query. Raises `Ulesbar` when one of them is damaged."""
    try:
        return [_rad(r) for r in await tx.execute(sporring)]
    except (TypeError, ValueError, DatabaseError) as feil:
        if _skadet(feil):
            raise Ulesbar from feil
        raise


def _rad(r: Row[Any]) -> Rad:
    return Rad(
        epoke=int(r.epoke),
        sekvens=int(r.sekvens),
        tid=int(r.tid),
        digest=_bytes(r.digest),
        hash=_bytes(r.hash),
        subjekt=r.subjekt,
        data=None if r.data is None else _bytes(r.data),
        event_id=r.event_id,
        type=r.type,
        hendelse_id=r.hendelse_id,
    )


def _bytes(verdi: Any) -> bytes:
    """SQLite stores whatever it is given: a digest that has become text is no digest."""
    if not isinstance(verdi, bytes):
        raise TypeError(type(verdi).__name__)
    return verdi


def _skadet(feil: Exception) -> bool:
    """Whether a read failed because of what is stored, and not because the database is away."""
    if isinstance(feil, OperationalError):
        return "Could not decode" in str(feil)
    # A malformed SQLite file is DatabaseError itself; its kin (a missing connection, say) are not about a row.
    return not isinstance(feil, DatabaseError) or type(feil) is DatabaseError or isinstance(feil, DataError)
