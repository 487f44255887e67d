"""Call-outs counted: each stands in one group, by the same status the API tells."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.tavle import Svartall
from infra.web.utlaan import BYDELSTALL, ROLLER, SVARTALL
from services.utkalling import tall
from services.utkalling.sak import Utkalling
from services.utkalling.tall import gruppe, tell
from tests.harness.by import By
from tests.utkalling.bord import NAA, av, med_kalte, mottaker

KOMMER = {"kommer", "framme", "ferdig"}


def _utkalling(**felt: Any) -> Utkalling:
    bord = med_kalte(mottaker(1))
    return bord.sett(av(bord, 1), **felt)


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({}, "venter"),
        ({"kanalstatus": {"sms": "bestilt"}}, "venter"),
        ({"kanalstatus": {"sms": "feilet", "epost": "sendt"}}, "venter"),
        ({"kanalstatus": {"sms": "feilet", "epost": "feilet"}}, "sviktet"),
        ({"kanalstatus": {"sms": "uviss"}}, "sviktet"),
        ({"kanalstatus": {}}, "sviktet"),
        ({"svarfrist": NAA - timedelta(minutes=1)}, "sviktet"),
        ({"eskalert": True}, "sviktet"),
        ({"utloept": True}, "sviktet"),
        ({"svar": "kommer", "utloept": True}, "kommer"),
        ({"svar": "framme"}, "kommer"),
        ({"svar": "ferdig"}, "kommer"),
        ({"svar": "kommer_ikke", "eskalert": True}, "kommer_ikke"),
        ({"svar": "kommer", "avlyst": True}, "avlyst"),
        ({"art": "orientering"}, "orientert"),
        ({"art": "orientering", "svar": "kommer"}, "orientert"),
    ],
)
def test_a_call_out_stands_in_one_group(felt: dict[str, Any], ventet: str) -> None:
    assert gruppe(_utkalling(**felt), NAA) == ventet


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "art": st.sampled_from(["foresporsel", "orientering"]),
                "svar": st.sampled_from([None, "kommer", "kommer_ikke", "framme", "ferdig"]),
                "avlyst": st.booleans(),
                "eskalert": st.booleans(),
                "utloept": st.booleans(),
                "svarfrist": st.sampled_from([None, NAA - timedelta(hours=1), NAA + timedelta(hours=1)]),
                "kanalstatus": st.dictionaries(
                    st.sampled_from(["sms", "epost"]),
                    st.sampled_from(["bestilt", "sendt", "levert", "uviss", "feilet"]),
                ),
            }
        )
    )
)
def test_whoever_is_asked_has_answered_or_is_waited_for(felt: list[dict[str, Any]]) -> None:
    alle = [_utkalling(**f) for f in felt]
    t = tell([(u, 1) for u in alle], NAA)
    assert t.spurt == sum(u.spurt and not u.avlyst for u in alle) == t.svart + t.venter
    assert t.orientert == sum(not u.spurt and not u.avlyst for u in alle)
    assert t.kommer == sum(u.spurt and str(u.status) in KOMMER for u in alle)
    assert t.sviktet <= t.venter


def test_what_many_have_in_common_is_counted_as_many_times() -> None:
    ja, stille = _utkalling(svar="kommer"), _utkalling()
    assert tell([(ja, 3), (stille, 2)], NAA) == Svartall(spurt=5, kommer=3, venter=2)


@pytest.mark.parametrize("fro", [1, 2])
async def test_what_is_lent_to_the_pages_is_what_the_api_tells(by: By, fro: int) -> None:
    tilfeldig = Random(fro)
    h = await by.sekretariat.varsler()
    await by.stille()
    for u in await by.sekretariat.utkallinger(h):
        svar = tilfeldig.choice(["kommer", "kommer_ikke", "framme", "ferdig", None])
        if svar:
            assert (await by.sekretariat.kvitterer(u, svar)).status_code == 201
    await by.stille()

    svartall, bydelstall = by.program.hus.skall.laan(SVARTALL), by.program.hus.skall.laan(BYDELSTALL)
    assert svartall is not None
    assert bydelstall is not None
    alle = await by.sekretariat.utkallinger(h)
    assert (await svartall([UUID(h.id)]))[UUID(h.id)] == _av_apiet(alle)
    bydeler = {b for u in alle for b in _bydeler(u)}
    assert await bydelstall() == {b: _av_apiet([u for u in alle if b in _bydeler(u)]) for b in bydeler}


def _av_apiet(alle: list[dict[str, Any]]) -> Svartall:
    status = Counter(u["status"] for u in alle if u["art"] == "foresporsel")
    sviktet = sum(status[s] for s in ("planlagt", "feilet", "uviss", "eskalert", "utloept"))
    venter = sviktet + sum(status[s] for s in ("bestilt", "sendt", "levert"))
    return Svartall(
        spurt=sum(status.values()) - status["avlyst"],
        orientert=sum(u["art"] == "orientering" and u["status"] != "avlyst" for u in alle),
        kommer=sum(status[s] for s in KOMMER),
        kommer_ikke=status["kommer_ikke"],
        venter=venter,
        sviktet=sviktet,
    )


def _bydeler(u: dict[str, Any]) -> set[str]:
    """Where on the map somebody is called; Oslo sentrum is no bydel, and stands in the field of its own."""
    enheter = {str(r["enhet"]) for r in u["roller"]}
    return {e.removeprefix("bydel:") for e in enheter if e.startswith("bydel:")} | (
        {"16"} if "sentrum" in enheter else set()
    )


async def test_a_role_is_lent_for_a_call_out_and_for_its_person(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    u = await by.status(h, "salto_koordinator", "bydel:05", "levert")
    await by.sekretariat.kvitterer(u, "kommer_ikke")
    vara = await by.status(h, "salto_koordinator", "bydel:05", "levert", vara=True)
    roller = by.program.hus.skall.laan(ROLLER)
    assert roller is not None
    ider = [UUID(u["id"]), UUID(vara["id"]), UUID(u["person"]), UUID(int=5)]
    assert await roller(ider) == {
        UUID(u["id"]): "SaLTo-koordinator Frogner",
        UUID(vara["id"]): "SaLTo-koordinator Frogner (vara)",
        UUID(u["person"]): "SaLTo-koordinator Frogner",
    }


def test_the_groups_are_in_the_order_they_need_somebody() -> None:
    assert tall.GRUPPER == ("sviktet", "venter", "kommer", "kommer_ikke", "avlyst", "orientert")
