"""A wall clock that a test moves: every process of a deployment adds what stands in a file to what its machine says."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

from apscheduler.executors import base as utfoerer
from apscheduler.schedulers import base as klokkeverk

from infra import clock

NAVN = "klokke"


def still(mappe: Path, sekunder: float) -> None:
    """From now on the processes' clocks are so far ahead of the machine's (negative: behind)."""
    ny = mappe / f"{NAVN}.ny"
    ny.write_text(str(sekunder))
    ny.replace(mappe / NAVN)


def plant(fil: Path) -> None:
    """Makes this process believe the file: our own clock, and APScheduler's, which reads the machine's by itself."""

    class Klokke(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            skjevt = 0.0
            with suppress(OSError, ValueError):
                skjevt = float(fil.read_text())
            return super().now(tz) + timedelta(seconds=skjevt)

    for modul in (clock, klokkeverk, utfoerer):
        setattr(modul, "datetime", Klokke)  # noqa: B010 - theirs to type
