"""What the simulator's page reads of many phones and mailboxes at once: the newest of each, and conversations."""

from __future__ import annotations

from collections.abc import Sequence

from infra.simulator.database import Database

_TELEFONER = """SELECT s.nummer, s.antall, m.retning, m.tekst, m.status, m.opprettet AS tid FROM (
        SELECT CASE retning WHEN 'ut' THEN til ELSE fra END AS nummer, MAX(nr) AS siste, COUNT(*) AS antall
        FROM sms WHERE slettet = 0 GROUP BY 1 ORDER BY siste DESC LIMIT ?) AS s
    JOIN sms AS m ON m.nr = s.siste ORDER BY s.siste DESC"""
_POSTKASSER = """SELECT s.adresse, s.antall, e.emne, e.mottatt AS tid FROM (
        SELECT til AS adresse, MAX(nr) AS siste, COUNT(*) AS antall FROM epost GROUP BY til
        ORDER BY siste DESC LIMIT ?) AS s
    JOIN epost AS e ON e.nr = s.siste ORDER BY s.siste DESC"""
_SAMTALE = """SELECT * FROM (
        SELECT nr, sid, retning, tekst, opprettet AS tid, status, feilkode, segmenter FROM sms
        WHERE (til = ? OR fra = ?) AND slettet = 0 ORDER BY nr DESC LIMIT ?) ORDER BY nr"""
_BREV = """SELECT * FROM (
        SELECT nr, emne, tekst, mottatt AS tid FROM epost WHERE til = ? ORDER BY nr DESC LIMIT ?) ORDER BY nr"""


def telefoner(database: Database, antall: int) -> list[dict[str, object]]:
    """The phones used last, newest first, each with its newest message."""
    return [dict(r) for r in database.les(_TELEFONER, (antall,))]


def postkasser(database: Database, antall: int) -> list[dict[str, object]]:
    """The mailboxes that got something last, newest first, each with its newest mail."""
    return [dict(r) for r in database.les(_POSTKASSER, (antall,))]


def samtaler(database: Database, numre: Sequence[str], antall: int) -> dict[str, list[dict[str, object]]]:
    """The newest messages of each of these phones, oldest first."""
    return {nummer: [dict(r) for r in database.les(_SAMTALE, (nummer, nummer, antall))] for nummer in numre}


def brev(database: Database, adresser: Sequence[str], antall: int) -> dict[str, list[dict[str, object]]]:
    """The newest mails of each of these mailboxes, oldest first, without their HTML."""
    return {a: [dict(r) for r in database.les(_BREV, (a, antall))] for a in adresser}
