"""The pages: first byte, weight of the first load, and how long an answer takes to an open board."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe

import aiohttp

from infra.clock import Clock
from infra.db import Database
from infra.web.oekter import Oekter, ny_bruker
from infra.web.tilgang import KAPSEL
from tests.bench.befolkning import gamle_hendelser
from tests.bench.maaling import median
from tests.bench.sms import utkallingene_er_levert
from tests.faults.folket import demonstrasjon, utkallinger
from tests.harness.anlegg import Anlegg, folk

FOLK, KALT, GAMLE, GANGER, SVAR = 2_000, 200, 500, 15, 15
"""People in the register, called, hendelser that are over, times each page is fetched, answers to an open board."""
MAAL_MS, MAAL_KB, MAAL_TAVLE_MS = 50, 200, 300
_DELER = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_SKRIFT = re.compile(r'href="(/static/[^"]+)" as="font"')


@dataclass(frozen=True)
class Side:
    """One page, fetched many times: milliseconds to the first byte and to the last, kilobytes on the wire."""

    sti: str
    foerste_ms: float
    siste_ms: float
    kb: float


async def maal(anlegg: Anlegg, si: Callable[..., None]) -> None:
    """Fills the system with people and past hendelser, and measures it as somebody logged in sees it."""
    await anlegg.les_inn(folk(FOLK, rolle="utoevende", enhet="bydel:05", epost=False), erstatt=True)
    await anlegg.les_inn(folk(KALT), erstatt=False)
    await anlegg.sim.nullstill()
    hendelse = (await anlegg.kall("POST", "/hendelser", json=demonstrasjon()))["id"]
    await utkallingene_er_levert(anlegg, hendelse, KALT)
    gamle_hendelser(anlegg, hendelse, GAMLE)
    async with await _logget_inn(anlegg) as http:
        await _sider(http, hendelse, si)
        await _foerste_lasting(http, si)
        await _tavla(anlegg, http, hendelse, si)
    await anlegg.kall("POST", f"/hendelser/{hendelse}/avslutt", json={})


async def _sider(http: aiohttp.ClientSession, hendelse: str, si: Callable[..., None]) -> None:
    gulv = await _hent(http, "/helse/live")
    stier = ("/", "/hendelser", "/hendelser/ny", f"/hendelser/{hendelse}", "/oppgaver", "/bydeler/05",
             f"/hendelser/{hendelse}/rapport")  # fmt: skip
    si(f"\n{'side':<34}  {'første byte':>11}  {'hele':>8}  {'kB':>6}  | × gulv ({gulv.foerste_ms:.1f} ms)")
    for sti in stier:
        s = await _hent(http, sti)
        merke = "" if s.foerste_ms < MAAL_MS else f"  over {MAAL_MS} ms"
        navn = sti.replace(hendelse, "{id}")
        si(
            f"{navn:<34}  {s.foerste_ms:>8.1f} ms  {s.siste_ms:>5.1f} ms  {s.kb:>6.1f}"
            f"  | {s.foerste_ms / gulv.foerste_ms:>5.1f}{merke}"
        )


async def _hent(http: aiohttp.ClientSession, sti: str) -> Side:
    foerste, siste, lengde = [], [], 0
    for _ in range(GANGER + 1):
        begynte = time.perf_counter()
        async with http.get(sti) as svar:
            assert svar.status == 200, f"{sti}: {svar.status}"
            foerste.append((time.perf_counter() - begynte) * 1000)
            lengde = len(await svar.read())
            siste.append((time.perf_counter() - begynte) * 1000)
    return Side(sti, median(foerste[1:]), median(siste[1:]), lengde / 1024)


async def _foerste_lasting(http: aiohttp.ClientSession, si: Callable[..., None]) -> None:
    """The overview with everything it asks for, as it is on the wire."""
    async with http.get("/", headers={"Accept-Encoding": "gzip"}) as svar:
        raa = await svar.read()
    html = _pakket_ut(raa, svar.headers.get("Content-Encoding", ""))
    vekt = {"side": len(raa)}
    for sti in dict.fromkeys([*_DELER.findall(html), *_SKRIFT.findall(html)]):
        async with http.get(sti, headers={"Accept-Encoding": "gzip"}) as svar:
            vekt[sti.partition("?")[0].rpartition("/")[2]] = len(await svar.read())
    kb = sum(vekt.values()) / 1024
    deler = ", ".join(f"{navn} {v / 1024:.0f}" for navn, v in sorted(vekt.items(), key=lambda p: -p[1]) if v > 2048)
    si(f"\nFørste lasting, pakket: {kb:.0f} kB{' (over målet)' if kb > MAAL_KB else ''} ({deler})")


def _pakket_ut(raa: bytes, koding: str) -> str:
    return (gzip.decompress(raa) if koding == "gzip" else raa).decode()


async def _tavla(anlegg: Anlegg, http: aiohttp.ClientSession, hendelse: str, si: Callable[..., None]) -> None:
    """From an SMS leaving a phone until the panel of an open board says so: stream, fetch, drawn."""
    ventetid: list[float] = []
    spurte = [u for u in await utkallinger(anlegg, hendelse) if u["art"] == "foresporsel"]
    async with http.get(f"/api/v1/strom?hendelse={hendelse}") as strom:
        for nr in range(min(SVAR, len(spurte))):
            ventetid.append(await _ett_svar(anlegg, http, strom, hendelse, nr))
            await asyncio.sleep(0.3)  # one at a time: the figure is for an idle machine
    m = median(ventetid)
    over = f"  over {MAAL_TAVLE_MS} ms" if m > MAAL_TAVLE_MS else ""
    si(f"Svar til åpen tavle (SMS → strøm → panel): median {m:.0f} ms, lengst {max(ventetid):.0f} ms{over}")


async def _ett_svar(
    anlegg: Anlegg, http: aiohttp.ClientSession, strom: aiohttp.ClientResponse, hendelse: str, nr: int
) -> float:
    foer = await _kommer(http, hendelse)
    begynte = time.perf_counter()
    await anlegg.sim.telefon(f"+47900{nr + 1:05d}").svarer("JA")
    async for linje in strom.content:
        if b"utkalling.kvittert" in linje:
            break
    while await _kommer(http, hendelse) == foer:
        pass
    return (time.perf_counter() - begynte) * 1000


async def _kommer(http: aiohttp.ClientSession, hendelse: str) -> str:
    async with http.get(
        f"/hendelser/{hendelse}/hode", headers={"HX-Request": "true", "Accept-Encoding": "identity"}
    ) as svar:
        return re.sub(r"\s+", " ", await svar.text())


async def _logget_inn(anlegg: Anlegg) -> aiohttp.ClientSession:
    """A session for the sekretariat, made beside the running system in its own tables."""
    db = Database(f"sqlite+aiosqlite:///{anlegg.data / 'salto.db'}")
    try:
        passord = token_urlsafe(16)
        await ny_bruker(db, brukernavn="bench", passord=passord, rolle="sekretariat", enhet=None, naa=Clock().now())
        kapsel = await Oekter(db, Clock()).logg_inn("bench", passord)
    finally:
        await db.lukk()
    return aiohttp.ClientSession(anlegg.url, cookies={KAPSEL: str(kapsel)}, auto_decompress=False)
