"""Where a room's tables are in the journal, read and written."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select, update

from infra.db import Tx, sett_inn_ny, tabell
from infra.journal.tables import StedRow

STED = tabell(StedRow)
UVISST = -1
"""How far a room had told, while nobody knows whether its tables lack anything at all."""


@dataclass(frozen=True)
class Sted:
    """One room's place. The fields are columns of `journal_sted`."""

    journal: str = ""
    begynner: int = 0
    sekvens: int = 0
    sett: int = 0
    gjenspilles_fra: int = 0
    gjenspilles_til: int = 0
    fortalt_til: int = 0
    levert_til: int = 0

    @property
    def gjenspilles(self) -> bool:
        """Whether a replay is under way, in this process or in one that died."""
        return self.gjenspilles_til > 0


_FELT = [STED.c[felt.name] for felt in fields(Sted)]


async def hent(tx: Tx, rom: str, *, laas: bool = False) -> Sted:
    """The place of a room; with `laas`, held until the transaction ends."""
    sporring = select(*_FELT).where(STED.c.rom == rom)
    rad = (await tx.execute(sporring.with_for_update() if laas else sporring)).one_or_none()
    return Sted(*rad) if rad else Sted()


async def alle(tx: Tx, *, laas: bool = False) -> dict[str, Sted]:
    """The place of every room that has one."""
    sporring = select(STED.c.rom, *_FELT).order_by(STED.c.rom)
    rader = await tx.execute(sporring.with_for_update() if laas else sporring)
    return {rad[0]: Sted(*rad[1:]) for rad in rader}


async def sett(tx: Tx, rom: str, **felt: Any) -> None:
    """Writes some of a place down, whether there is a row or not."""
    await sett_inn_ny(tx, StedRow, [{"rom": rom, **vars(Sted())}])
    if felt:
        await tx.execute(update(STED).where(STED.c.rom == rom).values(**felt))


async def noter(tx: Tx, rom: str, *, journal: str, sekvens: int, sett_til: int) -> None:
    """Moves a place forward, never back, and not while it is being replayed."""
    await sett_inn_ny(tx, StedRow, [{"rom": rom, **vars(Sted())}])
    framover = update(STED).where(STED.c.rom == rom, STED.c.gjenspilles_til == 0, STED.c.sekvens <= sekvens)
    await tx.execute(framover.values(journal=journal, sekvens=sekvens, sett=sett_til))
