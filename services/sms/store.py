"""The ledger in SQL: the queue, the claims, the attempts, and the provider's words. Takes a `tx`, never commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.sms.rules import UTSATT_MAKS, Rad
from services.sms.tables import ForsoekRow, MeldingRow, TrukketRow

M, F, T = tabell(MeldingRow), tabell(ForsoekRow), tabell(TrukketRow)
KOLONNER = [M.c[felt.name] for felt in fields(Rad)]
IKKE_FUNNET = "ikke_funnet"
_AAPNE = ("klar", "sender", "tvil")
_TRUKKET = exists().where(T.c.melding_id == M.c.id)
NY: dict[str, Any] = {kolonne.name: None for kolonne in M.c} | {
    "nr_i_hendelse": 0,
    "oevelse": False,
    "status": "klar",
    "forsoek": 0,
    "blikk": 0,
    "ikke_funnet": 0,
    "trekkes": False,
}
"""A new row, to be filled in. A plain dict: building two thousand table objects takes half a second."""
_BEVEGES = ("status", "neste", "leie_til", "sid", "blikk", "ikke_funnet", "trekkes", "til_direkte", "arbeider")
_SKRIV = update(M).where(M.c.id == bindparam("b_id")).values({navn: bindparam(f"b_{navn}") for navn in _BEVEGES})


async def legg_til(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Inserts intents; those that are there already are left as they are."""
    await sett_inn_ny(tx, MeldingRow, rader)


async def trukket_foer(tx: Tx, ider: Collection[UUID]) -> set[UUID]:
    """Those whose withdrawal came before the order."""
    return set((await tx.execute(select(T.c.melding_id).where(T.c.melding_id.in_(ider)))).scalars())


async def noter_trukket(tx: Tx, ider: Iterable[UUID], naa: datetime) -> None:
    """Keeps withdrawals whose order is not here (yet)."""
    await sett_inn_ny(tx, TrukketRow, [{"melding_id": i, "mottatt": naa} for i in ider])


async def koeplasser(tx: Tx) -> tuple[dict[tuple[UUID | None, int], int], dict[int, int]]:
    """For each hendelse and priority in the queue the place after its last, and for each priority its lowest."""
    sporring = (
        select(M.c.hendelse_id, M.c.prioritet, func.min(M.c.nr_i_hendelse), func.max(M.c.nr_i_hendelse))
        .where(M.c.status == "klar")
        .group_by(M.c.hendelse_id, M.c.prioritet)
    )
    ledige: dict[tuple[UUID | None, int], int] = {}
    gulv: dict[int, int] = {}
    for hendelse_id, prioritet, foerst, sist in await tx.execute(sporring):
        ledige[hendelse_id, prioritet] = sist + 1
        gulv[prioritet] = min(foerst, gulv.get(prioritet, foerst))
    return ledige, gulv


async def kandidater(tx: Tx, naa: datetime, antall: int, vanlige: int) -> list[Rad]:
    """What is due to be sent, first things first: at most `antall`, of which at most `vanlige` are not akutt."""
    sporring = (
        select(*KOLONNER)
        .where(M.c.status == "klar", M.c.neste <= naa, ~_TRUKKET)
        .order_by(M.c.prioritet, M.c.nr_i_hendelse, M.c.neste)
        .limit(antall)
    )
    rader = [Rad(*rad) for rad in await tx.execute(sporring)]
    akutte = [rad for rad in rader if rad.prioritet == 0]
    return akutte + [rad for rad in rader if rad.prioritet][:vanlige]


async def krev(tx: Tx, til: Mapping[UUID, str], arbeider: UUID, naa: datetime, leie_til: datetime) -> dict[UUID, int]:
    """Claims those of `til` that still wait, and writes the attempt with its number down.

    Returns:
        The number of the attempt for each message that is ours now.
    """
    if not til:
        return {}
    mine = (
        select(M.c.id)
        .where(M.c.id.in_(list(til)), M.c.status == "klar", ~_TRUKKET)
        .order_by(M.c.id)
        .with_for_update(skip_locked=True)
    )
    krav = (
        update(M)
        .where(M.c.id.in_(mine))
        .values(status="sender", forsoek=M.c.forsoek + 1, startet=naa, leie_til=leie_til, arbeider=arbeider)
        .returning(M.c.id, M.c.forsoek)
    )
    tatt: dict[UUID, int] = {rad.id: rad.forsoek for rad in await tx.execute(krav)}
    felles = {"arbeider": arbeider, "startet": naa, "leie_til": leie_til}
    if tatt:
        await tx.execute(insert(F), [{"melding_id": i, "nr": nr, "til": til[i], **felles} for i, nr in tatt.items()])
    return tatt


async def laas(tx: Tx, ider: Collection[UUID]) -> dict[UUID, Rad]:
    """The rows, locked until the transaction ends; always in the same order, so that nobody waits in a ring."""
    if not ider:
        return {}
    sporring = select(*KOLONNER).where(M.c.id.in_(ider)).order_by(M.c.id).with_for_update()
    return {rad.id: rad for rad in (Rad(*r) for r in await tx.execute(sporring))}


