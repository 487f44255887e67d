"""The API's own page: every door, in bokmål, without scripts, and for everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from infra.web.apidok import Apidok, Slag, slag
from tests.harness.by import By
from tests.harness.nettleser import Nettleser


@pytest.mark.parametrize(
    ("skjema", "ventet"),
    [
        ({"type": "string", "maxLength": 80}, Slag("tekst, høyst 80 tegn")),
        ({"type": "integer", "minimum": 1, "maximum": 9}, Slag("heltall, minst 1, høyst 9")),
        ({"type": "boolean"}, Slag("true eller false")),
        ({"type": "string", "format": "date-time"}, Slag("tidspunkt")),
        ({"type": "string", "format": "uuid"}, Slag("id (UUID)")),
        ({"enum": ["lav", "akutt"], "type": "string"}, Slag("en av: lav, akutt")),
        ({"const": "ny"}, Slag("ny")),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, Slag("tekst eller null")),
        ({"$ref": "#/components/schemas/Tema"}, Slag("Tema", "Tema")),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Tema"}}, Slag("liste av Tema", "Tema")),
        ({"type": "object"}, Slag("objekt")),
        ({}, Slag("hva som helst")),
    ],
)
def test_a_schema_is_said_in_words(skjema: dict[str, Any], ventet: Slag) -> None:
    assert slag(skjema) == ventet


async def test_every_door_of_the_program_is_on_the_page(by: By) -> None:
    dok = (await by.nettleser.get("/api/openapi.json")).json()
    async with Nettleser(by) as n:  # nobody is logged in
        side = await n.hent("/api/docs")
    assert side.status == 200
    for sti, metoder in dok["paths"].items():
        for metode in metoder:
            assert f'<span class="metode">{metode.upper()}</span> <code>{sti}</code>' in side.html
    assert "Logget inn som" not in side.tekst


async def test_the_page_runs_no_script_of_others_and_asks_nobody_else(by: By) -> None:
    async with Nettleser(by) as n:
        html = (await n.hent("/api/docs")).html
    assert set(re.findall(r'(?:src|href)="([^"]+)"', html)) == {
        sti for sti in re.findall(r'(?:src|href)="([^"]+)"', html) if sti.startswith(("/", "#")) and sti[:2] != "//"
    }


async def test_links_on_the_page_lead_to_something_on_it(by: By) -> None:
    async with Nettleser(by) as n:
        html = (await n.hent("/api/docs")).html
    ider = re.findall(r'\sid="([^"]+)"', html)
    assert len(ider) == len(set(ider))
    assert {maal for maal in re.findall(r'href="#([^"]+)"', html) if maal not in ider} == set()


def test_a_door_says_what_it_takes_and_what_it_gives(by: By) -> None:
    doerer = {(d.metode, d.sti): d for gruppe in Apidok(by.program.app).grupper.values() for d in gruppe}
    liste = doerer["GET", "/api/v1/hendelser"]
    assert ("antall", "i spørringen", False) in {(f.navn, f.sted, f.paakrevd) for f in liste.parametre}
    meld = doerer["POST", "/api/v1/hendelser"]
    assert (meld.laast, meld.kropper[0].slag.skjema) == (True, "HendelseKropp")
    assert ("201", "Laget") in {(s.status, s.tekst) for s in meld.svar}
    svar = doerer["POST", "/svar/{token}"]
    assert (svar.laast, [f.navn for f in svar.kropper[0].felt if f.paakrevd]) == (False, ["svar"])
    assert all(s.tekst != "Successful Response" for d in doerer.values() for s in d.svar)


async def test_the_machines_get_the_same_as_json(by: By) -> None:
    svar = await by.nettleser.get("/api/openapi.json")
    assert (svar.status_code, svar.json()["info"]["title"]) == (200, "SaLTo")
