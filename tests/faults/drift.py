"""The system as it is deployed, for fault tests: a journal, a database, a gateway, and one process per room.

Usable by every scenario: `async with drift_i(mappe, base) as d` gives a running system; `d.drep("sms")` ends a room,
`d.start("sms")` brings it back, `d.innstillinger` are the settings the next start gets (a proxy's port, for example).
`natt.py` gives it work, `fasit.py` checks it from outside.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
import nats as nats_py
from nats.js import JetStreamContext

from infra.db import Database
from infra.nats import server as nats
from infra.settings import Settings
from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator, vent
from services.migrering import migrer
from tests.faults import klokkefil
from tests.harness.anlegg import KOLONNER, VAART_NUMMER
from tests.harness.by import OPPSTARTSTOKEN
from tests.harness.porter import ledig_port
from tests.harness.postgres import Postgres
from tests.simulator import prosess as simulatorprosess

ROT = Path(__file__).parents[2]
ROM = ("register", "routing", "hendelser", "utkalling", "sms", "epost", "audit")
WEB = "web"
OPPE_SEKUNDER = 60.0
HODE = {"Authorization": f"Bearer {OPPSTARTSTOKEN}"}
ANROP_SEKUNDER, RO_SEKUNDER = 2.0, 4.0
"""How long a call may take, and the settling time: longer than its lease of 3 s; this gateway's listing has no lag."""


@dataclass
class Mor:
    """The process whose children the rooms are."""

    prosess: asyncio.subprocess.Process

    @classmethod
    async def start(cls) -> Self:
        """Begins it; it has everything imported when the first child is asked for."""
        miljoe = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE" and not k.startswith("SALTO_")}
        roer = asyncio.subprocess.PIPE
        kommando = [sys.executable, "-m", "tests.faults.mor"]
        return cls(await asyncio.create_subprocess_exec(*kommando, stdin=roer, stdout=roer, cwd=ROT, env=miljoe))

    async def foed(self, hva: dict[str, Any]) -> int:
        """A child that runs what it is told; gives its pid."""
        assert self.prosess.stdin
        assert self.prosess.stdout
        self.prosess.stdin.write(json.dumps(hva).encode() + b"\n")
        async with asyncio.timeout(OPPE_SEKUNDER):
            return int(await self.prosess.stdout.readline())

    async def stopp(self) -> None:
        """Ends it, and with it every child."""
        self.prosess.kill()
        await self.prosess.wait()


