"""Reading and writing call-outs: batches in one statement, and the hendelse's row as the lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from contracts.hendelse import Hendelse
from contracts.melding import Bestilling
from contracts.mobilisering import Kanal, RolleGrunn, Vara
from infra.db import Tx, sett_inn_ny, tabell
from services.utkalling.sak import Sak, Utkalling, Vedtak
from services.utkalling.tables import (
    FristRow,
    HendelseRow,
    KvitteringRow,
    MeldingRow,
    SamtaleRow,
    UtkallingRow,
    VaraRow,
)

HENDELSE, UTKALLING, MELDING = tabell(HendelseRow), tabell(UtkallingRow), tabell(MeldingRow)
KVITTERING, FRIST, VARA, SAMTALE = tabell(KvitteringRow), tabell(FristRow), tabell(VaraRow), tabell(SamtaleRow)


async def laas(tx: Tx, hendelse_id: UUID) -> Row[Any] | None:
    """The hendelse's row, locked until the transaction ends; None when nothing is known of it yet."""
    sporring = select(HENDELSE).where(HENDELSE.c.hendelse_id == hendelse_id).with_for_update()
    return (await tx.execute(sporring)).one_or_none()


async def ny_hendelse(tx: Tx, hendelse_id: UUID, **felt: Any) -> None:
    """Makes the row, unless another replica was first."""
    await sett_inn_ny(tx, HendelseRow, [{"hendelse_id": hendelse_id, "sekretariat": [], "oppgaver": [], **felt}])


async def oppdater_hendelse(tx: Tx, hendelse_id: UUID, **felt: Any) -> None:
    await tx.execute(update(HENDELSE).where(HENDELSE.c.hendelse_id == hendelse_id).values(**felt))


def utkalling_av(rad: Row[Any]) -> Utkalling:
    """A call-out from its row."""
    return Utkalling(
        id=rad.id,
        person_id=rad.person_id,
        art=rad.art,
        roller=tuple(RolleGrunn.model_validate(r) for r in rad.roller),
        kanaler=tuple(cast("list[Kanal]", rad.kanaler)),
        opprettet=rad.opprettet,
        nr=rad.nr,
        svarfrist=rad.svarfrist,
        vara_for=rad.vara_for,
        kanalstatus=rad.kanalstatus,
        svar=rad.svar,
        svar_tid=rad.svar_tid,
        eta=rad.eta,
        antall=rad.antall,
        sen=rad.sen,
        eskalert=rad.eskalert,
        utloept=rad.utloept,
        avlyst=rad.avlyst,
        gjelder=rad.gjelder,
    )


async def aapne_sak(tx: Tx, rad: Row[Any], *, naa: datetime, aarsak: UUID, bare: Iterable[UUID] | None = None) -> Sak:
    """The desk of a hendelse: its call-outs (all, or `bare` these), every known deputy, every stopped phone."""
    sporring = select(UTKALLING).where(UTKALLING.c.hendelse_id == rad.hendelse_id)
    if bare is not None:
        sporring = sporring.where(UTKALLING.c.id.in_(set(bare)))
    rader = (await tx.execute(sporring.order_by(UTKALLING.c.opprettet, UTKALLING.c.nr))).all()
    varaer = (await tx.execute(select(VARA).where(VARA.c.hendelse_id == rad.hendelse_id))).all()
    stoppet = await tx.execute(select(SAMTALE.c.person_id).where(SAMTALE.c.sms_stoppet.is_(True)))
    return Sak(
        hendelse_id=rad.hendelse_id,
        hendelse=Hendelse.model_validate(rad.hendelse),
        aapen=rad.aapen,
        bemannet=rad.bemannet,
        utkallinger={r.id: utkalling_av(r) for r in rader},
        vara={v.person_id: tuple(v.kanaler) for v in varaer},
        naa=naa,
        aarsak=aarsak,
        stoppede=frozenset(stoppet.scalars()),
        sekretariat=tuple(UUID(p) for p in rad.sekretariat),
    )


async def noter_vara(tx: Tx, hendelse_id: UUID, varaer: Iterable[Vara]) -> None:
    rader = [{"hendelse_id": hendelse_id, "person_id": v.person_id, "kanaler": list(v.kanaler)} for v in varaer]
    await sett_inn_ny(tx, VaraRow, rader)


