"""The ledger's rows brought up to what was told of them, in SQL."""

from __future__ import annotations

from sqlalchemy import update

from contracts.melding import Utfall
from infra.db import Tx, tabell
from services.epost.rules import Oppdrag
from services.epost.tables import MeldingRow

MELDING = tabell(MeldingRow)
_OPPDRAG = [MELDING.c[navn] for navn in Oppdrag.__dataclass_fields__]


async def sett_utfall(tx: Tx, utfall: Utfall, status: str) -> None:
    """Puts an e-mail where it was said to be."""
    kode = utfall.feil.kode if utfall.feil else None
    rad = update(MELDING).where(MELDING.c.id == utfall.melding_id)
    await tx.execute(rad.values(status=status, forsoek=utfall.forsoek, feilkode=kode, leie_til=None))


async def koen_er_uviss(tx: Tx) -> list[Oppdrag]:
    """All that waits or was under way may be out, and nobody can be asked: in doubt from now on."""
    i_koen = update(MELDING).where(MELDING.c.status.in_(["klar", "sender"]))
    rader = await tx.execute(i_koen.values(status="uviss", feilkode="uviss", leie_til=None).returning(*_OPPDRAG))
    return [Oppdrag(**rad._mapping) for rad in rader]  # noqa: SLF001 - a row's public mapping, so named
