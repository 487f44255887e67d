"""Listens: binds its ports, tells the parent where, serves until told to stop."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from infra.simulator.adresse import Adresse
from infra.simulator.app import simulator
from infra.simulator.innstillinger import Oppstart

_KOE = 1024
_PR_SET_PDEATHSIG = 1


class _Protokoll(HttpToolsProtocol):
    """Lets a request drop its own connection, which ASGI has no word for."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["forbindelse"] = self.transport


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again and end the process half-way through closing."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def bind(vert: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    kontakt = socket.socket()
    kontakt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kontakt.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by what it accepts
    kontakt.bind((vert, port))
    kontakt.listen(_KOE)
    kontakt.setblocking(False)
    return kontakt


@contextmanager
def laas(mappe: Path) -> Generator[None]:
    """One simulator a folder: raises BlockingIOError when another has it. Its death lets go."""
    with (mappe / "simulator.lock").open("w") as fil:
        fcntl.flock(fil, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def doe_med_forelder() -> None:
    """Linux: SIGTERM to this process when its parent dies. Elsewhere nothing."""
    if sys.platform != "linux":
        return
    forelder = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != forelder:  # it died before we had asked
        raise SystemExit(1)


async def kjoer(oppstart: Oppstart) -> None:
    """Serves until SIGTERM or SIGINT; `simulator.json` tells where while it does."""
    oppstart.mappe.mkdir(parents=True, exist_ok=True)
    with laas(oppstart.mappe):
        Adresse.slett(oppstart.mappe)
        await _lytt(oppstart)
        Adresse.slett(oppstart.mappe)


async def _lytt(oppstart: Oppstart) -> None:
    web, smtp = bind(oppstart.vert, oppstart.port), bind(oppstart.vert, oppstart.smtp_port)
    async with simulator(oppstart, smtp) as oppe:
        server = _Server(_oppsett(oppe.app))
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, _stopp, server)
        porter = (web.getsockname()[1], smtp.getsockname()[1])
        Adresse(*porter, os.getpid(), oppstart.konto, oppe.token).skriv(oppstart.mappe)
        await server.serve(sockets=[web])


def _oppsett(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protokoll,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _stopp(server: uvicorn.Server) -> None:
    server.should_exit = True
