"""Reading what happened: the kernel's count of CPU, the gateway's own times, the journal's own times."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

_TIKK_PER_SEKUND = os.sysconf("SC_CLK_TCK")


def cpu_sekunder(pider: Sequence[int]) -> float:
    """User and system time of these processes so far."""
    tikk = 0
    for pid in pider:
        felt = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        tikk += int(felt[11]) + int(felt[12])
    return tikk / _TIKK_PER_SEKUND


def les(fil: Path, sql: str, *verdier: object) -> list[tuple[object, ...]]:
    """Rows of somebody else's SQLite file, as of its newest commit."""
    with closing(sqlite3.connect(f"file:{fil}?mode=ro", uri=True, timeout=5)) as db:
        return db.execute(sql, verdier).fetchall()


def ankomster(gateway: Path, siden: float) -> list[float]:
    """When each message came to the gateway: seconds since `siden` (a wall clock's), in order."""
    rader = les(gateway / "simulator.db", "SELECT opprettet FROM sms WHERE retning = 'ut' ORDER BY nr")
    tider = (datetime.fromisoformat(str(r[0])).timestamp() - siden for r in rader)
    return sorted(t for t in tider if t > 0)


def journaltider(arkiv: Path, hendelse_id: str, siden: float) -> dict[str, float]:
    """When the journal first had each kind of event of a hendelse: milliseconds since `siden`, by noun.participle."""
    sql = "SELECT type, MIN(tid) FROM audit_rad WHERE hendelse_id = ? GROUP BY type"
    return {
        ".".join(str(type_).split(".")[3:5]): float(str(tid)) / 1000 - siden * 1000
        for type_, tid in les(arkiv, sql, hendelse_id.replace("-", ""))
    }


def median(tall: Sequence[float]) -> float:
    return sorted(tall)[len(tall) // 2] if tall else float("nan")
