"""A bydel's page: what is open there, how it is answered, and what other rooms know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from contracts.roller import BYDELER
from contracts.tavle import Svartall
from infra.room import Hus
from infra.web.bruker import Bruker
from infra.web.problem import Problem
from infra.web.skall import Sider, brikkesvar
from infra.web.tilgang import Innlogget
from infra.web.utlaan import BYDELSSVAR, BYDELSTALL, NABOER
from services.hendelser import store_utvalg
from services.hendelser.visning_oversikt import i_rekkefoelge
from services.hendelser.visning_rad import Hendelsesrad, rad, svarlinje

VIST = 20
UTEN_KOORDINATOR = {
    "16": "Sentrum har ingen egen SaLTo-koordinator. SaLTo-sentrum svarer for Oslo sentrum, "
    "og bydelene rundt kalles etter reglene. Politikontakten er den samme som for St. Hanshaugen.",
    "17": "Marka har ingen egen SaLTo-koordinator. Den bydelen som ligger nærmest stedet, svarer for det.",
}
"""Who answers where there is no coordinator (domene B17, M7; API §7)."""


@dataclass(frozen=True)
class Bydelsside:
    """The page of one bydel."""

    nr: str
    navn: str
    forklaring: str
    naboer: Sequence[tuple[str, str]]
    hendelser: Sequence[Hendelsesrad]
    flere: bool
    tall: Svartall | None
    svar: str


def ruter(sider: Sider, hus: Hus) -> APIRouter:
    """`/bydeler/{nr}`, and the part of it that keeps itself fresh."""
    r = APIRouter(include_in_schema=False)

    @r.get("/bydeler/{nr}")
    async def bydel(nr: str, request: Request, bruker: Innlogget) -> HTMLResponse:
        felt = await _felt(sider, hus, request, bruker, nr)
        return await sider.tegn(request, bruker, "bydel.html", strom="/api/v1/strom", **felt)

    @r.get("/bydeler/{nr}/innhold")
    async def innhold(nr: str, request: Request, bruker: Innlogget) -> Response:
        felt = await _felt(sider, hus, request, bruker, nr)
        brikke = sider.brikke(request, bruker, "bydel_innhold.html", **felt)
        return brikkesvar(request, brikke, ellers=f"/bydeler/{nr}")

    return r


async def _felt(sider: Sider, hus: Hus, request: Request, bruker: Bruker, nr: str) -> dict[str, Any]:
    side = await _les(sider, hus, nr)
    return {"b": side, "paneler": await sider.skall.paneler("bydel", request, bruker, nr)}


async def _les(sider: Sider, hus: Hus, nr: str) -> Bydelsside:
    if nr not in BYDELER:
        raise Problem(404, "Finnes ikke", "Ingen bydel har dette nummeret. Bydelene er nummerert fra 01 til 17.")
    laan = sider.skall.laan
    spoer, spoer_hver, naboer = laan(BYDELSTALL), laan(BYDELSSVAR), laan(NABOER)
    tall = (await spoer()).get(nr) if spoer else None
    svar = await spoer_hver(nr) if spoer_hver else {}
    async with hus.db.les() as tx:
        rader = await store_utvalg.aapne_for_bydel(tx, nr, list(svar), VIST + 1)
    naa = hus.clock.now()
    return Bydelsside(
        nr=nr,
        navn=BYDELER[nr],
        forklaring=UTEN_KOORDINATOR.get(nr, ""),
        naboer=[(n, BYDELER[n]) for n in naboer(nr)] if naboer else [],
        hendelser=i_rekkefoelge([rad(r, naa, svar.get(r.id)) for r in rader[:VIST]]),
        flere=len(rader) > VIST,
        tall=tall,
        svar=svarlinje(tall) if tall else "",
    )
