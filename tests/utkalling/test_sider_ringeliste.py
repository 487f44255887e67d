"""The call list: numbers for those who ring in the night, told each time somebody opens it."""

from __future__ import annotations

import pytest

from tests.harness.by import By
from tests.harness.folk import innehaver, vara_for
from tests.harness.nettleser import Nettleser

FROGNER = ("salto_koordinator", "bydel:05")
POLITI = ("politikontakt", "bydel:05")


async def test_the_list_has_roles_names_and_numbers_and_tells_each_reading(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal(oppmoete="Ved fontenen", vakttelefon="+4722000000"))
    u = await by.status(h, *FROGNER, "levert")
    await by.sekretariat.kvitterer(u, "kommer_ikke")
    await by.status(h, *FROGNER, "levert", vara=True)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        side = await n.hent(f"/hendelser/{h.id}/ringeliste")
        await n.hent(f"/hendelser/{h.id}/ringeliste")
    for person in (innehaver(*FROGNER), vara_for(*FROGNER), innehaver(*POLITI)):
        assert person.navn in side.tekst
        assert f'href="tel:{person.mobil}"' in side.html
    for ventet in (f"Ringeliste {h.kodeord}", "Frogner", "Ved fontenen", "4 er spurt, 3 har ikke svart"):
        assert ventet in side.tekst
    assert f"Vara for {innehaver(*FROGNER).navn}" in side.tekst
    innsyn = await by.i_loggen(h, "innsyn.gitt", 2)
    assert [(i["data"]["gjelder"], i["data"]["antall"]) for i in innsyn] == [("ringeliste", 4)] * 2


async def test_those_who_have_not_answered_come_first(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    await by.sekretariat.kvitterer(await by.status(h, *FROGNER, "levert"), "kommer")
    await by.status(h, *FROGNER, "kommer")
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("salto_sentrum", "sentrum")).hent(f"/hendelser/{h.id}/ringeliste")
    assert side.tekst.index(innehaver(*POLITI).navn) < side.tekst.index(innehaver(*FROGNER).navn)


@pytest.mark.parametrize(
    ("rolle", "enhet"),
    [FROGNER, ("politi", "driftsenhet:vest"), ("linjeleder", "bydel:05"), ("gransker", None)],
)
async def test_numbers_are_for_the_sekretariat_and_sentrum_alone(by: By, rolle: str, enhet: str | None) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    async with Nettleser(by) as n:
        side = await (await n.logg_inn(rolle, enhet)).hent(f"/hendelser/{h.id}/ringeliste")
    assert side.status == 403
    assert "tel:" not in side.html


async def test_a_list_of_nobody_says_so_and_tells_nothing(by: By) -> None:
    h = await by.sekretariat.varsler(utkast=True)
    await by.stille()
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(f"/hendelser/{h.id}/ringeliste")
    assert "Ingen å ringe" in side.tekst
    await by.stille()
    assert [rad for rad in await by.sekretariat.logg(h) if "innsyn" in rad["type"]] == []
