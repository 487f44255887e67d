"""Reading and writing routing's copy of the register and its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from contracts.mobilisering import BesluttetData
from contracts.register import Fravaer, RegisterData, RolleRad
from infra.db import Tx, sett_inn_ny, tabell
from services.routing.tables import BeslutningRow, FravaerRow, RegisterRow, RolleRow

ROLLE, FRAVAER = tabell(RolleRow), tabell(FravaerRow)
REGISTER, BESLUTNING = tabell(RegisterRow), tabell(BeslutningRow)
DEN_ENE = 1


@dataclass(frozen=True)
class Registerkopi:
    """Everybody's roles and absence, at one version of the register."""

    sekvens: int
    rader: tuple[RolleRad, ...]
    fravaer: tuple[Fravaer, ...]


async def fold_register(tx: Tx, data: RegisterData, sekvens: int) -> None:
    """Whole rows replace those with the same id."""
    await _erstatt(tx, RolleRow, [(r.id, r) for r in data.roller], data.fjernet)
    await _erstatt(tx, FravaerRow, [(f.id, f) for f in data.fravaer], data.fravaer_fjernet)
    await sett_inn_ny(tx, RegisterRow, [{"nr": DEN_ENE, "sekvens": 0}])
    await tx.execute(
        update(REGISTER).where(REGISTER.c.nr == DEN_ENE, REGISTER.c.sekvens < sekvens).values(sekvens=sekvens)
    )


async def glem_register(tx: Tx) -> None:
    """Drops the copy: it is folded again from the first event. The row that is the lock stays."""
    for tabellen in (ROLLE, FRAVAER):
        await tx.execute(delete(tabellen))
    await tx.execute(update(REGISTER).values(sekvens=0))


async def _erstatt(
    tx: Tx,
    modell: type[RolleRow | FravaerRow],
    rader: Sequence[tuple[UUID, RolleRad | Fravaer]],
    fjernet: Sequence[UUID],
) -> None:
    bort = [*fjernet, *(i for i, _ in rader)]
    if bort:
        await tx.execute(delete(tabell(modell)).where(tabell(modell).c.id.in_(bort)))
    if rader:
        await tx.execute(insert(tabell(modell)), [{"id": i, "rad": r.model_dump(mode="json")} for i, r in rader])


async def registersekvens(tx: Tx) -> int:
    return (await tx.execute(select(REGISTER.c.sekvens).where(REGISTER.c.nr == DEN_ENE))).scalar() or 0


async def laas_register(tx: Tx) -> int:
    """The version of the copy, locked until the transaction ends: replicas fold, and decide by it, in turn."""
    sporring = select(REGISTER.c.sekvens).where(REGISTER.c.nr == DEN_ENE).with_for_update()
    sekvens = (await tx.execute(sporring)).scalar()
    if sekvens is None:
        await sett_inn_ny(tx, RegisterRow, [{"nr": DEN_ENE, "sekvens": 0}])
        sekvens = (await tx.execute(sporring)).scalar_one()
    return int(sekvens)


async def registerkopi(tx: Tx) -> Registerkopi:
    rader = (await tx.execute(select(ROLLE.c.rad))).scalars()
    fravaer = (await tx.execute(select(FRAVAER.c.rad))).scalars()
    return Registerkopi(
        sekvens=await registersekvens(tx),
        rader=tuple(RolleRad.model_validate(r) for r in rader),
        fravaer=tuple(Fravaer.model_validate(f) for f in fravaer),
    )


async def forrige(tx: Tx, hendelse_id: UUID) -> tuple[int, frozenset[UUID]]:
    """Sequence of the newest decision about a hendelse, and everyone called so far; (0, nobody) when there is none."""
    sporring = (
        select(BESLUTNING.c.sekvens, BESLUTNING.c.personer, BESLUTNING.c.ute)
        .where(BESLUTNING.c.hendelse_id == hendelse_id)
        .order_by(BESLUTNING.c.sekvens.desc())
        .limit(1)
    )
    rad = (await tx.execute(sporring)).one_or_none()
    return (rad.sekvens, frozenset(map(UUID, (*rad.personer, *rad.ute)))) if rad else (0, frozenset())


async def lagre_fortalt(tx: Tx, data: BesluttetData, hendelse_id: UUID | None) -> None:
    """A chunk of a decision as it was told: the row it came from, or more of it."""
    rad = (await tx.execute(select(BESLUTNING).where(BESLUTNING.c.id == data.utloest_av))).one_or_none()
    personer = {str(m.person_id) for m in data.mottakere} | set(rad.personer if rad else ())
    ute = {str(p) for p in data.ikke_lenger} | set(rad.ute if rad else ())
    nytt = {"personer": sorted(personer), "ute": sorted(ute)}
    if rad:
        await tx.execute(update(BESLUTNING).where(BESLUTNING.c.id == data.utloest_av).values(**nytt))
        return
    hva = {"id": data.utloest_av, "hendelse_id": hendelse_id, "sekvens": data.utloest_sekvens}
    hvordan = {"regelsett": data.regelsett, "register_sekvens": data.register_sekvens}
    await tx.execute(insert(BESLUTNING), [{**hva, **hvordan, **nytt}])


async def lagre(tx: Tx, beslutning: BeslutningRow) -> None:
    await tx.execute(insert(BESLUTNING), [beslutning.model_dump()])
