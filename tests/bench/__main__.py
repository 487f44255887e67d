"""`python -m tests.bench [sms] [svar] [web] [kill] [klynge]`, or `faults [part of a name]`: a table, with ratios."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from infra import log
from tests.bench import arkiv, faults, gulv, klynge, sms, svar, web
from tests.bench.gulv import Gulv
from tests.bench.maaling import median
from tests.bench.sms import Utsending
from tests.harness.anlegg import Anlegg, anlegg_i

DELER = ("sms", "svar", "web", "kill", "klynge")
LATENS_MS = 50
STORE = {20: 3, 200: 3, 2000: 3}
"""Recipients, and how many times each is measured."""


def si(*linjer: str) -> None:
    """One line at a time, as soon as it is known."""
    for linje in linjer:
        print(linje, flush=True)  # noqa: T201 - the figures are the point


async def maal(deler: set[str]) -> None:
    """Brings a system up in an empty folder, measures it and takes it down."""
    with tempfile.TemporaryDirectory(prefix="salto-bench-") as rot:
        async with anlegg_i(Path(rot), latens_ms=LATENS_MS) as anlegg:
            await anlegg.sim.still_inn(statuser=["delivered"])
            await anlegg.start()
            if "sms" in deler:
                await _sms(anlegg)
            if "svar" in deler:
                si(*(await svar.maal(anlegg, 200)).linjer())
            if "web" in deler:
                await web.maal(anlegg, si)
            si(await arkiv.verifiser(anlegg))
            anlegg.stopp()


async def _sms(anlegg: Anlegg) -> None:
    si(*sms.linjer_foerste(await sms.foerste_sms(anlegg, 15, 10)))
    si(
        f"\n{'mottakere':>9}  {'første':>7}  {'siste':>7}  {'sendt/s':>7}  {'CPU s/1000':>10}"
        f"  | {'gulv siste':>10}  {'sendt/s':>7}  {'CPU':>5}  | {'× tid':>6}  {'× CPU':>6}"
    )
    etterslep = []
    for antall, ganger in STORE.items():
        await sms.befolk(anlegg, antall)
        gulvet = _midterste_gulv([await gulv.maal(anlegg.mappe, anlegg.gateway, antall) for _ in range(ganger)])
        async with arkiv.foelg(anlegg) as sett:
            maalt = [await sms.kall_ut(anlegg, antall) for _ in range(ganger)]
        etterslep.append(f"  ved {antall}: {sett.linje()}")
        si(_linje(maalt, gulvet))
    await sms.befolk(anlegg, 200, epost=True)
    begge = await sms.kall_ut(anlegg, 200)
    si(
        f"200 på SMS og e-post: siste SMS {begge.siste_ms:.0f} ms, CPU {begge.cpu * 5:.1f} s per 1 000 mottakere",
        *etterslep,
    )


def _midterste_gulv(maalt: list[Gulv]) -> Gulv:
    return Gulv(median([g.ms for g in maalt]), median([g.cpu for g in maalt]))


def _linje(maalt: list[Utsending], g: Gulv) -> str:
    n = maalt[0].mottakere
    foerste, siste = median([u.foerste_ms for u in maalt]), median([u.siste_ms for u in maalt])
    cpu, gulvcpu = median([u.cpu for u in maalt]) / n * 1000, g.cpu / n * 1000
    # Ours are counted until they arrive, the floor's until they are answered: the gateway's own time is taken off.
    gulv_ms = g.ms - LATENS_MS
    return (
        f"{n:>9}  {foerste:>4.0f} ms  {siste:>4.0f} ms  {n / siste * 1000:>7.0f}  {cpu:>10.2f}"
        f"  | {gulv_ms:>7.0f} ms  {n / gulv_ms * 1000:>7.0f}  {gulvcpu:>5.2f}"
        f"  | {siste / gulv_ms:>6.1f}  {cpu / max(gulvcpu, 0.01):>6.1f}"
    )


def main(argumenter: list[str]) -> int:
    """Runs what is asked for: all but the long kill tests, when nothing is."""
    log.sett_opp("console", "WARNING")
    if argumenter[:1] == ["faults"]:
        return 0 if asyncio.run(faults.maal(si, del_av=" ".join(argumenter[1:]))) else 1
    if ukjente := set(argumenter) - set(DELER):
        si(f"Ukjent: {', '.join(sorted(ukjente))}. Velg blant {', '.join(DELER)}, eller faults alene.")
        return 2
    deler = set(argumenter) or {"sms", "svar", "web"}
    if "klynge" in deler and not asyncio.run(klynge.maal(si)):
        return 1
    if deler - {"kill", "klynge"}:
        asyncio.run(maal(deler))
    if "kill" in deler:
        kommando = [sys.executable, "-m", "pytest", "tests/faults/test_kill.py", "-m", "bench", "-q"]
        return subprocess.run(kommando, check=False).returncode  # noqa: S603 - our own tests
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
