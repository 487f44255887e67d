"""Every page, wide and narrow, for everybody: no WCAG violation, no sideways scroll, nothing asked of strangers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.browser.conftest import Aapne
from tests.browser.skjermbilder import spill
from tests.harness.by import By


@dataclass(frozen=True)
class Sted:
    """A page, and who looks at it."""

    sti: str
    rolle: str = "sekretariat"
    enhet: str | None = None


SIDER = (
    Sted("/logg-inn", "-"),
    Sted("/tilgjengelighet", "-"),
    Sted("/api/docs", "-"),
    Sted("/"),
    Sted("/", "gransker"),
    Sted("/hendelser"),
    Sted("/hendelser?status=avlyst"),
    Sted("/hendelser/ny"),
    Sted("/utkast"),
    Sted("/oppgaver"),
    Sted("/oppgaver", "salto_koordinator", "bydel:12"),
    Sted("/bydeler/05"),
    Sted("/bydeler/16"),
    Sted("/hendelser/{id}"),
    Sted("/hendelser/{id}", "gransker"),
    Sted("/hendelser/{id}", "salto_koordinator", "bydel:05"),
    Sted("/hendelser/{id}", "politi", "driftsenhet:sentrum"),
    Sted("/hendelser/{id}/endre"),
    *(Sted(f"/hendelser/{{id}}/{h}") for h in ("avlys", "avslutt", "overfoer", "sentrum", "vurdering", "utvid")),
    Sted("/hendelser/{id}/ringeliste", "salto_sentrum"),
    Sted("/hendelser/{id}/rapport", "gransker"),
    Sted("/hendelser/{id}/logg", "gransker"),
    Sted("/logg", "gransker"),
    Sted("/utkallinger/{utkalling}/svar"),
    Sted("/simulator"),
    Sted("/simulator?hendelse={id}"),
    Sted("/simulator/telefoner/4790000005"),
    Sted("/finnes-ikke"),
)


@pytest.mark.parametrize("storrelse", ["bred", "telefon"])
async def test_hver_side_kan_brukes_av_alle(aapne: Aapne, by: By, storrelse: str) -> None:
    hendelse = await spill(by, tittel="Langtittel" * 14)  # nothing to break it at
    utkalling = (await by.sekretariat.utkallinger(hendelse))[0]["id"]
    funn = []
    for sted in SIDER:
        async with aapne(storrelse) as skjerm:
            if sted.rolle != "-":
                await skjerm.logg_inn(sted.rolle, sted.enhet)
            await skjerm.gaa(sted.sti.format(id=hendelse.id, utkalling=utkalling))
            feil = [f for f in skjerm.feil if not (sted.sti == "/finnes-ikke" and "404" in f)]
            funn += [f"{sted}: {f}" for f in [*await skjerm.brudd(), *feil]]
            if await skjerm.rulles_sidelengs():
                funn.append(f"{sted}: rulles sidelengs")
    assert funn == []


@pytest.mark.parametrize("storrelse", ["bred", "telefon"])
async def test_det_ingen_vet_kan_avgjoeres_av_alle(aapne: Aapne, by: By, storrelse: str) -> None:
    koordinator = ("salto_koordinator", "bydel:05")
    await by.telefon(*koordinator).oppfoersel(status=503, antall=3)
    hendelse = await by.sekretariat.varsler(**by.lokal())
    await by.oppgave(hendelse, "uviss")

    async def i_tvil() -> str | None:
        u = await by.utkalling(hendelse, *koordinator)
        return next((m["id"] for m in u["meldinger"] if m["status"] == "uviss"), None) if u else None

    melding = await by.naar(i_tvil, "en melding er uviss")
    async with aapne(storrelse) as skjerm:
        await skjerm.logg_inn("sekretariat")
        for sti in (f"/hendelser/{hendelse.id}", f"/meldinger/{melding}/avgjoer", "/oppgaver"):
            await skjerm.gaa(sti)
            assert (sti, await skjerm.brudd(), await skjerm.rulles_sidelengs()) == (sti, [], False)
        await skjerm.gaa(f"/meldinger/{melding}/avgjoer")
        await skjerm.trykk("Send på nytt")
        await skjerm.ser("Venter på svar")
    assert skjerm.feil == []


@pytest.mark.parametrize("sted", [s for s in SIDER if s.rolle == "sekretariat"], ids=lambda s: s.sti)
async def test_hver_side_har_en_overskrift_og_virker_uten_skript(aapne: Aapne, by: By, sted: Sted) -> None:
    apne = (await by.sekretariat.varsler()) if "{" in sted.sti else None
    if apne:
        await by.stille()
    utkalling = (await by.sekretariat.utkallinger(apne))[0]["id"] if apne and "utkalling" in sted.sti else ""
    async with aapne("telefon", skript=False) as skjerm:
        await skjerm.logg_inn(sted.rolle, sted.enhet)
        await skjerm.gaa(sted.sti.format(id=apne.id if apne else "", utkalling=utkalling))
        assert await skjerm.side.locator("h1").count() == 1
        assert not await skjerm.rulles_sidelengs()
