"""The program: any subset of rooms in one process, around one journal, one database and one web app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

from infra.clock import Clock
from infra.db import Database
from infra.journal.journal import Journal
from infra.journal.mottak import Mottak
from infra.journal.rekkefoelge import sikre
from infra.journal.topologi import JOURNAL
from infra.klokkevakt import Puls, vaak
from infra.maalinger import TICK_FEILET
from infra.oppgave import avslutt
from infra.room import Hus, Rom, Tick
from infra.settings import Settings
from infra.simulator.sider import Simulatorsider
from infra.simulator.sider import ruter as simulatorruter
from infra.web.app import bygg_app
from infra.web.feilkoe import ruter as feilkoeruter
from infra.web.helse import Proeve
from infra.web.oekter import Oekter
from infra.web.strom import Strom
from infra.web.strom import ruter as stromruter
from infra.web.takt import Takt
from infra.web.tilgang import Tilgang
from services.audit.app import bygg as audit
from services.audit.arkivkilde import Arkivkilde
from services.epost.app import bygg as epost
from services.hendelser.app import bygg as hendelser
from services.register.app import bygg as register
from services.routing.app import bygg as routing
from services.sms.app import bygg as sms
from services.utkalling.app import bygg as utkalling

logg = structlog.get_logger("program")
FORTELL_IGJEN_SEKUNDER = 2.0
TIKKFRIST_SEKUNDER = 10.0

ROM: dict[str, Callable[[Hus, Database], Rom]] = {
    "register": lambda hus, _: register(hus),
    "routing": lambda hus, _: routing(hus),
    "hendelser": lambda hus, _: hendelser(hus),
    "utkalling": lambda hus, _: utkalling(hus),
    "sms": lambda hus, _: sms(hus),
    "epost": lambda hus, _: epost(hus),
    "audit": audit,
}
"""Every room there is, in the order they are started."""


@dataclass
class Program:
    """What runs in one process. `bare_doerer`: the rooms' HTTP doors and no consumers (`salto run web`)."""

    hus: Hus
    auditdb: Database
    rom: Sequence[Rom]
    bare_doerer: bool = False
    app: FastAPI = field(init=False)
    strom: Strom = field(init=False)
    simulator: Simulatorsider | None = field(init=False)
    _mottak: list[Mottak] = field(default_factory=list)
    _venter: set[asyncio.Task[None]] = field(default_factory=set)
    """Rooms that begin when their tables are as new as the journal."""
    _i_gang: set[asyncio.Task[None]] = field(default_factory=set)
    _klokkevakt: asyncio.Task[None] | None = None
    _klokkeverk: AsyncIOScheduler = field(default_factory=lambda: AsyncIOScheduler(timezone="UTC"))

    def __post_init__(self) -> None:
        s = self.hus.settings
        oekter = Oekter(self.hus.db, self.hus.clock, demo=s.demo)
        tilgang = Tilgang(self.hus.db, s.api_token.get_secret_value(), Takt(s.api_per_sekund), oekter)
        # The doors that are knocked on most come first: they are tried in order.
        alle = [r for rom in self.rom for r in rom.ruter]
        ruter = sorted(alle, key=lambda r: not r.prefix.startswith("/webhooks"))
        feilkoe = feilkoeruter(self.hus.journal, self.hus.clock)
        self.strom = Strom(self.hus.journal)
        strom = stromruter(self.strom)
        self.simulator = Simulatorsider(self.hus) if s.simulator and s.twilio_base_url else None
        simulator = [simulatorruter(self.simulator)] if self.simulator else []
        arkiv = Arkivkilde(self.auditdb)
        self.hus.journal.ved_oppstart.append(partial(sikre, self.hus.journal, self.hus.db, arkiv))
        self.app = bygg_app([*ruter, feilkoe, strom, *simulator], tilgang, self._proever(), self.hus.skall)
        if self.bare_doerer:
            return
        self._mottak = [Mottak(rom.forteller, rom.handlers, rom.reising, arkiv) for rom in self.rom if rom.handlers]
        for rom in self.rom:
            if rom.svarer:
                rom.svarer(self.hus.journal)

    async def start(self) -> None:
        """Connects, declares, and lets the rooms work. Readiness is told by `/helse/klar`, not by this returning."""
        await self.hus.journal.start()
        if self.simulator:
            await self.simulator.start()
        for rom in self.rom:
            # What a door wrote and could not tell is told again by the process it stands in.
            self._tikk(rom.navn, Tick(f"{rom.navn}.fortell", rom.forteller.tikk, FORTELL_IGJEN_SEKUNDER))
            if self.bare_doerer:
                continue
            if self._er_ajour(rom):
                await self._begynn(rom)
            else:
                self._venter.add(asyncio.create_task(self._begynn(rom), name=f"{rom.navn}.begynn"))
        self._klokkeverk.start()
        self._klokkevakt = asyncio.create_task(vaak(self.hus.clock, self._klokkeverk), name="klokkevakt")

    async def _begynn(self, rom: Rom) -> None:
        """Lets a room act by itself, once its tables are as new as the journal: before that, it may all be done."""
        for mottak in self._mottak:
            if mottak.rom == rom.navn:
                await mottak.gjenspill.ajour.wait()
        if rom.start:
            await rom.start()
        for tick in rom.ticks:
            self._tikk(rom.navn, tick)

    def _er_ajour(self, rom: Rom) -> bool:
        return all(m.gjenspill.ajour.is_set() for m in self._mottak if m.rom == rom.navn)

    async def stopp(self) -> None:
        """Stops pulling, finishes or hands back what is in flight, closes."""
        await self.strom.stopp()
        if self._klokkevakt:
            await avslutt(self._klokkevakt)
        if self._klokkeverk.running:
            self._klokkeverk.pause()
            # A tick that is under way is finished: the scheduler's own shutdown would cut it off in mid-query.
            if self._i_gang:
                await asyncio.wait(self._i_gang, timeout=TIKKFRIST_SEKUNDER)
            self._klokkeverk.shutdown(wait=False)
        await avslutt(*self._venter)
        for mottak in self._mottak:
            await mottak.stopp()
        for rom in reversed(self.rom):
            if rom.stopp and not self.bare_doerer:
                await rom.stopp()
        if self.simulator:
            await self.simulator.stopp()
        await self.hus.journal.stopp()
        await self.hus.db.lukk()
        await self.auditdb.lukk()

    def _tikk(self, rom: str, tick: Tick) -> None:
        self._klokkeverk.add_job(
            self._trygt(rom, tick),
            Puls(seconds=tick.sekunder, timezone="UTC"),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def _proever(self) -> dict[str, Proeve]:
        """Readiness: each dependency by name, and each room's consumer."""
        journal = self.hus.journal

        def konsument(rom: Rom) -> Proeve:
            async def proeve() -> None:
                await journal.js.consumer_info(JOURNAL, rom.navn)
                if not self._er_ajour(rom):
                    raise RuntimeError("tabellene er eldre enn journalen, og hentes inn")

            return proeve

        rom = {} if self.bare_doerer else {f"rom:{r.navn}": konsument(r) for r in self.rom if r.handlers}
        return {"journal": journal.klar, "database": self.hus.db.ping, "audit": self.auditdb.ping, **rom}

    def _trygt(self, rom: str, tick: Tick) -> Callable[[], Awaitable[None]]:
        """A tick that fails is loud, and comes again."""

        async def gjoer() -> None:
            oppgave = asyncio.current_task()
            assert oppgave is not None
            self._i_gang.add(oppgave)
            try:
                await tick.gjoer()
            except Exception as feil:  # noqa: BLE001 - one bad turn must not end the clockwork
                TICK_FEILET.labels(rom, tick.navn).inc()
                logg.warning("tick_feilet", rom=rom, tick=tick.navn, feil=type(feil).__name__)
            finally:
                self._i_gang.discard(oppgave)

        return gjoer


def bygg(
    settings: Settings,
    *,
    nats_url: str,
    nats_token: str = "",
    clock: Clock | None = None,
    rom: Sequence[str] = tuple(ROM),
    bare_doerer: bool = False,
) -> Program:
    """Builds the program; nothing is connected yet. Raises on a wrong rule set, data file or setting."""
    settings = settings.med_hemmelighet()
    db = Database(settings.hoveddatabase)
    ett = settings.auditdatabase == settings.hoveddatabase
    auditdb = db if ett else Database(settings.auditdatabase, les_i_traad=True)
    hus = Hus(settings, clock or Clock(), Journal(nats_url, nats_token, kopier=settings.nats_kopier), db)
    return Program(hus, auditdb, [ROM[navn](hus, auditdb) for navn in rom], bare_doerer)


@asynccontextmanager
async def i_drift(program: Program) -> AsyncIterator[Program]:
    """The program from start to a clean stop."""
    await program.start()
    try:
        yield program
    finally:
        await program.stopp()
