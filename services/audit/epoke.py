"""Whether the journal is the one we have archived, and how a person lets the archive go on from another.

A stream that was made anew, or set back to an older copy, gives old sequences to new events. The archive never mixes
the two: it stops, and goes on only in a new epoch that somebody opened with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.audit import EpokeAapnet, EpokeData
from contracts.event import Aktoer
from infra.clock import Clock
from infra.db import Database
from infra.journal import Journal
from services.audit import store
from services.audit.rules import Hode, Ledd, avtrykk

ALT = "salto.>"
SETT_TILBAKE = 20
"""How many rows back we look for one that the journal still has: a message may have been erased on purpose."""


class FremmedJournal(Exception):
    """The journal is not the one that was archived."""


class SammeJournal(Exception):
    """A new epoch was asked for, and the journal is the one we know."""


async def kontroller(journal: Journal, db: Database) -> Hode:
    """The head, once it is known that the journal has the same message there.

    Raises:
        FremmedJournal: it has another, or has not come so far.
    """
    async with db.les() as tx:
        hode = await store.hode(tx)
        ledd = await store.siste(tx, hode.epoke, SETT_TILBAKE)
    if ledd and not await _kjent(journal, hode, ledd):
        raise FremmedJournal(f"journalen er en annen enn den som er arkivert til og med {hode.sekvens}")
    return hode


async def _kjent(journal: Journal, hode: Hode, ledd: Sequence[Ledd]) -> bool:
    if await journal.siste_sekvens() < hode.sekvens:
        return False
    for en in ledd:
        lik = await _lik(journal, en)
        if lik is not None:
            return lik
    return False


async def _lik(journal: Journal, ledd: Ledd) -> bool | None:
    """Whether the journal has the same message there; None when it has none."""
    melding = await journal.hent(ledd.sekvens)
    return None if melding is None else avtrykk(melding.subjekt, melding.data) == ledd.digest


async def aapne(journal: Journal, db: Database, clock: Clock, *, grunn: str, av: Aktoer) -> Hode:
    """Opens a new epoch from the first message that is not archived; told in the journal before it is done.

    Raises:
        SammeJournal: no new epoch is needed.
        JournalNede: it could not be told; nothing was done.
    """
    try:
        await kontroller(journal, db)
    except FremmedJournal:
        pass
    else:
        raise SammeJournal
    async with db.les() as tx:
        gammel = await store.hode(tx)
    felles = await _foer_det_nye(journal, await _siste_felles(journal, db, gammel))
    data = EpokeData(epoke=gammel.epoke + 1, fra_sekvens=felles + 1, grunn=grunn, av=av)
    await journal.publiser([EpokeAapnet.ny(data, naa=clock.now())])
    async with db.skriv() as tx:
        hode = await store.hode(tx, laas=True)
        if hode != gammel:
            raise SammeJournal  # somebody else opened it at the same time
        ny = Hode(data.epoke, felles, gammel.hash)
        await store.sett_hode(tx, ny)
    return ny


async def _foer_det_nye(journal: Journal, felles: int) -> int:
    """Right before the first message that is there after `felles`: another journal begins where it does, no gap."""
    neste = await journal.neste_paa(ALT, felles + 1)
    return (neste.sekvens if neste else await journal.siste_sekvens() + 1) - 1


async def _siste_felles(journal: Journal, db: Database, hode: Hode) -> int:
    """The last sequence at which journal and archive agree, by halving: what they share is a beginning.

    Where a message is missing in either, they count as different there: then some messages are archived once more
    in the new epoch, and none is left out.
    """
    lav, hoey = 0, min(hode.sekvens, await journal.siste_sekvens())
    while lav < hoey:
        midt = (lav + hoey + 1) // 2
        async with db.les() as tx:
            ledd = await store.ett(tx, hode.epoke, midt)
        if ledd and await _lik(journal, ledd):
            lav = midt
        else:
            hoey = midt - 1
    return lav
