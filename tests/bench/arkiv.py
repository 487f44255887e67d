"""How far the archive is behind the journal while much happens, and how fast it is verified."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from infra.db import Database
from infra.journal import Journal
from services.audit.verifisering import verifiser_arkivet
from tests.bench.maaling import median
from tests.harness.anlegg import Anlegg

BLIKK_SEKUNDER = 0.01


@dataclass
class Etterslep:
    """When each sequence was first seen in the journal, and in the archive."""

    journal: dict[int, float] = field(default_factory=dict)
    arkiv: dict[int, float] = field(default_factory=dict)

    def ms(self) -> list[float]:
        """The lag of each message; no finer than the looks."""
        return [(self.arkiv[n] - tid) * 1000 for n, tid in self.journal.items() if n in self.arkiv]

    def linje(self) -> str:
        ms = self.ms()
        return f"arkivets etterslep: median {median(ms):.0f} ms, størst {max(ms):.0f} ms ({len(ms)} rader sett på)"


@asynccontextmanager
async def foelg(anlegg: Anlegg) -> AsyncIterator[Etterslep]:
    """Looks at both heads every 10 ms for as long as the block lasts."""
    nats = anlegg.data / "nats"
    port = re.search(r"^port: (\d+)$", (nats / "nats.conf").read_text(), re.MULTILINE)
    assert port
    journal = Journal(f"nats://127.0.0.1:{port[1]}", (nats / "nats.hemmelig").read_text().strip())
    await journal.start()
    sett = Etterslep()
    blikk = asyncio.create_task(_se(anlegg, journal, sett))
    try:
        yield sett
        await asyncio.sleep(0.2)  # the last rows
    finally:
        blikk.cancel()
        await asyncio.gather(blikk, return_exceptions=True)
        await journal.stopp()


async def _se(anlegg: Anlegg, journal: Journal, sett: Etterslep) -> None:
    foer_j = await journal.siste_sekvens()
    foer_a = foer_j
    while True:
        j = await journal.siste_sekvens()
        a = anlegg.spoer_db("SELECT MAX(sekvens) FROM audit_rad", arkiv=True)
        naa = time.perf_counter()
        sett.journal.update(dict.fromkeys(range(foer_j + 1, j + 1), naa))
        sett.arkiv.update(dict.fromkeys(range(foer_a + 1, a + 1), naa))
        foer_j, foer_a = max(foer_j, j), max(foer_a, a)
        await asyncio.sleep(BLIKK_SEKUNDER)


async def verifiser(anlegg: Anlegg) -> str:
    """Walks the whole archive, as `salto audit verifiser` does."""
    db = Database(f"sqlite+aiosqlite:///{anlegg.data / 'audit.db'}")
    try:
        begynte = time.perf_counter()
        resultat = await verifiser_arkivet(db)
        sekunder = time.perf_counter() - begynte
    finally:
        await db.lukk()
    assert resultat.hel
    bytes_ = anlegg.spoer_db("SELECT SUM(LENGTH(data)) FROM audit_rad", arkiv=True)
    return (
        f"verifisering: {resultat.rader} rader ({bytes_ / 1e6:.1f} MB), {resultat.rader / sekunder:.0f} rader/s,"
        f" {bytes_ / 1e6 / sekunder:.0f} MB/s"
    )
