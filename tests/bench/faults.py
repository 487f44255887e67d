"""`./salto bench faults`: every fault in its long form on both databases, and one table of what came of it."""

from __future__ import annotations

import asyncio
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.drift import Mor
from tests.faults.fasit import Utslag
from tests.faults.feil import POSTGRESQL, SQLITE, Feil, en_gang
from tests.faults.katalog import ALLE
from tests.harness.postgres import Postgres, postgres_i

FRIST_SEKUNDER = 600.0
"""A bound for one run; one that takes longer has failed."""
RUNDER = 1
HODE = (
    f"{'feil':<58} {'base':<10} {'ganger':>6} {'drept':>5} {'meldinger':>9} {'tapt':>4} {'doble':>5}"
    f" {'uviss sms':>9} {'uviss e-post':>12} {'lengst til ro':>13}"
)


@dataclass
class Rad:
    """A line of the table: one fault on one database, summed over its runs; `ganger`: how many times it struck."""

    navn: str
    base: str
    ganger: int = 0
    sum: Utslag = field(default_factory=Utslag)

    def legg_til(self, u: Utslag, ganger: int) -> None:
        self.ganger += ganger
        s = self.sum
        s.meldinger += u.meldinger
        s.tapt += u.tapt
        s.doble += u.doble
        s.uviss += u.uviss
        s.uviss_epost += u.uviss_epost
        s.drept += u.drept
        s.hentet_inn_sekunder = max(s.hentet_inn_sekunder, u.hentet_inn_sekunder)
        s.brudd += u.brudd

    @property
    def holder(self) -> bool:
        """Whether every promise was kept."""
        return not (self.sum.tapt or self.sum.doble or self.sum.brudd)

    def linje(self) -> str:
        s = self.sum
        return (
            f"{self.navn:<58} {self.base:<10} {self.ganger:>6} {s.drept:>5} {s.meldinger:>9} {s.tapt:>4} {s.doble:>5}"
            f" {s.uviss:>9} {s.uviss_epost:>12} {s.hentet_inn_sekunder:>11.1f} s"
        ) + "".join(f"\n    BRUDD: {brudd[:300]}" for brudd in s.brudd)


async def maal(
    si: Callable[[str], None], *, del_av: str = "", runder: int = RUNDER, baser: Sequence[str] = (SQLITE, POSTGRESQL)
) -> bool:
    """Runs the faults whose name has `del_av` in it; says each line as it is known. Returns whether all holds."""
    rader: list[Rad] = []
    mor = await Mor.start()
    si(HODE)
    try:
        async with postgres_i() as postgres:
            for feil in (f for f in ALLE if del_av in f.navn):
                for base in (b for b in feil.baser if b in baser):
                    rader.append(await _en_rad(feil, base, mor, postgres, runder))
                    si(rader[-1].linje())
    finally:
        await mor.stopp()
    si(_sum(rader))
    return all(rad.holder for rad in rader)


async def _en_rad(feil: Feil, base: str, mor: Mor, postgres: Postgres, runder: int) -> Rad:
    rad = Rad(feil.navn, base)
    for froe in range(1, runder + 1):
        with tempfile.TemporaryDirectory(prefix="salto-feil-") as mappe:
            server = postgres if base == POSTGRESQL else None
            try:
                async with asyncio.timeout(FRIST_SEKUNDER):
                    utslag = await en_gang([feil], Path(mappe), mor, server, froe=froe, ganger=feil.ganger)
            except Exception as uventet:  # noqa: BLE001 - a run that does not come to rest is a line of the table
                utslag = Utslag(brudd=[f"frø {froe}: {_kort(uventet)}"])
            rad.legg_til(utslag, feil.ganger)
    return rad


def _kort(feil: BaseException) -> str:
    return " ".join(traceback.format_exception_only(feil)).strip() or type(feil).__name__


def _sum(rader: list[Rad]) -> str:
    linjer = []
    for base in dict.fromkeys(rad.base for rad in rader):
        mine = [rad for rad in rader if rad.base == base]
        alt = Rad("I alt", base)
        for rad in mine:
            alt.legg_til(rad.sum, rad.ganger)
        alt.sum.brudd = []
        linjer.append(alt.linje())
    return "\n".join(linjer)
