"""The SQL of e-mails that a person decides about: taken under lock, and put where the choice puts them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from infra.db import Tx, sett_inn_ny, tabell
from services.epost.rules import Oppdrag
from services.epost.tables import MeldingRow, TrukketRow

MELDING = tabell(MeldingRow)
_OPPDRAG = [MELDING.c[navn] for navn in Oppdrag.__dataclass_fields__]


async def laas_uvisse(tx: Tx, ider: Collection[UUID]) -> dict[UUID, Oppdrag]:
    """Those of `ider` that are in doubt, locked until the transaction ends."""
    sporring = select(*_OPPDRAG).where(MELDING.c.id.in_(ider), MELDING.c.status == "uviss").order_by(MELDING.c.id)
    rader = await tx.execute(sporring.with_for_update())
    return {rad.id: Oppdrag(**rad._mapping) for rad in rader}  # noqa: SLF001 - a row's public mapping, so named


async def avgjort(tx: Tx, melding_id: UUID, status: str, feilkode: str | None, naa: datetime) -> None:
    """Writes what the choice made of one; what is `klar` is due at once."""
    rad = update(MELDING).where(MELDING.c.id == melding_id)
    await tx.execute(rad.values(status=status, feilkode=feilkode, neste=naa, leie_til=None))


async def husk_trukket(tx: Tx, ider: Collection[UUID]) -> None:
    """Remembers that these must not be sent again, should a person's choice come after the withdrawal."""
    uvisse = await laas_uvisse(tx, ider)
    await sett_inn_ny(tx, TrukketRow, [{"id": i} for i in uvisse])
