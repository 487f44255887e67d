"""The recurring events of the city as journeys: do our rules reach the roles that the standard gives them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.hendelse import Hendelse
from contracts.roller import Rolle
from tests.routing.byen import KOMMUNE, SKOLE, STEDER, beslutning, hendelse

FIL = Path(__file__).with_name("recurring_events.json")
AARSHJUL: list[dict[str, Any]] = json.loads(FIL.read_text(encoding="utf-8"))["hendelser"]

ROLLER = {
    "SALTO_KOORDINATOR": Rolle.SALTO_KOORDINATOR,
    "SENTRUMSBYDELER": Rolle.SALTO_KOORDINATOR,
    "SALTO_SENTRUM": Rolle.SALTO_SENTRUM,
    "UTESEKSJONEN": Rolle.UTESEKSJONEN,
    "UDE_SALTO_TEAM": Rolle.UDE_SALTO_TEAM,
    "REKTOR": Rolle.REKTOR,
    "PRIMERKONTAKT_SKOLE": Rolle.SKOLEKONTAKT_POLITI,
    "POLITIKONTAKT_BYDEL": Rolle.POLITIKONTAKT,
    "FOREBYGGENDE_AVSNITT": Rolle.FOREBYGGENDE,
    "FELLES_ENHET_FOREBYGGING": Rolle.FF,
    "RADIKALISERINGSKONTAKT": Rolle.RADIKALISERINGSKONTAKT,
    "ANDRE_KOMMUNER": Rolle.SLT_ANNEN_KOMMUNE,
}
UTENFOR_TJENESTEN = {"SIVILSAMFUNN", "STYRINGSGRUPPE", "KONSULTASJONSTEAM"}
"""Called by the coordinator where relevant, on the next agenda, and by phone: never by a rule (S:497, S:396, S:872)."""
TEMA = {
    "motdemo-ekstremisme": ["ekstremisme"],
    "oslo-pride": ["hatkriminalitet"],
    "russ-natt-til-17-mai": ["skole"],
    "russetid": ["skole"],
    "skoleslutt": ["skole"],
    "skolestart-vgs": ["skole"],
    "halloween": ["skole"],
    "skolekonflikt-vgs": ["skole"],
    "demo-stortinget": ["skole"],
    "voldshendelse-senter": ["skole"],
}
AVVIK = {
    "oya": {Rolle.UTESEKSJONEN},
    "norway-cup": {Rolle.UTESEKSJONEN},
}
"""What the list wants and our rules leave to a person: the place is not Oslo sentrum, so Uteseksjonen is not called."""
EN_BEKYMRING = "bekymring-radikalisering"
"""A concern about a person is never stored here (table O row 7)."""


def _slag(kategori: str) -> str:
    return kategori if kategori in {"demonstrasjon", "arrangement", "hendelse", "utviklingstrekk"} else "arrangement"


def _hendelse(fra: dict[str, Any]) -> Hendelse:
    """One event over all the places of the entry: the first is the point, the others are legs."""
    steder = fra["steder"]
    if fra["id"] == "skolekonflikt-vgs":
        return hendelse("hendelse", SKOLE, tema=["skole"])
    return hendelse(
        _slag(fra["kategori"]),
        {"navn": steder[0]["navn"], "bydeler": [sted["bydelsnummer"] for sted in steder]},
        varslet=fra["varslet"],
        stor=fra["omfang"] == "by",
        maalgruppe={"j": True, "n": False}.get(fra["involvererMaalgruppen"][0]),
        tema=TEMA.get(fra["id"], []),
        andre_kommuner=[KOMMUNE] if "ANDRE_KOMMUNER" in fra["mobiliseres"] else [],
    )


@pytest.mark.parametrize("fra", AARSHJUL, ids=lambda fra: fra["id"])
def test_the_map_agrees_about_sentrum(fra: dict[str, Any]) -> None:
    for sted in fra["steder"]:
        funnet = hendelse(sted=sted["navn"]).sted
        assert funnet is not None
        assert funnet.bydel == sted["bydelsnummer"]
        # The list knows only the 300 m area; we add the hot spots the same data names.
        assert funnet.sentrum == sted["osloSentrumStandard"] or "der ungdom samles" in funnet.sentrum_grunn


@pytest.mark.parametrize("fra", [en for en in AARSHJUL if en["id"] != EN_BEKYMRING], ids=lambda fra: fra["id"])
def test_the_rules_reach_the_roles_of_the_yearly_wheel(fra: dict[str, Any]) -> None:
    svar = beslutning(_hendelse(fra))
    naadd = {grunn.rolle for mottaker in svar.mottakere for grunn in mottaker.roller}
    # A role that is called but has no named unit is seen as a shortfall, which is reaching it too.
    naadd |= {en.rolle for en in svar.mangler}
    ventet = {ROLLER[navn] for navn in fra["mobiliseres"] if navn in ROLLER}
    assert set(fra["mobiliseres"]) <= {*ROLLER, *UTENFOR_TJENESTEN, "SALTO_SEKRETARIAT"}
    assert ventet - naadd == AVVIK.get(fra["id"], set())
    if "SALTO_SEKRETARIAT" in fra["mobiliseres"]:
        assert svar.vurdering_kreves or Rolle.SEKRETARIAT in naadd


def test_the_marathon_asks_nobody() -> None:
    (maraton,) = [en for en in AARSHJUL if en["id"] == "oslo-maraton"]
    svar = beslutning(_hendelse(maraton))
    assert svar.eier.rolle is Rolle.SALTO_SENTRUM
    assert {en.art for en in svar.mottakere} == {"orientering"}


def test_the_list_names_only_known_places() -> None:
    for fra in AARSHJUL:
        for sted in fra["steder"]:
            assert STEDER.navn.med_id(sted["sted"]).navn == sted["navn"]
