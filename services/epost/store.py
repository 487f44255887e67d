"""The SQL of the e-mail room: the ledger's rows and the answer links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, func, insert, or_, select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.epost.rules import UTSATT_MAKS, Hold, Lenke, Oppdrag
from services.epost.rules_koe import Koe, Plasser
from services.epost.tables import LenkeRow, MeldingRow, TrukketRow

MELDING = tabell(MeldingRow)
TRUKKET = tabell(TrukketRow)
LENKE = tabell(LenkeRow)
_OPPDRAG = [MELDING.c[navn] for navn in Oppdrag.__dataclass_fields__]
_LENKE = [(LENKE if navn in LENKE.c else MELDING).c[navn] for navn in Lenke.__dataclass_fields__]
_I_DATA = MELDING.c.data_begynt.is_not(None)
_IKKE_BEGYNT = or_(MELDING.c.status == "klar", and_(MELDING.c.status == "sender", ~_I_DATA))


def _oppdrag(rader: Iterable[Any]) -> list[Oppdrag]:
    return [Oppdrag(**rad._mapping) for rad in rader]  # noqa: SLF001 - a row's public mapping, so named


async def legg_i_koe(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Orders as intent, each with its place in the queue; one that is there already is left as it is."""
    plasser = Plasser(await _opptatt(tx))
    await sett_inn_ny(
        tx,
        MeldingRow,
        [{**rad, "nr_i_hendelse": plasser.neste(rad["hendelse_id"], rad["prioritet"])} for rad in rader],
    )


async def _opptatt(tx: Tx) -> dict[Koe, tuple[int, int]]:
    nr = MELDING.c.nr_i_hendelse
    sporring = select(MELDING.c.hendelse_id, MELDING.c.prioritet, func.min(nr), func.max(nr))
    vanlig = sporring.where(MELDING.c.status == "klar").group_by(MELDING.c.hendelse_id, MELDING.c.prioritet)
    return {(hendelse, prioritet): (foerst, sist) for hendelse, prioritet, foerst, sist in await tx.execute(vanlig)}


async def trekk(tx: Tx, ider: Sequence[UUID]) -> list[Oppdrag]:
    """Withdraws those that have not reached DATA and returns them; remembers those whose order has not come yet."""
    endring = update(MELDING).where(MELDING.c.id.in_(_laast(MELDING.c.id.in_(ider))), _IKKE_BEGYNT)
    trukket = _oppdrag(await tx.execute(endring.values(status="trukket", feilkode="trukket").returning(*_OPPDRAG)))
    kjente = set((await tx.execute(select(MELDING.c.id).where(MELDING.c.id.in_(ider)))).scalars())
    await sett_inn_ny(tx, TrukketRow, [{"id": i} for i in ider if i not in kjente])
    return trukket


def _laast(betingelse: Any) -> Select[Any]:
    """The rows, locked: always in the same order, so that nobody waits in a ring."""
    return select(MELDING.c.id).where(betingelse).order_by(MELDING.c.id).with_for_update()


async def trukne(tx: Tx, ider: Sequence[UUID]) -> set[UUID]:
    """Those of `ider` that were withdrawn before their order came."""
    return set((await tx.execute(select(TRUKKET.c.id).where(TRUKKET.c.id.in_(ider)))).scalars())


async def arbeid(tx: Tx, naa: datetime) -> tuple[bool, bool]:
    """Whether anything is due, and whether a worker has gone silent, or a clock has put something off."""
    forfalt = exists().where(MELDING.c.status == "klar", MELDING.c.neste <= naa)
    forlatt = exists().where(or_(_forlatt(naa), *_utsatt(naa)))
    rad = (await tx.execute(select(forfalt, forlatt))).one()
    return bool(rad[0]), bool(rad[1])


def _utsatt(naa: datetime) -> tuple[Any, Any]:
    """What waits, and what is leased, for longer than anything of ours ever does: a clock was ahead, and set back."""
    senere = naa + UTSATT_MAKS
    leid = and_(MELDING.c.status == "sender", MELDING.c.leie_til > senere)
    return and_(MELDING.c.status == "klar", MELDING.c.neste > senere), leid


async def hent_fram(tx: Tx, naa: datetime, leie_til: datetime) -> int:
    """Makes due what a clock that was ahead has put off, and shortens the leases it gave. Returns how many."""
    ventende, leid = _utsatt(naa)
    fram = update(MELDING).where(MELDING.c.id.in_(_laast(ventende))).values(neste=naa)
    leier = update(MELDING).where(MELDING.c.id.in_(_laast(leid)), MELDING.c.status == "sender")
    return int((await tx.execute(fram)).rowcount + (await tx.execute(leier.values(leie_til=leie_til))).rowcount)


def _forlatt(naa: datetime) -> Any:
    return and_(MELDING.c.status == "sender", MELDING.c.leie_til < naa)


