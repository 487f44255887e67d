"""The truth, from outside: what the gateway really has against what we meant, and what must be whole afterwards."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from tests.faults.drift import Drift
from tests.faults.natt import Natt

UTE = {"sendt", "levert"}
_SMS = "SELECT id, status, sid, tekst FROM sms_melding"
_LOGG = """
    SELECT count(*) AS antall, min(sekvens) AS foerste, max(sekvens) AS siste
    FROM audit_rad GROUP BY epoke ORDER BY epoke
"""
_TO_GANGER = """
    SELECT type, min(sekvens) AS foerst, max(sekvens) AS sist
    FROM audit_rad WHERE event_id IS NOT NULL GROUP BY epoke, event_id, type HAVING count(*) > 1 ORDER BY foerst
"""
_EPOST = "SELECT id, status FROM epost_melding"


@dataclass
class Utslag:
    """What one run of a fault came to."""

    meldinger: int = 0
    tapt: int = 0
    doble: int = 0
    uviss: int = 0
    uviss_epost: int = 0
    drept: int = 0
    hentet_inn_sekunder: float = 0.0
    brudd: list[str] = field(default_factory=list)
    """Every invariant that does not hold, in words; empty is what we promise."""


async def sjekk(natt: Natt, *, skjult: bool = False) -> Utslag:
    """Holds the gateway's record against the register of intents, the answers against the log, and walks the chain.

    Args:
        natt: the work that was given.
        skjult: the fault hid the truth from us: then `uviss` is the honest answer.
    """
    d = natt.drift
    u = Utslag(drept=d.drept)
    await _sms(d, u, skjult=skjult)
    await _epost(d, u)
    await _svar(natt, u)
    await _logg(natt, u)
    return u


def _gatewayen(d: Drift, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{d.mappe / 'gateway' / 'simulator.db'}?mode=ro", uri=True)) as db:
        return list(db.execute(sql))


async def _sms(d: Drift, u: Utslag, *, skjult: bool) -> None:
    rader = await _rader(d, _SMS)
    kopier = Counter(tekst for (tekst,) in _gatewayen(d, "SELECT tekst FROM sms WHERE retning = 'ut'"))
    u.meldinger += len(rader)
    for rad in rader:
        antall = kopier.pop(rad.tekst, 0)
        u.doble += max(0, antall - 1)
        u.uviss += rad.status == "uviss"
        u.tapt += rad.status in UTE and not antall
        if rad.status == "trukket" and antall:
            u.brudd.append(f"{rad.id} er trukket, og ble sendt")
    if u.uviss and not skjult:
        u.brudd.append(f"{u.uviss} SMS er uviss, og gatewayen kunne vært spurt")
    if kopier:
        u.brudd.append(f"{sum(kopier.values())} SMS som ingen har bedt om")


async def _epost(d: Drift, u: Utslag) -> None:
    brev = Counter(str(mid) for (mid,) in _gatewayen(d, "SELECT message_id FROM epost"))
    kopier = {nokkel.strip("<>").partition("@")[0].replace("-", ""): antall for nokkel, antall in brev.items()}
    rader = await _rader(d, _EPOST)
    u.meldinger += len(rader)
    for rad in rader:
        antall = kopier.get(str(rad.id).replace("-", ""), 0)
        u.doble += max(0, antall - 1)
        u.uviss_epost += rad.status == "uviss"
        u.tapt += rad.status == "sendt" and not antall


async def _rader(d: Drift, sql: str) -> list[Any]:
    async with d.db.les() as tx:
        return list(await tx.execute(text(sql)))


async def _svar(natt: Natt, u: Utslag) -> None:
    """Everybody is called once for each hendelse, and every answer is one kvittering, in the tables and in the log."""
    for hendelse in natt.meldt:
        alle = (await natt.drift.kall("GET", f"/hendelser/{hendelse['id']}/utkallinger"))["utkallinger"]
        if len(alle) != natt.antall:
            u.tapt += max(0, natt.antall - len(alle))
            u.brudd.append(f"{len(alle)} av {natt.antall} er kalt ut")
        if skjeve := [u_["id"] for u_ in alle if len(u_["kvitteringer"]) != 1]:
            u.brudd.append(f"{len(skjeve)} utkallinger har ikke akkurat ett svar")
        logg = await natt.drift.kall("GET", f"/hendelser/{hendelse['id']}/logg")
        fortalt = Counter(
            k["utkalling_id"] for rad in logg if ".utkalling.kvittert." in rad["type"]
            for k in rad["data"]["kvitteringer"]
        )  # fmt: skip
        if sorted(fortalt.values()) != [1] * len(alle):
            u.brudd.append(f"{len(alle)} svar er fortalt {sorted(fortalt.values())} ganger")


async def _logg(natt: Natt, u: Utslag) -> None:
    d = natt.drift
    verdikt = await d.kall("GET", "/audit/verifiser")
    if not verdikt["hel"]:
        u.brudd.append(f"kjeden er brutt: {verdikt}")
    epoker = await _rader(d, _LOGG)
    for rad, ventet in zip(
        epoker, [1, *(rad.foerste for rad in epoker[1:])], strict=True
    ):  # another journal, its start
        if (rad.foerste, rad.siste) != (ventet, ventet + rad.antall - 1):
            u.brudd.append(f"kjeden har hull: {rad.antall} rader fra {rad.foerste} til {rad.siste}")
    if doble := await _rader(d, _TO_GANGER):
        u.brudd.append(f"{len(doble)} hendelser er i loggen to ganger: {[tuple(rad) for rad in doble]}")
    lagt_bort = [brev for brev in (await d.kall("GET", "/feilkoe"))["feilkoe"] if brev["sekvens"] not in natt.gift]
    if lagt_bort:
        u.brudd.append(f"{len(lagt_bort)} i feilkøen: {lagt_bort[0]}")
    if "sms_sendt_dobbelt" in d.logg():
        u.brudd.append("programmet har selv sett en dobbel SMS")
