"""No room on the disk under a store, or in the journal, while people are called; and then there is room again."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import aiohttp

from infra.journal.topologi import JOURNAL
from infra.nats.vakt import hold_i_live
from infra.simulator.klient import vent
from tests.faults.drift import Drift
from tests.faults.feil import POSTGRESQL, SQLITE, Feil
from tests.faults.folket import demonstrasjon
from tests.faults.natt import Natt
from tests.harness.postgres import Postgres

MEGABYTE = 64
FULL_SEKUNDER = 3.0
NEKTES_SEKUNDER = 120.0
"""What a store has set aside before is filled first; then a telling is tried for ten seconds before it is doubt."""
TAALMODIG = aiohttp.ClientTimeout(NEKTES_SEKUNDER)
TABELLROM = "liten"


class IngenLitenDisk(Exception):
    """This fault cannot be made on this machine, and was not."""


@asynccontextmanager
async def liten_disk(sted: Path) -> AsyncIterator[None]:
    """A disk of a few megabytes at this place. Raises IngenLitenDisk where we may not mount one."""
    sted.mkdir(parents=True, exist_ok=True)
    kommando = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTE}m,mode=0777", "tmpfs", str(sted)]
    forsoek = await asyncio.to_thread(subprocess.run, kommando, capture_output=True, text=True)
    if forsoek.returncode:
        raise IngenLitenDisk(f"DISK FULL ER IKKE PRØVD: kan ikke montere en tmpfs ({forsoek.stderr.strip()})")
    try:
        yield
    finally:  # lazily: a process of the deployment may be ending yet
        await asyncio.to_thread(subprocess.run, ["umount", "-l", str(sted)], check=True)


@asynccontextmanager
async def _under_sqlite(mappe: Path, _: Postgres | None) -> AsyncIterator[None]:
    async with liten_disk(mappe / "data"):
        yield


@asynccontextmanager
async def _under_nats(mappe: Path, _: Postgres | None) -> AsyncIterator[None]:
    async with liten_disk(mappe / "nats"):
        yield


@asynccontextmanager
async def _under_postgres(_: Path, postgres: Postgres | None) -> AsyncIterator[None]:
    """Every table made meanwhile lies on the small disk; the server's own log does not."""
    assert postgres
    sted = _disk_til(postgres)
    async with liten_disk(sted):
        (sted / "data").mkdir(mode=0o777)
        os.chown(sted / "data", postgres.mappe.stat().st_uid, postgres.mappe.stat().st_gid)
        db = await postgres.koble("postgres")
        try:
            await db.execute(f"CREATE TABLESPACE {TABELLROM} LOCATION '{sted / 'data'}'")
            await db.execute(f"ALTER ROLE salto SET default_tablespace = {TABELLROM}")
            yield
            await db.execute("ALTER ROLE salto RESET default_tablespace")
            await db.execute(f"DROP TABLESPACE {TABELLROM}")
        finally:
            await db.close()


def _disk_til(postgres: Postgres) -> Path:
    return postgres.mappe / "disk"


@asynccontextmanager
async def fylt(sted: Path) -> AsyncIterator[None]:
    """Not a byte is free in the block."""
    fil = sted / "fyll"
    with fil.open("wb", buffering=0) as ut:
        for biter in (1024 * 1024, 4096):
            with suppress(OSError):
                while True:
                    ut.write(bytes(biter))
    try:
        yield
    finally:
        fil.unlink()


@asynccontextmanager
async def full_journal(d: Drift) -> AsyncIterator[None]:
    """The journal takes nothing more in the block, though its disk has room: somebody has set a limit."""
    async with d.js() as js:
        info = await js.stream_info(JOURNAL)
        await js.update_stream(info.config.evolve(max_bytes=info.state.bytes))
        try:
            yield
        finally:
            await js.update_stream(info.config.evolve(max_bytes=-1))


@dataclass(frozen=True)
class Fullt:
    """What is full, and how one is told."""

    gjoer: Callable[[Drift], AbstractAsyncContextManager[None]]
    i_loggen: str
    paa_helse: str = ""
    """A word of what readiness says; empty where it cannot know."""


async def _full(hva: Fullt, natt: Natt, terning: random.Random, ganger: int) -> None:
    """Somebody is called, it is filled while they answer; doors refuse, and the same key goes afterwards."""
    d = natt.drift
    vakt = asyncio.create_task(hold_i_live(d.journal, d.mappe / "nats"))
    try:
        for _ in range(ganger):
            await natt.meld()
            await asyncio.sleep(terning.uniform(0.0, 0.6))  # the moment is the test: nothing is waited for
            async with hva.gjoer(d):
                kropp, hode = await _til_doerene_nekter(natt)
                await vent(partial(_sagt, d, hva), f"loggen sier {hva.i_loggen}", NEKTES_SEKUNDER)
                await asyncio.sleep(FULL_SEKUNDER)
            natt.meldt.append(dict(await d.kall("POST", "/hendelser", json=kropp, headers=hode)))
        await d.oppe()
    finally:
        vakt.cancel()
    assert "uventet_feil" not in d.logg(), "en dør svarte 500"


async def _til_doerene_nekter(natt: Natt) -> tuple[dict[str, object], dict[str, str]]:
    """Posts until a door says 503: some may go, in what the store had set aside. Gives the one that was refused."""
    d, slutt = natt.drift, asyncio.get_running_loop().time() + NEKTES_SEKUNDER
    for nr in count():
        kropp, hode = demonstrasjon(), {"Idempotency-Key": f"full-{len(natt.meldt)}-{nr}"}
        async with d.http.post(f"{d.url}/api/v1/hendelser", json=kropp, headers=hode, timeout=TAALMODIG) as svar:
            if svar.status == 503:
                return kropp, hode
            assert svar.status == 201, f"{svar.status}: {await svar.text()}"
            natt.meldt.append(dict(await svar.json()))
        assert asyncio.get_running_loop().time() < slutt, "dørene tar imot på en full disk"
    raise AssertionError


async def _sagt(d: Drift, hva: Fullt) -> bool | None:
    """Whether the fault is loud: in the log, and where it can be known, in what readiness says."""
    if hva.i_loggen not in d.logg():
        return None
    with suppress(aiohttp.ClientError, TimeoutError):
        async with d.http.get(f"{d.url}/helse/klar") as svar:
            return hva.paa_helse in await svar.text() or None
    return None


def _pg(d: Drift) -> Path:
    assert d.postgres
    return _disk_til(d.postgres)


SQLITE_DISK = Fullt(lambda d: fylt(d.mappe / "data"), "avhengighet_nede", "disken")
NATS_DISK = Fullt(lambda d: fylt(d.mappe / "nats"), "fortelling_ubekreftet")
POSTGRES_DISK = Fullt(lambda d: fylt(_pg(d)), "rommet_venter")
FULL_JOURNAL = Fullt(full_journal, "journalen_er_full", "journalen er full")

DISK = (
    Feil("disken er full under SQLite", partial(_full, SQLITE_DISK), ganger=3, baser=(SQLITE,), disk=_under_sqlite),
    Feil("disken er full under nats-server", partial(_full, NATS_DISK), ganger=3, kort=(POSTGRESQL,),
         disk=_under_nats),
    Feil("disken er full under PostgreSQL", partial(_full, POSTGRES_DISK), ganger=3, baser=(POSTGRESQL,),
         disk=_under_postgres),
    Feil("journalen er full", partial(_full, FULL_JOURNAL), ganger=3, bare_lang=True),
)  # fmt: skip
