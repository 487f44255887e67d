"""The kodeord keep the rule of API §4, and the rule of when one may be given."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kodeord import KODEORD, MINSTE_AVSTAND, avstand, brett, for_lik, kan_gis, kanonisk, naere
from contracts.roller import ROLLENAVN, Rolle
from services.sms.lesning.fraser import KJENTE_ORD
from services.sms.lesning.ord import KANON

_DATA = Path(__file__).parents[2] / "services" / "routing" / "data"
_GITT_AV_KONTRAKTEN = ("ELG", "HEGRE", "TIUR")
_GSM7 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ")
_SVARORD = frozenset(
    {"ja", "ok", "kommer", "kjem", "stiller", "på", "vei", "nei", "kan", "ikke", "ikkje", "opptatt", "framme", "fremme"}
    | {"plass", "ferdig", "hjemme", "heime", "info", "status", "hva", "gjelder", "dette", "hjelp", "stopp", "stop"}
    | {"start", "om", "min", "time", "kl", "jeg", "eg", "nå", "no", "øvelse", "haster", "avlyst", "jau", "yes"}
)


def _ord(tekst: str) -> set[str]:
    """The names as they are, and each word of them."""
    navn = {n.strip().upper() for n in tekst.split(";") if n.strip()}
    return navn | {o for n in navn for o in re.findall(r"[^\W\d_]+", n)}


def _fra_fil(fil: str, *kolonner: str) -> set[str]:
    with (_DATA / fil).open(encoding="utf-8", newline="") as aapnet:
        return {o for rad in csv.DictReader(aapnet) for k in kolonner for o in _ord(rad[k])}


def _opptatte_ord() -> set[str]:
    steder = _fra_fil("places.csv", "navn", "alias") | _fra_fil("bydeler.csv", "navn")
    roller = {o for r in Rolle for o in _ord(r.replace("_", " ")) | _ord(ROLLENAVN[r])}
    return steder | roller | {s.upper() for s in _SVARORD}


def test_the_list_has_at_least_a_hundred_and_fifty_words_each_once() -> None:
    assert len(KODEORD) >= 150
    assert len({brett(k) for k in KODEORD}) == len(KODEORD)


@pytest.mark.parametrize("kodeord", _GITT_AV_KONTRAKTEN)
def test_the_words_the_contract_prints_are_in_the_list_and_given_last(kodeord: str) -> None:
    assert kodeord in KODEORD[-3:]


def test_every_kodeord_is_short_and_of_gsm7_letters() -> None:
    assert all(3 <= len(k) <= 7 and set(k) <= _GSM7 for k in KODEORD)


def test_no_kodeord_is_near_or_a_beginning_of_a_bydel_place_role_or_answer_word() -> None:
    opptatte = _opptatte_ord()
    for kodeord in set(KODEORD) - set(_GITT_AV_KONTRAKTEN):
        for annet in opptatte:
            assert avstand(kodeord, annet) >= MINSTE_AVSTAND, (kodeord, annet)
            assert not annet.startswith(kodeord), (kodeord, annet)
            assert len(annet) < 3 or not kodeord.startswith(annet), (kodeord, annet)


def test_no_kodeord_has_another_inside_it() -> None:
    assert not [(k, annet) for k in KODEORD for annet in KODEORD if k != annet and k in annet]


def test_no_kodeord_is_a_word_that_answers_are_read_by() -> None:
    leste = KJENTE_ORD | set(KANON)
    assert not [k for k in KODEORD if brett(k) in leste]


def test_two_hundred_events_can_be_open_at_once() -> None:
    aapne: list[str] = []
    for kodeord in KODEORD:
        if kan_gis(kodeord, aapne):
            aapne.append(kodeord)
    assert len(aapne) >= 200


@pytest.mark.parametrize(
    ("kodeord", "opptatte", "kan"),
    [
        ("ELG", [], True),
        ("ELG", ["HEGRE", "TIUR"], True),
        ("ELG", ["ELG"], False),
        ("BISON", ["BISONEN"], False),
        ("STOPP", [], False),
        ("elg", [], False),
        ("HEGRE", ["HEGGE"], False),
    ],
)
def test_a_kodeord_is_given_only_when_it_is_like_no_other(kodeord: str, opptatte: list[str], kan: bool) -> None:
    assert kan_gis(kodeord, opptatte) is kan


@pytest.mark.parametrize(
    ("a", "b", "ventet"),
    [("", "", 0), ("ELG", "ELG", 0), ("ELG", "", 3), ("ELG", "ULV", 2), ("HEGRE", "HERGE", 2), ("TIUR", "TIURR", 1)],
)
def test_the_distance_counts_letters_put_in_taken_out_or_changed(a: str, b: str, ventet: int) -> None:
    assert avstand(a, b) == avstand(b, a) == ventet


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_the_distance_is_a_distance(a: str, b: str, c: str) -> None:
    assert avstand(a, b) == avstand(b, a) <= max(len(a), len(b))
    assert avstand(a, c) <= avstand(a, b) + avstand(b, c)
    assert (avstand(a, b) == 0) is (a == b)


@given(st.sampled_from(KODEORD), st.sampled_from(KODEORD))
def test_no_kodeord_may_be_open_beside_one_too_like_it(a: str, b: str) -> None:
    assert kan_gis(a, [b]) is not for_lik(a, b)


@pytest.mark.parametrize("skrevet", ["kråke", "KRÅKE", "Kraake"])
def test_a_kodeord_is_known_in_any_case_with_or_without_norwegian_letters(skrevet: str) -> None:
    assert kanonisk(brett(skrevet)) == "KRÅKE"


@pytest.mark.parametrize(
    ("skrevet", "ventet"), [("hegra", ("HEGRE",)), ("tiurr", ("TIUR",)), ("hegre", ()), ("elk", ()), ("xyz", ())]
)
def test_a_kodeord_is_near_a_word_one_edit_away_and_of_four_letters(skrevet: str, ventet: tuple[str, ...]) -> None:
    assert naere(skrevet) == ventet


@given(st.sampled_from([k for k in KODEORD if len(k) > 4]), st.integers(0, 6), st.sampled_from("abcdefgh"))
def test_every_slip_of_one_letter_finds_its_kodeord(kodeord: str, sted: int, bokstav: str) -> None:
    brettet = brett(kodeord)
    skrevet = brettet[:sted] + bokstav + brettet[sted + 1 :]
    assert skrevet == brettet or avstand(skrevet, brettet) > 1 or kodeord in naere(skrevet)
