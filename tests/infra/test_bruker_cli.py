"""`salto bruker`: accounts of the portal, made and closed at the terminal."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.clock import Clock
from infra.db import Database
from infra.settings import Settings
from infra.web.oekter import Oekter
from services.cli.bruker import app, feil_i_bruker
from services.migrering import migrer
from tests.harness.baser import Base

PASSORD, NYTT = "et langt nok passord", "et helt annet passord"
FROGNER = ("--rolle", "salto_koordinator", "--enhet", "bydel:05")


@pytest.fixture
async def data(tmp_path: Path, base: Base, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALTO_DATABASE_URL", base.innstilling)
    await migrer(Settings(data_dir=tmp_path))
    return tmp_path


def bruker(data: Path, *ord_: str, inn: str = "") -> Result:
    return CliRunner().invoke(app, [*ord_, "--data", str(data)], input=inn)


def ny(data: Path, navn: str, *ord_: str, passord: str = PASSORD) -> Result:
    return bruker(data, "ny", "--brukernavn", navn, *ord_, "--passord-fra-stdin", inn=f"{passord}\n")


def slipper_inn(data: Path, navn: str, passord: str) -> bool:
    async def proev() -> bool:
        db = Database(Settings(data_dir=data).hoveddatabase)
        try:
            return await Oekter(db, Clock()).logg_inn(navn, passord) is not None
        finally:
            await db.lukk()

    return asyncio.run(proev())


def test_an_account_is_made_listed_closed_and_opened_again(data: Path) -> None:
    assert ny(data, "Frogner", *FROGNER).output == "Frogner er laget.\n"
    assert slipper_inn(data, "frogner", PASSORD)
    assert bruker(data, "liste").output == "frogner  salto_koordinator  bydel:05\n"
    assert bruker(data, "sperr", "Frogner").exit_code == 0
    assert not slipper_inn(data, "frogner", PASSORD)
    [rad] = json.loads(bruker(data, "liste", "--json").output)
    assert (rad["brukernavn"], rad["rolle"], rad["enhet"], rad["demo"]) == (
        "frogner", "salto_koordinator", "bydel:05", False,
    )  # fmt: skip
    assert rad["sperret"] is not None
    assert "passord" not in rad
    assert bruker(data, "aapne", "frogner").exit_code == 0
    assert slipper_inn(data, "frogner", PASSORD)


def test_a_new_password_is_instead_of_the_old_one(data: Path) -> None:
    ny(data, "frogner", *FROGNER)
    svar = bruker(data, "passord", "frogner", "--passord-fra-stdin", inn=f"{NYTT}\n")
    assert svar.output == "frogner har fått nytt passord.\n"
    assert (slipper_inn(data, "frogner", PASSORD), slipper_inn(data, "frogner", NYTT)) == (False, True)


def test_a_name_is_taken_once_and_a_short_password_makes_nobody(data: Path) -> None:
    ny(data, "frogner", *FROGNER)
    assert "er tatt" in ny(data, "FROGNER", *FROGNER).output
    svar = ny(data, "alna", *FROGNER, passord="for kort")
    assert (svar.exit_code, "fra 12 til 200 tegn" in svar.output) == (2, True)
    assert bruker(data, "liste").output.count("\n") == 1


def test_without_a_terminal_the_password_must_come_from_stdin(data: Path) -> None:
    svar = bruker(data, "ny", "--brukernavn", "frogner", *FROGNER)
    assert (svar.exit_code, "--passord-fra-stdin" in svar.output) == (2, True)


@pytest.mark.parametrize("ord_", ["sperr", "aapne"])
def test_somebody_who_is_not_there_is_said_so(data: Path, ord_: str) -> None:
    svar = bruker(data, ord_, "ingen")
    assert (svar.exit_code, svar.output) == (1, "navn: ingen heter ingen\n")
    assert bruker(data, "liste").output == "Ingen brukere ennå.\n"


@pytest.mark.parametrize(
    ("navn", "rolle", "enhet", "grunn"),
    [
        ("kari", "sekretariat", None, ""),
        ("kari", "politi", "driftsenhet:ost", ""),
        ("kari", "linjeleder", "bydel:05", ""),
        ("kari", "politi", None, "enhet: politi må ha en enhet"),
        ("kari", "politi", "bydel:05", "enhet: politi kan ha driftsenhet:vest"),
        ("kari", "salto_koordinator", "bydel:17", "enhet: salto_koordinator kan ha bydel:01 til bydel:15"),
        ("kari", "gransker", "bydel:05", "enhet: gransker har ingen enhet"),
        ("kari", "system", None, "rolle: må være en av"),
        ("kari", "sjef", None, "rolle: må være en av"),
        (" kari", "gransker", None, "brukernavn: "),
        ("", "gransker", None, "brukernavn: "),
        ("k" * 65, "gransker", None, "brukernavn: "),
    ],
)
def test_role_and_unit_must_fit(navn: str, rolle: str, enhet: str | None, grunn: str) -> None:
    feil = feil_i_bruker(navn, rolle, enhet)
    assert feil.startswith(grunn)
    assert bool(feil) is bool(grunn)
