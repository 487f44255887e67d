"""Three nats-servers in a cluster on this machine, every line between them, and to us, a cable that can be cut."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import nats.errors

from infra.journal import Journal
from infra.journal.feil import NEDE_FEIL
from infra.journal.topologi import JOURNAL
from infra.nats.server import PULS, binaer
from infra.simulator.klient import vent
from tests.harness.kabel import Kabel
from tests.harness.porter import ledig_port
from tests.harness.prosesser import doe_med_forelder

TOKEN = "klyngens"
NAVN = ("n1", "n2", "n3")
HEL_SEKUNDER = 40.0


@dataclass
class Node:
    """One server: its ports, its store, and its process while it lives."""

    navn: str
    mappe: Path
    inn: Kabel
    port: int = field(default_factory=ledig_port)
    rute: int = field(default_factory=ledig_port)
    tall: int = field(default_factory=ledig_port)
    ruter: list[str] = field(default_factory=list)
    prosess: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it on the store it has."""
        fil = self.mappe / f"{self.navn}.conf"
        fil.write_text(self._oppsett())
        with (self.mappe / f"{self.navn}.log").open("ab") as ut:
            self.prosess = subprocess.Popen(  # noqa: S603 - our own
                [binaer(), "-c", str(fil)], stdout=ut, stderr=ut, process_group=0, preexec_fn=doe_med_forelder
            )

    def signaler(self, hvilket: signal.Signals) -> None:
        """SIGKILL, SIGTERM, or SIGUSR2: lame duck, everybody is asked to go elsewhere first."""
        assert self.prosess is not None
        os.kill(self.prosess.pid, hvilket)

    async def drep(self) -> None:
        """SIGKILL, and gone."""
        self.signaler(signal.SIGKILL)
        await self.vent_til_borte()

    def borte(self) -> bool:
        return self.prosess is None or self.prosess.poll() is not None

    async def vent_til_borte(self) -> None:
        if self.prosess:
            await asyncio.to_thread(self.prosess.wait, 40)

    def _oppsett(self) -> str:
        return f"""server_name: {self.navn}
listen: "127.0.0.1:{self.port}"
http: "127.0.0.1:{self.tall}"
max_payload: 8MB
authorization {{ token: "{TOKEN}" }}
jetstream {{ store_dir: "{self.mappe / self.navn}", max_mem: 64MB, max_file: 1GB }}
lame_duck_duration: "30s"
lame_duck_grace_period: "1s"
{PULS}
write_deadline: "2s"
cluster {{
  name: salto, listen: "127.0.0.1:{self.rute}", no_advertise: true, pool_size: -1
  routes: [{", ".join(self.ruter)}]
  ping_interval: "1s"
  ping_max: 2
}}
"""


