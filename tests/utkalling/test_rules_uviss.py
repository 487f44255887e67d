"""Messages nobody knows about: what is shown with a choice, who may choose, and which choice counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contracts.event import Aktoer
from contracts.melding import Valg
from services.utkalling import rules_uviss
from services.utkalling.rules_uviss import Melding, Stilling
from tests.utkalling.bord import NAA, av, med_kalte, mottaker, sak


def melding(**felt: Any) -> Melding:
    """A call-out that nobody knows about after its third attempt, with an hour left."""
    grunn = {"formaal": "utkalling", "status": "uviss", "uviss_forsoek": 3, "send_foer": NAA + timedelta(hours=1)}
    return Melding(**{**grunn, **felt})


@pytest.mark.parametrize(
    ("felt", "valg", "over", "stilling"),
    [
        ({}, "send_igjen", False, "ny"),
        ({}, "regn_som_sendt", False, "ny"),
        ({}, "send_igjen", True, "over"),
        ({}, "regn_som_sendt", True, "ny"),
        ({"formaal": "avlysning"}, "send_igjen", True, "ny"),
        ({"status": "sendt"}, "send_igjen", False, "kjent"),
        ({"status": "levert"}, "regn_som_sendt", False, "kjent"),
        ({"status": "feilet"}, "send_igjen", False, "kjent"),
        ({"status": "bestilt", "uviss_forsoek": 0}, "send_igjen", False, "kjent"),
        ({"avgjort_forsoek": 3, "valg": "send_igjen"}, "send_igjen", False, "samme"),
        ({"avgjort_forsoek": 3, "valg": "send_igjen"}, "regn_som_sendt", False, "et_annet_valg"),
        ({"avgjort_forsoek": 3, "valg": "send_igjen", "status": "levert"}, "send_igjen", False, "samme"),
        ({"avgjort_forsoek": 3, "valg": "send_igjen"}, "send_igjen", True, "samme"),
        ({"avgjort_forsoek": 2, "valg": "send_igjen"}, "send_igjen", False, "ny"),  # in doubt anew since
    ],
)
def test_the_first_choice_about_a_doubt_counts(
    felt: dict[str, Any], valg: Valg, over: bool, stilling: Stilling
) -> None:
    assert rules_uviss.vurder(melding(**felt), valg, over=over) == stilling


@pytest.mark.parametrize(
    ("felt", "over", "svart", "venter"),
    [
        ({}, False, False, True),
        ({"status": "bestilt"}, False, False, False),
        ({"status": "sendt"}, False, False, False),
        ({"avgjort_forsoek": 3, "valg": "regn_som_sendt"}, False, False, False),
        ({"avgjort_forsoek": 2, "valg": "send_igjen"}, False, False, True),
        ({}, False, True, False),  # whoever has answered was reached
        ({"formaal": "purring"}, False, True, False),
        ({"formaal": "endring"}, False, True, True),  # but may not know what is new
        ({"formaal": "avlysning"}, True, True, True),
        ({}, True, False, False),
    ],
)
def test_what_is_shown_with_a_choice(felt: dict[str, Any], over: bool, svart: bool, venter: bool) -> None:
    assert rules_uviss.venter(melding(**felt), over=over, svart=svart) is venter


@pytest.mark.parametrize(
    ("rolle", "enhet", "om_utkalling", "om_annet"),
    [
        ("sekretariat", None, True, True),
        ("salto_sentrum", "sentrum", True, True),
        ("system", None, True, True),
        ("salto_koordinator", "bydel:05", True, False),
        ("linjeleder", "bydel:05", True, False),
        ("salto_koordinator", "bydel:04", False, False),
        ("politi", "driftsenhet:vest", False, False),
        ("gransker", None, False, False),
        ("gransker", "bydel:05", False, False),
    ],
)
def test_who_may_choose(rolle: str, enhet: str | None, om_utkalling: bool, om_annet: bool) -> None:
    bord, hvem = med_kalte(mottaker(1)), Aktoer(rolle=rolle, enhet=enhet)
    assert rules_uviss.kan_avgjoere(bord, av(bord, 1), hvem) is om_utkalling
    assert rules_uviss.kan_avgjoere(bord, None, hvem) is om_annet
    assert rules_uviss.kan_avgjoere(None, None, hvem) is om_annet


@pytest.mark.parametrize(
    ("aapen", "avlyst", "over"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_it_is_over_when_the_hendelse_is_closed_or_the_person_stood_down(aapen: bool, avlyst: bool, over: bool) -> None:
    bord = med_kalte(mottaker(1), aapen=aapen)
    u = bord.sett(av(bord, 1), avlyst=avlyst)
    assert rules_uviss.er_over(bord, u) is over


def test_what_belongs_to_no_hendelse_is_never_over() -> None:
    assert not rules_uviss.er_over(None, None)
    assert rules_uviss.er_over(sak(aapen=False), None)


@pytest.mark.parametrize(
    ("send_foer", "for_sent"),
    [(None, False), (NAA + timedelta(seconds=1), False), (NAA, True), (NAA - timedelta(days=1), True)],
)
def test_past_its_time_it_would_not_go_out(send_foer: Any, for_sent: bool) -> None:
    assert rules_uviss.for_sent(melding(send_foer=send_foer), NAA) is for_sent
