"""What is delivered in the wrong order is decided as if it were not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlmodel import SQLModel

from contracts.event import Aktoer
from contracts.register import RegisterData, RegisterEndret, RolleRad
from contracts.roller import Rolle
from infra.clock import Clock
from infra.db import tabell
from infra.journal import Levering
from infra.journal.forteller import Forteller
from infra.nats.server import start
from services.routing import store
from services.routing.register import Registerfold
from services.routing.tables import FravaerRow, RegisterRow, RolleRow
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.infra.rommet import Huset, huset_i

ROLLE = UUID(int=1)
AV = Aktoer(rolle="system")


@pytest_asyncio.fixture(loop_scope="session")
async def huset(tmp_path: Path, base: Base) -> AsyncIterator[Huset]:
    tjener = await start(tmp_path / "nats", port=ledig_port())
    async with huset_i(base, tjener) as huset:
        tabeller = [tabell(m) for m in (RolleRow, FravaerRow, RegisterRow)]
        async with huset.db.skriv() as tx:
            await tx.run_sync(lambda c: SQLModel.metadata.drop_all(c, tables=tabeller))
            await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=tabeller))
        yield huset
    tjener.stopp()


async def fortell(huset: Huset, *enheter: str) -> list[Levering[RegisterEndret]]:
    """The same role moves from unit to unit, one event for each; nothing of it is delivered."""
    ut = []
    for enhet in enheter:
        rolle = RolleRad(id=ROLLE, person_id=uuid4(), rolle=Rolle.POLITIKONTAKT, enhet=enhet, har=("sms",))
        event = RegisterEndret.ny(RegisterData(roller=(rolle,), av=AV), naa=Clock().now())
        [k] = await huset.journal.publiser([event])
        ut.append(Levering(event, k.sekvens, event.time))
    return ut


async def ta(huset: Huset, lev: Levering[RegisterEndret]) -> None:
    async with Forteller("routing", huset.db, huset.journal, Clock()).transaksjon() as t:
        await Registerfold(huset.journal).ta(t, lev)


async def innhent(huset: Huset, til: int) -> None:
    async with Forteller("routing", huset.db, huset.journal, Clock()).transaksjon() as t:
        await Registerfold(huset.journal).innhent(t, til)


async def enhet(huset: Huset) -> tuple[int, str]:
    """The version of the copy, and where it says the role is."""
    async with huset.db.les() as tx:
        kopi = await store.registerkopi(tx)
    return kopi.sekvens, kopi.rader[0].enhet if kopi.rader else ""


@pytest.mark.parametrize("til", [0, 1, 2, 3])
async def test_en_hendelse_avgjoeres_etter_registeret_slik_journalen_hadde_det_rett_foer(
    til: int, huset: Huset
) -> None:
    await fortell(huset, "bydel:01", "bydel:02", "bydel:03")
    await innhent(huset, til)
    assert await enhet(huset) == (til, f"bydel:0{til}" if til else "")


@pytest.mark.parametrize("rekkefoelge", ["012", "021", "102", "120", "201", "210"])
async def test_det_nyeste_gjelder_i_hvilken_rekkefoelge_det_enn_kommer(rekkefoelge: str, huset: Huset) -> None:
    leveringer = await fortell(huset, "bydel:01", "bydel:02", "bydel:03")
    for nr in rekkefoelge:
        await ta(huset, leveringer[int(nr)])
    assert await enhet(huset) == (3, "bydel:03")


async def test_det_ulesbare_hoppes_over_og_resten_er_med(huset: Huset) -> None:
    await fortell(huset, "bydel:01")
    await huset.journal.js.publish("salto.register.endret.-", b"ikke en hendelse")
    await fortell(huset, "bydel:03")
    await innhent(huset, 3)
    assert await enhet(huset) == (3, "bydel:03")
