"""The reply corpus: what people really write, and that none of it is read wrong."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.lesning import Betydning
from services.cli.svar import app, proev_rader

KORPUS = Path(__file__).with_name("svar.csv")
HODE = "svar,aapne,foer,betydning,eta_minutter,klokka"


def _rader() -> list[dict[str, str]]:
    with KORPUS.open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil))


def test_no_reply_of_the_corpus_is_read_wrong_and_few_are_asked_about() -> None:
    rader = _rader()
    dom = proev_rader(rader)
    assert len(rader) >= 350
    assert dom["feil"] == []
    assert dom["spurt"] <= len(rader) // 100


def test_the_corpus_has_every_meaning() -> None:
    assert {r["betydning"] for r in _rader()} == set(Betydning)


@pytest.mark.parametrize(
    ("rad", "treff", "spurt", "feil"),
    [
        ("ja,,,kommer,,", 1, 0, 0),
        ("ja 20,,,kommer,20,", 1, 0, 0),
        ("ja 20,,,kommer,,", 0, 0, 1),
        ("ja 20,,,kommer,30,", 0, 0, 1),
        ("kanskje,,,kommer,,", 0, 1, 0),
        ("info,,,kommer,,", 0, 1, 0),
        ("nei,,,kommer,,", 0, 0, 1),
        ("ja,,,uklart,,", 0, 0, 1),
        ("kanskje,,,spoer,,", 0, 0, 1),
        ("ja,2,,spoer,,", 1, 0, 0),
        ("ja {kodeord2},2,,kommer,,", 1, 0, 0),
        ("{kodeord2},2,kommer,kommer,,", 1, 0, 0),
        ("{kodeord2},2,ja 20,kommer,20,", 1, 0, 0),
        ("framme,1,kommer,framme,,", 1, 0, 0),
        ("framme,1,ja,framme,,", 1, 0, 0),
        ("framme,1,,framme,,", 0, 1, 0),
        ("kjem kl 19,1,,kommer,60,18:00", 1, 0, 0),
        ("ja,0,,uklart,,", 1, 0, 0),
    ],
)
def test_a_row_is_judged_as_the_contract_says(rad: str, treff: int, spurt: int, feil: int) -> None:
    dom = proev_rader(csv.DictReader([HODE, rad]))
    assert (dom["treff"], dom["spurt"], len(dom["feil"])) == (treff, spurt, feil)


def test_a_wrong_reading_is_shown_with_what_was_meant_and_what_was_read() -> None:
    dom = proev_rader(csv.DictReader([HODE, "ja 20,,,kommer_ikke,,"]))
    assert dom["feil"] == [{"svar": "ja 20", "ventet": "kommer_ikke", "fikk": "kommer 20"}]


def test_the_command_prints_json_and_succeeds_when_nothing_is_wrong() -> None:
    utfall = CliRunner().invoke(app, ["proev", "--fil", str(KORPUS), "--json"])
    assert utfall.exit_code == 0
    assert set(json.loads(utfall.stdout)) == {"treff", "spurt", "feil"}


def test_the_command_names_what_went_wrong_and_fails(tmp_path: Path) -> None:
    fil = tmp_path / "svar.csv"
    fil.write_text(f"{HODE}\nnei,,,kommer,,\n", encoding="utf-8")
    utfall = CliRunner().invoke(app, ["proev", "--fil", str(fil)])
    assert utfall.exit_code == 1
    assert "1 svar: 0 forstått, 0 spurt om, 1 feil." in utfall.stdout
    assert "ventet kommer, fikk kommer_ikke" in utfall.stdout


@pytest.mark.parametrize("rad", ["ja,,,kansje,,", "ja,mange,,kommer,,", "ja,,,kommer,,kl sju"])
def test_a_row_outside_the_contract_is_refused_with_its_number(tmp_path: Path, rad: str) -> None:
    fil = tmp_path / "svar.csv"
    fil.write_text(f"{HODE}\nja,,,kommer,,\n{rad}\n", encoding="utf-8")
    utfall = CliRunner().invoke(app, ["proev", "--fil", str(fil)])
    assert utfall.exit_code == 2
    assert "rad 2" in utfall.output
