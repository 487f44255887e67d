"""Every fault once, on both databases: nothing lost, nothing twice. The long form: `./salto bench faults`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.disk import IngenLitenDisk
from tests.faults.drift import Mor
from tests.faults.feil import POSTGRESQL, Feil, en_gang
from tests.faults.katalog import grupper
from tests.harness.postgres import Postgres, postgres_i

pytestmark = pytest.mark.xdist_group("hele anlegg")  # one at a time: each is several processes


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mor() -> AsyncIterator[Mor]:
    mor = await Mor.start()
    yield mor
    await mor.stopp()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def egen_postgres() -> AsyncIterator[Postgres]:
    """A server of our own: some faults end it."""
    async with postgres_i() as postgres:
        yield postgres


KORT = [(feilene, base) for feilene in grupper() for base in feilene[0].kort or feilene[0].baser]


@pytest.mark.parametrize(("feilene", "base"), KORT, ids=lambda v: v if isinstance(v, str) else v[0].navn)
async def test_ingenting_gaar_tapt_og_ingenting_sendes_to_ganger(
    feilene: tuple[Feil, ...], base: str, mor: Mor, egen_postgres: Postgres, tmp_path: Path
) -> None:
    postgres = egen_postgres if base == POSTGRESQL else None
    try:
        utslag = await en_gang(feilene, tmp_path, mor, postgres, froe=1)
    except IngenLitenDisk as grunn:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(grunn))
    assert (utslag.tapt, utslag.doble, utslag.brudd) == (0, 0, []), utslag
