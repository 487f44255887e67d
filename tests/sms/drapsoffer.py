"""The room as a process of its own, to be killed. Run as `python -m tests.sms.drapsoffer`.

The mother has everything imported; for every line on stdin she forks a child that runs the room, and prints its pid.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from pathlib import Path

from infra.clock import Clock
from infra.db import Database
from infra.journal.journal import Journal
from infra.journal.mottak import Mottak
from infra.room import Hus
from services.sms.app import bygg
from services.sms.rules import Tider
from tests.sms.huset import gaa, oppsett

TIDER = Tider(ro=0.4, anrop=1.5, koble=1.5, leie=3.0)
"""Short: whoever takes over waits until the lease of the dead has run out."""


async def rommet(hva: dict[str, str]) -> None:
    """Runs the room until it is killed."""
    journal = Journal(hva["nats"], hva["token"])
    settings = oppsett(hva["sentral"], Path(hva["mappe"]), sms_vindu=int(hva["vindu"]))
    rom = bygg(Hus(settings, Clock(), journal, Database(hva["database"])), TIDER)
    Mottak(rom.forteller, rom.handlers)
    await journal.start()
    assert rom.start
    await rom.start()
    ticks = [gaa(tick.gjoer, tick.sekunder) for tick in rom.ticks]
    await asyncio.gather(*ticks, gaa(rom.forteller.fortell_igjen, 0.1))


def doe_med_forelder() -> None:
    """Asks Linux to end this process when the one that started it ends: nothing outlives the test."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def mor() -> None:
    for linje in sys.stdin:
        pid = os.fork()
        if not pid:
            doe_med_forelder()
            os.dup2(2, 1)  # the mother's pids are alone on stdout
            asyncio.run(rommet(json.loads(linje)))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        os.waitpid(pid, 0)


if __name__ == "__main__":
    doe_med_forelder()
    mor()
