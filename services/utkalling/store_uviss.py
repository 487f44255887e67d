"""The SQL of messages that a person decides about: found, locked, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from infra.db import Tx
from services.utkalling import store
from services.utkalling.rules_uviss import Melding
from services.utkalling.store import MELDING, UTKALLING


async def laas(tx: Tx, melding_id: UUID) -> tuple[Row[Any], Row[Any] | None] | None:
    """The message and the hendelse it belongs to, locked in the order everybody locks them; None when unknown."""
    hvor = select(MELDING.c.hendelse_id, UTKALLING.c.hendelse_id.label("via"))
    hvor = hvor.join(UTKALLING, UTKALLING.c.id == MELDING.c.utkalling_id, isouter=True)
    funnet = (await tx.execute(hvor.where(MELDING.c.id == melding_id))).one_or_none()
    if funnet is None:
        return None
    hendelse_id = funnet.hendelse_id or funnet.via
    hendelse = await store.laas(tx, hendelse_id) if hendelse_id else None
    return (await store.laas_meldinger(tx, [melding_id]))[melding_id], hendelse


async def finn(tx: Tx, melding_id: UUID) -> Row[Any] | None:
    """The message, without locking it."""
    return (await tx.execute(select(MELDING).where(MELDING.c.id == melding_id))).one_or_none()


async def uten_utkalling(tx: Tx, hendelse_id: UUID) -> Sequence[Row[Any]]:
    """Messages of the hendelse that belong to no call-out and are in doubt, or were."""
    egne = MELDING.c.hendelse_id == hendelse_id, MELDING.c.utkalling_id.is_(None), MELDING.c.uviss_forsoek > 0
    return (await tx.execute(select(MELDING).where(*egne).order_by(MELDING.c.id))).all()


def melding_av(rad: Row[Any]) -> Melding:
    """The message as the rules see it."""
    avgjort = rad.avgjort or {}
    return Melding(
        formaal=rad.formaal,
        status=rad.status,
        uviss_forsoek=rad.uviss_forsoek,
        send_foer=rad.send_foer,
        avgjort_forsoek=avgjort.get("forsoek"),
        valg=avgjort.get("valg"),
    )


async def noter(tx: Tx, melding_id: UUID, status: str, avgjort: dict[str, Any]) -> None:
    """Writes the decision down, and what the message now is."""
    await tx.execute(update(MELDING).where(MELDING.c.id == melding_id).values(status=status, avgjort=avgjort))
