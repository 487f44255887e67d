"""`salto regler`: the rules can be read and tried without sending anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.regelproeve import proev_hendelse
from services.cli.regler import app, lag_app
from services.routing.regelsett import STANDARD
from tests.routing.byen import BYEN, REGELSETT, STEDER

HENDELSE: dict[str, Any] = {
    "type": "demonstrasjon",
    "tittel": "Markering foran Stortinget",
    "sted": {"navn": "Eidsvolls plass"},
    "start": "2026-11-28T14:00:00+01:00",
    "varslet": True,
}


@pytest.fixture
def fil(tmp_path: Path) -> Path:
    hendelse = tmp_path / "hendelse.json"
    hendelse.write_text(json.dumps(HENDELSE), encoding="utf-8")
    return hendelse


def test_vis_lists_every_rule_with_its_source() -> None:
    svar = CliRunner().invoke(app, ["vis", "--json"])
    assert svar.exit_code == 0
    assert [en["id"] for en in json.loads(svar.stdout)["regler"]] == [regel.id for regel in REGELSETT.regler]
    tabell = CliRunner().invoke(app, ["vis"], env={"COLUMNS": "200"})
    assert "R2-sentrum" in tabell.stdout
    assert REGELSETT.versjon in tabell.stdout


def test_proev_shows_who_would_be_called_and_who_not(fil: Path) -> None:
    svar = CliRunner().invoke(app, ["proev", "--fil", str(fil), "--json"])
    assert svar.exit_code == 0
    ut = json.loads(svar.stdout)
    assert ut["eier"] == {"rolle": "salto_sentrum", "enhet": "sentrum"}
    assert {"politikontakt", "uteseksjonen", "forebyggende"} <= {en["rolle"] for en in ut["mottakere"]}
    assert ut["vurdering_kreves"]
    tekst = CliRunner().invoke(app, ["proev", "--fil", str(fil)]).stdout
    assert "Spørres      SaLTo-sentrum" in tekst
    assert "Kalles ikke  Felles enhet for forebygging" in tekst


def test_proev_uses_the_register_it_is_given(fil: Path) -> None:
    svar = CliRunner().invoke(lag_app(lambda: (BYEN, ())), ["proev", "--fil", str(fil), "--json"])
    assert {en["person_id"] for en in json.loads(svar.stdout)["mottakere"]} <= {str(rad.person_id) for rad in BYEN}


def test_a_place_outside_oslo_fails_with_the_field(fil: Path) -> None:
    fil.write_text(json.dumps({**HENDELSE, "sted": {"navn": "Sandvika"}}), encoding="utf-8")
    svar = CliRunner().invoke(app, ["proev", "--fil", str(fil)])
    assert svar.exit_code == 1
    assert "Feil i sted.navn: «Sandvika» ligger utenfor Oslo" in svar.stdout


@pytest.mark.parametrize(
    ("endring", "felt"),
    [({"type": "fest"}, "type"), ({"start": "2026-11-28T14:00:00"}, "start"), ({"tema": ["vær"]}, "tema.0")],
)
def test_a_bad_body_names_the_field(endring: dict[str, Any], felt: str) -> None:
    svar = proev_hendelse({**HENDELSE, **endring}, REGELSETT, steder=STEDER)
    assert svar["feil"][0]["felt"] == felt


def test_a_bad_rule_set_is_refused_with_the_rule_and_the_field(fil: Path, tmp_path: Path) -> None:
    eget = tmp_path / "eget.yaml"
    eget.write_text(STANDARD.read_text(encoding="utf-8").replace("rolle: rektor\n", "rolle: rektoren\n", 1), "utf-8")
    svar = CliRunner().invoke(app, ["proev", "--fil", str(fil), "--regelsett", str(eget)])
    assert svar.exit_code == 1
    assert "regel R8-skole, felt kaller[1].rolle" in svar.stderr
