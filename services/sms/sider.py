"""What the pages of other rooms borrow from `sms`: the words of answers, for those who may read them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from infra.db import Database
from services.sms import store_svar


def svartekster(db: Database) -> Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, str]]]:
    """A way to ask for the words of some answers. Whoever shows them to somebody tells the journal."""

    async def les(ider: Sequence[UUID]) -> Mapping[UUID, str]:
        async with db.les() as tx:
            return await store_svar.tekster(tx, ider)

    return les
