"""Somebody with the file at hand: whatever is done to a copy of the archive, `salto audit verifiser` says so."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.db import Database
from services.audit import store
from services.audit.cli import audit
from services.audit.rules import Rad
from tests.audit.arkivet import lag_skjema
from tests.audit.rader import en_id, hendelser, kjedet

RADER = kjedet([*hendelser(30), *hendelser(10, hendelse_id=en_id("demo")), *hendelser(20)])


async def _lag(fil: Path, rader: list[Rad]) -> None:
    db = Database(f"sqlite+aiosqlite:///{fil}")
    await lag_skjema(db)
    async with db.skriv() as tx:
        await store.sikre_hode(tx)
        await store.legg_til(tx, rader)
    await db.lukk()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    fil = tmp_path_factory.mktemp("arkiv") / "audit.db"
    asyncio.run(_lag(fil, RADER))
    return fil


@pytest.fixture
def kopi(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "audit.db"))


def _verifiser(mappe: Path) -> tuple[int, dict[str, Any]]:
    svar = CliRunner().invoke(audit, ["verifiser", "--json"], env={"SALTO_DATA_DIR": str(mappe)})
    return svar.exit_code, json.loads(svar.stdout)


def _tukle(fil: Path, *setninger: str) -> None:
    db = sqlite3.connect(fil)
    for (navn,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {navn}")
    for setning in setninger:
        db.execute(setning)
    db.commit()
    db.close()


def test_an_untouched_copy_is_whole_and_says_that_it_is_not_sealed(kopi: Path) -> None:
    assert _verifiser(kopi.parent) == (0, {"hel": True, "rader": 60, "hull": [], "epoker": 1, "forseglet_til": None})


@pytest.mark.parametrize(
    ("setninger", "foerste"),
    [
        (["UPDATE audit_rad SET data = CAST(replace(CAST(data AS TEXT), 'a', 'b') AS BLOB) WHERE sekvens = 17"], 17),
        (["UPDATE audit_rad SET data = replace(data, 'a', 'b') WHERE sekvens = 17"], 17),  # becomes text on the way
        (["UPDATE audit_rad SET data = CAST(data AS TEXT) WHERE sekvens = 17"], 17),
        (["UPDATE audit_rad SET data = NULL WHERE sekvens = 17"], 17),
        (["UPDATE audit_rad SET subjekt = CAST(x'ff' AS TEXT) WHERE sekvens = 17"], 17),  # no text at all
        (["UPDATE audit_rad SET tid = tid + 1 WHERE sekvens = 17"], 17),
        (["UPDATE audit_rad SET tid = 'i går' WHERE sekvens = 17"], 17),
        (["UPDATE audit_rad SET hendelse_id = NULL WHERE sekvens = 35"], 35),  # hides it from its hendelse
        (["UPDATE audit_rad SET event_id = 'tull' WHERE sekvens = 35"], 35),
        (["DELETE FROM audit_rad WHERE sekvens = 17"], 17),
        (["DELETE FROM audit_rad WHERE sekvens BETWEEN 31 AND 40"], 31),
        (["DELETE FROM audit_rad WHERE sekvens = 1"], 1),
        (["DELETE FROM audit_rad WHERE sekvens > 55"], 56),
        (
            [
                "UPDATE audit_rad SET sekvens = -1 WHERE sekvens = 17",
                "UPDATE audit_rad SET sekvens = 17 WHERE sekvens = 18",
                "UPDATE audit_rad SET sekvens = 18 WHERE sekvens = -1",
            ],
            17,
        ),
        (
            [
                "CREATE TABLE en AS SELECT * FROM audit_rad WHERE sekvens = 60",
                "UPDATE en SET sekvens = 61",
                "INSERT INTO audit_rad SELECT * FROM en",
            ],
            61,
        ),
        (["UPDATE audit_hode SET hash = zeroblob(32)"], 60),
        (["UPDATE audit_hode SET sekvens = 59"], 60),
        (["DELETE FROM audit_hode"], 1),
    ],
)
def test_what_was_done_to_a_row_is_found_and_the_row_named(kopi: Path, setninger: list[str], foerste: int) -> None:
    _tukle(kopi, *setninger)
    kode, svar = _verifiser(kopi.parent)
    assert (kode, svar["hel"], svar["foerste_feil"]["sekvens"]) == (1, False, foerste)


def test_one_byte_changed_in_the_file_itself_is_found(kopi: Path) -> None:
    raa = bytearray(kopi.read_bytes())
    sted = raa.index(str(en_id("12")).encode())
    raa[sted] ^= 1
    kopi.write_bytes(bytes(raa))
    kode, svar = _verifiser(kopi.parent)
    assert (kode, svar["foerste_feil"]["sekvens"]) == (1, 13)


def test_an_index_that_hides_a_row_is_found_though_the_chain_is_whole(kopi: Path) -> None:
    skrevet = "CREATE INDEX ix_audit_rad_hendelse ON audit_rad (hendelse_id, epoke, sekvens)"
    smalere = f"{skrevet} WHERE sekvens <> 35"
    db = sqlite3.connect(kopi)
    db.execute("DROP INDEX ix_audit_rad_hendelse")
    db.execute(smalere)
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_audit_rad_hendelse'", (skrevet,))
    db.commit()
    db.close()
    kode, svar = _verifiser(kopi.parent)
    assert (kode, svar["rader"]) == (1, 60)
    assert "databasefilen er skadet" in svar["foerste_feil"]["grunn"]


@pytest.mark.parametrize("innhold", [None, b"", b"ikke en database" * 100])
def test_an_archive_that_cannot_be_read_is_not_called_whole_or_broken(tmp_path: Path, innhold: bytes | None) -> None:
    if innhold is not None:
        (tmp_path / "audit.db").write_bytes(innhold)
    kode, svar = _verifiser(tmp_path)
    assert kode == 2
    assert svar["hel"] is False
    assert svar["ikke_kontrollert"]
    assert (tmp_path / "audit.db").exists() == (innhold is not None)


def test_people_read_which_row_is_broken(kopi: Path) -> None:
    _tukle(kopi, "DELETE FROM audit_rad WHERE sekvens = 17")
    svar = CliRunner().invoke(audit, ["verifiser"], env={"SALTO_DATA_DIR": str(kopi.parent)})
    assert svar.exit_code == 1
    assert "BRUTT ved rad 17 (epoke 1): raden mangler" in svar.stdout
