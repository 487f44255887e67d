"""What was never told us is fetched: all of it, soon, and without waiting for a provider that is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.melding import MeldingSendt
from contracts.svar import SvarMottatt
from services.sms import mistede
from tests.sms.huset import Huset, vent_til


def svar(hus: Huset) -> list[str]:
    """The sids of every answer that has been told, as many times as it was told."""
    return sorted(s.leverandoer_id or "" for event in hus.fortalt(SvarMottatt) for s in event.data.svar)


async def hentes(hus: Huset, *sider: str) -> None:
    """Waits until these answers have been told, each of them once, and no other."""
    await vent_til(lambda: set(svar(hus)) >= set(sider))
    await hus.alt_er_fortalt()
    assert svar(hus) == sorted(sider)


async def begynt(hus: Huset) -> None:
    """Waits until the round that every start makes is over: the next one is minutes away."""
    await vent_til(lambda: hus.sentral.lister_spurt >= 1)


async def test_what_got_through_says_nothing_of_what_did_not(hus: Huset) -> None:
    await begynt(hus)
    tapt = {hus.sentral.ringer_inn(hus.mobil(hus.person()), "JA")["sid"] for _ in range(250)}
    kom = hus.sentral.ringer_inn(hus.mobil(hus.person()), "JA")
    await hus.svarer(kom["from"], "JA", sid=kom["sid"])
    await hus.frem(minutes=4)
    await hentes(hus, *tapt, kom["sid"])


async def test_what_came_while_nothing_could_be_listed_is_fetched_whoever_got_through_since(hus: Huset) -> None:
    await begynt(hus)
    kari, ola = hus.person(), hus.person()
    hus.sentral.lister_nede = True
    tapt = hus.sentral.ringer_inn(hus.mobil(kari), "JA")
    await hus.frem(hours=3)
    await vent_til(lambda: hus.sentral.lister_spurt >= 2)
    kom = hus.sentral.ringer_inn(hus.mobil(ola), "NEI")
    await hus.svarer(hus.mobil(ola), "NEI", sid=kom["sid"])
    hus.sentral.lister_nede = False
    await hus.frem(minutes=4)
    await hentes(hus, tapt["sid"], kom["sid"])


async def test_what_a_clock_that_was_ahead_did_not_ask_for_is_fetched_when_the_clock_is_set_right(hus: Huset) -> None:
    await begynt(hus)
    await hus.frem(hours=2)
    await vent_til(lambda: hus.sentral.lister_spurt >= 2)
    await hus.frem(hours=-1)
    hus.sentral.naa = lambda: hus.klokke.now() - timedelta(hours=1)
    tapt = hus.sentral.ringer_inn(hus.mobil(hus.person()), "JA")
    await hus.frem(hours=-1)
    await hentes(hus, tapt["sid"])


async def test_a_provider_that_did_not_answer_is_asked_again_in_seconds(
    hus: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begynt(hus)
    monkeypatch.setattr(mistede, "HVERT", timedelta(hours=1))  # not because a minute has gone
    hus.sentral.lister_nede = True
    await hus.frem(minutes=4)
    await vent_til(lambda: hus.sentral.lister_spurt >= 2)
    tapt = hus.sentral.ringer_inn(hus.mobil(hus.person()), "JA")
    hus.sentral.lister_nede = False
    await hus.frem(seconds=mistede.SNART.total_seconds() + 1)
    await hentes(hus, tapt["sid"])


async def test_a_provider_that_is_silent_is_not_asked_about_every_message(
    hus: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begynt(hus)
    assert timedelta() < mistede.SNART < mistede.HVERT
    for navn, verdi in (("SAMTIDIGE", 2), ("SNART", timedelta(minutes=10)), ("HVERT", timedelta(hours=1))):
        monkeypatch.setattr(mistede, navn, verdi)  # not again before the clock is moved
    for b in [await hus.bestill_en(hus.person()) for _ in range(6)]:
        await hus.hoerer(MeldingSendt, b.id)
    hus.sentral.bare_ett_nede = True
    await hus.frem(minutes=4)
    await vent_til(lambda: hus.sentral.spurt >= 2)
    await hus.frem(seconds=mistede.SNART.total_seconds() + 1)
    assert hus.sentral.spurt == 2
    hus.sentral.bare_ett_nede = False
    await vent_til(lambda: hus.sentral.spurt == 2 + 6)