async def forlatte_i_data(tx: Tx, naa: datetime) -> list[Oppdrag]:
    """Rows whose worker went silent after it was about to say DATA: from now on in doubt."""
    mine = _laast(and_(_forlatt(naa), _I_DATA)).with_for_update(skip_locked=True)
    endring = update(MELDING).where(MELDING.c.id.in_(mine), MELDING.c.status == "sender")
    return _oppdrag(await tx.execute(endring.values(status="uviss", feilkode="uviss").returning(*_OPPDRAG)))


async def forlatte_foer_data(tx: Tx, naa: datetime) -> int:
    """Gives back what was only claimed by a worker that went silent. Returns how many."""
    mine = _laast(and_(_forlatt(naa), ~_I_DATA)).with_for_update(skip_locked=True)
    endring = update(MELDING).where(MELDING.c.id.in_(mine), MELDING.c.status == "sender")
    return int((await tx.execute(endring.values(status="klar", neste=naa, leie_til=None))).rowcount)


async def ta(tx: Tx, arbeider: UUID, naa: datetime, leie_til: datetime, antall: int) -> list[Oppdrag]:
    """Claims what is due, most urgent first and hendelser by turns; no other worker gets the same rows."""
    forfalt = (
        select(MELDING.c.id)
        .where(MELDING.c.status == "klar", MELDING.c.neste <= naa)
        .order_by(MELDING.c.prioritet, MELDING.c.nr_i_hendelse, MELDING.c.neste, MELDING.c.id)
        .limit(antall)
        .with_for_update(skip_locked=True)
        .cte("forfalt")  # PostgreSQL may run a subquery once for each row, and a limit then limits nothing
    )
    mine = MELDING.c.id.in_(select(forfalt.c.id))
    endring = update(MELDING).where(mine, MELDING.c.status == "klar").returning(*_OPPDRAG)
    krav = {"status": "sender", "forsoek": MELDING.c.forsoek + 1, "arbeider": arbeider}
    return _oppdrag(await tx.execute(endring.values({**krav, "leie_til": leie_til, "data_begynt": None})))


async def forny(tx: Tx, ider: Collection[UUID], arbeider: UUID, leie_til: datetime) -> None:
    """The worker of these rows is alive."""
    mine = and_(MELDING.c.id.in_(ider), MELDING.c.arbeider == arbeider, MELDING.c.status == "sender")
    endring = update(MELDING).where(MELDING.c.id.in_(_laast(mine)), MELDING.c.status == "sender")
    await tx.execute(endring.values(leie_til=leie_til))


async def laas(tx: Tx, ider: Collection[UUID], arbeider: UUID) -> dict[UUID, Hold]:
    """What this worker's rows say of who has them; locked until the transaction ends."""
    sporring = (
        select(MELDING.c.id, MELDING.c.status, MELDING.c.forsoek, MELDING.c.leie_til, MELDING.c.data_begynt)
        .where(MELDING.c.id.in_(ider), MELDING.c.arbeider == arbeider)
        .order_by(MELDING.c.id)
        .with_for_update()
    )
    return {id_: Hold(*hold) for id_, *hold in await tx.execute(sporring)}


async def begynn(tx: Tx, ider: Collection[UUID], naa: datetime, leie_til: datetime) -> None:
    """DATA begins for these, which are locked: from now on only an outcome is certain."""
    if ider:
        endring = update(MELDING).where(MELDING.c.id.in_(ider))
        await tx.execute(endring.values(data_begynt=naa, leie_til=leie_til))


async def noter(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Writes outcomes: `id`, `status`, `neste`, `feilkode`, and `fratrekk` from the number of attempts."""
    if not rader:
        return
    endring = update(MELDING).where(MELDING.c.id == bindparam("rad_id"))
    verdier = {
        "status": bindparam("ny_status"),
        "neste": bindparam("ny_neste"),
        "feilkode": bindparam("ny_feilkode"),
        "forsoek": MELDING.c.forsoek - bindparam("fratrekk"),
        "leie_til": None,
    }
    felt = {"id": "rad_id", "status": "ny_status", "neste": "ny_neste", "feilkode": "ny_feilkode"}
    await tx.execute(endring.values(verdier), [{felt.get(k, k): v for k, v in rad.items()} for rad in rader])


async def lagre_lenker(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """New answer links. Those of earlier attempts stay: somebody may have got the mail that we are in doubt about."""
    if rader:
        await tx.execute(insert(LENKE), list(rader))


async def finn_lenke(tx: Tx, sha256: str) -> Lenke | None:
    """The link with this digest, with the words of its message."""
    sporring = select(*_LENKE).join(MELDING, MELDING.c.id == LENKE.c.melding_id).where(LENKE.c.sha256 == sha256)
    rad = (await tx.execute(sporring)).one_or_none()
    return Lenke(**rad._mapping) if rad else None  # noqa: SLF001 - a row's public mapping, so named


async def noter_svar(tx: Tx, sha256: str, svar: str, eta_minutter: int | None, naa: datetime) -> None:
    """What was answered through a link, newest only: the journal has them all."""
    verdier = {"svar": svar, "eta_minutter": eta_minutter, "brukt": naa, "antall_svar": LENKE.c.antall_svar + 1}
    await tx.execute(update(LENKE).where(LENKE.c.sha256 == sha256).values(verdier))