class Klynge:
    """The three, and what can be done to them."""

    def __init__(self, noder: dict[str, Node], kabler: dict[tuple[str, str], Kabel]) -> None:
        self.noder = noder
        self._kabler = kabler
        self.journal: Journal | None = None

    @property
    def url(self) -> str:
        """What SALTO_NATS_URL would be."""
        return ",".join(f"nats://127.0.0.1:{n.inn.port}" for n in self.noder.values())

    @property
    def token(self) -> str:
        return TOKEN

    def ny_journal(self) -> Journal:
        """The journal of a program of its own, as it is in production."""
        return Journal(self.url, TOKEN, kopier=len(NAVN))

    def kutt(self, navn: str) -> None:
        """Takes a server's cables out: all of them, to the others and to us."""
        for kabel in self._kablene(navn):
            kabel.kutt()

    def hel(self, navn: str) -> None:
        """Puts them back."""
        for kabel in self._kablene(navn):
            kabel.hel()

    def _kablene(self, navn: str) -> list[Kabel]:
        return [self.noder[navn].inn, *(k for ender, k in self._kabler.items() if navn in ender)]

    async def ruter(self, navn: str) -> int:
        """How many of the others a server has a line to."""
        return int((await self._spoer(navn, "/routez"))["num_routes"])

    async def leder(self) -> str:
        """Who leads the journal, by the word of the rest of them."""

        async def en() -> str | None:
            for navn in self.noder:
                for strom in await self._stroemmer(navn):
                    if strom["cluster"].get("leader") == navn:
                        return navn
            return None

        return str(await vent(en, "journalen har en leder", HEL_SEKUNDER))

    async def oppe(self) -> None:
        """Waits until all three know one another and one leader, and every copy is up to date."""

        async def alle() -> bool | None:
            sett = {await self._meta(navn) for navn in self.noder}
            return (len(sett) == 1 and None not in sett) or None

        await vent(alle, "klyngen er hel", HEL_SEKUNDER)
        if self.journal:
            await vent(self._ajour, "alle kopiene er like", HEL_SEKUNDER)

    async def _ajour(self) -> bool | None:
        assert self.journal is not None
        with suppress(*NEDE_FEIL):
            info = await self.journal.js.stream_info(JOURNAL)
            kopier = (info.cluster and info.cluster.replicas) or []
            return (len(kopier) == len(NAVN) - 1 and all(k.current and not k.offline for k in kopier)) or None
        return None

    async def _meta(self, navn: str) -> str | None:
        helse = await self._spoer(navn, "/healthz")
        meta = (await self._spoer(navn, "/jsz")).get("meta_cluster", {})
        kopier = meta.get("replicas", []) if meta.get("leader") == navn else []  # the leader alone knows the others
        kjent = all(k["current"] and not k.get("offline") for k in kopier)
        er_hel = helse.get("status") == "ok" and meta.get("cluster_size") == len(NAVN) and kjent
        return meta.get("leader") if er_hel and await self.ruter(navn) == len(NAVN) - 1 else None

    async def _stroemmer(self, navn: str) -> list[dict[str, Any]]:
        svar = await self._spoer(navn, "/jsz?streams=1")
        alle = [s for konto in svar.get("account_details", []) for s in konto.get("stream_detail", [])]
        return [s for s in alle if s["name"] == JOURNAL]

    async def _spoer(self, navn: str, sti: str) -> dict[str, Any]:
        """The server's own word, past every cable."""
        node = self.noder[navn]
        with suppress(httpx2.HTTPError, json.JSONDecodeError):
            async with httpx2.AsyncClient(timeout=1) as http:
                svar: dict[str, Any] = (await http.get(f"http://127.0.0.1:{node.tall}{sti}")).json()
                return svar
        return {}

    async def bytt_leder(self, til: str) -> None:
        """Makes a server the journal's leader."""
        assert self.journal is not None
        while await self.leder() != til:
            with suppress(nats.errors.Error, TimeoutError):
                oensket = json.dumps({"placement": {"preferred": til}}).encode()
                await self.journal.nc.request(f"$JS.API.STREAM.LEADER.STEPDOWN.{JOURNAL}", oensket, timeout=2)
            await asyncio.sleep(0.1)
        await self.oppe()


@asynccontextmanager
async def klynge_i(mappe: Path) -> AsyncIterator[Klynge]:
    """A cluster in a folder, whole and with a leader."""
    noder = {navn: Node(navn, mappe, Kabel()) for navn in NAVN}
    kabler = {(a, b): Kabel() for a in NAVN for b in NAVN if a != b}
    klynge = Klynge(noder, kabler)
    try:
        for node in noder.values():
            await node.inn.legg(node.port)
        for (a, b), kabel in kabler.items():
            await kabel.legg(noder[b].rute)
            noder[a].ruter.append(f'"nats://127.0.0.1:{kabel.port}"')
        for node in noder.values():
            node.start()
        await klynge.oppe()
        klynge.journal = klynge.ny_journal()
        await klynge.journal.start()
        await klynge.oppe()
        yield klynge
    finally:
        await _ned(klynge)


async def _ned(klynge: Klynge) -> None:
    for node in klynge.noder.values():
        klynge.hel(node.navn)
    if klynge.journal:
        with suppress(Exception):
            async with asyncio.timeout(5):
                await klynge.journal.stopp()
    for node in klynge.noder.values():
        if not node.borte():
            await node.drep()
    for kabel in klynge._kabler.values():
        await kabel.fjern()
    for node in klynge.noder.values():
        await node.inn.fjern()