async def lagre(tx: Tx, rader: Sequence[Rad]) -> None:
    """Writes back what moves."""
    if rader:
        verdier = ("id", *_BEVEGES)
        await tx.execute(_SKRIV, [{f"b_{navn}": getattr(rad, navn) for navn in verdier} for rad in rader])


async def lukk_forsoek(tx: Tx, ider: Collection[UUID], utfall: str, naa: datetime) -> None:
    """Closes the open attempts at these messages; unless it may yet be looked for, the number used is forgotten."""
    verdier: dict[str, Any] = {"utfall": utfall, "ferdig": naa}
    if utfall not in {IKKE_FUNNET, "uviss"}:
        verdier["til"] = None
    await tx.execute(update(F).where(F.c.melding_id.in_(ider), F.c.utfall.is_(None)).values(verdier))


async def glem_numre(tx: Tx, ider: Collection[UUID]) -> None:
    """Empties the numbers of earlier attempts at messages that are settled."""
    if ider:
        await tx.execute(update(F).where(F.c.melding_id.in_(ider), F.c.til.is_not(None)).values(til=None))


async def har_utloepte_leier(tx: Tx, naa: datetime) -> bool:
    """Whether some worker's lease has run out."""
    return (await tx.execute(select(M.c.id).where(*_utloept(naa)).limit(1))).first() is not None


def _utloept(naa: datetime) -> tuple[Any, ...]:
    return M.c.status == "sender", M.c.leie_til < naa


async def utloepte_leier(tx: Tx, naa: datetime) -> list[Rad]:
    """What a dead (or too slow) worker was sending, locked."""
    sporring = select(*KOLONNER).where(*_utloept(naa)).order_by(M.c.id).with_for_update(skip_locked=True)
    return [Rad(*rad) for rad in await tx.execute(sporring)]


async def i_tvil(tx: Tx, naa: datetime, antall: int) -> list[Rad]:
    """What is in doubt (or left to a person, who may have said that it is sent) and due to be looked up."""
    sporring = (
        select(*KOLONNER)
        .where(M.c.status.in_(["tvil", "uviss", "antatt"]), M.c.neste <= naa)
        .order_by(M.c.prioritet, M.c.neste)
        .limit(antall)
    )
    return [Rad(*rad) for rad in await tx.execute(sporring)]


async def numre_brukt(tx: Tx, ider: Collection[UUID]) -> dict[UUID, set[str]]:
    """Every number that attempts at these messages have used and not yet forgotten."""
    sporring = select(F.c.melding_id, F.c.til).where(F.c.melding_id.in_(ider), F.c.til.is_not(None))
    ut: dict[UUID, set[str]] = {}
    for melding_id, til in await tx.execute(sporring):
        ut.setdefault(melding_id, set()).add(til)
    return ut


def _utsatt(naa: datetime) -> tuple[Any, Any]:
    """What waits, and what is leased, for longer than anything of ours ever does: a clock was ahead, and set back."""
    senere = naa + UTSATT_MAKS
    ventende = and_(M.c.status.in_(["klar", "tvil"]), M.c.neste > senere)
    return ventende, and_(M.c.status == "sender", M.c.leie_til > senere)


async def er_utsatt(tx: Tx, naa: datetime) -> bool:
    """Whether a clock that was ahead has put anything off."""
    return (await tx.execute(select(M.c.id).where(or_(*_utsatt(naa))).limit(1))).first() is not None


async def hent_fram(tx: Tx, naa: datetime) -> int:
    """Makes due what a clock that was ahead has put off, and shortens the leases it gave. Returns how many."""
    ventende, leid = (select(M.c.id).where(h).order_by(M.c.id).with_for_update() for h in _utsatt(naa))
    antall = (await tx.execute(update(M).where(M.c.id.in_(ventende)).values(neste=naa))).rowcount
    leier = update(M).where(M.c.id.in_(leid), M.c.status == "sender").values(leie_til=naa + UTSATT_MAKS)
    return int(antall + (await tx.execute(leier)).rowcount)


async def uferdige(tx: Tx, naa: datetime) -> list[UUID]:
    """Due messages that wait although they are withdrawn or too late: swept, whatever else stands still."""
    sporring = select(M.c.id).where(M.c.status == "klar", or_(M.c.send_foer <= naa, _TRUKKET)).limit(500)
    return list((await tx.execute(sporring)).scalars())


async def telling(tx: Tx) -> dict[str, int]:
    """How many messages wait, are being sent, or are in doubt."""
    sporring = (
        select(M.c.status, func.count().label("antall")).where(M.c.status.in_([*_AAPNE, "uviss"])).group_by(M.c.status)
    )
    return {rad.status: rad.antall for rad in await tx.execute(sporring)}


async def rydd_trukket(tx: Tx, foer: datetime) -> None:
    """Drops withdrawals whose order never came."""
    await tx.execute(delete(T).where(T.c.mottatt < foer))
