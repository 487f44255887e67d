"""A simulator in a container of its own: where it calls, how it signs, and who sends through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from infra.settings import Innstillingsfeil, Settings
from infra.simulator.callbacks import Varsler
from infra.simulator.innstillinger import Vei
from services.prosess import velg
from services.simulatortjeneste import INNKOMMENDE, kjoer, med_simulator
from tests.simulator.mottaker import lytt

TOKEN = "t" * 32
STI = "/webhooks/twilio?u=42&a=1"
TWILIO = {"twilio_account_sid": "AC" + "1" * 32, "twilio_auth_token": SecretStr("x"), "twilio_from": "+4790099001"}


@pytest.mark.parametrize(
    "adresse", ["https://salto.example", "http://127.0.0.1:9", INNKOMMENDE[: len("http://127.0.0.1")]]
)
async def test_with_one_way_in_every_call_goes_there_and_is_signed_for_the_public_address(adresse: str) -> None:
    async with lytt(TOKEN) as mottaker:
        utenfra = f"http://127.0.0.1:{mottaker.port}"  # what the receiver checks the signature over
        varsler = Varsler(TOKEN, Vei(innenfra=f"http://localhost:{mottaker.port}", utenfra=utenfra))
        assert await varsler.send(f"{adresse}{STI}#rc=5&rp=all", {"MessageSid": "SM1"})
        await varsler.steng()
    assert [v.ekte for v in mottaker.varsler] == [True]


async def test_without_one_nobody_but_this_machine_is_called() -> None:
    varsler = Varsler(TOKEN)
    assert not await varsler.send(f"https://salto.example{STI}", {"MessageSid": "SM1"})
    await varsler.steng()


def _innstillinger(mappe: Path, **felt: Any) -> Settings:
    return Settings(data_dir=mappe, simulator_url="http://simulator:8010", **felt)


def test_those_who_send_through_it_share_its_account_and_say_so(tmp_path: Path) -> None:
    felles = SecretStr("felles")
    en, to, annen = (
        med_simulator(_innstillinger(tmp_path / str(nr), secret_key=nokkel))
        for nr, nokkel in enumerate((felles, felles, SecretStr("en annen")))
    )
    assert en.simulator
    assert en.har_twilio
    assert (en.twilio_base_url, en.smtp_url.get_secret_value()) == ("http://simulator:8010", "smtp://simulator:8025")
    assert en.twilio_auth_token == to.twilio_auth_token != annen.twilio_auth_token


def test_a_mail_server_that_is_given_is_kept(tmp_path: Path) -> None:
    gitt = _innstillinger(tmp_path, smtp_url=SecretStr("smtp://post.example"))
    assert med_simulator(gitt).smtp_url == gitt.smtp_url


async def test_it_does_not_run_beside_twilio(tmp_path: Path) -> None:
    with pytest.raises(Innstillingsfeil, match="Twilio er satt opp"):
        await kjoer(_innstillinger(tmp_path, **TWILIO))


@pytest.mark.parametrize("ord_", [["web", "sms"], ["simulator", "sms"], ["simulator", "all"]])
def test_doors_and_simulator_each_have_a_process_for_themselves(ord_: list[str]) -> None:
    with pytest.raises(Innstillingsfeil, match="i en prosess for seg"):
        velg(ord_)
