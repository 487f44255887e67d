"""The counts that tests of failure hold the service to: how much was accepted, and what was accepted twice."""

from __future__ import annotations

from sqlite3 import Row

from infra.simulator.database import Database

_DOBLE_SMS = """SELECT til, ref, COUNT(*) AS antall, GROUP_CONCAT(sid) AS sid FROM sms
    WHERE retning = 'ut' AND ref IS NOT NULL GROUP BY til, ref HAVING COUNT(*) > 1"""
_DOBLE_EPOST = """SELECT til, message_id, COUNT(*) AS antall FROM epost
    WHERE message_id IS NOT NULL GROUP BY til, message_id HAVING COUNT(*) > 1"""
_NUMRE = """SELECT nummer, SUM(ut) AS ut, SUM(inn) AS inn, MAX(nr) AS siste FROM (
        SELECT til AS nummer, 1 AS ut, 0 AS inn, nr FROM sms WHERE retning = 'ut'
        UNION ALL SELECT fra, 0, 1, nr FROM sms WHERE retning = 'inn')
    GROUP BY nummer ORDER BY siste DESC"""


def tall(database: Database) -> dict[str, object]:
    """Everything accepted so far; a copy is a second message with the same `To` and the same reference."""
    per_status = {r["status"]: r["antall"] for r in _per_status(database)}
    dobbelt = [_dobbel(r) for r in database.les(_DOBLE_SMS)]
    mottatt = sum(per_status.values())
    epost = int(database.les("SELECT COUNT(*) FROM epost")[0][0])
    epost_dobbelt = [dict(r) for r in database.les(_DOBLE_EPOST)]
    return {
        "sms_mottatt": mottatt,
        "sms_unike": mottatt - sum(int(str(d["antall"])) - 1 for d in dobbelt),
        "sms_per_ref": {f"{d['til']}#{d['ref']}": d["antall"] for d in dobbelt},
        "dobbelt": dobbelt,
        "sms_per_status": per_status,
        "innkommende": int(database.les("SELECT COUNT(*) FROM sms WHERE retning = 'inn'")[0][0]),
        "uavsluttet": int(database.les("SELECT COUNT(*) FROM sms WHERE aapen = 1")[0][0]),
        "epost_mottatt": epost,
        "epost_unike": epost - sum(int(d["antall"]) - 1 for d in epost_dobbelt),
        "epost_dobbelt": epost_dobbelt,
    }


def telefoner(database: Database) -> list[dict[str, object]]:
    """The numbers seen, the one used last first."""
    return [{"nummer": r["nummer"], "ut": r["ut"], "inn": r["inn"]} for r in database.les(_NUMRE)]


def _per_status(database: Database) -> list[Row]:
    return database.les("SELECT status, COUNT(*) AS antall FROM sms WHERE retning = 'ut' GROUP BY status")


def _dobbel(rad: Row) -> dict[str, object]:
    return {"til": rad["til"], "ref": rad["ref"], "antall": rad["antall"], "sid": rad["sid"].split(",")}
