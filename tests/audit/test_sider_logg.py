"""The log's pages: plain words with roles, a burst as one line, how it stood at a time, and the way through it all."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest

from contracts.melding import BestiltData, MeldingBestilt, MeldingLevert, MeldingSendt, UtfallData
from contracts.utkalling import KvittertData, OpprettetData, UtkallingKvittert, UtkallingOpprettet
from infra.clock import OSLO
from services.audit.skjema_logg import les_sted, les_utsnitt
from tests.audit.arkivet import Arkivet, inntil, tukle
from tests.audit.historie import (
    ANNEN_ID,
    HENDELSE_ID,
    KOORDINATOR,
    grunn,
    historien,
    melding,
    om,
    stoey,
    svar,
    utfall,
    utkalling,
)
from tests.audit.rader import hendelser
from tests.harness.nettleser import Side

STI = f"/hendelser/{HENDELSE_ID}/logg"
HTMX = {"HX-Request": "true"}


async def aapne(klient: httpx2.AsyncClient, sti: str = STI, *, htmx: bool = False, **sporring: str) -> Side:
    hode = HTMX if htmx else {}
    return Side(await klient.get(f"http://salto.example{sti}", params=sporring or None, headers=hode))


@pytest.fixture
async def fortalt(arkivet: Arkivet) -> Arkivet:
    await arkivet.start()
    await arkivet.skjer([*historien(), *stoey()])
    await inntil(arkivet.har_alt)
    return arkivet


@pytest.mark.parametrize(
    "hva",
    [
        "Meldte hendelsen av Politiet enhet vest",
        "Bestemte at stedet ikke regnes som Oslo sentrum av Politiet enhet vest",
        "Grunn: Langt fra sentrum",
        "Reglene valgte 4 mottakere",
        "Mangler: Forebyggende avsnitt enhet vest – Ingen i rollen",
        "Utkalling opprettet for 4",
        f"{KOORDINATOR} (1) svarte «kommer» (SMS)",
        "Registrert av SaLTo-sekretariatet",
        f"Uklart svar fra {KOORDINATOR} (2)",
        f"Vara kalt: {KOORDINATOR} (vara)",
        "Ingen vara å kalle for Politikontakt Frogner",
        "Purret: Politikontakt Frogner",
        f"{KOORDINATOR} (vara) vil ikke ha mer på SMS",
        "Bemannet: 2 kommer, 2 trengtes",
        "Avsluttet hendelsen av SaLTo-sekretariatet",
    ],
)
async def test_the_log_says_in_plain_words_what_happened_and_who_did_it(fortalt: Arkivet, hva: str) -> None:
    assert hva in (await aapne(fortalt.klient())).tekst


async def test_the_newest_comes_first(fortalt: Arkivet) -> None:
    tekst = (await aapne(fortalt.klient())).tekst
    assert tekst.index("Avsluttet hendelsen") < tekst.index("Bemannet") < tekst.index("Meldte hendelsen")


async def test_what_happened_elsewhere_is_not_in_it(fortalt: Arkivet) -> None:
    assert not re.search(r"HEGRE|Noe helt annet|uten utkalling", (await aapne(fortalt.klient())).html)


async def test_every_line_can_be_unfolded_to_its_row(fortalt: Arkivet) -> None:
    klient = fortalt.klient()
    foerste = (await klient.get(STI)).json()[0]
    tekst = (await aapne(klient)).tekst
    assert f"hendelse.meldt.v1 , sekvens 1, kl. {tid(foerste['tid']):%H.%M.%S}, hash {foerste['hash'][:12]}…" in tekst


def tid(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst).astimezone(OSLO)


@pytest.fixture
async def stor(arkivet: Arkivet) -> Arkivet:
    """Two hundred are called, and their messages are told one by one."""
    navn = [f"nr{i}" for i in range(200)]
    ut = OpprettetData(utkallinger=tuple(utkalling(n, grunn()) for n in navn))
    await arkivet.start()
    await arkivet.skjer([historien()[0], UtkallingOpprettet.ny(ut, naa=om(0), hendelse_id=HENDELSE_ID)])
    bestilt = BestiltData(meldinger=tuple(melding(n) for n in navn))
    await arkivet.skjer([MeldingBestilt.ny(bestilt, naa=om(0), hendelse_id=HENDELSE_ID)])
    for klasse in (MeldingSendt, MeldingLevert):
        ett_og_ett = [UtfallData(meldinger=(utfall(n, 0.1),)) for n in navn[:120]]
        await arkivet.skjer([klasse.ny(d, naa=om(0.1), hendelse_id=HENDELSE_ID) for d in ett_og_ett])
    ja = KvittertData(kvitteringer=(svar("nr7", "kommer", 1),))
    await arkivet.skjer([UtkallingKvittert.ny(ja, naa=om(1), hendelse_id=HENDELSE_ID)])
    await inntil(arkivet.har_alt)
    return arkivet


async def test_a_burst_of_messages_is_one_line(stor: Arkivet) -> None:
    panel = await aapne(stor.klient(), htmx=True)
    assert sum(int(n) for n in re.findall(r"<p>(\d+) SMS levert", panel.html)) == 120
    assert panel.html.count("<time") <= 10


async def test_the_panel_is_a_part_and_asks_for_itself_anew(stor: Arkivet) -> None:
    panel = await aapne(stor.klient(), htmx=True)
    assert panel.html.lstrip().startswith("<section")
    assert f'hx-get="{STI}"' in panel.html
    assert 'hx-swap="outerMorph"' in panel.html
    assert f"{KOORDINATOR} (8) svarte «kommer» (SMS)" in panel.tekst
    assert "Se hele loggen" in panel.tekst
    assert "bestilt" not in panel.tekst


async def test_thousands_of_rows_are_read_a_page_at_a_time_and_each_once(stor: Arkivet) -> None:
    klient = stor.klient()
    sett: list[int] = []
    sti = STI
    while sti:
        side = await aapne(klient, sti)
        sett += [int(n) for n in re.findall(r"sekvens (\d+),", side.tekst)]
        neste = re.search(r'href="([^"]+foer=[^"]+)"', side.html)
        sti = neste[1].replace("&amp;", "&") if neste else ""
    assert sorted(sett, reverse=True) == sorted(set(sett), reverse=True)
    assert len(sett) == 1 + 1 + 1 + 240 + 1


async def test_the_log_shows_how_it_stood_at_a_time(fortalt: Arkivet) -> None:
    klient = fortalt.klient()
    rader = (await klient.get(STI)).json()
    kvittert = [r for r in rader if "kvittert" in r["type"]]
    side = await aapne(klient, til=kvittert[0]["tid"])
    assert "Slik sto det" in side.tekst
    assert "3 spurt 1 kommer 0 kommer ikke 2 har ikke svart ennå" in side.tekst
    assert "Avsluttet hendelsen" not in side.tekst
    naa = await aapne(klient, til=f"{tid(rader[-1]['tid']):%Y-%m-%d}", kl=f"{tid(rader[-1]['tid']):%H:%M}")
    assert "Avsluttet hendelsen" in naa.tekst


async def test_before_it_was_told_there_was_nothing(fortalt: Arkivet) -> None:
    side = await aapne(fortalt.klient(), til="2020-01-01")
    assert "Hendelsen var ikke meldt da." in side.tekst
    assert "Ingenting før dette" in side.tekst


@pytest.mark.parametrize(
    ("til", "kl", "felt"), [("i går", "", "til"), ("", "14:00", "til"), ("2026-11-28", "halv tre", "kl")]
)
async def test_a_time_that_is_none_is_said_at_its_field(fortalt: Arkivet, til: str, kl: str, felt: str) -> None:
    side = await aapne(fortalt.klient(), til=til, kl=kl)
    assert side.status == 422
    assert f'id="felt-{felt}-feil"' in side.html
    assert f'href="#felt-{felt}"' in side.html


@pytest.mark.parametrize(
    ("til", "kl", "utc"),
    [
        ("2026-11-28", "", "2026-11-28T22:59:59.999999"),
        ("2026-11-28", "14:03", "2026-11-28T13:03:59.999999"),
        ("2026-11-28", "14:03:07", "2026-11-28T13:03:07.999999"),
        ("2026-07-01", "14:03", "2026-07-01T12:03:59.999999"),
        ("2026-10-25", "02:30", "2026-10-25T01:30:59.999999"),  # it is 02.30 twice: the later is meant
        ("2026-11-28T14:03:07+01:00", "", "2026-11-28T13:03:07"),
    ],
)
def test_a_time_is_oslos_and_what_is_named_is_included(til: str, kl: str, utc: str) -> None:
    utsnitt = les_utsnitt(til, kl)
    assert utsnitt.til
    assert utsnitt.til.astimezone(UTC).replace(tzinfo=None).isoformat() == utc
    assert not utsnitt.feil


def test_a_place_to_read_on_from_is_two_numbers_or_none() -> None:
    assert les_sted("1.4711") == (1, 4711)
    assert [les_sted(t) for t in ("", "1", "1.", "a.b", "1.2.3", "-1.2", f"1.{'9' * 30}")] == [None] * 7


async def test_a_log_that_is_behind_says_by_how_much(fortalt: Arkivet) -> None:
    await fortalt.stopp()
    await fortalt.skjer(hendelser(3))
    for htmx in (True, False):
        assert "Loggen er 3 hendelser bak." in (await aapne(fortalt.klient(), htmx=htmx)).tekst


async def test_a_hendelse_without_rows_has_an_empty_panel_and_no_page(fortalt: Arkivet) -> None:
    sti = f"/hendelser/{UUID(int=7)}/logg"
    assert "Loggen er tom" in (await aapne(fortalt.klient(), sti, htmx=True)).tekst
    assert (await aapne(fortalt.klient(), sti)).status == 404


@pytest.mark.parametrize("rolle", ["sekretariat", "gransker", "salto_koordinator", "politi", "linjeleder", "system"])
async def test_each_role_sees_the_logs_it_may(fortalt: Arkivet, rolle: str) -> None:
    klient = await fortalt.logg_inn(rolle)
    leser, ser_alt = rolle != "system", rolle in {"sekretariat", "gransker"}
    for htmx in (True, False):
        assert (await aapne(klient, htmx=htmx)).status == (200 if leser else 403)
    for sti in ("/logg", "/logg/kontroll"):
        assert (await aapne(klient, sti)).status == (200 if ser_alt else 403)


async def test_everybodys_log_has_every_hendelse_and_what_belongs_to_none(fortalt: Arkivet) -> None:
    side = await aapne(await fortalt.logg_inn("gransker"), "/logg")
    antall = await fortalt.journal.siste_sekvens()
    assert f"Siste rad er nummer {antall}" in side.tekst
    assert len(re.findall(r"sekvens \d+,", side.tekst)) == antall
    assert f'href="/hendelser/{ANNEN_ID}/logg"' in side.html
    assert "Hendelse meldt av Politiet enhet vest" in side.tekst


async def test_everybodys_log_is_read_a_page_at_a_time(fortalt: Arkivet) -> None:
    await fortalt.skjer(hendelser(150))
    await inntil(fortalt.har_alt)
    klient = fortalt.klient()
    foerste = await aapne(klient, "/logg")
    neste = re.search(r'href="(/logg\?foer=[^"]+)"', foerste.html)
    assert neste
    andre = await aapne(klient, neste[1])
    sekvenser = [re.findall(r"sekvens (\d+),", s.tekst) for s in (foerste, andre)]
    assert len(sekvenser[0]) == 100
    assert int(sekvenser[1][0]) == int(sekvenser[0][-1]) - 1
    assert "Nyeste" in andre.tekst


async def test_the_chain_is_checked_on_a_button_and_the_first_bad_row_is_named(fortalt: Arkivet) -> None:
    klient = await fortalt.logg_inn("gransker")
    assert 'href="/logg/kontroll"' in (await aapne(klient, "/logg")).html
    antall = await fortalt.journal.siste_sekvens()
    assert f"Kjeden er hel {antall} rader er kontrollert" in (await aapne(klient, "/logg/kontroll")).tekst
    await tukle(fortalt.auditdb, "UPDATE audit_rad SET tid = tid + 1 WHERE sekvens = 5")
    side = await aapne(klient, "/logg/kontroll")
    assert "Kjeden er brutt Første rad som ikke stemmer, er rad 5" in side.tekst
    assert "4 rader foran den er hele" in side.tekst


async def test_a_row_that_cannot_be_read_is_a_line_too(fortalt: Arkivet) -> None:
    await fortalt.journal.js.publish(f"salto.hendelse.noe.{HENDELSE_ID}", b"\xff")
    await inntil(fortalt.har_alt)
    assert "Ulesbar melding" in (await aapne(fortalt.klient())).tekst
    assert "Ulesbar melding" in (await aapne(fortalt.klient(), "/logg")).tekst


async def test_nothing_in_the_log_looks_or_runs_by_itself(fortalt: Arkivet) -> None:
    for sti in (STI, "/logg", "/logg/kontroll"):
        html = (await aapne(fortalt.klient(), sti)).html
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)
