"""Time that passes, as a plugin: `pytest -p tests.harness.tidsgang`. No test may fall because of it.

Each time a test reads the clock, a minute passes: a test that reads it twice and expects to see the same minute falls
always, and not once in two hundred runs. With `--midnatt` each test begins half a minute before midnight in Oslo, too.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest

from infra.clock import OSLO, StillbarClock

PROEVER = "/tests/"
_vegg = StillbarClock.vegg


def _now(klokke: StillbarClock) -> datetime:
    naa = super(StillbarClock, klokke).now()
    if PROEVER in sys._getframe(1).f_code.co_filename:
        klokke.frem(minutes=1)
    return naa


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("tidsgang").addoption("--midnatt", action="store_true", help="each test begins before midnight")


def pytest_configure() -> None:
    setattr(StillbarClock, "now", _now)  # noqa: B010 - put in from outside, as in a program that knows nothing of it


@pytest.fixture(autouse=True)
def _foer_midnatt(request: pytest.FixtureRequest) -> None:
    """Moves the clock of the city or the house that the test is in."""
    for navn in {"by", "byen", "huset", "hus"} & set(request.fixturenames):
        klokke = getattr(request.getfixturevalue(navn), "klokke", None)
        if request.config.getoption("--midnatt") and isinstance(klokke, StillbarClock):
            her = _vegg(klokke).astimezone(OSLO)
            midnatt = her.replace(hour=23, minute=59, second=30)
            klokke.frem(seconds=(midnatt - her) % timedelta(days=1) / timedelta(seconds=1))
