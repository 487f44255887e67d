"""Reading and writing hendelser: the projection, kodeord, keys and tasks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, update

from contracts.hendelse import Hendelse, Status
from infra.db import Tx, sett_inn_ny, tabell
from services.hendelser.rules import KARANTENE
from services.hendelser.tables import HendelseRow, KodeordRow, NokkelRow, OppgaveRow

HENDELSE, KODEORD = tabell(HendelseRow), tabell(KodeordRow)
NOKKEL, OPPGAVE = tabell(NokkelRow), tabell(OppgaveRow)


async def finn(tx: Tx, hendelse_id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(HENDELSE).where(HENDELSE.c.id == hendelse_id))).one_or_none()


async def sett(
    tx: Tx, hendelse_id: UUID, hendelse: Hendelse, *, status: Status, versjon: int, naa: datetime, grunn: str = ""
) -> None:
    """Folds one event in: the newest version wins, in whatever order they come."""
    felt = {
        "hendelse": hendelse.model_dump(mode="json"),
        "status": status.value,
        "versjon": versjon,
        "start": hendelse.start,
        "slutt": hendelse.slutt,
        "grunn": grunn,
    }
    await sett_inn_ny(tx, HendelseRow, [{"id": hendelse_id, "opprettet": naa, **felt}])
    eldre = update(HENDELSE).where(HENDELSE.c.id == hendelse_id, HENDELSE.c.versjon < versjon)
    await tx.execute(eldre.values(**felt))


async def lukkede(tx: Tx, ider: Collection[UUID]) -> set[UUID]:
    """Those of these hendelser that are called off or closed."""
    lukket = HENDELSE.c.status.in_([Status.AVLYST.value, Status.AVSLUTTET.value])
    return set((await tx.execute(select(HENDELSE.c.id).where(HENDELSE.c.id.in_(ider), lukket))).scalars())


async def liste(
    tx: Tx, *, status: str | None, bydel: str | None, fra: datetime | None, til: datetime | None, antall: int
) -> Sequence[Row[Any]]:
    """Newest start first. `bydel` matches the hendelse's legs."""
    sporring: Select[Any] = select(HENDELSE).order_by(HENDELSE.c.start.desc(), HENDELSE.c.opprettet.desc())
    if status:
        sporring = sporring.where(HENDELSE.c.status == status)
    if fra:
        sporring = sporring.where(or_(HENDELSE.c.start >= fra, HENDELSE.c.slutt >= fra))
    if til:
        sporring = sporring.where(HENDELSE.c.start <= til)
    rader = (await tx.execute(sporring.limit(antall if bydel is None else 5000))).all()
    if bydel is not None:
        rader = [r for r in rader if bydel in ((r.hendelse.get("sted") or {}).get("bydeler") or [])]
    return list(rader[:antall])


async def kodeord_av(tx: Tx, hendelse_id: UUID) -> str | None:
    """The kodeord already reserved for a hendelse: a second try gets the same."""
    return (await tx.execute(select(KODEORD.c.ord).where(KODEORD.c.hendelse_id == hendelse_id))).scalar()


async def opptatte_kodeord(tx: Tx, naa: datetime) -> tuple[list[str], list[str]]:
    """Kodeord of open hendelser, and those still in quarantine."""
    rader = (await tx.execute(select(KODEORD).where(or_(KODEORD.c.frigis.is_(None), KODEORD.c.frigis > naa)))).all()
    return [r.ord for r in rader if r.frigis is None], [r.ord for r in rader if r.frigis is not None]


async def reserver(tx: Tx, kodeord: str, hendelse_id: UUID, naa: datetime) -> None:
    """Takes a free kodeord. Raises IntegrityError when another replica took it first."""
    gjenbruk = (
        update(KODEORD)
        .where(KODEORD.c.ord == kodeord, KODEORD.c.frigis <= naa)
        .values(hendelse_id=hendelse_id, reservert=naa, frigis=None)
    )
    if (await tx.execute(gjenbruk)).rowcount == 0:
        await tx.execute(KODEORD.insert(), [{"ord": kodeord, "hendelse_id": hendelse_id, "reservert": naa}])


async def behold_kodeord(tx: Tx, kodeord: str, hendelse_id: UUID, naa: datetime) -> None:
    """Keeps a kodeord that was given, whoever had it before; not one that somebody has got since."""
    if await kodeord_av(tx, hendelse_id) or not kodeord:
        return
    ledig = KODEORD.c.frigis.is_not(None), KODEORD.c.reservert < naa
    tatt = {"hendelse_id": hendelse_id, "reservert": naa, "frigis": None}
    if (await tx.execute(update(KODEORD).where(KODEORD.c.ord == kodeord, *ledig).values(**tatt))).rowcount == 0:
        await sett_inn_ny(tx, KodeordRow, [{"ord": kodeord, **tatt}])


async def frigi_kodeord(tx: Tx, hendelse_id: UUID, naa: datetime) -> None:
    """Starts the quarantine of a closed hendelse's kodeord."""
    sporring = update(KODEORD).where(KODEORD.c.hendelse_id == hendelse_id, KODEORD.c.frigis.is_(None))
    await tx.execute(sporring.values(frigis=naa + KARANTENE))


