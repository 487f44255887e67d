"""Reading and writing a room's memory of the journal, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, String, bindparam, delete, select, text

from contracts.event import AnyEvent
from infra.db import Tx, sett_inn_ny, sett_inn_og_si_hvilke, tabell
from infra.journal.levering import les_event
from infra.journal.tables import FortaltRow, LestRow

LEST = tabell(LestRow)
FORTALT = tabell(FortaltRow)
BUNT = 500
_LAAS = text("SELECT pg_advisory_xact_lock(hashtextextended(n, 0)) FROM unnest(:noekler) AS n").bindparams(
    bindparam("noekler", type_=ARRAY(String))
)


async def lest_foer(tx: Tx, rom: str, ider: Sequence[UUID]) -> dict[UUID, UUID]:
    """Those of `ider` that the room has handled, each with the round it was handled in."""
    svar = await tx.execute(select(LEST.c.event_id, LEST.c.runde).where(LEST.c.rom == rom, LEST.c.event_id.in_(ider)))
    return {rad.event_id: rad.runde for rad in svar}


async def en_om_gangen(tx: Tx, rom: str, hendelser: Iterable[UUID]) -> None:
    """Keeps other replicas of the room from these hendelser until the transaction ends.

    A batch takes them all at once and in one order: batches that meet would else lock rows of the same hendelser each
    from its own end, and wait in a ring. SQLite has one writer at a time anyway.
    """
    noekler = sorted(f"{rom}/{i}" for i in set(hendelser))
    if noekler and tx.dialect.name == "postgresql":
        await tx.execute(_LAAS, {"noekler": noekler})


async def noter_lest(tx: Tx, rom: str, ider: Iterable[UUID], runde: UUID) -> set[UUID]:
    """Notes events as handled in this round; gives those that were not noted before, by us or by another replica."""
    rader = [{"rom": rom, "event_id": i, "runde": runde} for i in sorted(set(ider))]
    return await sett_inn_og_si_hvilke(tx, LestRow, rader, "event_id")


async def husk(tx: Tx, rom: str, events: Sequence[AnyEvent], runde: UUID, naa: datetime) -> None:
    """Keeps what will be told, until it is confirmed. What is kept already under the same id is the same event."""
    rader = [
        {"id": e.id, "rom": rom, "runde": runde, "nr": nr, "data": e.til_bytes(), "lagt": naa}
        for nr, e in enumerate(events)
    ]
    await sett_inn_ny(tx, FortaltRow, rader)


@dataclass
class Ufortalt:
    """A round that is not confirmed: since when, and what it tells, in order."""

    lagt: datetime
    events: list[AnyEvent] = field(default_factory=list)


async def ufortalt(tx: Tx, rom: str, runder: Iterable[UUID] | None = None) -> dict[UUID, Ufortalt]:
    """What is not confirmed yet, by round and in order: of the given rounds, or of all.

    Read with its age: another process may confirm and forget it before there is a second look.
    """
    sporring = select(FORTALT.c.runde, FORTALT.c.lagt, FORTALT.c.data).where(FORTALT.c.rom == rom)
    if runder is not None:
        sporring = sporring.where(FORTALT.c.runde.in_(list(runder)))
    ut: dict[UUID, Ufortalt] = {}
    for rad in await tx.execute(sporring.order_by(FORTALT.c.lagt, FORTALT.c.runde, FORTALT.c.nr)):
        ut.setdefault(rad.runde, Ufortalt(rad.lagt)).events.append(les_event(rad.data))
    return ut


async def lagt_foer(tx: Tx, rom: str, foer: datetime) -> set[UUID]:
    """The rounds that have waited since before a time."""
    sporring = select(FORTALT.c.runde).where(FORTALT.c.rom == rom, FORTALT.c.lagt < foer)
    return set((await tx.execute(sporring)).scalars())


async def alle_ufortalte(tx: Tx) -> list[UUID]:
    """Every event that some room has not had confirmed."""
    return list((await tx.execute(select(FORTALT.c.id))).scalars())


async def er_fortalt(tx: Tx, ider: Iterable[UUID]) -> None:
    """Drops events that are known to have been told, whatever became of the confirmation."""
    liste = list(ider)
    for fra in range(0, len(liste), BUNT):
        await tx.execute(delete(FORTALT).where(FORTALT.c.id.in_(liste[fra : fra + BUNT])))


async def glem(tx: Tx, rom: str, runder: Iterable[UUID]) -> None:
    """Drops rounds whose every event is confirmed."""
    liste = list(runder)
    if liste:
        await tx.execute(delete(FORTALT).where(FORTALT.c.rom == rom, FORTALT.c.runde.in_(liste)))
