"""The form of a hendelse at its limits: the longest, the most, the strangest, and what somebody tries to smuggle in."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from contracts.roller import BYDELER, EGNE_BYDELER
from tests.harness.by import By
from tests.harness.nettleser import Nettleser, Side
from tests.hendelser.skjemaet import lokalt, sender, ser_hvem, utfylt

SKRIPT = "<script>alert(1)</script>"
SITAT = '"><svg/onload=alert(1)>'
FARLIG = re.compile(r"<script>|<svg/onload", re.IGNORECASE)
FRITEKST = ("tittel", "oppmoete", "beskrivelse", "maalgruppe_grunn")
KOMMUNER = [str(3201 + i) for i in range(21)]


def _unik(start: str = "") -> str:
    return f"{start}{uuid4().hex.translate(str.maketrans('0123456789', 'ghijklmnop'))}"


def _trygg(side: Side) -> bool:
    """Whether what was written is shown as text and is no part of the page."""
    return not FARLIG.search(side.html)


async def _lagret(by: By, tittel: str) -> dict[str, Any]:
    alle = (await by.sekretariat.kall("GET", "/hendelser")).json()["hendelser"]
    [funnet] = [h for h in alle if h["tittel"] == tittel]
    return dict((await by.sekretariat.kall("GET", f"/hendelser/{funnet['id']}")).json())


async def test_the_most_that_may_be_filled_in_is_stored_as_it_was_written(by: By) -> None:
    alle = [nr for nr in BYDELER if nr != "17"]
    felt = lokalt(
        by, tittel=_unik("🎈 Æøå ").ljust(200, "x"), bydeler=alle, hjembydeler=list(EGNE_BYDELER),
        andre_kommuner=", ".join(KOMMUNER[:20]), oppmoete="🚩" * 120, beskrivelse="ø" * 4000,
        maalgruppe="ja", maalgruppe_grunn="å" * 1000, forventet_antall="2 000 000", minst="10",
        tema=["kriminalitet", "rus", "hatkriminalitet", "radikalisering", "ekstremisme", "skole"],
    )  # fmt: skip
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        sett = await ser_hvem(n, felt)
        assert sett.status == 200
        sendt = await sender(n, sett, felt)
        assert sendt.adresse.endswith("?ok=sendt")
        assert felt["tittel"] in sendt.tekst
        endre = await n.hent(f"{sendt.adresse.split('?')[0]}/endre")
    svar = await _lagret(by, felt["tittel"])
    assert (len(svar["tittel"]), svar["beskrivelse"], svar["oppmoete"]) == (200, "ø" * 4000, "🚩" * 120)
    assert (svar["andre_kommuner"], svar["forventet_antall"]) == (KOMMUNER[:20], 2_000_000)
    assert svar["sted"]["bydeler"] == alle
    assert "Ingenting er endret ennå" in endre.tekst


FOR_MYE: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"tittel": "x" * 201}, "tittel", "Tittel er for lang (høyst 200)."),
    ({"tittel": " \u3000 "}, "tittel", "tittel"),
    ({"andre_kommuner": " ".join(KOMMUNER)}, "andre_kommuner", "Andre kommuner er for lang (høyst 20)."),
    ({"beskrivelse": "x" * 4001}, "beskrivelse", "Beskrivelse er for lang (høyst 4000)."),
    ({"oppmoete": "x" * 121}, "oppmoete", "Oppmøtested er for lang (høyst 120)."),
    ({"bydeler": ["18"]}, "bydeler", "Bydeler må være et bydelsnummer fra 01 til 17."),
    ({"bydeler": ["05"] * 18}, "bydeler", "Bydeler er for lang (høyst 17)."),
    ({"forventet_antall": "2000001"}, "forventet_antall", "Forventet antall må være høyst 2000000."),
    ({"forventet_antall": "9" * 5000}, "forventet_antall", "Forventet antall"),
    ({"start_tid": "24:00"}, "start_tid", "Start har et klokkeslett som ikke finnes."),
    ({"tittel": "et\x00tegn"}, "tittel", "Tittel"),
    ({"beskrivelse": "et\x00tegn"}, "beskrivelse", "Beskrivelse"),
)


@pytest.mark.parametrize(("felt", "navn", "tekst"), FOR_MYE, ids=[f"{n} {i}" for i, (_, n, _) in enumerate(FOR_MYE)])
async def test_more_than_that_is_refused_at_its_field(by: By, felt: dict[str, Any], navn: str, tekst: str) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await ser_hvem(n, lokalt(by, **felt))
    assert (side.status, f'id="felt-{navn}-feil"' in side.html) == (422, True)
    assert tekst in side.tekst


@pytest.mark.parametrize("ord_", [SKRIPT, SITAT])
async def test_words_are_words_wherever_they_are_shown(by: By, ord_: str) -> None:
    felt = lokalt(by, **dict.fromkeys(FRITEKST, ord_), maalgruppe="ja")
    felt["tittel"] += _unik()
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        sett = await ser_hvem(n, felt)
        sendt = await sender(n, sett, felt)
        sti = sendt.adresse.split("?")[0]
        await by.stille()
        sider = [sett, sendt, *[await n.hent(s) for s in (f"{sti}/endre", f"{sti}/rapport", f"{sti}/logg", "/")]]
    assert [side.adresse for side in sider if side.status != 200 or not _trygg(side)] == []
    svar = await _lagret(by, felt["tittel"])
    assert {navn: svar[navn] for navn in FRITEKST} == {navn: felt[navn] for navn in FRITEKST}


VALG = ("type", "alvorlighet", "tema", "kilde", "sted", "sentrum", "maalgruppe", "start_dato", "start_tid",
        "svarfrist_tid", "forventet_antall", "minst", "vakttelefon", "andre_kommuner", "hjembydeler", "bydeler",
        "oevelse", "varslet", "noekkel", "versjon", "avtrykk", "handling", "velg_sted", "velg_bydel")  # fmt: skip


@pytest.mark.parametrize("navn", VALG)
async def test_what_no_browser_of_ours_would_send_is_neither_obeyed_nor_a_part_of_the_page(by: By, navn: str) -> None:
    for verdi in (SKRIPT, SITAT, "\x00", "9" * 400):
        async with Nettleser(by) as n:
            await n.logg_inn("sekretariat")
            felt = {**utfylt(by, tittel=_unik()), "noekkel": "n", "handling": "vis", navn: verdi}
            side = await n.send("/hendelser/ny", **felt)
            brikke = await n.send("/hendelser/ny/forhaandsvis", **felt)
        assert side.status in {200, 422}, (verdi, side.tekst[:300])
        assert brikke.status == 200
        assert _trygg(side)
        assert _trygg(brikke)
