"""The stream that keeps open boards fresh: what comes, to whom, and when it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from infra.db import tabell
from infra.simulator.klient import vent
from infra.web import strom as strommen
from infra.web.app import bygg_app
from infra.web.strom import Strom, ruter
from infra.web.tables import TokenRow
from infra.web.tilgang import Tilgang, avtrykk, nytt_token
from tests.harness.by import OPPSTARTSTOKEN, By, Hendelse
from tests.harness.nettleser import Nettleser
from tests.infra.rommet import Huset

FRIST_SEKUNDER = 60.0
TOKEN = tabell(TokenRow)
BEARER = {"Authorization": f"Bearer {OPPSTARTSTOKEN}"}


class Lytter:
    """An open stream, read one thing at a time."""

    def __init__(self, svar: httpx2.Response) -> None:
        self.svar = svar
        self._linjer = svar.aiter_lines()

    async def linje(self) -> str | None:
        """The next line that says something; None at the end."""
        async with asyncio.timeout(FRIST_SEKUNDER):
            async for linje in self._linjer:
                if linje:
                    return linje
        return None

    async def event(self, slag: str, hendelse: Hendelse) -> dict[str, Any]:
        """The next event of a kind about a hendelse; of others, there may be some left from before."""
        hoert: list[str] = []
        async with asyncio.timeout(FRIST_SEKUNDER):
            while (event := await self.neste_event()) is not None:
                hoert.append(event["type"])
                if (event["type"], event["hendelse_id"]) == (f"no.oslo.salto.{slag}.v1", hendelse.id):
                    return event
        raise AssertionError(hoert)

    async def neste_event(self) -> dict[str, Any] | None:
        """The next event of any kind; None at the end."""
        while (linje := await self.linje()) is not None:
            if linje.startswith("data: {"):
                return dict(json.loads(linje[6:]))
        return None

    async def til_slutt(self) -> list[str]:
        """Everything until it ends by itself."""
        linjer = []
        while (linje := await self.linje()) is not None:
            linjer.append(linje)
        return linjer


@asynccontextmanager
async def lytter(http: httpx2.AsyncClient, **kw: Any) -> AsyncIterator[Lytter]:
    """A stream that has said that it is open."""
    async with http.stream("GET", "/api/v1/strom", **kw) as svar:
        assert svar.status_code == 200
        lytter = Lytter(svar)
        assert await lytter.linje() == "event: puls"
        yield lytter


@pytest.fixture
def http(by: By) -> httpx2.AsyncClient:
    return by.nettleser


async def test_what_happens_comes_to_whoever_listens(by: By, http: httpx2.AsyncClient) -> None:
    async with lytter(http, headers=BEARER) as paa:
        assert paa.svar.headers["content-type"].startswith("text/event-stream")
        assert (paa.svar.headers["cache-control"], paa.svar.headers["x-accel-buffering"]) == ("no-store", "no")
        hendelse = await by.sekretariat.varsler(**by.lokal())
        event = await paa.event("hendelse.meldt", hendelse)
    assert "data" not in event
    await by.stille()


async def test_the_whole_event_comes_when_it_is_asked_for(by: By, http: httpx2.AsyncClient) -> None:
    async with lytter(http, headers=BEARER, params={"data": "true"}) as paa:
        hendelse = await by.sekretariat.varsler(**by.lokal(tittel="Med innhold"))
        event = await paa.event("hendelse.meldt", hendelse)
    assert event["data"]["hendelse"]["tittel"] == "Med innhold"
    await by.stille()


async def test_a_board_hears_of_its_own_hendelse_alone(by: By, http: httpx2.AsyncClient) -> None:
    min_ = await by.sekretariat.varsler(**by.lokal())
    await by.stille()
    async with lytter(http, headers=BEARER, params={"hendelse": min_.id}) as paa:
        annen = await by.sekretariat.varsler(**by.lokal("12"))
        await by.stille()
        await by.sekretariat.gjoer(min_, "avlys", grunn="Det ble ikke noe av")
        foerste = await paa.neste_event()
        assert foerste is not None
        assert foerste["hendelse_id"] == min_.id != annen.id
    await by.stille()


async def test_somebody_without_a_session_hears_nothing(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/api/v1/strom")).status_code == 401
    assert (await http.get("/api/v1/strom", params={"hendelse": "x"}, headers=BEARER)).status_code == 422


async def test_a_stream_ends_with_its_session(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strommen, "PULS_SEKUNDER", 0.05)
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        kapsler = {"Cookie": "; ".join(f"{navn}={verdi}" for navn, verdi in n.kapsler.items())}
        async with lytter(by.nettleser, headers=kapsler) as paa:
            assert await paa.linje() in {"retry: 1000", "data: ", "data:"}
            by.klokke.frem(hours=13)
            await paa.til_slutt()  # whatever happens meanwhile, it ends by itself


async def test_a_stream_ends_with_its_session_also_when_something_happens_all_the_time(
    by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strommen, "PULS_SEKUNDER", 0.3)
    hus = by.program.hus
    token = await nytt_token(hus.db, rolle="gransker", navn="Uro", enhet=None, naa=by.klokke.now())
    melding = await hus.journal.hent(1)
    assert melding
    slutt = asyncio.Event()

    async def uro() -> None:
        while not slutt.is_set():
            for leser in list(by.program.strom.lesere):
                leser.gi(melding)
            await asyncio.sleep(0.01)  # thirty things happen between two looks at the session

    async with lytter(by.nettleser, headers={"Authorization": f"Bearer {token}"}) as paa:
        braak = asyncio.create_task(uro())
        try:
            assert await paa.neste_event()  # it has begun
            await trekk_tilbake(by, token)
            async with asyncio.timeout(FRIST_SEKUNDER):
                await paa.til_slutt()
        finally:
            slutt.set()
            await braak


async def test_a_stream_ends_when_its_token_is_withdrawn(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strommen, "PULS_SEKUNDER", 0.05)
    db, naa = by.program.hus.db, by.klokke.now()
    token = await nytt_token(db, rolle="gransker", navn="Trekkes tilbake", enhet=None, naa=naa)
    async with lytter(by.nettleser, headers={"Authorization": f"Bearer {token}"}) as paa:
        assert await paa.linje()
        await trekk_tilbake(by, token)
        await paa.til_slutt()


async def trekk_tilbake(by: By, token: str) -> None:
    async with by.program.hus.db.skriv() as tx:
        mitt = update(TOKEN).where(TOKEN.c.sha256 == avtrykk(token))
        await tx.execute(mitt.values(tilbakekalt=by.klokke.now()))


async def test_too_many_open_pages_are_refused(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strommen, "PER_BRUKER", 2)
    http = by.nettleser

    async def ingen_lytter() -> bool | None:
        return None if by.program.strom.antall_lesere else True

    await vent(ingen_lytter, "de som lyttet før, er borte", FRIST_SEKUNDER)
    async with lytter(http, headers=BEARER), lytter(http, headers=BEARER):
        svar = await http.get("/api/v1/strom", headers=BEARER)
        assert (svar.status_code, svar.json()["title"]) == (429, "For mange åpne sider")


async def test_when_the_program_stops_every_stream_ends(huset: Huset) -> None:
    strom = Strom(huset.journal)
    app = bygg_app([ruter(strom)], Tilgang(huset.db, OPPSTARTSTOKEN), {})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://salto") as http:
        aapen = asyncio.create_task(http.get("/api/v1/strom", headers=BEARER))

        async def lytter_noen() -> bool | None:
            return True if strom.antall_lesere else None

        await vent(lytter_noen, "noen lytter", FRIST_SEKUNDER)
        await strom.stopp()
        async with asyncio.timeout(FRIST_SEKUNDER):
            svar = await aapen
    assert (svar.status_code, strom.antall_lesere) == (200, 0)
    assert svar.text.startswith("event: puls")
