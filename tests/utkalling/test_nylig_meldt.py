"""A hendelse that the journal has and the room has not heard of yet: known, with nobody called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest_asyncio

from infra.journal import Journal
from infra.journal.forteller import Forteller
from infra.nats.server import start
from infra.web.app import bygg_app
from infra.web.tilgang import Tilgang
from services.utkalling.routes import ruter
from tests.harness.porter import ledig_port
from tests.utkalling.rommet import HENDELSE_ID, Rommet, besluttet, meldt

TOKEN = "sekretariatets"


@pytest_asyncio.fixture(loop_scope="session")
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    tjener = await start(tmp_path / "nats", port=ledig_port())
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    yield journal
    await journal.stopp()
    tjener.stopp()


@pytest_asyncio.fixture(loop_scope="session")
async def http(rommet: Rommet, journal: Journal) -> AsyncIterator[httpx2.AsyncClient]:
    forteller = Forteller("utkalling", rommet.db, journal, rommet.klokke)
    app = bygg_app([ruter(forteller)], Tilgang(rommet.db, TOKEN), {})
    hode = {"Authorization": f"Bearer {TOKEN}"}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://salto/api/v1", headers=hode) as klient:
        yield klient


async def test_a_hendelse_just_told_has_no_call_outs_yet_and_one_never_told_is_not_found(
    rommet: Rommet, journal: Journal, http: httpx2.AsyncClient
) -> None:
    await journal.publiser([meldt().event])
    ventet = {"hendelse_id": str(HENDELSE_ID), "kodeord": "ELG", "utkallinger": []}

    fersk = await http.get(f"/hendelser/{HENDELSE_ID}/utkallinger")
    assert (fersk.status_code, fersk.json()) == (200, ventet)
    ukjent = await http.get(f"/hendelser/{uuid4()}/utkallinger")
    assert (ukjent.status_code, ukjent.json()["title"]) == (404, "Finnes ikke")

    await rommet.hoerer(meldt(), besluttet(10))
    hoert = await http.get(f"/hendelser/{HENDELSE_ID}/utkallinger")
    assert (hoert.status_code, hoert.json()) == (200, ventet)
