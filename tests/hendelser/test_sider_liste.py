"""The list of all hendelser: found by word, status, bydel and day; leafed through without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.harness.by import By
from tests.harness.nettleser import Nettleser, Side

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _funnet(side: Side) -> list[str]:
    return re.findall(r'<th scope="row">.*?href="/hendelser/[0-9a-f-]{36}">([^<]+)<', side.html, re.DOTALL)


async def test_a_hendelse_is_found_by_a_word_whatever_its_letters_are(by: By) -> None:
    await by.sekretariat.varsler(**by.lokal("05", tittel="ØVRE torg 100 % stille"))
    dag = by.om(days=80)  # of its own: the city has had hendelser with the same kodeord, or with the word in a name
    nar = {"start": dag.isoformat(), "slutt": (dag + timedelta(hours=2)).isoformat()}
    h = await by.sekretariat.varsler(**by.lokal("12", tittel="Noe annet", **nar))
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        for ord_ in ("øvre TORG", "100 %", "100 % st"):
            assert _funnet(await n.hent("/hendelser", tekst=ord_)) == ["ØVRE torg 100 % stille"]
        fra, til = (by.om(days=d).date().isoformat() for d in (79, 81))
        assert _funnet(await n.hent("/hendelser", tekst=h.kodeord.lower(), fra=fra, til=til)) == ["Noe annet"]
        ingen = await n.hent("/hendelser", tekst="%%%")
    assert _funnet(ingen) == []
    assert "Ingen hendelser passer" in ingen.tekst


async def test_the_filters_choose_by_status_bydel_and_day(by: By) -> None:
    dag = by.om(days=40)
    merke = f"Valgt {by.om(days=0).timestamp():.0f}"
    a = await by.sekretariat.varsler(
        **by.lokal("05", tittel=f"{merke} a", start=dag.isoformat(), slutt=by.om(days=42).isoformat())
    )
    await by.sekretariat.varsler(**by.lokal("12", tittel=f"{merke} b", utkast=True))
    await by.sekretariat.gjoer(a, "avlys", grunn="Flyttet.")
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        assert _funnet(await n.hent("/hendelser", tekst=merke)) == [f"{merke} a", f"{merke} b"]
        assert _funnet(await n.hent("/hendelser", tekst=merke, status="avlyst")) == [f"{merke} a"]
        assert _funnet(await n.hent("/hendelser", tekst=merke, bydel="12")) == [f"{merke} b"]
        midt_i = by.om(days=41).date().isoformat()
        assert _funnet(await n.hent("/hendelser", tekst=merke, fra=midt_i, til=midt_i)) == [f"{merke} a"]
        etter = by.om(days=44).date().isoformat()
        assert _funnet(await n.hent("/hendelser", tekst=merke, fra=etter)) == []


async def test_a_date_that_cannot_be_read_is_told_at_its_field_and_what_was_written_stays(by: By) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/hendelser", fra="28.11.", tekst="torg")
    assert side.status == 422
    assert 'href="#felt-fra"' in side.html
    assert 'value="torg"' in side.html


async def test_a_page_beyond_the_last_is_the_last(by: By) -> None:
    await by.sekretariat.varsler(**by.lokal("05", tittel="Bare denne ene"))
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/hendelser", tekst="Bare denne ene", side=9)
    assert _funnet(side) == ["Bare denne ene"]


async def test_a_title_is_text_and_never_markup(by: By) -> None:
    await by.sekretariat.varsler(**by.lokal("05", tittel="<b>Fet</b> & tykk"))
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent("/hendelser", tekst="<b>fet")
    assert "&lt;b&gt;Fet&lt;/b&gt; &amp; tykk" in side.html
    assert 'value="&lt;b&gt;fet"' in side.html
