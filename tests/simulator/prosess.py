"""Starts a simulator as a process of its own, as the demo and the kill tests do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.simulator.adresse import Adresse, SimulatorFeil
from infra.simulator.klient import vent
from tests.harness.prosesser import doe_med_forelder

FRIST_SEKUNDER = 60.0


@dataclass(frozen=True)
class Simulatorprosess:
    """One running simulator and where it is."""

    prosess: subprocess.Popen[bytes]
    adresse: Adresse

    def drep(self) -> None:
        """SIGKILL to the whole process group: no chance to say goodbye."""
        os.killpg(self.prosess.pid, signal.SIGKILL)
        self.prosess.wait(FRIST_SEKUNDER)

    def stopp(self) -> int:
        """SIGTERM; gives the exit code."""
        self.prosess.terminate()
        return self.prosess.wait(FRIST_SEKUNDER)


def kommando(mappe: Path, *argumenter: str) -> list[str]:
    """The command line of a simulator on free ports."""
    return [sys.executable, "-m", "infra.simulator", "--data", str(mappe), "--latens-ms", "0", *argumenter]


@asynccontextmanager
async def start(mappe: Path, *argumenter: str) -> AsyncIterator[Simulatorprosess]:
    """Starts it on free ports, waits until it listens, and leaves nothing running after the block."""
    prosess = subprocess.Popen(kommando(mappe, *argumenter), start_new_session=True, preexec_fn=doe_med_forelder)  # noqa: ASYNC220, S603 - our own

    async def oppe() -> Adresse | None:
        assert prosess.poll() is None, "simulatoren stoppet under oppstart"
        try:
            adresse = Adresse.les(mappe)
        except SimulatorFeil:
            return None
        return adresse if adresse.pid == prosess.pid else None

    try:
        yield Simulatorprosess(prosess, await vent(oppe, "simulatoren lytter", FRIST_SEKUNDER))
    finally:
        if prosess.poll() is None:
            os.killpg(prosess.pid, signal.SIGKILL)
            prosess.wait(FRIST_SEKUNDER)
