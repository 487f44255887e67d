"""The rule set: it points at real lines, agrees with the data beside it, and another says clearly what is wrong."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.roller import EGNE_BYDELER
from services.routing.kart import DATA
from services.routing.regelfeil import HJEMMEL
from services.routing.regelsett import STANDARD, RegelsettFeil, les_regelsett, tolk_regelsett
from tests.routing.byen import REGELSETT

TEKST = STANDARD.read_text(encoding="utf-8")
UTDRAG = dict(
    linje.split("\t", 1)
    for linje in Path(__file__).with_name("oslostandarden_utdrag.txt").read_text(encoding="utf-8").splitlines()
    if not linje.startswith("#")
)
"""The lines of the standard that the rule set quotes, by line number."""
STANDARDEN = Path(os.environ.get("OSLOSTANDARD_TEKST", "kilder/oslostandard-for-salto-arbeidet.txt"))
"""The whole text is not in the repository; where it is, the quoted lines are checked against it."""

ORDENE = {
    "Oslostandarden 2 (S:155-160)": "Barne- og familieetaten",
    "Oslostandarden 3.4 (S:513-519)": "overskrider bydelsgrenser",
    "Oslostandarden 4.1 (S:551-555)": "som involverer målgruppen i egen bydel",
    "Oslostandarden 4.1 (S:559-563)": "initierer tiltak",
    "Oslostandarden 4.2 (S:642-648)": "skjønnsmessig",
    "Oslostandarden 4.2 (S:664-668)": "mobilisering av ansatte fra",
    "Oslostandarden 4.2 (S:664-672)": "sentrumsbydelene",
    "Oslostandarden 4.2 (S:672-676)": "nye utviklingstrekk",
    "Oslostandarden 4.2 (S:690-692)": "andre kommuner",
    "Oslostandarden 4.3 (S:707-709)": "Rektorene ved skolene",
    "Oslostandarden 4.3 (S:721-731)": "geografisk plassert i",
    "Oslostandarden 4.3 (S:733-737)": "der skolen er fysisk plassert",
    "Oslostandarden 4.4 (S:743-745)": "byomfattende koordineringen",
    "Oslostandarden 4.4 (S:757-761)": "når dette anses",
    "Oslostandarden 4.5 (S:810-816)": "egne forebyggende avsnitt",
    "Oslostandarden 4.5 (S:816-818)": "Felles enhet for forebygging",
    "Oslostandarden 4.5 (S:822-824)": "politikontakt",
    "Oslostandarden 4.5 (S:826-828)": "egen primærkontakt",
    "Oslostandarden 5 (S:856-858)": "aldersuavhengig",
    "Oslostandarden 5 (S:894-898)": "radikaliseringskontakter",
    "Oslostandarden 6 (S:1004-1008)": "ingen tar ansvar for helheten",
}


def _hjemler() -> Iterator[str]:
    virkninger = (REGELSETT.ingen_kalles, REGELSETT.bare_orientering, REGELSETT.vurdering_kreves)
    for forankret in (*REGELSETT.eier, *virkninger, *REGELSETT.regler):
        yield forankret.hjemmel
    for regel in REGELSETT.regler:
        yield from (kall.hjemmel for kall in regel.kaller if kall.hjemmel)


def test_every_source_in_the_rule_set_has_its_words_here() -> None:
    assert set(_hjemler()) == set(ORDENE)


@pytest.mark.parametrize(("hjemmel", "ord_"), ORDENE.items())
def test_the_words_stand_on_the_lines_the_source_names(hjemmel: str, ord_: str) -> None:
    treff = HJEMMEL.match(hjemmel)
    assert treff
    linjer = range(int(treff[1]), int(treff[2] or treff[1]) + 1)
    assert ord_ in " ".join(filter(None, (UTDRAG.get(str(nr)) for nr in linjer)))


def test_the_quoted_lines_are_the_standards_own() -> None:
    if STANDARDEN.exists():
        linjer = STANDARDEN.read_text(encoding="utf-8").split("\n")
        assert {nr: linjer[int(nr) - 1].strip() for nr in UTDRAG} == UTDRAG


def test_the_driftsenheter_are_those_of_the_map() -> None:
    fil = json.loads((DATA / "driftsenheter.json").read_text(encoding="utf-8"))
    assert {en["id"]: tuple(en["bydeler"]) for en in fil["driftsenheter"]} == REGELSETT.driftsenheter


def test_the_sentrumsbydeler_are_those_of_the_map() -> None:
    fil = json.loads((DATA / "sentrumsbydeler.json").read_text(encoding="utf-8"))
    assert tuple(fil["sentrumsbydelerStandard"]) == REGELSETT.sentrumsbydelene
    assert fil["osloSentrum"]["administreresAv"] == REGELSETT.sentrum_politikontakt


def test_the_regions_are_the_statistical_ones_until_somebody_decides() -> None:
    with (DATA / "bydeler.csv").open(encoding="utf-8", newline="") as apen:
        for rad in csv.DictReader(apen):
            if rad["bydelsnummer"] in EGNE_BYDELER:
                assert rad["bydelsnummer"] in REGELSETT.regioner[rad["region_statistisk"]]
    assert sorted(nummer for bydeler in REGELSETT.regioner.values() for nummer in bydeler) == list(EGNE_BYDELER)


def test_the_version_follows_the_content_and_nothing_else() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", REGELSETT.versjon)
    assert tolk_regelsett(TEKST + "\n# en kommentar\n").versjon == REGELSETT.versjon
    endret = TEKST.replace('sentrum_politikontakt: "04"', 'sentrum_politikontakt: "05"')
    assert tolk_regelsett(endret).versjon != REGELSETT.versjon


@pytest.mark.parametrize(
    ("fra", "til", "regel", "felt", "tekst"),
    [
        (
            "- rolle: rektor\n        enhet: skole",
            "- rolle: rektoren\n        enhet: skole",
            "regel R8-skole",
            "kaller[1].rolle",
            "ukjent verdi «rektoren»",
        ),
        ("naar: {marka: true,", "naar: {skogen: true,", "regel R10-marka", "naar.skogen", "ukjent felt"),
        ("id: R10-marka", "id: R1-bydel", "regel R1-bydel", "id", "brukt 2 ganger"),
        (
            "enhet: sentrumsbydelene",
            "enhet: byens_bydeler",
            "regel R2-sentrum",
            "kaller[4].enhet",
            "ukjent enhet «byens_bydeler»",
        ),
        (
            "enhet: driftsenhet:sentrum",
            "enhet: driftsenhet:nord",
            "regel R2-sentrum",
            "kaller[6].enhet",
            "ukjent enhet «driftsenhet:nord»",
        ),
        (
            "{enhet} er nærmeste bydel.",
            "{bydel} er nærmeste bydel.",
            "regel R10-marka",
            "kaller[1].grunn",
            "ukjent plassholder «{bydel}»",
        ),
        (
            "naar: {varslet: true}\n  hjemmel: Oslostandarden 4.4 (S:757-761)",
            "naar: {varslet: true}\n  hjemmel: Loven",
            "regel R3-varslet",
            "hjemmel",
            "må skrives som",
        ),
        (
            "type: [demonstrasjon]\n        - stor",
            "type: [opptog]\n        - stor",
            "regel E2-sentrum",
            "naar.en_av[2].type[1]",
            "ukjent verdi «opptog»",
        ),
        (
            "varslet: true}\n  hjemmel",
            "varslet: kanskje}\n  hjemmel",
            "regelsettet",
            "vurdering_kreves.naar.varslet",
            "ugyldig verdi «kanskje»",
        ),
        (
            "- id: E12-uten-bydel",
            "- id: E12-uten-bydel\n    naar: {stor: true}",
            "regel E12-uten-bydel",
            "eier",
            "må gjelde alltid",
        ),
        (
            'sentrum_politikontakt: "04"',
            'sentrum_politikontakt: "40"',
            "regelsettet",
            "sentrum_politikontakt",
            "ukjent bydel «40»",
        ),
        ("navn: Oslostandarden 2023, tabell O", "", "regelsettet", "navn", "feltet mangler"),
        (
            "gyldig_fra: 2026-11-01",
            "gyldig_fra: 2026-11-01\ngyldig_fra: 2026-12-01",
            "regelsettet",
            "linje 21",
            "gitt to ganger",
        ),
        ("eier:\n", "eier: [\n", "regelsettet", "linje", "ikke gyldig YAML"),
    ],
)
def test_a_bad_rule_set_names_the_rule_and_the_field(fra: str, til: str, regel: str, felt: str, tekst: str) -> None:
    assert fra in TEKST
    with pytest.raises(RegelsettFeil) as fanget:
        tolk_regelsett(TEKST.replace(fra, til, 1))
    funn = fanget.value.feil
    assert any(en.regel == regel and en.felt.startswith(felt) and tekst in en.tekst for en in funn), funn


def test_a_file_that_is_no_table_is_refused() -> None:
    with pytest.raises(RegelsettFeil):
        tolk_regelsett("bare tekst")


def test_the_rule_set_in_use_is_read_from_its_file(tmp_path: Path) -> None:
    fil = tmp_path / "mitt.yaml"
    fil.write_text(TEKST, encoding="utf-8")
    assert les_regelsett(fil) == REGELSETT