async def nokler(tx: Tx, nokler_: Sequence[str]) -> Sequence[Row[Any]]:
    """Those of the keys that have been used."""
    return (await tx.execute(select(NOKKEL).where(NOKKEL.c.nokkel.in_(nokler_)))).all()


async def noter_nokkel(tx: Tx, nokkelen: str, foresporsel: str, hendelse_id: UUID, naa: datetime) -> None:
    rad = {"nokkel": nokkelen, "foresporsel": foresporsel, "hendelse_id": hendelse_id, "brukt": naa}
    await sett_inn_ny(tx, NokkelRow, [rad])


async def nye_oppgaver(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Adds tasks; one that is there already is left as it is."""
    await sett_inn_ny(tx, OppgaveRow, rader)


async def loes(
    tx: Tx,
    naa: datetime,
    *,
    hendelse_id: UUID | None = None,
    slag: Sequence[str] | None = None,
    gjelder: Sequence[UUID] | None = None,
) -> None:
    """Closes the tasks that match everything given; an empty list matches none."""
    sporring = update(OPPGAVE).where(OPPGAVE.c.loest.is_(None))
    if hendelse_id is not None:
        sporring = sporring.where(OPPGAVE.c.hendelse_id == hendelse_id)
    if slag is not None:
        sporring = sporring.where(OPPGAVE.c.slag.in_(slag))
    if gjelder is not None:
        sporring = sporring.where(OPPGAVE.c.gjelder.in_(gjelder))
    await tx.execute(sporring.values(loest=naa))


async def loes_en(tx: Tx, oppgave_id: UUID, naa: datetime) -> bool:
    """Closes one task, unless it has come back since. Returns whether it was open."""
    aapen = update(OPPGAVE).where(OPPGAVE.c.id == oppgave_id, OPPGAVE.c.loest.is_(None), OPPGAVE.c.opprettet <= naa)
    return bool((await tx.execute(aapen.values(loest=naa))).rowcount)


async def loes_disse(tx: Tx, ider: Sequence[UUID], naa: datetime) -> None:
    """Closes those of these tasks that there are and that are open."""
    aapne = update(OPPGAVE).where(OPPGAVE.c.id.in_(ider), OPPGAVE.c.loest.is_(None))
    await tx.execute(aapne.values(loest=naa))


async def gjenaapne(tx: Tx, ider: Sequence[UUID], naa: datetime) -> None:
    """Opens tasks again that were settled and have come back: they wait from now."""
    lukkede = update(OPPGAVE).where(OPPGAVE.c.id.in_(ider), OPPGAVE.c.loest.is_not(None))
    await tx.execute(lukkede.values(loest=None, opprettet=naa))


async def bare_disse_manglene(tx: Tx, hendelse_id: UUID, ider: Sequence[UUID], naa: datetime) -> None:
    """The newest decision says which roles nobody holds: those are open, and those of earlier decisions are not."""
    egne = (OPPGAVE.c.hendelse_id == hendelse_id, OPPGAVE.c.slag == "mangel", OPPGAVE.c.gjelder.is_(None))
    andre = update(OPPGAVE).where(*egne, OPPGAVE.c.loest.is_(None), OPPGAVE.c.id.not_in(ider))
    await tx.execute(andre.values(loest=naa))
    await gjenaapne(tx, ider, naa)


async def finn_oppgave(tx: Tx, oppgave_id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(OPPGAVE).where(OPPGAVE.c.id == oppgave_id))).one_or_none()


async def om_samme_svar(tx: Tx, rad: Row[Any]) -> Sequence[Row[Any]]:
    """The task, and those about the same answer."""
    if rad.svar_id is None:
        return [rad]
    return (await tx.execute(select(OPPGAVE).where(OPPGAVE.c.svar_id == rad.svar_id))).all()


async def antall_oppgaver(tx: Tx) -> int:
    """How many wait; those about the same answer are one."""
    hver = func.count(func.distinct(func.coalesce(OPPGAVE.c.svar_id, OPPGAVE.c.id)))
    return (await tx.execute(select(hver).where(OPPGAVE.c.loest.is_(None)))).scalar() or 0


async def aapne_oppgaver(tx: Tx, antall: int, hendelse_id: UUID | None = None) -> Sequence[Row[Any]]:
    """What waits, urgent first, oldest first; with `hendelse_id` what waits there."""
    sporring = (
        select(OPPGAVE, HENDELSE.c.hendelse)
        .join(HENDELSE, HENDELSE.c.id == OPPGAVE.c.hendelse_id, isouter=True)
        .where(OPPGAVE.c.loest.is_(None))
        .order_by(OPPGAVE.c.haster.desc(), OPPGAVE.c.opprettet)
        .limit(antall)
    )
    if hendelse_id is not None:
        sporring = sporring.where(OPPGAVE.c.hendelse_id == hendelse_id)
    return (await tx.execute(sporring)).all()


async def antall_aapne(tx: Tx) -> int:
    return (await tx.execute(select(func.count()).where(HENDELSE.c.status == Status.AAPEN.value))).scalar() or 0
