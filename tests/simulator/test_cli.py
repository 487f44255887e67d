"""The terminal's view: a phone, a mailbox, the counts."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.simulator.adresse import Adresse
from infra.simulator.cli import app
from infra.simulator.klient import Simulator

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

KARI = "+4790000001"


@pytest.fixture
def mappe(adresse: Adresse, tmp_path: Path) -> Path:
    adresse.skriv(tmp_path)
    return tmp_path


@pytest.fixture
async def samtale(sim: Simulator, twilio: Any) -> None:
    await twilio.messages.create_async(to=KARI, from_="+4790099000", body="Kan du stille? Svar JA eller NEI. #7K2QX")
    await sim.vent_paa_ro()


def kjoer(mappe: Path, *argumenter: str) -> Result:
    return CliRunner().invoke(app, [*argumenter, "--data", str(mappe)])


def test_a_phone_shows_the_conversation_and_answers(samtale: None, mappe: Path) -> None:
    svar = kjoer(mappe, "telefon", "90000001", "--svar", "JA 20")
    assert svar.exit_code == 0, svar.output
    assert "Kan du stille?" in svar.output
    assert "levert" in svar.output
    assert "JA 20" in svar.output


def test_data_can_be_had_as_json(samtale: None, mappe: Path) -> None:
    meldinger = json.loads(kjoer(mappe, "telefon", KARI, "--json").output)
    assert [(m["retning"], m["status"]) for m in meldinger] == [("ut", "delivered")]
    assert json.loads(kjoer(mappe, "tall", "--json").output)["sms_mottatt"] == 1
    assert json.loads(kjoer(mappe, "epost", "kari@bydel.example", "--json").output) == []


def test_the_counts_and_an_empty_mailbox_in_words(samtale: None, mappe: Path) -> None:
    assert "SMS mottatt: 1 (1 ulike, 0 doble)" in kjoer(mappe, "tall").output
    assert "Ingen e-post ennå." in kjoer(mappe, "epost", "kari@bydel.example").output


def test_no_simulator_is_said_in_one_line(tmp_path: Path) -> None:
    svar = kjoer(tmp_path, "tall")
    assert svar.exit_code == 1
    assert svar.output.startswith("Fant ingen simulator")


def test_a_simulator_that_is_gone_is_said_in_one_line(tmp_path: Path) -> None:
    Adresse(port=9, smtp_port=9, pid=os.getpid(), sid="AC", token="x").skriv(tmp_path)
    svar = kjoer(tmp_path, "tall")
    assert (svar.exit_code, svar.output) == (1, "Simulatoren svarer ikke. Er den startet?\n")
