"""Writing a change to the register's tables, and reading the part of the register that a change can touch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, delete, insert, or_, select, update

from contracts.mobilisering import Kanal
from contracts.register import Fravaer
from contracts.roller import Rolle
from infra.db import Tx, sett_inn_ny, tabell
from services.register.rules import Endring, biter
from services.register.rules_rader import Person, Register, Verv
from services.register.tables import FravaerRow, PersonRow, TilstandRow, VervRow

PERSON = tabell(PersonRow)
VERV = tabell(VervRow)
FRAVAER = tabell(FravaerRow)
TILSTAND = tabell(TilstandRow)

ALT_FRA_NOEKLER = 200
"""From so many keys on the whole register is read: one scan is cheaper than long lists."""
BIT = 5_000
"""Ids in one statement: SQLite and asyncpg both stop at 32,766."""


async def laas(tx: Tx) -> None:
    """Lets one writer at a time past, over all replicas, until the transaction ends."""
    await sett_inn_ny(tx, TilstandRow, [{"nr": 1, "endringer": 0, "eldre": False}])
    await tx.execute(update(TILSTAND).where(TILSTAND.c.nr == 1).values(endringer=TILSTAND.c.endringer + 1))


async def sist_fortalt(tx: Tx) -> UUID | None:
    """The id of the last change that these tables know was told."""
    return (await tx.execute(select(TILSTAND.c.fortalt))).scalar_one_or_none()


async def noter_fortalt(tx: Tx, event_id: UUID) -> None:
    """Notes what is told with this transaction."""
    await tx.execute(update(TILSTAND).values(fortalt=event_id))


async def er_eldre(tx: Tx) -> bool:
    """Whether the register is a backup that nobody has brought up to date."""
    return bool((await tx.execute(select(TILSTAND.c.eldre))).scalar_one_or_none())


async def sett_eldre(tx: Tx) -> None:
    """Remembers it until the register is imported whole."""
    await tx.execute(update(TILSTAND).values(eldre=True))


async def sett_ajour(tx: Tx, fortalt: UUID | None) -> None:
    """The register is what its owner says, whatever was told until this."""
    await tx.execute(update(TILSTAND).values(eldre=False, fortalt=fortalt))


async def er_tomt(tx: Tx) -> bool:
    """Whether nobody is in the register."""
    return (await tx.execute(select(PERSON.c.person_id).limit(1))).first() is None


async def hent(tx: Tx, noekler: Collection[str] | None = None, mobiler: Collection[str] = ()) -> Register:
    """What a change of these persons can touch: they, whoever has their numbers, their roles and their deputies'.

    Without keys, or with many, the whole register.
    """
    if noekler is None or len(noekler) > ALT_FRA_NOEKLER:
        personer, verv = select(PERSON), select(VERV)
    else:
        hvem = or_(PERSON.c.noekkel.in_(noekler), PERSON.c.mobil.in_(mobiler))
        ider = select(PERSON.c.person_id).where(hvem)
        personer = select(PERSON).where(hvem)
        verv = select(VERV).where(or_(VERV.c.person_id.in_(ider), VERV.c.vara_for.in_(ider)))
    return Register(
        {rad["noekkel"]: Person(**rad) for rad in (await tx.execute(personer)).mappings()},
        tuple(som_verv(rad) for rad in await tx.execute(verv)),
    )


async def skriv(tx: Tx, endring: Endring) -> list[UUID]:
    """Writes a change; returns the ids of the absences that went with removed persons."""
    for bit in biter(endring.fjernede_verv, BIT):
        await tx.execute(delete(VERV).where(VERV.c.id.in_(bit)))
    # Before anybody new is written: a successor may have got the number of the one who left.
    fravaer = [i for bit in biter(endring.fjernede_personer, BIT) for i in await _slett_personer(tx, bit)]
    await _endre_personer(tx, endring.endrede_personer)
    await _sett_inn(tx, PERSON, [vars(p) for p in endring.nye_personer])
    await _sett_inn(tx, VERV, [_verv_rad(v) for v in endring.nye_verv])
    await _endre_verv(tx, endring.endrede_verv)
    return fravaer


async def _endre_personer(tx: Tx, personer: Sequence[Person]) -> None:
    if not personer:
        return
    # Two persons may swap numbers: all are let go of before any is taken.
    for bit in biter([p.person_id for p in personer], BIT):
        await tx.execute(update(PERSON).where(PERSON.c.person_id.in_(bit)).values(mobil=None))
    felter = ("navn", "mobil", "epost", "demo")
    rader = [{"hvem": p.person_id, **{felt: getattr(p, felt) for felt in felter}} for p in personer]
    await tx.execute(update(PERSON).where(PERSON.c.person_id == bindparam("hvem")), rader)


async def _endre_verv(tx: Tx, verv: Sequence[Verv]) -> None:
    if verv:
        felter = ("kanaler", "gyldig_fra", "gyldig_til")
        rader = [{"hva": v.id, **{felt: _verv_rad(v)[felt] for felt in felter}} for v in verv]
        await tx.execute(update(VERV).where(VERV.c.id == bindparam("hva")), rader)


async def _slett_personer(tx: Tx, ider: Sequence[UUID]) -> list[UUID]:
    borte = await tx.execute(delete(FRAVAER).where(FRAVAER.c.person_id.in_(ider)).returning(FRAVAER.c.id))
    fravaer = list(borte.scalars())
    await tx.execute(delete(PERSON).where(PERSON.c.person_id.in_(ider)))
    return fravaer


async def lagre_fravaer(tx: Tx, fravaer: Fravaer) -> None:
    """Writes an absence, new or with other days."""
    dager = {"fra": fravaer.fra, "til": fravaer.til}
    await sett_inn_ny(tx, FravaerRow, [{"id": fravaer.id, "person_id": fravaer.person_id, **dager}])
    await tx.execute(update(FRAVAER).where(FRAVAER.c.id == fravaer.id).values(**dager))


async def erstatt_fravaer(tx: Tx, alle: Sequence[Fravaer]) -> None:
    """Makes these all the absence there is."""
    await tx.execute(delete(FRAVAER))
    await _sett_inn(tx, FRAVAER, [dict(ett) for ett in alle])


async def slett_fravaer(tx: Tx, fravaer_id: UUID) -> None:
    """Removes an absence."""
    await tx.execute(delete(FRAVAER).where(FRAVAER.c.id == fravaer_id))


async def _sett_inn(tx: Tx, tabellen: Table, rader: list[dict[str, Any]]) -> None:
    if rader:
        await tx.execute(insert(tabellen), rader)


def _verv_rad(verv: Verv) -> dict[str, Any]:
    return {**vars(verv), "rolle": str(verv.rolle), "kanaler": "+".join(verv.kanaler)}


def som_verv(rad: Row[Any]) -> Verv:
    """A row of `register_rolle` as a value."""
    kanaler: tuple[Kanal, ...] = tuple(k for k in ("sms", "epost") if k in rad.kanaler.split("+"))
    return Verv(
        rad.id, rad.person_id, Rolle(rad.rolle), rad.enhet, rad.vara_for, kanaler, rad.gyldig_fra, rad.gyldig_til
    )
