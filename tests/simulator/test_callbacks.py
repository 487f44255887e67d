"""Status callbacks: signed, in order or not as told, and tried again while the receiver is down."""

from __future__ import annotations

from typing import Any

import pytest

from infra.simulator.klient import Simulator, SimulatorFeil
from tests.harness.porter import ledig_port
from tests.simulator.mottaker import Mottaker, lytt

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

KARI = "+4790000001"
TJENESTE = "MG" + "1" * 32


async def send(twilio: Any, url: str) -> str:
    melding = await twilio.messages.create_async(
        to=KARI, messaging_service_sid=TJENESTE, body="Svar JA eller NEI. #7K2QX", status_callback=url
    )
    return str(melding.sid)


async def test_every_status_is_told_in_order_and_signed_without_the_fragment(
    sim: Simulator, twilio: Any, mottaker: Mottaker
) -> None:
    sid = await send(twilio, mottaker.url("#rc=5&rp=all"))
    varsler = await mottaker.etter(3)
    assert mottaker.statuser() == ["queued", "sent", "delivered"]
    assert all(v.ekte for v in varsler)
    siste = varsler[-1].skjema
    assert (siste["MessageSid"], siste["SmsSid"], siste["To"]) == (sid, sid, KARI)
    assert (siste["MessagingServiceSid"], siste["From"]) == (TJENESTE, "+4790099000")
    assert siste["RawDlrDoneDate"].isdecimal()


@pytest.mark.parametrize(
    ("regel", "statuser"),
    [
        ({"ulevert": 30003}, ["queued", "sent", "undelivered"]),
        ({"doble_statuser": True}, ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        ({"omvendt_rekkefolge": True}, ["delivered", "sent", "queued"]),
        ({"ingen_statuser": True}, []),
    ],
)
async def test_statuses_come_as_the_number_was_told(
    sim: Simulator, twilio: Any, mottaker: Mottaker, regel: dict[str, Any], statuser: list[str]
) -> None:
    await sim.telefon(KARI).oppfoersel(**regel)
    await send(twilio, mottaker.url())
    await sim.vent_paa_ro()
    assert mottaker.statuser() == statuser
    assert [v.skjema.get("ErrorCode") for v in mottaker.varsler][-1:] == (
        ["30003"] if "ulevert" in regel else [None] * bool(statuser)
    )


async def test_a_receiver_that_fails_is_tried_again_with_the_same_idempotency_token(
    sim: Simulator, twilio: Any, mottaker: Mottaker
) -> None:
    await sim.still_inn(statuser=["delivered"])
    mottaker.svar = iter([503])
    await send(twilio, mottaker.url("#rc=2&rp=all"))
    foerste, andre = await mottaker.etter(2)
    assert foerste == andre


@pytest.mark.parametrize(
    ("fragment", "svar", "ganger"), [("#rc=0", [503], 1), ("", [404], 1), ("#rc=3&rp=ct", [503], 1)]
)
async def test_it_gives_up_as_the_url_asks(
    sim: Simulator, twilio: Any, mottaker: Mottaker, fragment: str, svar: list[int], ganger: int
) -> None:
    await sim.still_inn(statuser=["delivered"])
    mottaker.svar = iter(svar)
    await send(twilio, mottaker.url(fragment))
    await sim.vent_paa_ro()
    assert len(mottaker.varsler) == ganger


async def test_a_receiver_that_was_down_gets_it_when_it_is_up_again(
    sim: Simulator, twilio: Any, mottaker: Mottaker
) -> None:
    await sim.still_inn(statuser=["delivered"])
    async with lytt(mottaker.token, ledig_port()) as nede:  # nobody else is given it meanwhile
        url, port = nede.url("#rc=5&rp=all"), nede.port
    sid = await send(twilio, url)
    await sim.telefon(KARI).vent_paa_status(sid, "delivered")
    async with lytt(mottaker.token, port) as oppe:
        assert [v.skjema["MessageSid"] for v in await oppe.etter(1)] == [sid]


async def test_another_machine_is_never_called(sim: Simulator, twilio: Any) -> None:
    await send(twilio, "http://192.0.2.1/webhooks/twilio#rc=5&rp=all")
    assert (await sim.vent_paa_ro())["sms_per_status"] == {"delivered": 1}
    with pytest.raises(SimulatorFeil, match="denne maskinen"):
        await sim.still_inn(innkommende_url="http://192.0.2.1/")
