"""At start: settings that contradict each other are refused, with the name of what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.kommandolinje import salto

SID = "AC" + "0" * 32


@pytest.mark.parametrize(
    ("gitt", "mangler"),
    [
        ({"twilio_account_sid": SID}, ["SALTO_TWILIO_AUTH_TOKEN", "SALTO_TWILIO_FROM"]),
        ({"twilio_from": "+4790099000"}, ["SALTO_TWILIO_ACCOUNT_SID", "SALTO_TWILIO_AUTH_TOKEN"]),
    ],
)
async def test_en_halvveis_satt_opp_gateway_stanser_oppstarten(
    gitt: dict[str, str], mangler: list[str], tmp_path: Path
) -> None:
    utfall = await salto("up", "--port", "0", data_dir=str(tmp_path / "data"), **gitt)
    assert utfall.kode == 2
    assert "Twilio er bare halvveis satt opp" in utfall.feil
    assert all(navn in utfall.feil for navn in mangler)
    assert "Traceback" not in utfall.feil
    assert not (tmp_path / "data").exists()  # nothing was begun


async def test_run_uten_journal_og_database_sier_hva_som_mangler(tmp_path: Path) -> None:
    utfall = await salto("run", "sms", data_dir=str(tmp_path))
    assert utfall.kode == 2
    assert "SALTO_NATS_URL" in utfall.feil
    assert "SALTO_DATABASE_URL" in utfall.feil
