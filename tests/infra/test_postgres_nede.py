"""A PostgreSQL that is away is a missing dependency, whatever the driver calls it; and what `salto run` will run."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from infra.db import NEDE, Database
from infra.settings import Innstillingsfeil
from services.program import ROM
from services.prosess import velg
from tests.harness.baser import uten_postgres


@pytest.fixture
def stengt_port() -> Iterator[int]:
    """Nobody listens there, and nobody else is given it meanwhile."""
    with socket.socket() as prove:
        prove.bind(("127.0.0.1", 0))
        yield int(prove.getsockname()[1])


@pytest.mark.parametrize("vert", ["127.0.0.1", "localhost"])
async def test_a_database_nobody_answers_for_pauses_a_room_instead_of_blaming_the_message(
    vert: str, stengt_port: int
) -> None:
    db = Database(f"postgresql+asyncpg://salto@{vert}:{stengt_port}/salto")

    for aapne in (db.les, db.skriv):
        with pytest.raises(NEDE):
            async with aapne():
                pass

    await db.lukk()


@pytest.mark.parametrize(
    ("tjenester", "rom", "bare_doerer"),
    [
        (["all"], list(ROM), False),
        (["web"], list(ROM), True),
        (["sms"], ["sms"], False),
        (["sms", "register"], ["register", "sms"], False),
    ],
)
def test_the_services_named_are_the_rooms_that_run(tjenester: list[str], rom: list[str], bare_doerer: bool) -> None:
    assert velg(tjenester) == (rom, bare_doerer)


@pytest.mark.parametrize("tjenester", [["tull"], ["web", "sms"]])
def test_what_cannot_be_run_is_refused_by_name(tjenester: list[str]) -> None:
    with pytest.raises(Innstillingsfeil, match=tjenester[0]):
        velg(tjenester)


@pytest.mark.parametrize(("ci", "utfall"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_postgresql_its_tests_are_skipped_but_never_in_ci(
    ci: str, utfall: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(utfall, match="PostgreSQL mangler"):
        uten_postgres("PostgreSQL mangler")
