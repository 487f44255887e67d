"""What can be set is listed where an operator looks: `.env.example`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.settings import Settings

ROT = Path(__file__).resolve().parents[2]
LISTET = dict(re.findall(r"^#?([A-Z_0-9]+)=(.*)$", (ROT / ".env.example").read_text(), re.MULTILINE))
BARE_DER_DE_ER = {"SALTO_DEMO", "SALTO_VERSJON"}
"""Set by `demo`, and by those who build several images."""


def test_every_setting_is_listed() -> None:
    alle = {f"SALTO_{navn}".upper() for navn in Settings.model_fields}
    assert alle - LISTET.keys() <= BARE_DER_DE_ER


def test_what_compose_asks_for_is_listed() -> None:
    spurt = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROT / "docker-compose.yml").read_text()))
    assert spurt
    assert spurt - LISTET.keys() <= BARE_DER_DE_ER


@pytest.mark.parametrize(
    "navn", ["POSTGRES_PASSWORD", "POSTGRES_DRIFT_PASSWORD", "SALTO_NATS_TOKEN", "SALTO_SECRET_KEY"]
)
def test_a_secret_that_must_be_changed_says_so(navn: str) -> None:
    assert LISTET[navn].startswith("bytt-meg")
