"""`salto register …` against the real doors, over a real socket."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from fastapi import APIRouter
from typer.testing import CliRunner, Result

from infra.clock import OSLO
from infra.web.klient import Klient
from services.register import cli
from tests.register.byen import TOKEN, Byen, csv, rad

Kjoer = Callable[..., Awaitable[Result]]
FROGNER = rad("a-01", navn="Åse Ærlig-Ørn")


@pytest_asyncio.fixture
async def salto(byen: Byen, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kjoer]:
    """Runs `salto register …` as a person would, against the town's doors."""
    lytter = socket.create_server(("127.0.0.1", 0))
    tjener = uvicorn.Server(uvicorn.Config(byen.app, log_level="warning", lifespan="off"))
    oppgave = asyncio.create_task(tjener.serve(sockets=[lytter]))
    monkeypatch.setenv("SALTO_URL", f"http://127.0.0.1:{lytter.getsockname()[1]}")
    monkeypatch.setenv("SALTO_API_TOKEN", TOKEN)

    klienter: list[Klient] = []

    class Lukkbar(Klient):
        """A process closes its sockets by ending; a test has to do it."""

        def __init__(self) -> None:
            super().__init__()
            klienter.append(self)

    monkeypatch.setattr(cli, "Klient", Lukkbar)

    async def kjoer(*ord_: str) -> Result:
        return await asyncio.to_thread(lambda: CliRunner().invoke(cli.app, list(ord_)))

    yield kjoer
    for klient in klienter:
        klient._http.close()
    tjener.should_exit = True
    await oppgave


async def test_a_file_is_tried_and_then_read_in(salto: Kjoer, tmp_path: Path) -> None:
    fil = tmp_path / "register.csv"
    fil.write_bytes(csv(FROGNER, rad("b-02", vara_for="a-01", epost="", kanaler="sms+epost")).encode("cp1252"))
    proevd = await salto("importer", str(fil), "--torrkjoering")
    assert proevd.exit_code == 0, proevd.output
    assert "Tørrkjøring, ingenting er endret. Filen ville gitt: 2 nye" in proevd.output
    lest = await salto("importer", str(fil))
    assert "Lest inn 2 rader: 2 nye, 0 endret, 0 uendret, 0 fjernet." in lest.output
    assert "merk: linje 3: kanaler" in lest.output
    igjen = await salto("importer", str(fil), "--erstatt", "--json")
    assert json.loads(igjen.stdout)["uendret"] == 2


async def test_a_bad_file_is_told_line_by_line_and_ends_in_one(salto: Kjoer, tmp_path: Path) -> None:
    fil = tmp_path / "register.csv"
    fil.write_text(csv(FROGNER, rad("b-02", "sjef"), rad("c-03", mobil="123")))
    svar = await salto("importer", str(fil))
    assert svar.exit_code == 1
    assert "linje 3: rolle: må være en av" in svar.stderr
    assert "linje 4: mobil: er ikke et gyldig mobilnummer" in svar.stderr
    borte = await salto("importer", str(tmp_path / "finnes-ikke.csv"))
    assert (borte.exit_code, borte.stderr) == (1, f"Kan ikke lese {tmp_path / 'finnes-ikke.csv'}\n")


async def test_an_export_is_written_for_its_owner_alone(salto: Kjoer, byen: Byen, tmp_path: Path) -> None:
    await byen.har(FROGNER)
    ut = tmp_path / "ut.csv"
    assert (await salto("eksporter", "-o", str(ut))).exit_code == 0
    assert ut.stat().st_mode & 0o077 == 0
    assert ut.read_bytes() == (await salto("eksporter")).stdout_bytes == await byen.eksport()


async def test_vacancies_are_listed(salto: Kjoer, byen: Byen) -> None:
    await byen.har(FROGNER)
    byen.app.include_router(hendelser([]))
    assert (await salto("mangler", "--til", "2099-01-01")).exit_code == 1
    svar = await salto("mangler")
    assert "SaLTo-koordinator Frogner" in svar.output
    assert "uten vara" in svar.output
    som_json = json.loads((await salto("mangler", "--json")).stdout)
    assert {m["alvor"] for m in som_json["mangler"]} == {"ubemannet", "uten_vara"}
    assert som_json["hendelser"] == []


async def test_vacancies_are_listed_for_each_coming_event(salto: Kjoer, byen: Byen) -> None:
    om_to_dager = byen.klokke.now() + timedelta(days=2)
    byen.app.include_router(hendelser([("ELG", om_to_dager), ("HEGRE", om_to_dager - timedelta(days=1))]))
    alle = json.loads((await salto("mangler", "--json")).stdout)["hendelser"]
    assert [(h["kodeord"], len(h["mangler"])) for h in alle] == [("HEGRE", 1), ("ELG", 1)]
    til = str((om_to_dager - timedelta(days=1)).astimezone(OSLO).date())
    assert len(json.loads((await salto("mangler", "--til", til, "--json")).stdout)["hendelser"]) == 1
    assert "  SaLTo-sentrum: Ingen innehaver" in (await salto("mangler")).output


def hendelser(kommende: list[tuple[str, datetime]]) -> APIRouter:
    """A stand-in for the doors of another room, in the shapes of API §3 and §8."""
    ruter = APIRouter(prefix="/api/v1/hendelser")
    sted = {"navn": "Stortinget", "lat": 59.9, "lon": 10.7, "bydel": "16", "bydeler": ["16"], "ansvarlig": None}
    felles = {"type": "demonstrasjon", "tittel": "Test", "sted": sted, "versjon": 1, "status": "aapen"}

    @ruter.get("")
    async def liste(status: str, fra: datetime) -> dict[str, Any]:
        assert (status, fra.tzinfo is not None) == ("aapen", True)
        return {"hendelser": [{**felles, "id": k, "kodeord": k, "start": start} for k, start in kommende]}

    @ruter.post("/forhaandsvis")
    async def forhaandsvis(kropp: dict[str, Any]) -> dict[str, Any]:
        assert set(kropp) == {"type", "tittel", "sted", "start"}
        assert kropp["sted"] == {"navn": "Stortinget", "lat": 59.9, "lon": 10.7, "bydeler": ["16"]}
        return {"mangler": [{"rolle": "salto_sentrum", "enhet": "sentrum", "aarsak": "Ingen innehaver"}]}

    return ruter
