"""Phones that answer: to the webhook, in the list, by themselves, and with the words Twilio itself obeys."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from infra.simulator.klient import Simulator
from tests.simulator.mottaker import Mottaker

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

KARI = "+4790000001"
VAART = "+4790099000"
SPOERSMAAL = "SaLTo ELG: Demonstrasjon. Svar JA eller NEI. #7K2QX"


async def test_an_answer_is_posted_signed_with_twilios_fields(sim: Simulator, mottaker: Mottaker) -> None:
    await sim.still_inn(innkommende_url=mottaker.url("#rc=5&rp=all"))
    sid = await sim.telefon("900 00 001").svarer("Ja, jeg kommer på 20 min 👍")
    (varsel,) = await mottaker.etter(1)
    assert varsel.ekte
    assert varsel.skjema["Body"] == "Ja, jeg kommer på 20 min 👍"
    assert {varsel.skjema[n] for n in ("MessageSid", "SmsSid", "SmsMessageSid")} == {sid}
    assert (varsel.skjema["From"], varsel.skjema["To"], varsel.skjema["SmsStatus"]) == (KARI, VAART, "received")
    assert (varsel.skjema["NumMedia"], varsel.skjema["NumSegments"], varsel.skjema["FromCountry"]) == ("0", "1", "NO")


async def test_an_answer_goes_to_whoever_wrote_last(sim: Simulator, twilio: Any, mottaker: Mottaker) -> None:
    await sim.still_inn(innkommende_url=mottaker.url())
    await twilio.messages.create_async(to=KARI, from_="+4790099111", body=SPOERSMAAL)
    await sim.telefon(KARI).svarer("JA")
    assert (await mottaker.etter(1))[0].skjema["To"] == "+4790099111"


async def test_what_the_webhook_missed_can_be_fetched(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).svarer("NEI")
    (funnet,) = await twilio.messages.list_async(to=VAART)
    assert (funnet.direction, funnet.from_, funnet.body, funnet.status) == ("inbound", KARI, "NEI", "received")


async def test_an_answer_is_tried_again_until_it_is_taken(sim: Simulator, mottaker: Mottaker) -> None:
    mottaker.svar = iter([503])
    await sim.still_inn(innkommende_url=mottaker.url("#rc=5&rp=all"))
    await sim.telefon(KARI).svarer("JA")
    foerste, andre = await mottaker.etter(2)
    assert foerste == andre
    assert (await sim.vent_paa_ro())["innkommende"] == 1


async def test_an_answer_may_be_posted_again_and_again(sim: Simulator, mottaker: Mottaker) -> None:
    await sim.still_inn(innkommende_url=mottaker.url(), svar_ganger=3)
    await sim.telefon(KARI).svarer("JA")
    varsler = await mottaker.etter(3)
    assert len({v.skjema["MessageSid"] for v in varsler}) == 1
    assert (await sim.vent_paa_ro())["innkommende"] == 1


async def test_a_stopped_number_is_refused_until_it_starts_again(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).svarer(" stop ")
    with pytest.raises(TwilioRestException) as feil:
        await twilio.messages.create_async(to=KARI, from_=VAART, body=SPOERSMAAL)
    assert feil.value.code == 21610
    await sim.telefon(KARI).svarer("START")
    assert (await twilio.messages.create_async(to=KARI, from_=VAART, body=SPOERSMAAL)).sid


async def test_a_phone_answers_by_itself_what_asks_and_nothing_else(sim: Simulator, twilio: Any) -> None:
    await sim.telefon(KARI).oppfoersel(autosvar=[{"tekst": "JA 20", "etter_ms": 5}])
    await twilio.messages.create_async(to=KARI, from_=VAART, body="Takk, vi har notert at du kommer. #8K2QX")
    await twilio.messages.create_async(to=KARI, from_=VAART, body=SPOERSMAAL)
    await sim.vent_paa_ro()
    samtale = [(m["retning"], m["tekst"]) for m in await sim.telefon(KARI).meldinger()]
    assert samtale[-1] == ("inn", "JA 20")
    assert [retning for retning, _ in samtale] == ["ut", "ut", "inn"]


async def test_the_numbers_seen_are_listed_with_counts(sim: Simulator, twilio: Any) -> None:
    await twilio.messages.create_async(to=KARI, from_=VAART, body=SPOERSMAAL)
    await sim.telefon(KARI).svarer("JA")
    await sim.telefon("+4790000002").svarer("Hei")
    assert await sim.telefoner() == [
        {"nummer": "+4790000002", "ut": 0, "inn": 1},
        {"nummer": KARI, "ut": 1, "inn": 1},
    ]
