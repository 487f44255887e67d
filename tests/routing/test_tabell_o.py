"""Table O of the domain rules, row by row: who owns, who is called, who is considered and not called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.hendelse import Hendelse
from contracts.roller import EGNE_BYDELER
from tests.routing.byen import KOMMUNE, SKOLE, beslutning, hendelse, kalt

SENTRUM = "salto_sentrum@sentrum"
UTE = "uteseksjonen@velferdsetaten"
SEK = "sekretariat@velferdsetaten"
UDE = "ude_salto_team@utdanningsetaten"
BFE = "bfe@barne_og_familieetaten"
FF = "ff@politi:ff"


def koord(*numre: str) -> set[str]:
    return {f"salto_koordinator@bydel:{nummer}" for nummer in numre}


def pk(*numre: str) -> set[str]:
    return {f"politikontakt@bydel:{nummer}" for nummer in numre}


def forebyggende(*navn: str) -> set[str]:
    return {f"forebyggende@driftsenhet:{ett}" for ett in navn}


RAD2_I_SENTRUM = {SENTRUM, UTE} | koord("01", "02", "03", "04", "05") | pk("04") | forebyggende("sentrum")


@dataclass(frozen=True)
class Tilfelle:
    navn: str
    hva: Hendelse
    eier: str
    spoerres: set[str]
    orienteres: set[str] = field(default_factory=set)
    vurdering: bool = False


def _utvidet(**utvidelse: Any) -> tuple[dict[str, Any], ...]:
    return (utvidelse,)


TABELL_O = [
    Tilfelle(
        "rad 1: i en bydel",
        hendelse(sted="Furuset senter"),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost"),
    ),
    Tilfelle(
        "rad 1: målgruppen er med",
        hendelse("arrangement", "Ullevål stadion", maalgruppe=True, stor=True),
        "salto_koordinator@bydel:08",
        koord("08") | pk("08") | forebyggende("vest"),
    ),
    Tilfelle(
        "rad 1: politiets grense er usikker",
        hendelse(sted="Valkyrieplassen"),
        "salto_koordinator@bydel:05",
        koord("05") | pk("05") | forebyggende("sentrum"),
        forebyggende("vest"),
    ),
    Tilfelle("rad 2: demonstrasjon", hendelse("demonstrasjon", "Eidsvolls plass"), SENTRUM, RAD2_I_SENTRUM),
    Tilfelle("rad 2: hendelse, målgruppen ukjent", hendelse("hendelse", "Eidsvolls plass"), SENTRUM, RAD2_I_SENTRUM),
    Tilfelle(
        "rad 2: Youngstorget har bydelens egen koordinator med",
        hendelse("demonstrasjon", "Youngstorget"),
        SENTRUM,
        RAD2_I_SENTRUM,
    ),
    Tilfelle(
        "rad 2: bydelens politikontakt når punktet er i en bydel",
        hendelse("demonstrasjon", "Grønlands torg"),
        SENTRUM,
        (RAD2_I_SENTRUM - pk("04")) | pk("01"),
    ),
    Tilfelle(
        "rad 2: et menneske har valgt sentrum",
        hendelse("demonstrasjon", {"navn": "Furuset senter", "sentrum": True}),
        SENTRUM,
        (RAD2_I_SENTRUM - pk("04")) | koord("12") | pk("12") | forebyggende("ost"),
    ),
    Tilfelle(
        "rad 2 trukket av et menneske, i Sentrum (16)",
        hendelse("demonstrasjon", {"navn": "Eidsvolls plass", "sentrum": False}),
        SENTRUM,
        {SENTRUM} | pk("04") | forebyggende("sentrum"),
    ),
    Tilfelle(
        "rad 2 trukket av et menneske, på Youngstorget",
        hendelse("demonstrasjon", {"navn": "Youngstorget", "sentrum": False}),
        "salto_koordinator@bydel:04",
        koord("04") | pk("04") | forebyggende("sentrum"),
    ),
    Tilfelle(
        "rad 3: varslet gir en oppgave, ingen utkalling",
        hendelse(sted="Furuset senter", varslet=True),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost"),
        vurdering=True,
    ),
    Tilfelle(
        "rad 4: nær en grense",
        hendelse(sted="Tøyenparken"),
        "salto_koordinator@bydel:02",
        koord("02", "01") | pk("02", "01") | forebyggende("sentrum") | {UDE, FF},
    ),
    Tilfelle(
        "rad 4: flere bydeler, den første leder",
        hendelse(sted={"bydeler": ["14", "05", "08"]}),
        "salto_koordinator@bydel:14",
        koord("14", "05", "08") | pk("14", "05", "08") | forebyggende("ost", "sentrum", "vest") | {UDE, FF},
    ),
    Tilfelle(
        "rad 4: utvidet til en bydel til",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(bydeler=["11"])),
        "salto_koordinator@bydel:12",
        koord("12", "11") | pk("12", "11") | forebyggende("ost") | {UDE, FF},
    ),
    Tilfelle(
        "rad 4: utvidet til en region",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(region="Ytre øst")),
        "salto_koordinator@bydel:12",
        koord("09", "10", "11", "12") | pk("09", "10", "11", "12") | forebyggende("ost") | {UDE, FF},
    ),
    Tilfelle(
        "rad 4: utvidet til Sentrum",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(bydeler=["16"])),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12", "04") | forebyggende("ost") | {SENTRUM, UDE, FF},
    ),
    Tilfelle(
        "koordinatoren kaller egne utøvende",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(bydeler=["12"], rolle="utoevende")),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost") | {"utoevende@bydel:12"},
    ),
    Tilfelle(
        "utvidet til en rolle i en enhet",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(enhet="velferdsetaten", rolle="uteseksjonen")),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost") | {UTE},
    ),
    Tilfelle(
        "rad 5: byomfattende",
        hendelse(sted="Furuset senter", utvidelser=_utvidet(byomfattende=True)),
        SEK,
        koord(*EGNE_BYDELER) | pk("12") | forebyggende("ost") | {SEK, SENTRUM, UDE, BFE, FF},
    ),
    Tilfelle(
        "rad 6: tema ekstremisme i en bydel",
        hendelse("demonstrasjon", "Furuset senter", tema=["ekstremisme"]),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost") | {"radikaliseringskontakt@driftsenhet:ost", SEK},
    ),
    Tilfelle(
        "rad 6: alder betyr ikke noe",
        hendelse("hendelse", "Furuset senter", tema=["hatkriminalitet"], maalgruppe=False),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost") | {"radikaliseringskontakt@driftsenhet:ost", SEK},
    ),
    Tilfelle(
        "rad 8: skole som sted",
        hendelse(sted=SKOLE),
        "salto_koordinator@bydel:11",
        koord("11")
        | pk("11")
        | forebyggende("ost")
        | {f"rektor@skole:{SKOLE}", f"skolekontakt_politi@skole:{SKOLE}", UDE},
    ),
    Tilfelle(
        "rad 8: tema skole uten skole som sted",
        hendelse(sted="Stovner senter", tema=["skole"]),
        "salto_koordinator@bydel:11",
        koord("11") | pk("11") | forebyggende("ost") | {UDE},
    ),
    Tilfelle(
        "rad 9: unge fra en annen kommune",
        hendelse(sted="Furuset senter", andre_kommuner=[KOMMUNE]),
        "salto_koordinator@bydel:12",
        koord("12") | pk("12") | forebyggende("ost") | {SENTRUM, f"slt_annen_kommune@kommune:{KOMMUNE}"},
    ),
    Tilfelle(
        "regel 65: hjembydelen er med",
        hendelse("demonstrasjon", "Eidsvolls plass", hjembydeler=["12"]),
        SENTRUM,
        RAD2_I_SENTRUM | koord("12"),
    ),
    Tilfelle(
        "rad 10: Marka",
        hendelse(sted="Nøklevann"),
        "salto_koordinator@bydel:13",
        koord("13") | pk("13") | forebyggende("ost"),
    ),
    Tilfelle("rad 12: trekk uten sted", hendelse("utviklingstrekk"), SENTRUM, {SENTRUM, FF}),
    Tilfelle(
        "rad 12: trekk i en bydel",
        hendelse("utviklingstrekk", {"bydeler": ["07"]}),
        "salto_koordinator@bydel:07",
        koord("07") | pk("07") | forebyggende("vest"),
    ),
    Tilfelle(
        "rad 12 og 6: trekk uten sted om radikalisering",
        hendelse("utviklingstrekk", tema=["radikalisering"]),
        SENTRUM,
        {SENTRUM, FF, SEK} | {f"radikaliseringskontakt@driftsenhet:{navn}" for navn in ("vest", "sentrum", "ost")},
    ),
    Tilfelle(
        "rad 13: bare koordinatoren, til orientering",
        hendelse(sted="Furuset senter", maalgruppe=False),
        "salto_koordinator@bydel:12",
        set(),
        koord("12"),
    ),
    Tilfelle(
        "rad 13: Youngstorget uten målgruppen eies av bydelen",
        hendelse(sted="Youngstorget", maalgruppe=False),
        "salto_koordinator@bydel:04",
        set(),
        koord("04"),
    ),
    Tilfelle(
        "rad 13: demonstrasjon i sentrum orienterer alle på rad 2",
        hendelse("demonstrasjon", "Eidsvolls plass", maalgruppe=False),
        SENTRUM,
        set(),
        RAD2_I_SENTRUM,
    ),
    Tilfelle(
        "rad 13: stort arrangement i sentrum orienterer alle på rad 2",
        hendelse("arrangement", "Rådhusplassen", maalgruppe=False, stor=True),
        SENTRUM,
        set(),
        RAD2_I_SENTRUM,
    ),
]


@pytest.mark.parametrize("tilfelle", TABELL_O, ids=lambda tilfelle: tilfelle.navn)
def test_table_o(tilfelle: Tilfelle) -> None:
    svar = beslutning(tilfelle.hva)
    assert f"{svar.eier.rolle}@{svar.eier.enhet}" == tilfelle.eier
    assert kalt(svar, "foresporsel") == tilfelle.spoerres
    assert kalt(svar, "orientering") == tilfelle.orienteres
    assert svar.vurdering_kreves == tilfelle.vurdering
