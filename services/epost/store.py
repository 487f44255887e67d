"""The SQL of the e-mail room: the ledger's rows and the answer links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.epost.rules import Lenke, Oppdrag
from services.epost.tables import LenkeRow, MeldingRow, TrukketRow

MELDING = tabell(MeldingRow)
TRUKKET = tabell(TrukketRow)
LENKE = tabell(LenkeRow)
_OPPDRAG = [MELDING.c[navn] for navn in Oppdrag.__dataclass_fields__]
_LENKE = [(LENKE if navn in LENKE.c else MELDING).c[navn] for navn in Lenke.__dataclass_fields__]


def _oppdrag(rader: Iterable[Any]) -> list[Oppdrag]:
    return [Oppdrag(**rad._mapping) for rad in rader]  # noqa: SLF001 - a row's public mapping, so named


async def legg_i_koe(tx: Tx, rader: Sequence[dict[str, Any]]) -> None:
    """Orders as intent; one that is there already is left as it is."""
    await sett_inn_ny(tx, MeldingRow, rader)


async def trekk(tx: Tx, ider: Sequence[UUID]) -> list[Oppdrag]:
    """Withdraws those not begun and returns them; remembers those whose order has not come yet."""
    endring = update(MELDING).where(MELDING.c.id.in_(ider), MELDING.c.status == "klar")
    trukket = _oppdrag(await tx.execute(endring.values(status="trukket", feilkode="trukket").returning(*_OPPDRAG)))
    kjente = set((await tx.execute(select(MELDING.c.id).where(MELDING.c.id.in_(ider)))).scalars())
    await sett_inn_ny(tx, TrukketRow, [{"id": i} for i in ider if i not in kjente])
    return trukket


async def trukne(tx: Tx, ider: Sequence[UUID]) -> set[UUID]:
    """Those of `ider` that were withdrawn before their order came."""
    return set((await tx.execute(select(TRUKKET.c.id).where(TRUKKET.c.id.in_(ider)))).scalars())


async def har_arbeid(tx: Tx, naa: datetime) -> bool:
    """Whether anything is due, or a worker has gone silent."""
    forfalt = (MELDING.c.status == "klar") & (MELDING.c.neste <= naa)
    forlatt = (MELDING.c.status == "sender") & (MELDING.c.leie_til < naa)
    return bool((await tx.execute(select(exists().where(or_(forfalt, forlatt))))).scalar())


async def forlatte(tx: Tx, naa: datetime) -> list[Oppdrag]:
    """Rows whose worker is gone: from now on in doubt."""
    endring = update(MELDING).where(MELDING.c.status == "sender", MELDING.c.leie_til < naa)
    return _oppdrag(await tx.execute(endring.values(status="uviss", feilkode="uviss").returning(*_OPPDRAG)))


async def ta(tx: Tx, naa: datetime, leie_til: datetime, antall: int) -> list[Oppdrag]:
    """Claims what is due, most urgent first; no other worker gets the same rows."""
    forfalt = (
        select(MELDING.c.id)
        .where(MELDING.c.status == "klar", MELDING.c.neste <= naa)
        .order_by(MELDING.c.prioritet, MELDING.c.neste, MELDING.c.id)
        .limit(antall)
        .with_for_update(skip_locked=True)
    )
    endring = update(MELDING).where(MELDING.c.id.in_(forfalt), MELDING.c.status == "klar")
    verdier = {"status": "sender", "forsoek": MELDING.c.forsoek + 1, "leie_til": leie_til}
    tatt = _oppdrag(await tx.execute(endring.values(verdier).returning(*_OPPDRAG)))
    return sorted(tatt, key=lambda o: (o.prioritet, o.id))


async def forny(tx: Tx, ider: Sequence[UUID], leie_til: datetime) -> None:
    """The worker of these rows is alive."""
    forny = update(MELDING).where(MELDING.c.id.in_(ider), MELDING.c.status == "sender")
    await tx.execute(forny.values(leie_til=leie_til))


async def mine(tx: Tx, oppdrag: Sequence[Oppdrag]) -> set[UUID]:
    """Those that still wait for the outcome of exactly this attempt; locked until the transaction ends.

    An outcome settles a row that somebody took for abandoned meanwhile: knowledge is better than doubt.
    """
    forsoek = {o.id: o.forsoek for o in oppdrag}
    sporring = select(MELDING.c.id, MELDING.c.forsoek).where(
        MELDING.c.id.in_(forsoek), MELDING.c.status.in_(["sender", "uviss"])
    )
    return {r.id for r in await tx.execute(sporring.with_for_update()) if r.forsoek == forsoek[r.id]}


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
    """New answer links; those of an earlier attempt, which nobody got, go."""
    if rader:
        await tx.execute(delete(LENKE).where(LENKE.c.melding_id.in_([r["melding_id"] for r in rader])))
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
