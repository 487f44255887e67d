"""Keeps an embedded nats-server at work: starts it again when it has ended, or can no longer write."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path

import aiohttp
import structlog

from infra.nats import server
from infra.settings import Innstillingsfeil

logg = structlog.get_logger("nats")
BLIKK_SEKUNDER = 0.2
HELSE_HVERT_SEKUND = 1.0
PLASS_BYTE = 16 * 1024 * 1024
"""Room enough to go on with. Started again on a full disk, the server would stop at the next message."""


async def hold_i_live(tjener: server.Tjener, mappe: Path, sti: str = "") -> None:
    """Starts the server again, where it was, should it end or lose its disk; as often as it takes.

    A server that has met a full disk stores nothing more, and answers nobody who tells it something, also when there
    is room again: only a new start mends it (measured with 2.15.1).
    """
    loop = asyncio.get_running_loop()
    neste = loop.time()
    while True:
        await asyncio.sleep(BLIKK_SEKUNDER)
        if tjener.prosess.poll() is not None:
            logg.error("nats_stoppet_startes_igjen", kode=tjener.prosess.returncode)
            await _start_igjen(tjener, mappe, sti)
        elif loop.time() >= neste:
            if feil := await skrivefeil(tjener):
                _stopp_naar_det_er_plass(tjener, mappe, feil)
            neste = loop.time() + HELSE_HVERT_SEKUND


async def skrivefeil(tjener: server.Tjener) -> str:
    """What stops the server from writing, in its own words; empty when it says nothing of the kind."""
    with suppress(aiohttp.ClientError, TimeoutError, ValueError):
        frist = aiohttp.ClientTimeout(HELSE_HVERT_SEKUND)
        async with (
            aiohttp.ClientSession(timeout=frist) as http,
            http.get(f"http://127.0.0.1:{tjener.helseport}/healthz") as svar,
        ):
            feil = str((await svar.json(content_type=None)).get("error", ""))
            return feil if "write error" in feil else ""
    return ""


def _stopp_naar_det_er_plass(tjener: server.Tjener, mappe: Path, feil: str) -> None:
    ledig = shutil.disk_usage(mappe).free
    if ledig < PLASS_BYTE:
        logg.error("nats_kan_ikke_skrive_venter_paa_plass", ledig_byte=ledig, feil=feil)
        return
    logg.error("nats_kan_ikke_skrive_startes_igjen", ledig_byte=ledig, feil=feil)
    tjener.prosess.kill()  # what it has confirmed is on disk; a clean stop would only try to write


async def _start_igjen(tjener: server.Tjener, mappe: Path, sti: str) -> None:
    try:
        ny = await server.start(mappe, sti=sti, port=tjener.port, bare_der=True)
    except (Innstillingsfeil, OSError) as feil:  # the port may be somebody else's for the moment, or the disk full
        logg.error("nats_startet_ikke", feil=str(feil))
        await asyncio.sleep(1)
    else:
        tjener.prosess, tjener.helseport = ny.prosess, ny.helseport
