"""Whatever happens to a call-out, in whatever order, leads to a state that the rules allow; and so does a rebuild."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from infra.db import Database
from tests.harness.baser import BARE_POSTGRES, Base
from tests.utkalling import lover
from tests.utkalling.maskin import NR, Utkallingen
from tests.utkalling.modell import bilde, lag_tabeller


class ToReplikaer(Utkallingen):
    """Others of the same room are faster with some of it: what has come is heard in any order, and late.

    Which deputy is called hangs on what was known by then: a rebuild, in the journal's order, may find another.
    """

    i_rekke = False

    @precondition(lambda self: len(self.v.venter) > 1)
    @rule(hvilken=NR)
    def hoer_ute_av_tur(self, hvilken: int) -> None:
        nr = 1 + hvilken % (len(self.v.venter) - 1)
        self._hoer(self.v.venter[nr : nr + 1])

    def _gjenskapes_likt(self) -> None:
        self._gjenskap()
        gjenskapt = self.loep.run(bilde(self.oppsett.kopi))
        lover.radene(gjenskapt)
        lover.de_rette_er_kalt(gjenskapt, self.hendelser)


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
