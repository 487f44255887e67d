"""A cluster whose servers die and fall silent, several times each: what was lost or doubled, and how long it stood."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.maaling import median
from tests.harness.baser import Base
from tests.harness.klynge import NAVN, Klynge, klynge_i
from tests.harness.last import FEIL, Utfall, utsett
from tests.infra.rommet import huset_i

GANGER = 5
HODE = (
    f"{'feil':<26} {'ganger':>6} {'bekreftet':>9} {'lagret':>7} {'behandlet':>9} {'tapt':>5} {'dobbelt':>7}"
    f" {'uorden':>6} {'omstokket':>9} {'nei':>4} {'median':>9} {'lengst':>9}"
)


async def maal(si: Callable[[str], None], ganger: int = GANGER) -> bool:
    """Every fault so many times on one cluster; says a line for each, and gives whether all was well."""
    bra = True
    si(HODE)
    with tempfile.TemporaryDirectory(prefix="salto-klynge-") as rot:
        async with klynge_i(Path(rot)) as klynge:
            for feil in FEIL:
                utfall = [await _en(klynge, Path(rot), feil) for _ in range(ganger)]
                si(_linje(feil, utfall))
                bra = bra and all(_bra(u) for u in utfall)
    return bra


async def _en(klynge: Klynge, rot: Path, feil: str) -> Utfall:
    await klynge.oppe()
    leser = klynge.ny_journal()
    await leser.koble_til()
    try:
        async with huset_i(Base(f"sqlite+aiosqlite:///{rot}/salto.db", "", ""), klynge, kopier=len(NAVN)) as huset:
            return await utsett(klynge, huset, leser, feil)
    finally:
        await leser.stopp()


def _bra(u: Utfall) -> bool:
    like = sorted(u.bekreftet) == sorted(u.lagret) == sorted(u.behandlet) == sorted(u.fortalt)
    return like and not u.i_uorden() and u.lest == list(range(1, u.lest[-1] + 1))


def _linje(feil: str, alle: list[Utfall]) -> str:
    opphold = [u.opphold_ms for u in alle]
    sum_ = {felt: sum(len(getattr(u, felt)) for u in alle) for felt in ("bekreftet", "lagret", "behandlet")}
    tapt, dobbelt = (sum(len(f(u)) for u in alle) for f in (Utfall.tapt, Utfall.dobbelt))
    uorden, omstokket = (sum(f(u) for u in alle) for f in (Utfall.i_uorden, Utfall.omstokket))
    return (
        f"{feil:<26} {len(alle):>6} {sum_['bekreftet']:>9} {sum_['lagret']:>7} {sum_['behandlet']:>9} {tapt:>5}"
        f" {dobbelt:>7} {uorden:>6} {omstokket:>9} {sum(u.nei for u in alle):>4}"
        f" {median(opphold):>6.0f} ms {max(opphold):>6.0f} ms"
    )
