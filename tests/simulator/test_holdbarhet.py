"""SIGKILL in the middle of a burst: whatever got a 201 is there afterwards, and what was on its way goes on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from infra.oppgave import vent_paa
from infra.simulator.adresse import Adresse, SimulatorFeil
from infra.simulator.klient import Simulator, vent
from tests.simulator.mottaker import lytt
from tests.simulator.prosess import kommando, start

pytestmark = pytest.mark.filterwarnings("ignore:.*auth.* is deprecated:DeprecationWarning")

SAMTIDIGE = 50
FORELDER = "import subprocess, sys; subprocess.run(sys.argv[1:])"
VAART = "+4790099000"
KARI = "+4790000001"
OLA = "+4790000002"


class Stroem:
    """Sends without end over many connections and remembers what was promised."""

    def __init__(self, adresse: Adresse) -> None:
        self._url = f"{adresse.url}/2010-04-01/Accounts/{adresse.sid}/Messages.json"
        self._hoder = {"Authorization": aiohttp.encode_basic_auth(adresse.sid, adresse.token)}
        self._neste = 0
        self.lovet: set[str] = set()
        self.nok = asyncio.Event()

    async def send(self, etter: int) -> None:
        """Sets `nok` after so many promises; ends when nobody answers any more."""
        async with aiohttp.ClientSession(headers=self._hoder) as http:
            await asyncio.gather(*(self._en(http, etter) for _ in range(SAMTIDIGE)))

    async def _en(self, http: aiohttp.ClientSession, etter: int) -> None:
        try:
            while True:
                self._neste += 1
                skjema = {"To": f"+47900{self._neste:05d}", "From": VAART, "Body": f"Svar JA #{self._neste:05d}"}
                async with http.post(self._url, data=skjema) as svar:
                    self.lovet.add((await svar.json())["sid"])
                if len(self.lovet) >= etter:
                    self.nok.set()
        except aiohttp.ClientError:
            return


async def _alle_sid(adresse: Adresse) -> set[str]:
    async with AsyncTwilioHttpClient() as http:
        klient = Client(adresse.sid, adresse.token, http_client=http)
        klient.api.base_url = adresse.url
        return {m.sid for m in await klient.messages.list_async(page_size=1000)}


async def test_no_promised_message_is_lost_by_a_sigkill(tmp_path: Path) -> None:
    async with start(tmp_path) as foerste:
        stroem = Stroem(foerste.adresse)
        sending = asyncio.create_task(stroem.send(etter=500))
        assert await vent_paa(stroem.nok, 60)
        foerste.drep()
        await sending
    async with start(tmp_path) as andre:
        funnet = await _alle_sid(andre.adresse)
        assert stroem.lovet <= funnet
        async with Simulator(andre.adresse.url) as sim:
            tall = await sim.tall()
    assert (tall["sms_mottatt"], tall["dobbelt"]) == (len(funnet), [])


async def test_statuses_under_way_are_told_after_a_sigkill(tmp_path: Path) -> None:
    async with start(tmp_path) as foerste, lytt(foerste.adresse.token) as mottaker:
        async with Simulator(foerste.adresse.url) as sim:
            await sim.still_inn(status_ms=300)
        await _send(foerste.adresse, KARI, mottaker.url("#rc=5&rp=all"))
        await mottaker.etter(1)
        foerste.drep()
        async with start(tmp_path) as andre, Simulator(andre.adresse.url) as sim:
            await sim.vent_paa_ro()
        # A report whose outcome had not reached the disk is made once more, as Twilio itself may do.
        assert list(dict.fromkeys(mottaker.statuser())) == ["queued", "sent", "delivered"]


async def test_misbehaviour_stops_and_token_survive_a_sigkill(tmp_path: Path) -> None:
    async with start(tmp_path) as foerste, Simulator(foerste.adresse.url) as sim:
        await sim.telefon(KARI).oppfoersel(status=503, antall=3)
        await sim.telefon(OLA).svarer("STOP")
        foerste.drep()
    async with start(tmp_path) as andre:
        assert andre.adresse.token == foerste.adresse.token
        for nummer, kode in ((KARI, 20503), (OLA, 21610)):
            with pytest.raises(TwilioRestException) as feil:
                await _send(andre.adresse, nummer, None)
            assert feil.value.code == kode
        assert andre.stopp() == 0


async def _send(adresse: Adresse, til: str, url: str | None) -> None:
    async with AsyncTwilioHttpClient() as http:
        klient = Client(adresse.sid, adresse.token, http_client=http)
        klient.api.base_url = adresse.url
        await klient.messages.create_async(
            to=til, from_=VAART, body="Svar JA #7K2QX", **({"status_callback": url} if url else {})
        )


async def test_it_dies_with_its_parent_when_told(tmp_path: Path) -> None:
    forelder = subprocess.Popen(  # noqa: ASYNC220, S603 - our own program
        [sys.executable, "-c", FORELDER, *kommando(tmp_path), "--dor-med-forelder"], start_new_session=True
    )
    adresse = await vent(_adresse(tmp_path), "simulatoren lytter", 60)
    assert adresse.pid != forelder.pid
    forelder.kill()
    forelder.wait(10)
    await vent(_borte(tmp_path), "simulatoren er borte")


async def test_a_folder_has_one_simulator(tmp_path: Path) -> None:
    async with start(tmp_path) as foerste:
        andre = subprocess.run(  # noqa: ASYNC221, S603 - our own program
            kommando(tmp_path), capture_output=True, text=True, timeout=60, check=False
        )
        assert andre.returncode == 1
        assert andre.stderr.startswith("Simulatoren kan ikke kjøre")
        assert Adresse.les(tmp_path) == foerste.adresse


def _adresse(mappe: Path) -> Callable[[], Awaitable[Adresse | None]]:
    async def lest() -> Adresse | None:
        try:
            return Adresse.les(mappe)
        except SimulatorFeil:
            return None

    return lest


def _borte(mappe: Path) -> Callable[[], Awaitable[bool | None]]:
    async def borte() -> bool | None:
        return None if (mappe / "simulator.json").exists() else True

    return borte


async def test_a_stop_takes_the_address_away(tmp_path: Path) -> None:
    async with start(tmp_path, "--ingen-leveranse", "--token", "t" * 32) as oppe:
        assert oppe.adresse.token == "t" * 32
        assert (tmp_path / "simulator.json").stat().st_mode & 0o077 == 0
        assert oppe.stopp() == 0
    with pytest.raises(SimulatorFeil):
        Adresse.les(tmp_path)