async def lagre(tx: Tx, sak: Sak, *, merknad: str = "") -> None:
    """Saves everything the desk decided, a statement per table."""
    vedtak = sak.vedtak
    nye = set(vedtak.nye)
    await _sett_inn(tx, UTKALLING, [_rad(sak, u) for i, u in vedtak.endret.items() if i in nye])
    await _oppdater_utkallinger(tx, [(u, vedtak.felt[i]) for i, u in vedtak.endret.items() if i not in nye])
    await sett_inn_ny(tx, MeldingRow, _meldingsrader(sak.hendelse_id, vedtak, sak.naa))
    if flyttet := {f.utkalling_id for f in vedtak.frister} - nye:  # instead of the old ones, also of those just taken
        await tx.execute(delete(FRIST).where(FRIST.c.utkalling_id.in_(flyttet)))
    await sett_inn_ny(tx, FristRow, [{"hendelse_id": sak.hendelse_id, **vars(f)} for f in vedtak.frister])
    await sett_inn_ny(tx, KvitteringRow, _kvitteringsrader(sak.hendelse_id, vedtak, merknad))
    if vedtak.bemannet is not None:
        await oppdater_hendelse(tx, sak.hendelse_id, bemannet=True)


async def _sett_inn(tx: Tx, tabellen: Any, rader: Sequence[dict[str, Any]]) -> None:
    if rader:
        await tx.execute(insert(tabellen), list(rader))


def _rad(sak: Sak, u: Utkalling) -> dict[str, Any]:
    return {
        "id": u.id,
        "hendelse_id": sak.hendelse_id,
        "person_id": u.person_id,
        "opprettet": u.opprettet,
        "nr": u.nr,
        **_foranderlig(u),
    }


_SOM_LAGRET: dict[str, Callable[[Utkalling], Any]] = {
    "roller": lambda u: [r.model_dump(mode="json") for r in u.roller],
    "kanaler": lambda u: list(u.kanaler),
    "kanalstatus": lambda u: dict(u.kanalstatus),
}
_FORANDERLIGE = (
    *("art", "roller", "kanaler", "svarfrist", "vara_for", "kanalstatus", "svar", "svar_tid"),
    *("eta", "antall", "sen", "eskalert", "utloept", "avlyst", "gjelder"),
)


def _foranderlig(u: Utkalling, felt: Iterable[str] = _FORANDERLIGE) -> dict[str, Any]:
    return {f: _SOM_LAGRET[f](u) if f in _SOM_LAGRET else getattr(u, f) for f in felt}


async def _oppdater_utkallinger(tx: Tx, utkallinger: Iterable[tuple[Utkalling, Collection[str]]]) -> None:
    """Writes only what has changed, a statement for those of which the same has: deliveries change no reasons."""
    like: dict[tuple[str, ...], list[Utkalling]] = {}
    for u, endret in utkallinger:
        like.setdefault(tuple(sorted(endret)), []).append(u)
    for felt, gruppe in like.items():
        if felt:
            skriv = update(UTKALLING).where(UTKALLING.c.id == bindparam("b_id"))
            rader = [{"b_id": u.id, **_foranderlig(u, felt)} for u in gruppe]
            await tx.execute(skriv.values({f: bindparam(f) for f in felt}), rader)


def _meldingsrader(hendelse_id: UUID | None, vedtak: Vedtak, naa: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": o.id,
            "hendelse_id": hendelse_id,
            "utkalling_id": o.utkalling_id,
            "kanal": o.kanal,
            "formaal": o.formaal,
            "segmenter": o.segmenter,
            "status": "bestilt",
            "tider": {"bestilt": naa.isoformat()},
            "send_foer": o.send_foer,
        }
        for o in vedtak.ordre
    ]


def _kvitteringsrader(hendelse_id: UUID, vedtak: Vedtak, merknad: str) -> list[dict[str, Any]]:
    return [
        {
            "id": k.svar_id,
            "utkalling_id": k.utkalling_id,
            "hendelse_id": hendelse_id,
            "svar": k.svar,
            "eta": k.eta,
            "antall": k.antall,
            "kanal": k.kanal,
            "mottatt": k.mottatt,
            "sen": k.sen,
            "merknad": merknad,
            "av_rolle": k.av.rolle if k.av else None,
            "av_enhet": k.av.enhet if k.av else None,
        }
        for k in vedtak.kvitteringer
    ]


async def laas_meldinger(tx: Tx, ider: Sequence[UUID]) -> Mapping[UUID, Row[Any]]:
    """Messages, locked with their hendelser until the transaction ends: the hendelser first, and all in one order."""
    mine = select(MELDING.c.hendelse_id).where(MELDING.c.id.in_(ider))
    hendelser = select(HENDELSE.c.hendelse_id).where(HENDELSE.c.hendelse_id.in_(mine))
    await tx.execute(hendelser.order_by(HENDELSE.c.hendelse_id).with_for_update())
    rader = await tx.execute(select(MELDING).where(MELDING.c.id.in_(ider)).order_by(MELDING.c.id).with_for_update())
    return {r.id: r for r in rader}


