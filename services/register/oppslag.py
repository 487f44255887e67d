"""Looking things up in the register: contacts, pages of persons, who belongs where, absence. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, exists, null, or_, select

from contracts.register import Fravaer, Kontakt, Kontaktspoersmaal, RolleRad
from infra.db import Tx
from services.register.rules_rader import Person, Verv, rolle_rad
from services.register.store import FRAVAER, PERSON, VERV, hent, som_verv

KONTAKTDATA = [PERSON.c.person_id, PERSON.c.noekkel, PERSON.c.mobil, PERSON.c.epost, PERSON.c.demo]


async def kontakter(tx: Tx, spoersmaal: Kontaktspoersmaal) -> list[Kontakt]:
    """The persons asked for, by id or by the number or address something came from: one statement, at most 30,000."""
    fra = [nummer.lower() for nummer in spoersmaal.numre]
    noekler = ((PERSON.c.person_id, spoersmaal.personer), (PERSON.c.mobil, fra), (PERSON.c.epost, fra))
    hvem = [kolonne.in_(verdier) for kolonne, verdier in noekler if verdier]
    if not hvem:
        return []
    sporring: Select[Any] = select(*KONTAKTDATA, PERSON.c.navn if spoersmaal.navn else null()).where(or_(*hvem))
    return [  # by position: names of columns are half the cost of a large answer
        Kontakt(person_id=person_id, noekkel=noekkel, mobil=mobil, epost=epost, demo=demo, navn=navn)
        for person_id, noekkel, mobil, epost, demo, navn in await tx.execute(sporring)
    ]


async def finn(tx: Tx, hvem: str) -> Person | None:
    """The person with this owner's key, or this id of ours."""
    try:
        id_ = UUID(hvem)
    except ValueError:
        id_ = None
    sporring = select(PERSON).where(or_(PERSON.c.noekkel == hvem, PERSON.c.person_id == id_))
    rad = (await tx.execute(sporring)).mappings().first()
    return Person(**rad) if rad else None


async def side(
    tx: Tx, *, enheter: Collection[str] | None, filtre: dict[str, str], etter: str, antall: int
) -> list[Person]:
    """Persons in the order of their keys, from the first after `etter`.

    Args:
        tx: where to read.
        enheter: only those with a role in one of these; None = all.
        filtre: `rolle` and `enhet` of one and the same role.
        etter: the last key of the page before.
        antall: how many at most.
    """
    sporring = select(PERSON).where(PERSON.c.noekkel > etter)
    for vilkaar in _vilkaar(enheter, filtre):
        sporring = sporring.where(exists().where(and_(VERV.c.person_id == PERSON.c.person_id, *vilkaar)))
    rader = await tx.execute(sporring.order_by(PERSON.c.noekkel).limit(antall))
    return [Person(**rad) for rad in rader.mappings()]


def _vilkaar(enheter: Collection[str] | None, filtre: dict[str, str]) -> list[list[Any]]:
    ut = [[VERV.c.enhet.in_(list(enheter))]] if enheter is not None else []
    return [*ut, [VERV.c[felt] == verdi for felt, verdi in filtre.items()]] if filtre else ut


async def verv_av(tx: Tx, personer: Collection[UUID]) -> dict[UUID, list[tuple[Verv, str | None]]]:
    """The roles of some persons, each with the key of the holder it is deputy for."""
    innehaver = PERSON.alias("innehaver")
    sporring: Select[Any] = (
        select(VERV, innehaver.c.noekkel.label("vara_noekkel"))
        .outerjoin(innehaver, innehaver.c.person_id == VERV.c.vara_for)
        .where(VERV.c.person_id.in_(list(personer)))
        .order_by(VERV.c.rolle, VERV.c.enhet)
    )
    ut: dict[UUID, list[tuple[Verv, str | None]]] = {}
    for rad in await tx.execute(sporring):
        ut.setdefault(rad.person_id, []).append((som_verv(rad), rad.vara_noekkel))
    return ut


async def har_rolle_i(tx: Tx, person_id: UUID, enheter: Collection[str]) -> bool:
    """Whether the person has a role in one of the units."""
    sporring = select(VERV.c.id).where(VERV.c.person_id == person_id, VERV.c.enhet.in_(list(enheter))).limit(1)
    return (await tx.execute(sporring)).first() is not None


async def alle_roller(tx: Tx) -> list[RolleRad]:
    """The whole directory as other rooms know it."""
    register = await hent(tx)
    personer = {p.person_id: p for p in register.personer.values()}
    return [rolle_rad(verv, personer[verv.person_id]) for verv in register.verv]


async def roller_i_enhet(tx: Tx, enhet: str) -> list[RolleRad]:
    """The directory of one unit."""
    verv = [som_verv(rad) for rad in await tx.execute(select(VERV).where(VERV.c.enhet == enhet))]
    sporring = select(PERSON).where(PERSON.c.person_id.in_([v.person_id for v in verv]))
    personer = {rad["person_id"]: Person(**rad) for rad in (await tx.execute(sporring)).mappings()}
    return [rolle_rad(v, personer[v.person_id]) for v in verv]


async def enheter_i_bruk(tx: Tx) -> Sequence[str]:
    """Every unit that somebody has a role in."""
    return list((await tx.execute(select(VERV.c.enhet).distinct())).scalars())


async def fravaer(
    tx: Tx,
    *,
    fra: date,
    til: date | None = None,
    enheter: Collection[str] | None = None,
    hopp: int = 0,
    antall: int | None = None,
) -> list[tuple[Fravaer, str]]:
    """Absence that touches the days, soonest first, each with the owner's key; `enheter` as in `side`."""
    sporring = select(FRAVAER, PERSON.c.noekkel).join(PERSON, PERSON.c.person_id == FRAVAER.c.person_id)
    sporring = sporring.where(FRAVAER.c.til >= fra)
    if til:
        sporring = sporring.where(FRAVAER.c.fra <= til)
    if enheter is not None:
        i_enhet = and_(VERV.c.person_id == PERSON.c.person_id, VERV.c.enhet.in_(list(enheter)))
        sporring = sporring.where(exists().where(i_enhet))
    sporring = sporring.order_by(FRAVAER.c.fra, FRAVAER.c.id).offset(hopp).limit(antall)
    return [(som_fravaer(rad), rad.noekkel) for rad in await tx.execute(sporring)]


async def ett_fravaer(tx: Tx, fravaer_id: UUID) -> Fravaer | None:
    """One absence by its id."""
    rad = (await tx.execute(select(FRAVAER).where(FRAVAER.c.id == fravaer_id))).first()
    return som_fravaer(rad) if rad else None


async def likt_fravaer(tx: Tx, nytt: Fravaer) -> Fravaer | None:
    """The absence of the same person and days that is there already, if any."""
    samme = and_(FRAVAER.c.person_id == nytt.person_id, FRAVAER.c.fra == nytt.fra, FRAVAER.c.til == nytt.til)
    rad = (await tx.execute(select(FRAVAER).where(samme))).first()
    return som_fravaer(rad) if rad else None


def som_fravaer(rad: Row[Any]) -> Fravaer:
    """A row of `register_fravaer` as others may know it."""
    return Fravaer(id=rad.id, person_id=rad.person_id, fra=rad.fra, til=rad.til)


async def har_demo(tx: Tx) -> bool:
    """Whether anybody is flagged demo."""
    return (await tx.execute(select(PERSON.c.person_id).where(PERSON.c.demo).limit(1))).first() is not None
