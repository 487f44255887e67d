"""What holds for every decision beside table O: reasons, owners, one recipient per person, order, speed."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.hendelse import Eier, Hendelse, HendelseType, Sted, Tema
from contracts.roller import EGNE_BYDELER, POLITI, Rolle
from tests.routing.byen import BYEN, KOMMUNE, REGELSETT, SKOLE, beslutning, hendelse, kalt, person, rad


@pytest.mark.parametrize("navn", ["Oslo Handelsgymnasium", "Edvard Munch videregående skole"])
def test_a_school_near_the_centre_is_its_own_bydels_unless_it_is_a_demonstration_or_a_person_says_sentrum(
    navn: str,
) -> None:
    assert hendelse(sted=navn).eier.rolle is Rolle.SALTO_KOORDINATOR
    assert hendelse("demonstrasjon", navn).eier.rolle is Rolle.SALTO_SENTRUM
    assert hendelse(sted={"navn": navn, "sentrum": True}).eier.rolle is Rolle.SALTO_SENTRUM


def test_row_11_outside_oslo_calls_nobody_and_shows_both_sides() -> None:
    utenfor = hendelse(sted="Furuset senter").model_copy(update={"sted": Sted(navn="Sandvika", utenfor_oslo=True)})
    svar = beslutning(utenfor)
    assert not svar.mottakere
    assert not svar.mangler
    assert {en.rolle in POLITI for en in svar.ikke_valgt} == {True, False}
    assert all("utenfor Oslo" in en.grunn for en in svar.ikke_valgt)


def test_the_sekretariat_is_shown_as_an_assessment_when_announced() -> None:
    svar = beslutning(hendelse(sted="Furuset senter", varslet=True))
    (grunn,) = [en.grunn for en in svar.ikke_valgt if en.rolle is Rolle.SEKRETARIAT]
    assert grunn.startswith("Vurderingsoppgave, ikke utkalling")


def test_a_school_theme_without_a_school_is_a_shortfall_not_a_guess() -> None:
    svar = beslutning(hendelse(sted="Stovner senter", tema=["skole"]))
    assert {en.rolle for en in svar.mangler} == {Rolle.REKTOR, Rolle.SKOLEKONTAKT_POLITI}
    assert all("Ingen bestemt skole er oppgitt" in en.aarsak for en in svar.mangler)


def test_an_unknown_region_is_a_shortfall_not_silence() -> None:
    svar = beslutning(hendelse(sted="Furuset senter", utvidelser=[{"region": "Nordmarka"}]))
    assert [(en.rolle, en.enhet) for en in svar.mangler] == [(Rolle.SALTO_KOORDINATOR, "region:Nordmarka")]


def test_an_owner_by_hand_over_is_called_beside_those_the_rules_point_to() -> None:
    overfoert = hendelse(sted="Furuset senter").model_copy(
        update={"eier": Eier(rolle=Rolle.SALTO_KOORDINATOR, enhet="bydel:11")}
    )
    svar = beslutning(overfoert)
    assert svar.mottakere[0].person_id == person("salto_koordinator@bydel:11")
    assert svar.mottakere[0].roller[0].regel == "R0-eier"
    assert {"salto_koordinator@bydel:11", "salto_koordinator@bydel:12"} <= kalt(svar, "foresporsel")


def test_one_person_in_two_roles_is_one_recipient_asked_if_any_role_asks() -> None:
    rader = [
        rad(Rolle.SALTO_KOORDINATOR, "bydel:05", "begge", har=("sms",)),
        rad(Rolle.FOREBYGGENDE, "driftsenhet:vest", "begge", har=("epost",)),
    ]
    svar = beslutning(hendelse(sted="Valkyrieplassen"), rader)
    (mottaker,) = svar.mottakere
    assert mottaker.art == "foresporsel"
    assert mottaker.kanaler == ("sms", "epost")
    assert [(en.rolle, en.art) for en in mottaker.roller] == [
        (Rolle.SALTO_KOORDINATOR, "foresporsel"),
        (Rolle.FOREBYGGENDE, "orientering"),
    ]


def test_the_role_of_the_whole_city_is_found_in_whichever_unit_the_register_puts_it() -> None:
    rader = [rad(Rolle.UTESEKSJONEN, "sentrum"), rad(Rolle.SALTO_SENTRUM, "velferdsetaten")]
    svar = beslutning(hendelse("demonstrasjon", "Eidsvolls plass"), rader)
    assert kalt(svar) == {"uteseksjonen@sentrum", "salto_sentrum@velferdsetaten"}


def test_reasons_speak_about_the_place_in_words_people_use() -> None:
    svar = beslutning(hendelse("demonstrasjon", "Youngstorget"))
    grunner = {f"{en.rolle}@{en.enhet}": en.grunn for mottaker in svar.mottakere for en in mottaker.roller}
    assert grunner["salto_koordinator@bydel:04"] == (
        "Hendelsen er i Oslo sentrum, og stedet ligger i din bydel (St. Hanshaugen)."
    )
    assert not any("{" in grunn or "bydel:" in grunn for grunn in grunner.values())


STEDSVALG: list[dict[str, Any]] = [
    {"navn": "Eidsvolls plass"},
    {"navn": "Youngstorget"},
    {"navn": "Tryvann"},
    {"navn": "Valkyrieplassen"},
    {"navn": "Tøyenparken"},
    {"navn": SKOLE},
    {"navn": "Furuset senter", "sentrum": True},
    {"navn": "Eidsvolls plass", "sentrum": False},
    {"bydeler": ["03", "16", "09"]},
    {"bydeler": ["15"]},
]
UTVIDELSER: list[dict[str, Any]] = [
    {"bydeler": ["11", "16"]},
    {"region": "indre vest"},
    {"byomfattende": True},
    {"bydeler": ["12"], "rolle": "utoevende"},
]
HENDELSER = st.builds(
    hendelse,
    st.sampled_from([slag.value for slag in HendelseType]),
    st.sampled_from(STEDSVALG),
    stor=st.booleans(),
    varslet=st.booleans(),
    maalgruppe=st.sampled_from([True, False, None]),
    tema=st.lists(st.sampled_from([tema.value for tema in Tema]), max_size=2),
    hjembydeler=st.lists(st.sampled_from(EGNE_BYDELER), max_size=2),
    andre_kommuner=st.lists(st.sampled_from([KOMMUNE, "3203"]), max_size=2),
    utvidelser=st.lists(st.sampled_from(UTVIDELSER), max_size=2),
) | st.builds(hendelse, st.just("utviklingstrekk"), st.none(), maalgruppe=st.sampled_from([True, False, None]))
REGISTRE = st.lists(st.sampled_from(BYEN), unique=True, max_size=30) | st.just(list(BYEN))


@settings(max_examples=150)
@given(hva=HENDELSER, rader=REGISTRE)
def test_both_sides_and_all_three_parties_are_always_visible(hva: Hendelse, rader: list[Any]) -> None:
    svar = beslutning(hva, rader)
    synlige = {en.rolle for mottaker in svar.mottakere for en in mottaker.roller}
    synlige |= {en.rolle for en in svar.mangler} | {en.rolle for en in svar.ikke_valgt}
    assert synlige & POLITI
    assert synlige - POLITI
    assert synlige & {Rolle.UDE_SALTO_TEAM, Rolle.REKTOR}


@settings(max_examples=150)
@given(hva=HENDELSER, rader=REGISTRE)
def test_the_owner_is_always_called_or_a_shortfall(hva: Hendelse, rader: list[Any]) -> None:
    svar = beslutning(hva, rader)
    roller = {en.rolle for mottaker in svar.mottakere for en in mottaker.roller}
    assert svar.eier.rolle in roller | {en.rolle for en in svar.mangler}


@settings(max_examples=150)
@given(hva=HENDELSER, rader=REGISTRE, froe=st.integers(0, 9))
def test_the_same_input_in_any_order_gives_the_same_decision(hva: Hendelse, rader: list[Any], froe: int) -> None:
    stokket = list(rader)
    random.Random(froe).shuffle(stokket)
    assert beslutning(hva, rader) == beslutning(hva, stokket)


@settings(max_examples=150)
@given(hva=HENDELSER, rader=REGISTRE)
def test_nobody_is_called_twice_or_both_called_and_not(hva: Hendelse, rader: list[Any]) -> None:
    svar = beslutning(hva, rader)
    valgte = [en.person_id for en in svar.mottakere]
    assert len(valgte) == len(set(valgte))
    assert not {en.person_id for en in svar.ikke_valgt} & set(valgte)
    assert all(en.regel and en.hjemmel and en.grunn for mottaker in svar.mottakere for en in mottaker.roller)
    for mottaker in svar.mottakere:
        assert mottaker.kanaler
        assert mottaker.art == min(en.art for en in mottaker.roller)
    if hva.maalgruppe is False and not set(hva.tema) & set(REGELSETT.aldersuavhengige_tema):
        assert all(en.art == "orientering" for en in svar.mottakere)


def test_two_thousand_people_are_decided_at_once() -> None:
    stab = [rad(Rolle.UTOEVENDE, "bydel:12", f"utøver {nr}") for nr in range(2000)]
    hva = hendelse(sted="Furuset senter", utvidelser=[{"bydeler": ["12"], "rolle": "utoevende"}])
    svar = beslutning(hva, [*BYEN, *stab])
    assert len(svar.mottakere) > 2000
