"""Whatever happens to a call-out, in whatever order, leads to a state that the rules allow; and so does a rebuild."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.db import Database
from tests.harness.baser import BARE_POSTGRES, Base
from tests.utkalling.maskin import ToReplikaer, Utkallingen
from tests.utkalling.modell import lag_tabeller


def _kjoer(maskin: type[Utkallingen], url: str, mappe: Path, **valg: Any) -> None:
    """Tries so many stories; a failing one is printed as the steps that lead to it."""
    felles: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    oppsett = maskin.oppsett
    with asyncio.Runner() as loep:
        oppsett.loep = loep
        oppsett.db, oppsett.kopi = Database(url), Database(f"sqlite+aiosqlite:///{mappe}/kopi.db")
        try:
            for db in (oppsett.db, oppsett.kopi):
                loep.run(lag_tabeller(db))
            run_state_machine_as_test(maskin, settings=settings(**felles, **valg))
        finally:
            loep.run(oppsett.db.lukk())
            loep.run(oppsett.kopi.lukk())


@pytest.fixture
def i_minnet(tmp_path: Path) -> Iterator[Path]:
    """A folder that no disk is waited for, where the machine has one: no power is lost here."""
    minne = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="salto-", dir=minne if minne.is_dir() else tmp_path) as mappe:
        yield Path(mappe)


KORT: dict[str, Any] = {"max_examples": 8, "stateful_step_count": 30, "derandomize": True}
LANG: dict[str, Any] = {"max_examples": 1_000, "stateful_step_count": 60, "print_blob": True}
MASKINER = pytest.mark.parametrize("maskin", [Utkallingen, ToReplikaer])


@MASKINER
def test_whatever_happens_the_state_is_lawful_and_a_rebuild_gives_the_same(
    maskin: type[Utkallingen], i_minnet: Path
) -> None:
    _kjoer(maskin, f"sqlite+aiosqlite:///{i_minnet}/rommet.db", i_minnet, **KORT)


@BARE_POSTGRES
def test_on_postgresql_too(base: Base, i_minnet: Path) -> None:
    _kjoer(Utkallingen, base.url, i_minnet, **{**KORT, "max_examples": 2})


@pytest.mark.bench
@MASKINER
def test_however_long_one_looks(maskin: type[Utkallingen], i_minnet: Path) -> None:
    _kjoer(maskin, f"sqlite+aiosqlite:///{i_minnet}/rommet.db", i_minnet, **LANG)