async def oppdater_meldinger(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Writes new status, times, id and error of many messages in one statement; `b_id` names the message."""
    if rader:
        felt: dict[str, Any] = {k: bindparam(k) for k in rader[0] if k != "b_id"}
        await tx.execute(update(MELDING).where(MELDING.c.id == bindparam("b_id")).values(**felt), list(rader))


async def uferdige_meldinger(tx: Tx, utkallinger: Sequence[UUID]) -> list[UUID]:
    """Messages of these call-outs that no channel has reported on: they may still be withdrawn."""
    if not utkallinger:
        return []
    sporring = select(MELDING.c.id).where(MELDING.c.utkalling_id.in_(utkallinger), MELDING.c.status == "bestilt")
    return list((await tx.execute(sporring)).scalars())


async def aapne_for_person(tx: Tx, person_id: UUID, naa: datetime) -> Sequence[Row[Any]]:
    """The person's call-outs in open hendelser, newest first: what an answer may be about."""
    sporring = (
        select(UTKALLING, HENDELSE.c.kodeord, HENDELSE.c.hendelse)
        .join(HENDELSE, HENDELSE.c.hendelse_id == UTKALLING.c.hendelse_id)
        .where(UTKALLING.c.person_id == person_id, UTKALLING.c.avlyst.is_(False))
        .where(HENDELSE.c.aapen.is_(True), HENDELSE.c.utloeper > naa)
        .order_by(UTKALLING.c.opprettet)
    )
    return (await tx.execute(sporring)).all()


async def lukkede_kodeord(tx: Tx, person_id: UUID) -> list[str]:
    """Kodeord the person has been called with and that are closed or stood down now."""
    sporring = (
        select(HENDELSE.c.kodeord)
        .join(UTKALLING, HENDELSE.c.hendelse_id == UTKALLING.c.hendelse_id)
        .where(UTKALLING.c.person_id == person_id)
        .where(HENDELSE.c.aapen.is_(False) | UTKALLING.c.avlyst.is_(True))
    )
    return list((await tx.execute(sporring)).scalars())


async def samtale(tx: Tx, person_id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(SAMTALE).where(SAMTALE.c.person_id == person_id))).one_or_none()


async def sett_samtale(tx: Tx, person_id: UUID, **felt: Any) -> None:
    await sett_inn_ny(tx, SamtaleRow, [{"person_id": person_id, "sms_stoppet": False}])
    await tx.execute(update(SAMTALE).where(SAMTALE.c.person_id == person_id).values(**felt))


async def glem_venter(tx: Tx, person_id: UUID) -> None:
    """Forgets the answer that waited for its kodeord, if one did."""
    venter = update(SAMTALE).where(SAMTALE.c.person_id == person_id, SAMTALE.c.venter_siden.is_not(None))
    await tx.execute(venter.values(venter=None, venter_siden=None))


async def ta_forfalte(tx: Tx, naa: datetime, antall: int) -> Sequence[Row[Any]]:
    """Takes due deadlines: each is taken once, however many replicas tick."""
    forfalte = select(FRIST.c.id).where(FRIST.c.naadd.is_(None), FRIST.c.frist <= naa).limit(antall)
    if tx.dialect.name == "postgresql":
        forfalte = forfalte.with_for_update(skip_locked=True)
    tatt = update(FRIST).where(FRIST.c.id.in_(forfalte), FRIST.c.naadd.is_(None)).values(naadd=naa).returning(FRIST)
    return (await tx.execute(tatt)).all()  # type: ignore[no-any-return]


async def noter_naadd(tx: Tx, ider: Sequence[UUID], naadd: datetime) -> set[UUID]:
    """Those of these deadlines that are in force still. They are taken from now on, also where no tick of ours did."""
    tatt = update(FRIST).where(FRIST.c.id.in_(ider)).values(naadd=func.coalesce(FRIST.c.naadd, naadd))
    return set((await tx.execute(tatt.returning(FRIST.c.id))).scalars())


async def neste_frist(tx: Tx) -> datetime | None:
    """When the next deadline is due, if any waits."""
    sporring = select(func.min(FRIST.c.frist)).where(FRIST.c.naadd.is_(None))
    return cast("datetime | None", (await tx.execute(sporring)).scalar())


async def noter_ordre(tx: Tx, ordre: Sequence[Bestilling], naa: datetime) -> None:
    """Notes answers back to people, which belong to no desk."""
    await sett_inn_ny(tx, MeldingRow, _meldingsrader(None, Vedtak(ordre=list(ordre)), naa))


async def laas_for_utkalling(tx: Tx, utkalling_id: UUID) -> Row[Any] | None:
    """The locked row of the hendelse that a call-out belongs to."""
    hendelse_id = (await tx.execute(select(UTKALLING.c.hendelse_id).where(UTKALLING.c.id == utkalling_id))).scalar()
    return await laas(tx, hendelse_id) if hendelse_id else None


async def kvittering(tx: Tx, svar_id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(KVITTERING).where(KVITTERING.c.id == svar_id))).one_or_none()


async def alle_i(tx: Tx, tabellen: Any, hendelse_id: UUID) -> Sequence[Row[Any]]:
    """Every row of a table that belongs to a hendelse."""
    return (await tx.execute(select(tabellen).where(tabellen.c.hendelse_id == hendelse_id))).all()
