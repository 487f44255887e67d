"""Verifying a whole archive: every row from the first to the head, in pieces, while it is being added to."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from infra.db import Database
from services.audit import store, store_sider
from services.audit.rules import Hode
from services.audit.rules_gjennomgang import Feil, Gjennomgang, Resultat
from services.audit.store_sider import Sted

BUNT = 500
Framdrift = Callable[[int, int], None]
"""Told the rows done and the sequence of the head."""


async def verifiser_arkivet(db: Database, framdrift: Framdrift | None = None) -> Resultat:
    """Walks the archive and judges it. Raises sqlalchemy's errors when it cannot be read at all.

    Rows that come while we walk belong to the walk.
    """
    gang = Gjennomgang()
    while True:
        async with db.les() as tx:
            hode = await store.hode(tx)
        if not await _bunt(db, gang) or gang.feil:
            return gang.ferdig(hode)
        if framdrift:
            framdrift(gang.rader, hode.sekvens)


async def verifiser_strekning(db: Database, hendelse_id: UUID) -> Resultat:
    """Walks from what stands before the first row of a hendelse to its last: every row between is in the chain too."""
    async with db.les() as tx:
        foerste = await store_sider.ende(tx, hendelse_id, siste=False)
        siste = await store_sider.ende(tx, hendelse_id, siste=True)
        if foerste is None or siste is None:
            return Resultat(hel=True, rader=0)
        gang, slutt = Gjennomgang(await store.foer(tx, foerste)), store_sider.sted(siste)
    while not gang.feil and (gang.staar.epoke, gang.staar.sekvens) < slutt:
        if not await _bunt(db, gang, til=slutt):
            break
    return gang.ferdig(Hode(siste.epoke, siste.sekvens, siste.hash))


async def _bunt(db: Database, gang: Gjennomgang, til: Sted | None = None) -> bool:
    """Takes the next rows, not beyond a place; whether there were any. Nothing is ever changed: no picture is held."""
    try:
        async with db.les() as tx:
            rader = await store.etter(tx, gang.staar, BUNT)
    except store.Ulesbar:
        await _en_og_en(db, gang)
        return True
    for rad in rader:
        if til is None or store_sider.sted(rad) <= til:
            gang.ta(rad)
    return bool(rader)


async def _en_og_en(db: Database, gang: Gjennomgang) -> None:
    """Takes rows until the one that cannot be read, so that it can be named."""
    try:
        while not gang.feil:
            async with db.les() as tx:
                rader = await store.etter(tx, gang.staar, 1)
            if not rader:
                return
            gang.ta(rader[0])
    except store.Ulesbar:
        gang.ulesbar()


async def databasefeil(db: Database) -> Feil | None:
    """What SQLite itself says about its file: an index that hides rows is no fault of the chain."""
    if not db.sqlite:
        return None
    async with db.les() as tx:
        svar = (await tx.execute(text("PRAGMA integrity_check(1)"))).scalar_one()
    return None if svar == "ok" else Feil(0, 0, f"databasefilen er skadet: {str(svar)[:200]}")
