"""`salto up`: everything in one process tree on one machine: nats-server, simulator, rooms and doors."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from infra.clock import Clock
from infra.nats import server as nats
from infra.nats.vakt import hold_i_live
from infra.oppgave import avslutt
from infra.settings import Innstillingsfeil, Settings
from infra.simulator.adresse import Adresse, SimulatorFeil
from infra.web.strom import Strom
from services.migrering import migrer
from services.program import Program, bygg, i_drift

logg = structlog.get_logger("oppe")
SIMULATOR_NUMMER = "+4790099000"
STARTFRIST_SEKUNDER = 20.0
AVSLUTTFRIST_SEKUNDER = 10
"""How long a request under way may take when we stop; a stream that never ends must not hold us."""
HVILEFRIST_SEKUNDER = 75
"""How long a connection may rest: longer than proxies let it, or we close it in the moment that one sends a webhook."""


class Webtjener(uvicorn.Server):
    """uvicorn under our own signals: the program stops it, not the other way round."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def eneste(mappe: Path) -> Iterator[None]:
    """One program per data folder; a second one is told so at once."""
    mappe.mkdir(parents=True, exist_ok=True)
    fd = os.open(mappe / "salto.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Innstillingsfeil(f"En annen salto kjører allerede på {mappe}") from None
    try:
        yield
    finally:
        os.close(fd)


@asynccontextmanager
async def journaltjener(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """The journal's address and token: the one of the settings, or an embedded server that is kept alive."""
    if settings.nats_url:
        yield settings.nats_url, settings.nats_token.get_secret_value()
        return
    mappe = settings.data_dir / "nats"
    tjener = await nats.start(mappe, sti=settings.nats_server, port=settings.nats_port)
    vakt = asyncio.create_task(hold_i_live(tjener, mappe, settings.nats_server))
    try:
        yield tjener.url, tjener.token
    finally:
        await avslutt(vakt)
        tjener.stopp()


@asynccontextmanager
async def simulator(settings: Settings) -> AsyncIterator[Settings]:
    """Without Twilio, the simulator is the gateway: its address goes into the settings it stands in for."""
    if settings.har_twilio:
        yield settings
        return
    mappe = settings.data_dir / "simulator"
    Adresse.slett(mappe)
    prosess = subprocess.Popen(  # noqa: ASYNC220, S603 - forks in a millisecond; our own module and arguments
        [
            sys.executable, "-m", "infra.simulator", "--data", str(mappe), "--dor-med-forelder",
            "--nummer", SIMULATOR_NUMMER,
            "--innkommende-url", f"{settings.public_url}/webhooks/twilio/sms#rc=5&rp=all",
        ],
        process_group=0,
    )  # fmt: skip
    try:
        yield _med_simulator(settings, await _vent_paa(mappe, prosess))
    finally:
        prosess.terminate()
        with suppress(subprocess.TimeoutExpired):
            prosess.wait(5)


async def _vent_paa(mappe: Path, prosess: subprocess.Popen[bytes]) -> Adresse:
    for _ in range(int(STARTFRIST_SEKUNDER / 0.02)):
        with suppress(SimulatorFeil):
            return Adresse.les(mappe)
        if prosess.poll() is not None:
            break
        await asyncio.sleep(0.02)
    raise Innstillingsfeil("Simulatoren startet ikke")


def _med_simulator(settings: Settings, adresse: Adresse) -> Settings:
    felt = {
        "simulator": True,
        "twilio_account_sid": adresse.sid,
        "twilio_auth_token": SecretStr(adresse.token),
        "twilio_from": SIMULATOR_NUMMER,
        "twilio_base_url": f"http://127.0.0.1:{adresse.port}",
    }
    if not settings.smtp_url.get_secret_value():
        felt["smtp_url"] = SecretStr(f"smtp://127.0.0.1:{adresse.smtp_port}")
    return settings.model_copy(update=felt)


@asynccontextmanager
async def web(app: FastAPI, port: int, host: str = "127.0.0.1", strom: Strom | None = None) -> AsyncIterator[int]:
    """Serves the app; gives the port."""
    sokkel = _lytt(host, port)  # by ourselves: uvicorn ends the whole process when a port is taken
    oppsett = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=HVILEFRIST_SEKUNDER,
        timeout_graceful_shutdown=AVSLUTTFRIST_SEKUNDER,
    )
    tjener = Webtjener(oppsett)
    oppgave = asyncio.create_task(tjener.serve(sockets=[sokkel]))
    try:
        while not tjener.started and not oppgave.done():  # noqa: ASYNC110 - uvicorn tells by a flag
            await asyncio.sleep(0.005)
        yield sokkel.getsockname()[1]
    finally:
        if strom:
            await strom.stopp()  # a board that is only open must not hold us
        tjener.should_exit = True
        await oppgave


def _lytt(host: str, port: int) -> socket.socket:
    familie = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sokkel = socket.create_server((host, port), family=familie, backlog=1024)
    except OSError as feil:
        grunn = "er opptatt: velg en annen med --port" if feil.errno == errno.EADDRINUSE else f"kan ikke brukes: {feil}"
        raise Innstillingsfeil(f"Port {port} {grunn}") from feil
    # Asyncio sets this only on sockets it made itself; without it a kept-alive caller waits 40 ms for each body.
    sokkel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sokkel


@asynccontextmanager
async def hele_huset(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Program]:
    """The whole system from start to a clean stop, in the order that loses nothing."""
    with eneste(settings.data_dir):
        await migrer(settings)
        async with journaltjener(settings) as (url, token), simulator(settings) as ferdig:
            program = bygg(ferdig, nats_url=url, nats_token=token, clock=clock)
            async with i_drift(program), web(program.app, settings.port, settings.host, program.strom):
                yield program


def la_programmet_ligge() -> None:
    """Leaves what the program itself is made of out of every search for garbage, and searches more seldom.

    The searches walk every living object, and took a tenth to a fifth of the time of pages and messages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


async def til_signal(gjoer: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
    """Waits for Ctrl-C or SIGTERM, doing `gjoer` meanwhile."""
    slutt = asyncio.Event()
    for sig in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sig, slutt.set)
    oppgave = asyncio.create_task(gjoer()) if gjoer else None
    await slutt.wait()
    if oppgave:
        await avslutt(oppgave)
