"""What can be said without a process: segments, numbers, plans, connection overrides."""

from __future__ import annotations

import pytest

from infra.simulator.callbacks import Forbindelse
from infra.simulator.innstillinger import Innstillinger, er_loopback
from infra.simulator.nummer import UgyldigNummer, e164
from infra.simulator.oppfoersel import INGEN, Autosvar, Bok, Oppfoersel
from infra.simulator.plan import Plan, legg_plan
from infra.simulator.segmenter import segmenter


@pytest.mark.parametrize(
    ("tekst", "antall"),
    [
        ("", 1),
        ("æøå" * 53, 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("á" * 70, 1),  # not in GSM-7
        ("á" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_gateway_bills_them(tekst: str, antall: int) -> None:
    assert segmenter(tekst) == antall


@pytest.mark.parametrize("tekst", ["90000001", "900 00 001", "+47 900 00 001", "0047 90000001", "+4790000001"])
def test_every_human_form_is_one_number(tekst: str) -> None:
    assert e164(tekst) == "+4790000001"


@pytest.mark.parametrize("tekst", ["", "ingen", "12", "+47123", "*"])
def test_what_is_no_number_is_refused(tekst: str) -> None:
    with pytest.raises(UgyldigNummer):
        e164(tekst)


@pytest.mark.parametrize(
    ("url", "ventet"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:8000/", True),
        ("http://192.0.2.1/", False),
        ("https://salto.example/", False),
        ("ikke en adresse", False),
        ("http://[", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, ventet: bool) -> None:
    assert er_loopback(url) is ventet


@pytest.mark.parametrize(
    ("fragment", "forsoek", "proever_5xx", "proever_4xx"),
    [
        ("", 1, True, False),
        ("#rc=5&rp=all", 5, True, True),
        ("#rc=9", 5, True, False),
        ("#rc=0&rp=ct", 0, False, False),
        ("#rp=4xx,5xx", 1, True, True),
    ],
)
def test_the_fragment_says_how_often(fragment: str, forsoek: int, proever_5xx: bool, proever_4xx: bool) -> None:
    lest = Forbindelse.les(f"http://127.0.0.1/x?a=1{fragment}")
    assert lest.url == "http://127.0.0.1/x?a=1"
    assert (lest.forsoek, lest.proever_igjen("5xx"), lest.proever_igjen("4xx")) == (forsoek, proever_5xx, proever_4xx)


def test_a_plan_reads_back_as_it_was_written() -> None:
    regel = Oppfoersel(doble_statuser=True, autosvar=(Autosvar(tekst="JA"),))
    plan = legg_plan("Svar JA eller NEI", regel, Innstillinger(), med_varsel=True)
    assert Plan.fra_json(plan.til_json()) == plan
    assert [s.svar for s in plan.steg][-1] == "JA"


def test_without_delivery_nothing_is_planned() -> None:
    assert legg_plan("x", INGEN, Innstillinger(leveranse=False), med_varsel=True) == Plan()


def test_a_phone_that_gets_nothing_answers_nothing() -> None:
    regel = Oppfoersel(ulevert=30003, autosvar=(Autosvar(tekst="JA", naar=""),))
    plan = legg_plan("x", regel, Innstillinger(), med_varsel=False)
    assert [(s.status, s.svar) for s in plan.steg][-1] == ("undelivered", None)


def test_a_rule_wears_out_and_the_own_one_goes_before_everybodys() -> None:
    bok = Bok({"*": Oppfoersel(status=503), "a": Oppfoersel(status=429, antall=1)}, INGEN)
    assert [bok.bruk("a")[0].status for _ in range(2)] == [429, 503]
    assert bok.bruk("b") == (Oppfoersel(status=503), None)
