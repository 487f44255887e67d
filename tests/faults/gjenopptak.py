"""A system that is stopped, given other tables or another journal, and started again; its gateway remembers it all."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from infra.clock import StillbarClock
from infra.journal import topologi
from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator, vent
from services.audit import store
from services.oppe import hele_huset
from tests.harness.anlegg import KOLONNER, VAART_NUMMER
from tests.harness.by import By, testinnstillinger
from tests.harness.kopi import Tabeller
from tests.harness.postgres import Postgres
from tests.simulator import prosess as simulatorprosess

KORT_VINDU_SEKUNDER = 2.0
"""As if the hour had gone: the journal itself no longer knows what it was told before."""


@dataclass
class System:
    """Everything that outlives a program: folder, tables, gateway, clock."""

    mappe: Path
    tabeller: Tabeller
    gateway: Adresse
    sim: Simulator
    klokke: StillbarClock = field(default_factory=StillbarClock)

    @asynccontextmanager
    async def oppe(self, **felt: Any) -> AsyncIterator[By]:
        """The program, from start to a clean stop, an hour after the last one."""
        self.klokke.frem(hours=1)
        g = self.gateway
        innstillinger = testinnstillinger(
            self.mappe,
            database_url=self.tabeller.url,
            twilio_account_sid=g.sid,
            twilio_auth_token=SecretStr(g.token),
            twilio_from=VAART_NUMMER,
            twilio_base_url=g.url,
            smtp_url=SecretStr(f"smtp://127.0.0.1:{g.smtp_port}"),
            demo=False,
            **felt,
        )
        async with hele_huset(innstillinger, clock=self.klokke) as program:
            url = program.hus.settings.public_url
            await self.sim.still_inn(innkommende_url=f"{url}/webhooks/twilio/sms#rc=5&rp=all", nummer=VAART_NUMMER)
            async with httpx2.AsyncClient(base_url=url, timeout=30) as http:
                by = By(program, self.klokke, http, self.sim)
                await klar(http)
                yield by

    def glem_journalen(self) -> None:
        """The journal's store is gone; a new, empty one comes in its place."""
        shutil.rmtree(self.mappe / "nats")

    def ta_vare_paa_journalen(self) -> Path:
        """A copy of the journal's store."""
        kopi = self.mappe / "nats-kopi"
        shutil.copytree(self.mappe / "nats", kopi)
        return kopi

    def legg_tilbake_journalen(self, kopi: Path) -> None:
        self.glem_journalen()
        shutil.copytree(kopi, self.mappe / "nats")


async def klar(http: httpx2.AsyncClient) -> None:
    """Waits until every room is ready: its tables are as new as the journal."""

    async def svarer() -> bool | None:
        return (await http.get("/helse/klar")).status_code == 200 or None

    await vent(svarer, "alle rom er klare", 60)


async def les_inn(by: By, rader: list[str], *, erstatt: bool = False) -> None:
    kropp, hode = "\n".join([KOLONNER, *rader]).encode(), {"Content-Type": "text/csv"}
    svar = await by.sekretariat.kall("POST", f"/register/import?erstatt={erstatt}", content=kropp, headers=hode)
    assert svar.status_code == 200, svar.text


async def bilde(by: By, ider: list[str]) -> dict[str, Any]:
    """What the API shows of these hendelser, and what waits for a person."""
    ut: dict[str, Any] = {"oppgaver": sorted(await by.sekretariat.oppgaver(), key=lambda o: str(o["id"]))}
    for id_ in ider:
        ut[id_] = (await by.sekretariat.kall("GET", f"/hendelser/{id_}")).json()
        alle = (await by.sekretariat.kall("GET", f"/hendelser/{id_}/utkallinger")).json()
        for u in alle["utkallinger"]:  # PostgreSQL has an order of its own for what is written once more
            u["meldinger"].sort(key=lambda m: (m["kanal"], m["formaal"], str(m["tider"])))
            u["kvitteringer"].sort(key=lambda k: str(k["mottatt"]))
        ut[f"{id_}/utkallinger"] = alle
    return ut


def forskjeller(foer: Any, naa: Any, sted: str = "") -> list[str]:
    """Where two pictures differ, a line each."""
    if isinstance(foer, dict) and isinstance(naa, dict):
        felt = sorted(foer.keys() | naa.keys())
        return [linje for f in felt for linje in forskjeller(foer.get(f), naa.get(f), f"{sted}/{f}")]
    if isinstance(foer, list) and isinstance(naa, list) and len(foer) == len(naa):
        return [
            linje for nr, par in enumerate(zip(foer, naa, strict=True)) for linje in forskjeller(*par, f"{sted}/{nr}")
        ]
    return [] if foer == naa else [f"{sted}: {foer!r} != {naa!r}"]


async def ut(sim: Simulator) -> tuple[dict[str, int], Counter[str]]:
    """What has gone out, by number and by address."""
    sms = {t["nummer"]: t["ut"] for t in await sim.telefoner() if t["ut"]}
    return sms, Counter(b["til"] for b in await sim.all_epost())


async def arkivet_er_ajour(by: By) -> None:
    """Waits until the archive has what the journal has."""

    async def ajour() -> bool | None:
        siste = await by.program.hus.journal.siste_sekvens()
        async with by.program.auditdb.les() as tx:
            return (await store.hode(tx)).sekvens == siste or None

    await vent(ajour, "arkivet er à jour", 60)


async def kjeden_er_hel_og_uten_dobbelt(by: By, *, epoker: int = 1) -> None:
    svar = (await by.sekretariat.kall("GET", "/audit/verifiser")).json()
    assert svar["hel"]
    assert svar["epoker"] == epoker
    assert not svar["hull"]
    async with by.program.auditdb.les() as tx:
        ider = Counter(rad.event_id for rad in await store.hale(tx, 10_000))
    assert [i for i, antall in ider.items() if antall > 1] == []


@asynccontextmanager
async def system_i(mappe: Path, url: str, postgres: Postgres | None) -> AsyncIterator[System]:
    """A system with nothing in it, not yet started."""
    async with (
        simulatorprosess.start(mappe / "gateway", "--latens-ms", "0") as gateway,
        Simulator(gateway.adresse.url) as sim,
    ):
        data = mappe / "data"
        data.mkdir()
        system = System(data, Tabeller(data, postgres, url), gateway.adresse, sim)
        await sim.still_inn(latens_ms=0, status_ms=5)
        try:
            yield system
        finally:
            await system.tabeller.rydd()


def vinduet_er_kort() -> tuple[Any, ...]:
    """The streams as they are declared, but for how long they remember ids."""
    return tuple(strom.evolve(duplicate_window=KORT_VINDU_SEKUNDER) for strom in topologi.STROMMER)