@dataclass
class Drift:
    """One deployment: which process runs what, and how to reach it."""

    mappe: Path
    mor: Mor
    journal: nats.Tjener
    gateway: Adresse
    sim: Simulator
    database_url: str
    postgres: Postgres | None
    innstillinger: dict[str, str] = field(default_factory=dict)
    porter: dict[str, int] = field(default_factory=dict)
    pider: dict[str, int] = field(default_factory=dict)
    drept: int = 0

    def __post_init__(self) -> None:
        self.porter = {WEB: ledig_port()}
        self.db = Database(self.database_url)
        self.http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20), headers=HODE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.porter[WEB]}"

    def miljoe(self, port: int) -> dict[str, str]:
        """The settings of a process, as an operator would give them."""
        return {
            "SALTO_DATABASE_URL": self.database_url,
            "SALTO_NATS_URL": self.journal.url,
            "SALTO_NATS_TOKEN": self.journal.token,
            "SALTO_DATA_DIR": str(self.mappe / "data"),
            "SALTO_SECRET_KEY": "en-hemmelighet-for-denne-proeven",
            "SALTO_API_TOKEN": OPPSTARTSTOKEN,
            "SALTO_PORT": str(port),
            "SALTO_PUBLIC_URL": self.url,
            "SALTO_TWILIO_ACCOUNT_SID": self.gateway.sid,
            "SALTO_TWILIO_AUTH_TOKEN": self.gateway.token,
            "SALTO_TWILIO_FROM": VAART_NUMMER,
            "SALTO_TWILIO_BASE_URL": self.gateway.url,
            "SALTO_SMTP_URL": f"smtp://127.0.0.1:{self.gateway.smtp_port}",
            "SALTO_SMS_RO_SEKUNDER": str(RO_SEKUNDER),
            "SALTO_SMS_ANROP_SEKUNDER": str(ANROP_SEKUNDER),
            "SALTO_SMS_VINDU": "32",
            "SALTO_TICK_SEKUNDER": "0.1",
            "SALTO_LOG_LEVEL": "WARNING",
            **self.innstillinger,
        }

    async def start(self, navn: str, *, punkt: str = "", gang: int = 1) -> None:
        """Begins a process, once the one before it has ended. `sms` is the room; `sms/2` another replica of it.

        Args:
            navn: which.
            punkt: one of `punkter.PUNKTER`: where it is to end itself.
            gang: the how manieth time it comes there.
        """
        port = self.porter.setdefault(navn, ledig_port())
        hva = {"tjenester": [navn.partition("/")[0]], "miljoe": self.miljoe(port), "punkt": punkt, "gang": gang}
        klokke = self.mappe / klokkefil.NAVN
        hva["klokke"] = str(klokke) if klokke.exists() else ""
        self.pider[navn] = await self.mor.foed(hva | {"logg": str(self.mappe / "salto.log")})

    async def start_alle(self, navn: Iterable[str] = (*ROM, WEB)) -> None:
        """Begins processes, and waits until each is ready."""
        alle = list(navn)
        for ett in alle:
            await self.start(ett)
        await asyncio.gather(*(self.oppe(ett) for ett in alle))

    async def oppe(self, navn: str = WEB, *, eller_borte: bool = False) -> None:
        """Waits until a process says that it, and all it needs, is ready (or has ended already, when that will do)."""

        async def klar() -> bool | None:
            if not self.lever(navn):
                assert eller_borte, f"{navn} er borte:\n{self.logg()[-3000:]}"
                return True
            with suppress(aiohttp.ClientError, TimeoutError):
                frist = aiohttp.ClientTimeout(3)
                async with self.http.get(f"http://127.0.0.1:{self.porter[navn]}/helse/klar", timeout=frist) as svar:
                    return svar.status == 200 or None
            return None

        await vent(klar, f"{navn} er klar", OPPE_SEKUNDER)

    def lever(self, navn: str) -> bool:
        """Whether its process is there."""
        with suppress(OSError):
            os.kill(self.pider[navn], 0)
            return True
        return False

    async def drep(self, *navn: str) -> None:
        """SIGKILL, at whatever instruction they are."""
        for ett in navn:
            with suppress(ProcessLookupError):
                os.kill(self.pider[ett], signal.SIGKILL)
        for ett in navn:
            await self.borte(ett)

    async def borte(self, navn: str, innen: float = OPPE_SEKUNDER) -> None:
        """Waits until its process has ended."""

        async def endt() -> bool | None:
            return not self.lever(navn) or None

        await vent(endt, f"{navn} har endt", innen)

    async def stopp(self, *navn: str) -> None:
        """SIGTERM, as an operator would; waits until they have ended."""
        for ett in navn:
            with suppress(ProcessLookupError):
                os.kill(self.pider[ett], signal.SIGTERM)
        for ett in navn:
            await self.borte(ett)

    async def kall(self, metode: str, sti: str, **kw: Any) -> Any:
        """A call under `/api/v1` as the sekretariat, tried again until it is answered with yes.

        Raises:
            AssertionError: it was refused (4xx), or nobody answered in time.
        """

        async def igjen() -> Any:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.request(metode, f"{self.url}/api/v1{sti}", **kw) as svar:
                    assert svar.status < 300 or svar.status >= 500, f"{sti}: {svar.status} {await svar.text()}"
                    return await svar.json() if svar.status < 300 else None
            return None

        return await vent(igjen, f"{metode} {sti}", OPPE_SEKUNDER)

    async def les_inn(self, rader: Iterable[str]) -> None:
        """Imports register rows (without the header)."""
        kropp = "\n".join([KOLONNER, *rader]).encode()
        await self.kall("POST", "/register/import?erstatt=true", data=kropp, headers={"Content-Type": "text/csv"})

    @asynccontextmanager
    async def js(self) -> AsyncIterator[JetStreamContext]:
        """The journal's server, as an operator reaches it."""
        nc = await nats_py.connect(self.journal.url, token=self.journal.token)
        try:
            yield nc.jetstream()
        finally:
            await nc.close()

    def logg(self) -> str:
        """What the processes have said so far."""
        fil = self.mappe / "salto.log"
        return fil.read_text(errors="replace") if fil.exists() else ""


@asynccontextmanager
async def drift_i(
    mappe: Path, mor: Mor, postgres: Postgres | None = None, *, start: bool = True, **innstillinger: str
) -> AsyncIterator[Drift]:
    """A deployment on empty stores, on PostgreSQL when a server is given, else on one SQLite file.

    Nothing of it is left running, and the database is dropped.
    """
    (mappe / "data").mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stakk:
        url = await _base(stakk, mappe, postgres)
        await migrer(Settings(database_url=url, data_dir=mappe / "data"))
        journal = await nats.start(mappe / "nats", port=ledig_port())
        stakk.callback(journal.stopp)
        gateway = await stakk.enter_async_context(simulatorprosess.start(mappe / "gateway", "--latens-ms", "20"))
        sim = await stakk.enter_async_context(Simulator(gateway.adresse.url))
        d = Drift(mappe, mor, journal, gateway.adresse, sim, url, postgres, innstillinger)
        stakk.push_async_callback(_rydd, d)
        await sim.still_inn(innkommende_url=f"{d.url}/webhooks/twilio/sms#rc=5&rp=all", nummer=VAART_NUMMER)
        if start:
            await d.start_alle()
        yield d


async def _base(stakk: AsyncExitStack, mappe: Path, postgres: Postgres | None) -> str:
    if postgres is None:
        return f"sqlite+aiosqlite:///{mappe / 'data' / 'salto.db'}"
    base = await postgres.ny_base()
    stakk.push_async_callback(postgres.slett, base)
    return postgres.url(base)


async def _rydd(d: Drift) -> None:
    await d.drep(*(navn for navn in d.pider if d.lever(navn)))
    await d.http.close()
    await d.db.lukk()
