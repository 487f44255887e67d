"""`salto logg`, `salto audit` and `salto rapport`, against the doors on a real port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
import typer
import uvicorn
from typer.testing import CliRunner, Result

from infra.web.klient import Klient
from services.audit import cli
from services.audit.cli import audit, logg, rapport
from tests.audit.arkivet import TOKEN, Arkivet, inntil
from tests.audit.historie import HENDELSE_ID, historien, stoey

app = typer.Typer()
app.add_typer(audit, name="audit")
app.command("logg")(logg)
app.command("rapport")(rapport)


class _Tjener(uvicorn.Server):
    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - uvicorn's own has no type
        yield


class Kommandolinje:
    """`salto …` as a person at the terminal has it."""

    def __init__(self, url: str, mappe: Path) -> None:
        self._miljoe = {"SALTO_URL": url, "SALTO_API_TOKEN": TOKEN, "SALTO_DATA_DIR": str(mappe)}

    async def salto(self, *ord_: object) -> Result:
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, [str(o) for o in ord_], env=self._miljoe))


@pytest_asyncio.fixture
async def linje(arkivet: Arkivet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kommandolinje]:
    klienter: list[Klient] = []

    class Lukkbar(Klient):
        """A process closes its sockets by ending; a test has to do it."""

        def __init__(self) -> None:
            super().__init__()
            klienter.append(self)

    monkeypatch.setattr(cli, "Klient", Lukkbar)
    tjener = _Tjener(uvicorn.Config(arkivet.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
    oppgave = asyncio.create_task(tjener.serve())
    await arkivet.start()
    await arkivet.skjer([*historien(), *stoey()])

    async def lytter() -> bool:
        return tjener.started

    await inntil(lytter)
    await inntil(arkivet.har_alt)
    port = tjener.servers[0].sockets[0].getsockname()[1]
    yield Kommandolinje(f"http://127.0.0.1:{port}", tmp_path)
    for klient in klienter:
        klient._http.close()
    tjener.should_exit = True
    await oppgave


async def test_the_log_is_one_json_object_a_line(linje: Kommandolinje) -> None:
    svar = await linje.salto("logg", "--json")
    rader = [json.loads(rad) for rad in svar.stdout.splitlines()]
    assert svar.exit_code == 0
    assert [r["sekvens"] for r in rader] == list(range(1, len(rader) + 1))
    egne = await linje.salto("logg", "--hendelse", HENDELSE_ID, "--json")
    assert [json.loads(r) for r in egne.stdout.splitlines()] == [
        r for r in rader if r["hendelse_id"] == str(HENDELSE_ID)
    ]


async def test_people_get_a_line_in_bokmaal(linje: Kommandolinje) -> None:
    svar = await linje.salto("logg", "--hendelse", HENDELSE_ID)
    foerste = svar.stdout.splitlines()[0]
    assert "#1      Hendelse meldt  hendelse " in foerste
    assert "Utkallinger opprettet (4)" in svar.stdout


async def test_a_log_that_is_not_there_says_why_and_fails(linje: Kommandolinje) -> None:
    svar = await linje.salto("logg", "--hendelse", "99999999-9999-4999-8999-999999999999")
    assert svar.exit_code == 1
    assert "Finnes ikke" in svar.output


@pytest.mark.parametrize(
    ("form", "ventet"), [("html", "<!DOCTYPE html>"), ("json", '"hode"'), ("csv", "oevelse;spurt")]
)
async def test_a_report_is_written_to_a_file(linje: Kommandolinje, tmp_path: Path, form: str, ventet: str) -> None:
    ut = tmp_path / "rapport"
    svar = await linje.salto("rapport", HENDELSE_ID, "--format", form, "-o", ut)
    assert svar.exit_code == 0
    assert ventet in ut.read_text(encoding="utf-8")


async def test_a_bundle_is_checked_without_the_service(linje: Kommandolinje, tmp_path: Path) -> None:
    ut = tmp_path / "utdrag.jsonl"
    assert (await linje.salto("audit", "eksporter", HENDELSE_ID, "-o", ut)).exit_code == 0
    svar = await linje.salto("audit", "verifiser", "--fil", ut, "--json")
    assert (svar.exit_code, json.loads(svar.stdout)["hel"]) == (0, True)
    ut.write_text(ut.read_text(encoding="utf-8").replace("Langt fra sentrum", "Langt fra sentru."), encoding="utf-8")
    svar = await linje.salto("audit", "verifiser", "--fil", ut)
    assert svar.exit_code == 1
    assert "BRUTT ved rad 8" in svar.stdout
    ut.write_bytes(b"\xff\xfe ikke et utdrag")
    assert (await linje.salto("audit", "verifiser", "--fil", ut)).exit_code == 2
    assert (await linje.salto("audit", "verifiser", "--fil", tmp_path / "borte")).exit_code == 2


async def test_a_new_epoch_is_refused_while_the_journal_is_the_one_we_know(linje: Kommandolinje) -> None:
    svar = await linje.salto("audit", "ny-epoke", "--grunn", "bare for sikkerhets skyld")
    assert svar.exit_code == 1
    assert "Ny epoke trengs ikke" in svar.output
