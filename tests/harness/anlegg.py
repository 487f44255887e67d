"""A whole system as it runs on a machine: `salto up` in a process group of its own, and a gateway that outlives it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator, vent
from tests.harness.by import OPPSTARTSTOKEN
from tests.harness.porter import ledig_port
from tests.harness.prosesser import barn, doe_med_forelder
from tests.simulator import prosess as simulatorprosess

ROT = Path(__file__).parent.parent.parent
VAART_NUMMER = "+4790099000"
OPPE_SEKUNDER = 60.0
KOLONNER = "person_id;navn;mobil;epost;rolle;enhet;vara_for;kanaler;gyldig_fra;gyldig_til"


@dataclass
class Anlegg:
    """The system as a process: started, killed, started again on the same data."""

    mappe: Path
    gateway: Adresse
    sim: Simulator
    port: int = field(default_factory=ledig_port)
    nats_port: int = field(default_factory=ledig_port)
    innstillinger: Mapping[str, str] = field(default_factory=dict)
    prosess: subprocess.Popen[bytes] | None = None
    drept: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.mappe / "data"

    @property
    def svar_url(self) -> str:
        """Where the gateway hands over what phones answer."""
        return f"{self.url}/webhooks/twilio/sms#rc=5&rp=all"

    def miljoe(self) -> dict[str, str]:
        """A real gateway configured from outside: the stand-in, as Twilio would be."""
        arvet = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE" and not k.startswith("SALTO_")}
        return arvet | {
            "SALTO_API_TOKEN": OPPSTARTSTOKEN,
            "SALTO_TWILIO_ACCOUNT_SID": self.gateway.sid,
            "SALTO_TWILIO_AUTH_TOKEN": self.gateway.token,
            "SALTO_TWILIO_FROM": VAART_NUMMER,
            "SALTO_TWILIO_BASE_URL": self.gateway.url,
            "SALTO_SMTP_URL": f"smtp://127.0.0.1:{self.gateway.smtp_port}",
            "SALTO_LOG_LEVEL": "WARNING",
            "SALTO_NATS_PORT": str(self.nats_port),
            **self.innstillinger,
        }

    def begynn(self) -> None:
        """Starts the process; see `oppe` for when it answers."""
        kommando = [sys.executable, "-m", "services", "up", "--data", str(self.data), "--port", str(self.port)]
        with (self.mappe / "salto.log").open("ab") as ut:
            self.prosess = subprocess.Popen(  # noqa: S603 - our own program
                kommando,
                cwd=ROT,
                env=self.miljoe(),
                stdout=ut,
                stderr=ut,
                start_new_session=True,
                preexec_fn=doe_med_forelder,
            )

    async def oppe(self) -> None:
        """Waits until the doors are open and every room is ready."""
        prosess = self.prosess
        assert prosess is not None

        async def klar() -> bool | None:
            assert prosess.poll() is None, f"salto stoppet under oppstart:\n{self.logg()}"
            with suppress(aiohttp.ClientError, TimeoutError):
                async with (
                    aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(2)) as http,
                    http.get(f"{self.url}/helse/klar") as svar,
                ):
                    return svar.status == 200 or None
            return None

        await vent(klar, "anlegget er oppe", OPPE_SEKUNDER)

    async def start(self) -> None:
        self.begynn()
        await self.oppe()

    def pider(self) -> list[int]:
        """Every process of the system: the program and its nats-server, which has a group of its own."""
        assert self.prosess is not None
        return [self.prosess.pid, *barn(self.prosess.pid)]

    def drep(self, *, bare_programmet: bool = False) -> None:
        """SIGKILL to everything at once: nobody gets to say goodbye.

        Args:
            bare_programmet: its nats-server is left to find out by itself that its parent is gone.
        """
        assert self.prosess is not None
        for pid in (
            () if bare_programmet else reversed(self.pider())
        ):  # the children first, or they would hear that their parent is gone
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.killpg(self.prosess.pid, signal.SIGKILL)
        self.prosess.wait(60)
        self.prosess = None
        self.drept += 1

    def drep_journalen(self) -> None:
        """SIGKILL to the nats-server alone."""
        pid = int((self.data / "nats" / "nats.pid").read_text())
        assert pid in self.pider()
        os.kill(pid, signal.SIGKILL)

    def stopp(self) -> int:
        """SIGTERM, as an operator would; gives the exit code."""
        assert self.prosess is not None
        self.prosess.terminate()
        kode = self.prosess.wait(30)
        self.prosess = None
        return kode

    def logg(self) -> str:
        """What the program has said so far."""
        return (self.mappe / "salto.log").read_text(errors="replace")

    def spoer_db(self, sql: str, *verdier: object, arkiv: bool = False) -> int:
        """One number from the system's own tables (or the archive's), as of its newest commit."""
        fil = self.data / ("audit.db" if arkiv else "salto.db")
        with closing(sqlite3.connect(f"file:{fil}?mode=ro", uri=True, timeout=5)) as db:
            return int(db.execute(sql, verdier).fetchone()[0] or 0)

    async def status(self, metode: str, sti: str, **kw: Any) -> int:
        """A call as in `kall`; gives only how it went."""
        hode = {"Authorization": f"Bearer {OPPSTARTSTOKEN}", **kw.pop("headers", {})}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as http,
            http.request(metode, f"{self.url}/api/v1{sti}", headers=hode, **kw) as svar,
        ):
            return svar.status

    async def kall(self, metode: str, sti: str, **kw: Any) -> Any:
        """A call under `/api/v1` as the sekretariat; gives the JSON, asserts that it went well."""
        hode = {"Authorization": f"Bearer {OPPSTARTSTOKEN}", **kw.pop("headers", {})}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as http,
            http.request(metode, f"{self.url}/api/v1{sti}", headers=hode, **kw) as svar,
        ):
            assert svar.status < 300, f"{metode} {sti}: {svar.status} {await svar.text()}"
            return await svar.json()

    async def les_inn(self, rader: Sequence[str], *, erstatt: bool = False) -> None:
        """Imports register rows (without the header)."""
        kropp = "\n".join([KOLONNER, *rader]).encode()
        hode = {"Content-Type": "text/csv"}
        sti = f"/register/import?erstatt={'true' if erstatt else 'false'}"
        await self.kall("POST", sti, data=kropp, headers=hode)


@asynccontextmanager
async def anlegg_i(mappe: Path, *, latens_ms: int = 50, **innstillinger: str) -> AsyncIterator[Anlegg]:
    """A gateway that runs, and a system that is not yet started; nothing is left running afterwards."""
    mappe.mkdir(parents=True, exist_ok=True)
    async with (
        simulatorprosess.start(mappe / "gateway", "--latens-ms", str(latens_ms)) as gateway,
        Simulator(gateway.adresse.url) as sim,
    ):
        anlegg = Anlegg(mappe, gateway.adresse, sim, innstillinger=innstillinger)
        await sim.still_inn(innkommende_url=anlegg.svar_url, nummer=VAART_NUMMER)
        try:
            yield anlegg
        finally:
            if anlegg.prosess is not None:
                anlegg.drep()


def folk(antall: int, *, rolle: str = "uteseksjonen", enhet: str = "velferdsetaten", epost: bool = True) -> list[str]:
    """Register rows of fictitious people in one role, one number and one address each."""
    return [
        f"p{nr:05d};Oppdiktet Person {nr:05d};{nummer(nr)};{adresse(nr) if epost else ''};{rolle};{enhet};;;;"
        for nr in range(1, antall + 1)
    ]


def nummer(nr: int) -> str:
    """+47 900 0x xxx: obviously made up."""
    return f"+47900{nr:05d}"


def adresse(nr: int) -> str:
    return f"p{nr:05d}@folk.salto.example"
