"""A bundle of one hendelse: its rows whole, only the digests of the rows between, and the head. Checked offline.

One JSON object a line: where the chain stood before, then every link in order, then the head. A link of another
hendelse gives away nothing but its time and digest. The bundle shows that the rows in it are the archive's own, whole
and in order; that no row of the hendelse is kept back as a digest, only the archive itself can show.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from infra.db import Database
from services.audit import store
from services.audit.rules import Hode, Ledd, Rad, avtrykk, hendelse_av, kjede, peker
from services.audit.rules_gjennomgang import Feil, Gjennomgang, Resultat

FORMAT = "salto-audit-utdrag"
VERSJON = 1
BUNT = 500


class IkkeUtdrag(ValueError):
    """The file is no bundle that this version reads."""


async def skriv_utdrag(db: Database, hendelse_id: UUID) -> AsyncIterator[str]:
    """The lines of a bundle, from the hendelse's first row to the head. Nothing when it has no row."""
    async with db.les() as tx:
        egne = await store.av_hendelse(tx, hendelse_id, antall=1)
        if not egne:
            return
        hode = await store.hode(tx)
        fra = await store.foer(tx, egne[0])
    yield _linje({"format": FORMAT, "versjon": VERSJON, "hendelse_id": str(hendelse_id), "fra": _sted(fra)})
    async for rad in _fram_til(db, fra, hode):
        yield _linje(_egen(rad) if rad.hendelse_id == hendelse_id else _annen(rad))
    yield _linje({"hode": _sted(hode), "forseglet_til": None})


async def _fram_til(db: Database, fra: Hode, hode: Hode) -> AsyncIterator[Rad]:
    """Every row between, a piece at a time: no transaction waits for whoever reads this."""
    while rader := await _etter(db, fra):
        for rad in rader:
            if (rad.epoke, rad.sekvens) > (hode.epoke, hode.sekvens):
                return
            yield rad
        fra = Hode(rader[-1].epoke, rader[-1].sekvens, rader[-1].hash)


async def _etter(db: Database, fra: Hode) -> list[Rad]:
    async with db.les() as tx:
        return await store.etter(tx, fra, BUNT)


def kontroller_utdrag(linjer: Iterable[str]) -> Resultat:
    """Walks a bundle. Raises IkkeUtdrag when the file is none."""
    rest = iter(linjer)
    gang, hendelse_id = _begynn(next(rest, ""))
    for tekst in rest:
        try:
            linje = json.loads(tekst)
            if "hode" in linje:
                return gang.ferdig(_hode(linje["hode"]))
            gang.ta(_ledd(linje, gang.staar, hendelse_id))
        except (ValueError, KeyError, TypeError, struct.error):
            gang.ulesbar()
        if gang.feil:
            break
    slutt = Feil(gang.staar.epoke, gang.staar.sekvens + 1, "utdraget er avkortet: hodet mangler")
    gang.feil = gang.feil or slutt
    return gang.ferdig(gang.staar)


def _begynn(tekst: str) -> tuple[Gjennomgang, UUID]:
    try:
        linje = json.loads(tekst)
        if (linje["format"], linje["versjon"]) != (FORMAT, VERSJON):
            raise IkkeUtdrag(f"formatet er {linje['format']!r} versjon {linje['versjon']!r}")
        return Gjennomgang(_hode(linje["fra"])), UUID(linje["hendelse_id"])
    except (ValueError, KeyError, TypeError) as feil:
        raise IkkeUtdrag("filen er ikke et utdrag fra `salto audit eksporter`") from feil


def _ledd(linje: dict[str, Any], forrige: Hode, hendelse_id: UUID) -> Ledd:
    sted = (_heltall(linje["epoke"]), _heltall(linje["sekvens"]), _heltall(linje["tid"]))
    if "digest" in linje:  # another hendelse's: its hash is whatever the chain makes it, and the next row tells
        digest = _bytes32(linje["digest"])
        return Ledd(*sted, digest, kjede(forrige.hash, *sted, digest))
    subjekt = str(linje["subjekt"])
    if hendelse_av(subjekt) != hendelse_id:
        raise ValueError("raden hører ikke til hendelsen")
    data = base64.b64decode(linje["base64"]) if "base64" in linje else str(linje["data"]).encode()
    digest = avtrykk(subjekt, data)
    return Rad(*sted, digest, _bytes32(linje["hash"]), subjekt, data, *peker(data), hendelse_id)


def _egen(rad: Rad) -> dict[str, Any]:
    ut = {"epoke": rad.epoke, "sekvens": rad.sekvens, "tid": rad.tid, "hash": rad.hash.hex(), "subjekt": rad.subjekt}
    try:
        return {**ut, "data": (rad.data or b"").decode()}
    except UnicodeDecodeError:
        return {**ut, "base64": base64.b64encode(rad.data or b"").decode()}


def _annen(rad: Ledd) -> dict[str, Any]:
    return {"epoke": rad.epoke, "sekvens": rad.sekvens, "tid": rad.tid, "digest": rad.digest.hex()}


def _sted(hode: Hode) -> dict[str, Any]:
    return {"epoke": hode.epoke, "sekvens": hode.sekvens, "hash": hode.hash.hex()}


def _hode(sted: dict[str, Any]) -> Hode:
    return Hode(_heltall(sted["epoke"]), _heltall(sted["sekvens"]), _bytes32(sted["hash"]))


def _heltall(verdi: Any) -> int:
    if not isinstance(verdi, int):
        raise TypeError("skal være et heltall")
    return verdi


def _bytes32(tekst: str) -> bytes:
    raa = bytes.fromhex(tekst)
    if len(raa) != 32:
        raise ValueError("skal være 32 bytes")
    return raa


def _linje(innhold: dict[str, Any]) -> str:
    return json.dumps(innhold, ensure_ascii=False, separators=(",", ":")) + "\n"
