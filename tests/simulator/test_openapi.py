"""What the SDK asks and what the simulator answers, on the wire, against Twilio's own OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from twilio.base.exceptions import TwilioRestException

from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

DOKUMENT = OpenAPI.from_file_path(str(Path(__file__).parent / "data" / "twilio_messages.openapi.json"))
TWILIO = "https://api.twilio.com"
KARI = "+4790000001"
VAART = "+4790099000"
TEKST = "SaLTo ELG: Demonstrasjon, Eidsvolls plass. Svar JA eller NEI. #7K2QX"


@dataclass
class Vitne:
    """A proxy that stands between the SDK and the simulator and holds both to the document."""

    maal: str
    http: aiohttp.ClientSession
    url: str = ""
    sett: list[tuple[str, int]] = field(default_factory=list)

    async def gjennom(self, request: web.Request) -> web.Response:
        kropp = await request.read()
        async with self.http.request(
            request.method, self.maal + request.path_qs, data=kropp or None, headers=_hoder(request)
        ) as svar:
            innhold = await svar.read()
        self.sett.append((request.method, svar.status))
        spurt = MockRequest(
            host_url=TWILIO,
            method=request.method,
            path=request.path,
            args=dict(request.query),
            headers=dict(request.headers),
            data=kropp,
            content_type=request.content_type,
        )
        DOKUMENT.validate_request(spurt)
        if svar.status < 400:  # the document describes no errors
            DOKUMENT.validate_response(spurt, MockResponse(innhold, svar.status, content_type=svar.content_type))
        return web.Response(body=innhold, status=svar.status, content_type=svar.content_type)


def _hoder(request: web.Request) -> dict[str, str]:
    return {navn: verdi for navn, verdi in request.headers.items() if navn in {"Authorization", "Content-Type"}}


@pytest.fixture
async def vitne(adresse: Adresse, twilio: Any) -> AsyncIterator[Vitne]:
    async with aiohttp.ClientSession() as http:
        vitne = Vitne(adresse.url, http)
        app = web.Application()
        app.router.add_route("*", "/{sti:.*}", vitne.gjennom)
        loper = web.AppRunner(app, access_log=None)
        await loper.setup()
        await web.TCPSite(loper, "127.0.0.1", 0).start()
        twilio.api.base_url = f"http://127.0.0.1:{loper.addresses[0][1]}"
        yield vitne
        await loper.cleanup()


async def test_every_operation_conforms_on_the_wire(sim: Simulator, twilio: Any, vitne: Vitne) -> None:
    melding = await twilio.messages.create_async(
        to=KARI,
        messaging_service_sid="MG" + "1" * 32,
        body=TEKST,
        status_callback="http://127.0.0.1:9/webhooks/twilio/status#rc=0",
        validity_period=3600,
        smart_encoded=True,
    )
    await sim.vent_paa_ro()
    await sim.telefon(KARI).svarer("JA")
    await twilio.messages(melding.sid).fetch_async()
    assert len(await twilio.messages.list_async(to=KARI, page_size=1)) == 1
    assert len(await twilio.messages.list_async(to=VAART)) == 1
    await twilio.messages(melding.sid).update_async(body="")
    await twilio.messages(melding.sid).delete_async()
    assert vitne.sett == [("POST", 201), *[("GET", 200)] * 3, ("POST", 200), ("DELETE", 204)]


async def test_an_undelivered_message_conforms(sim: Simulator, twilio: Any, vitne: Vitne) -> None:
    await sim.telefon(KARI).oppfoersel(ulevert=30003)
    melding = await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    await sim.vent_paa_ro()
    hentet = await twilio.messages(melding.sid).fetch_async()
    assert (hentet.error_code, hentet.error_message) == (30003, "Unreachable destination handset")


async def test_a_refusal_has_twilios_legacy_json(sim: Simulator, twilio: Any, vitne: Vitne) -> None:
    await sim.telefon(KARI).oppfoersel(avvis=21614)
    with pytest.raises(TwilioRestException) as feil:
        await twilio.messages.create_async(to=KARI, from_=VAART, body=TEKST)
    assert "is not a valid mobile number" in feil.value.msg
    assert vitne.sett == [("POST", 400)]
