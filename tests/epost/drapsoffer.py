"""The room's sending side as a process of its own, to be killed. Run as `python -m tests.epost.drapsoffer`."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from pathlib import Path

from pydantic import SecretStr

from infra.clock import Clock
from infra.db import Database
from infra.journal.journal import Journal
from infra.room import Hus
from infra.settings import Settings
from services.epost import smtp
from services.epost.app import bygg

smtp.KOMMANDO_SEKUNDER = 60.0  # it is held until it is killed


async def rommet(hva: dict[str, str]) -> None:
    """Sends until it is killed; others hear the orders."""
    journal = Journal(hva["nats"], hva["token"])
    settings = Settings(data_dir=Path(hva["mappe"]), smtp_url=SecretStr(hva["smtp"]), public_url="http://salto.example")
    rom = bygg(Hus(settings, Clock(), journal, Database(hva["database"])))
    await journal.start()
    assert rom.start
    await rom.start()
    sys.stdout.write("oppe\n")
    sys.stdout.flush()
    while True:
        await asyncio.sleep(0.05)
        await rom.ticks[0].gjoer()


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # nothing outlives the test
    if os.getppid() != 1:
        asyncio.run(rommet(json.loads(sys.argv[1])))
