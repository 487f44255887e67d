"""Windows on the city: wide and narrow, with and without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.harness.baser import BARE_SQLITE
from tests.harness.by import By
from tests.harness.skjerm import Skjerm, nettleseren, skjerm_i

Aapne = Callable[..., AbstractAsyncContextManager[Skjerm]]


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On SQLite alone: what is looked at is the browser, and what it asks for is the same on both."""
    if "hylle" in metafunc.fixturenames:
        metafunc.definition.add_marker(BARE_SQLITE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser, and the city it looks at."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("nettleser"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with nettleseren() as b:
        yield b


@pytest.fixture
def aapne(browser: Browser, by: By) -> Aapne:
    """Opens windows, of a size and with or without scripts, one at a time with `async with`."""
    return partial(skjerm_i, browser, by)
