"""A past: hendelser that are over, copied in the tables from one that is real."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from uuid import uuid4

from tests.harness.anlegg import Anlegg

Rad = dict[str, object]
UTKALLINGER = 4
"""How many call-outs each of them had."""


def gamle_hendelser(anlegg: Anlegg, mal: str, antall: int) -> None:
    """Puts `antall` closed copies of the hendelse `mal` into the tables, one a day back in time."""
    with closing(sqlite3.connect(anlegg.data / "salto.db", timeout=20)) as db:
        db.row_factory = sqlite3.Row
        hendelse = _les(db, "hendelser_hendelse", "id", mal)[0]
        sak = _les(db, "utkalling_hendelse", "hendelse_id", mal)[0]
        utkallinger = _les(db, "utkalling_utkalling", "hendelse_id", mal)[:UTKALLINGER]
        for nr in range(1, antall + 1):
            ny = uuid4().hex
            _skriv(db, "hendelser_hendelse", [_lukket(hendelse, ny, nr)])
            _skriv(db, "utkalling_hendelse", [{**sak, "hendelse_id": ny, "aapen": 0}])
            _skriv(db, "utkalling_utkalling", [{**u, "id": uuid4().hex, "hendelse_id": ny} for u in utkallinger])
        db.commit()


def _lukket(rad: Rad, ny: str, dager: int) -> Rad:
    felt = json.loads(str(rad["hendelse"]))
    tilbake = {k: _tilbake(felt[k], dager) for k in ("start", "slutt", "svarfrist") if felt.get(k)}
    kolonner = {k: _tilbake(str(rad[k]), dager) for k in ("start", "slutt", "opprettet") if rad[k]}
    return {**rad, **kolonner, "id": ny, "status": "avsluttet", "hendelse": json.dumps({**felt, **tilbake})}


def _tilbake(tid: str, dager: int) -> str:
    flyttet = datetime.fromisoformat(tid) - timedelta(days=dager)
    return flyttet.isoformat(sep="T" if "T" in tid else " ")


def _les(db: sqlite3.Connection, tabell: str, kolonne: str, verdi: str) -> list[Rad]:
    sql = f"SELECT * FROM {tabell} WHERE {kolonne} = ?"  # noqa: S608 - our own names
    return [dict(rad) for rad in db.execute(sql, (verdi.replace("-", ""),))]


def _skriv(db: sqlite3.Connection, tabell: str, rader: list[Rad]) -> None:
    for rad in rader:
        kolonner = ", ".join(rad)
        plasser = ", ".join("?" * len(rad))
        db.execute(f"INSERT INTO {tabell} ({kolonner}) VALUES ({plasser})", tuple(rad.values()))  # noqa: S608
