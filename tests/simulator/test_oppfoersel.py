"""Numbers that misbehave on order: to the caller, to the message, and no longer than told."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from infra.oppgave import avslutt
from infra.simulator.klient import Simulator, SimulatorFeil

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

KARI = "+4790000001"
OLA = "+4790000002"
VAART = "+4790099000"
TEKST = "SaLTo ELG: Demonstrasjon, Eidsvolls plass. Svar JA eller NEI. #7K2QX"


async def send(twilio: Any, til: str = KARI) -> Any:
    return await twilio.messages.create_async(to=til, from_=VAART, body=TEKST)


@pytest.mark.parametrize(
    ("regel", "status", "kode", "mottatt"),
    [
        ({"status": 429}, 429, 20429, 0),
        ({"status": 500}, 500, 20500, 0),
        ({"status": 503}, 503, 20503, 0),
        ({"status": 503, "etter_aksept": True}, 503, 20503, 1),
        ({"avvis": 21211}, 400, 21211, 0),
        ({"avvis": 21610}, 400, 21610, 0),
        ({"avvis": 21614}, 400, 21614, 0),
    ],
)
async def test_a_number_refuses_as_told(
    sim: Simulator, twilio: Any, regel: dict[str, Any], status: int, kode: int, mottatt: int
) -> None:
    await sim.telefon(KARI).oppfoersel(**regel)
    with pytest.raises(TwilioRestException) as feil:
        await send(twilio)
    assert (feil.value.status, feil.value.code) == (status, kode)
    assert (await sim.tall())["sms_mottatt"] == mottatt
    await send(twilio, OLA)


async def test_a_burst_of_errors_ends_by_itself(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(status=429, antall=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            await send(twilio)
    assert (await send(twilio)).sid


async def test_all_numbers_can_be_told_at_once_and_one_can_be_spared(sim: Simulator, twilio: Any) -> None:
    await sim.telefon("*").oppfoersel(status=503)
    await sim.telefon(OLA).oppfoersel(ulevert=30005)
    with pytest.raises(TwilioRestException):
        await send(twilio)
    assert (await send(twilio, OLA)).sid
    await sim.telefon("*").oppfoerer_seg()
    assert (await send(twilio)).sid


async def test_a_slow_number_is_slow_to_accept(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(forsinkelse_ms=150)
    loop = asyncio.get_running_loop()
    foer = loop.time()
    await send(twilio)
    assert loop.time() - foer > 0.1  # its timers count whole milliseconds


async def test_latency_is_of_the_answer_not_of_the_acceptance(sim: Simulator, twilio: Any) -> None:
    await sim.still_inn(latens_ms=60_000)
    venter = asyncio.create_task(send(twilio))
    assert await sim.vent_paa_sms(1) == 1
    assert not venter.done()
    await avslutt(venter)


@pytest.mark.parametrize("sekunder", [0, 0.05])
async def test_accepted_and_then_the_connection_is_dropped(sim: Simulator, twilio: Any, sekunder: float) -> None:
    await sim.telefon(KARI).oppfoersel(tidsavbrudd_etter_aksept=sekunder)
    with pytest.raises(aiohttp.ClientError):
        await send(twilio)
    funnet = await twilio.messages.list_async(to=KARI, limit=20)
    assert [m.body for m in funnet] == [TEKST]


async def test_accepted_and_never_answered(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(tidsavbrudd_etter_aksept=True)
    venter = asyncio.create_task(send(twilio))
    assert await sim.vent_paa_sms(1) == 1
    assert len(await twilio.messages.list_async(to=KARI)) == 1
    assert not venter.done()
    await avslutt(venter)


async def test_a_201_without_its_sid_is_an_accepted_message(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(svar_mangler="sid")
    assert (await send(twilio)).sid is None
    assert [m.body for m in await twilio.messages.list_async(to=KARI)] == [TEKST]


async def test_a_201_that_is_cut_off_is_an_accepted_message(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(svar_mangler="slutt")
    with pytest.raises(ValueError, match=r"Unterminated string|Expecting"):
        await send(twilio)
    assert len(await twilio.messages.list_async(to=KARI)) == 1


async def test_an_answer_may_come_drop_by_drop(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(drypp_ms=150)
    loop = asyncio.get_running_loop()
    foer = loop.time()
    assert (await send(twilio)).sid
    assert loop.time() - foer > 0.1  # its timers count whole milliseconds


async def test_a_list_may_lag_behind_what_was_accepted_and_a_sid_is_found_at_once(sim: Simulator, twilio: Any) -> None:
    await sim.still_inn(liste_forsinket_ms=60_000)
    sendt = await send(twilio)
    assert await twilio.messages.list_async(to=KARI) == []
    assert (await twilio.messages(sendt.sid).fetch_async()).sid == sendt.sid
    await sim.still_inn(liste_forsinket_ms=1)
    assert [m.sid for m in await twilio.messages.list_async(to=KARI)] == [sendt.sid]


async def test_lists_may_be_down_while_messages_are_accepted(sim: Simulator, twilio: Any) -> None:
    await sim.still_inn(liste_status=503)
    assert (await send(twilio)).sid
    with pytest.raises(TwilioException, match="503"):
        await twilio.messages.list_async(to=KARI)


async def test_a_copy_is_seen_in_the_counts(sim: Simulator, twilio: Any) -> None:
    foerste, andre = await send(twilio), await send(twilio)
    await send(twilio, OLA)
    tall = await sim.tall()
    assert (tall["sms_mottatt"], tall["sms_unike"]) == (3, 2)
    assert tall["dobbelt"] == [{"til": KARI, "ref": "7K2QX", "antall": 2, "sid": [foerste.sid, andre.sid]}]


@pytest.mark.parametrize(
    "regel",
    [
        {"ukjent": 1},
        {"status": 200},
        {"antall": 0},
        {"svar_mangler": "alt"},
        {"autosvar": [{"tekst": "a", "naar": "("}]},
    ],
)
async def test_a_rule_that_cannot_be_is_refused(sim: Simulator, regel: dict[str, Any]) -> None:
    with pytest.raises(SimulatorFeil, match="422"):
        await sim.telefon(KARI).oppfoersel(**regel)


async def test_a_number_that_is_none_is_refused(sim: Simulator) -> None:
    with pytest.raises(SimulatorFeil, match="Ugyldig nummer"):
        await sim.telefon("ingen").svarer("JA")
