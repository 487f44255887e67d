"""Twilio's Messages resource, through the official SDK over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

KARI = "+4790000001"
OLA = "+4790000002"
VAART = "+4790099000"
TJENESTE = "MG" + "1" * 32
TEKST = "SaLTo ELG: Demonstrasjon, Eidsvolls plass. Svar JA eller NEI. #7K2QX"


async def test_a_message_from_our_number_is_queued_then_delivered(sim: Simulator, twilio: Any) -> None:
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    assert (melding.status, melding.num_segments, melding.from_) == ("queued", "1", VAART)
    assert melding.date_created.utcoffset() == timedelta(0)
    await sim.telefon(KARI).vent_paa_status(melding.sid, "delivered")
    hentet = await twilio.messages(melding.sid).fetch_async()
    assert (hentet.body, hentet.to, hentet.status, hentet.direction) == (TEKST, KARI, "delivered", "outbound-api")


async def test_a_messaging_service_assigns_the_sender_after_accepting(sim: Simulator, twilio: Any) -> None:
    await sim.still_inn(leveranse=False)
    melding = await twilio.messages.create_async(to=KARI, messaging_service_sid=TJENESTE, body=TEKST)
    assert (melding.status, melding.num_segments, melding.from_) == ("accepted", "0", None)
    await sim.still_inn(leveranse=True)
    neste = await twilio.messages.create_async(to=KARI, messaging_service_sid=TJENESTE, body=TEKST)
    await sim.telefon(KARI).vent_paa_status(neste.sid, "delivered")
    assert (await twilio.messages(neste.sid).fetch_async()).from_ == VAART


async def test_the_list_is_newest_first_by_number_and_by_page(sim: Simulator, twilio: Any) -> None:
    for nummer in range(5):
        await twilio.messages.create_async(to=KARI, from_=VAART, body=f"{nummer} {TEKST}")
        await twilio.messages.create_async(to=OLA, from_=VAART, body="til en annen")
    alle = await twilio.messages.list_async(to=KARI, page_size=2)
    assert [m.body[0] for m in alle] == ["4", "3", "2", "1", "0"]
    assert len(await twilio.messages.list_async(from_=VAART)) == 10
    assert [m.to for m in await twilio.messages.list_async(limit=1)] == [OLA]


async def test_date_sent_filters_both_ways(sim: Simulator, twilio: Any) -> None:
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    await sim.vent_paa_ro()
    sendt = (await twilio.messages(melding.sid).fetch_async()).date_sent  # it may be another day by now
    ventet = {
        "date_sent": (sendt.date(), 1),
        "date_sent_after": (sendt - timedelta(minutes=5), 1),
        "date_sent_before": (sendt - timedelta(minutes=5), 0),
    }
    for filter_, (tid, antall) in ventet.items():
        assert len(await twilio.messages.list_async(to=KARI, **{filter_: tid})) == antall, filter_


async def test_what_is_not_sent_can_be_cancelled_and_stays_so(sim: Simulator, twilio: Any) -> None:
    await sim.still_inn(status_ms=60_000)
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    avbrutt = await twilio.messages(melding.sid).update_async(status="canceled")
    assert avbrutt.status == "canceled"
    assert (await sim.vent_paa_ro())["sms_per_status"] == {"canceled": 1}


async def test_what_is_sent_cannot_be_cancelled(sim: Simulator, twilio: Any) -> None:
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    await sim.vent_paa_ro()
    with pytest.raises(TwilioRestException) as feil:
        await twilio.messages(melding.sid).update_async(status="canceled")
    assert feil.value.status == 409


async def test_a_redacted_text_is_gone_and_the_reference_still_counts(sim: Simulator, twilio: Any) -> None:
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    assert (await twilio.messages(melding.sid).update_async(body="")).body == ""
    await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    assert (await sim.tall())["sms_per_ref"] == {f"{KARI}#7K2QX": 2}


async def test_a_deleted_message_is_gone_for_the_api_and_still_counted(sim: Simulator, twilio: Any) -> None:
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    await sim.vent_paa_ro()
    assert await twilio.messages(melding.sid).delete_async()
    assert await twilio.messages.list_async(to=KARI) == []
    with pytest.raises(TwilioRestException) as feil:
        await twilio.messages(melding.sid).fetch_async()
    assert (feil.value.status, feil.value.code) == (404, 20404)
    assert (await sim.tall())["sms_mottatt"] == 1


@pytest.mark.parametrize(
    ("felt", "status", "kode"),
    [
        ({"to": "12"}, 400, 21211),
        ({"to": ""}, 400, 21604),
        ({"body": ""}, 400, 21602),
        ({"body": "x" * 1601}, 400, 21617),
        ({"from_": ""}, 400, 21603),
        ({"status_callback": "ikke en adresse"}, 400, 21609),
        ({"validity_period": 36_001}, 400, 20422),
    ],
)
async def test_what_twilio_refuses_is_refused_with_its_code(
    sim: Simulator, twilio: Any, felt: dict[str, Any], status: int, kode: int
) -> None:
    with pytest.raises(TwilioRestException) as feil:
        await twilio.messages.create_async(**({"to": KARI, "from_": VAART, "body": TEKST} | felt))
    assert (feil.value.status, feil.value.code) == (status, kode)
    assert (await sim.tall())["sms_mottatt"] == 0


@pytest.mark.parametrize(("sid", "token"), [("AC" + "0" * 32, "feil"), ("AC" + "1" * 32, "feil")])
async def test_a_wrong_token_or_account_gets_nothing(sim: Simulator, adresse: Adresse, sid: str, token: str) -> None:
    async with AsyncTwilioHttpClient() as http:
        fremmed = Client(sid, token, http_client=http)
        fremmed.api.base_url = adresse.url
        with pytest.raises(TwilioRestException) as feil:
            await fremmed.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    assert (feil.value.status, feil.value.code) == (401, 20003)
    assert (await sim.tall())["sms_mottatt"] == 0


async def test_another_account_is_not_found(sim: Simulator, adresse: Adresse) -> None:
    adgang = aiohttp.encode_basic_auth(adresse.sid, adresse.token)
    url = f"{adresse.url}/2010-04-01/Accounts/AC{'1' * 32}/Messages.json"
    async with aiohttp.ClientSession() as http, http.get(url, headers={"Authorization": adgang}) as svar:
        assert (svar.status, (await svar.json())["code"]) == (404, 20404)


async def test_a_body_too_large_is_not_read(sim: Simulator, adresse: Adresse) -> None:
    url = f"{adresse.url}/2010-04-01/Accounts/{adresse.sid}/Messages.json"
    adgang = aiohttp.encode_basic_auth(adresse.sid, adresse.token)
    async with (
        aiohttp.ClientSession(headers={"Authorization": adgang}) as http,
        http.post(url, data=b"Body=" + b"x" * 100_000) as svar,
    ):
        assert svar.status == 413
