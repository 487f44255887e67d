"""The overview: what needs a person first, what is open and how it is answered, and the map of the city."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from contracts.hendelse import Status
from infra.room import Hus
from infra.web.bruker import Bruker
from infra.web.skall import Sider, brikkesvar
from infra.web.tilgang import Innlogget
from infra.web.utlaan import BYDELSKART, BYDELSTALL
from services.hendelser import store, store_utvalg
from services.hendelser import visning_oversikt as visning
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.rules_oppgaver import SER_ALT
from services.hendelser.sider_oppgaver import les_linjer
from services.hendelser.visning_bydeler import kartfelt
from services.hendelser.visning_rad import med_svar

OPPGAVER_LEST, OPPGAVER_SER_ALT = 1000, 20
"""Who sees only some of the tasks finds them among so many; who sees all needs the first of them."""


def ruter(sider: Sider, hus: Hus) -> APIRouter:
    """`/`, and the part of it that keeps itself fresh."""
    r = APIRouter(include_in_schema=False)
    leser = Oversiktsleser(sider, hus)

    async def felt(request: Request, bruker: Bruker) -> dict[str, Any]:
        paneler = await sider.skall.paneler("oversikt", request, bruker, "")
        return {"o": await leser.les(bruker), "paneler": paneler}

    @r.get("/")
    async def oversikt(request: Request, bruker: Innlogget) -> HTMLResponse:
        return await sider.tegn(request, bruker, "oversikt.html", strom="/api/v1/strom", **await felt(request, bruker))

    @r.get("/oversikt/innhold")
    async def innhold(request: Request, bruker: Innlogget) -> Response:
        brikke = sider.brikke(request, bruker, "oversikt_innhold.html", **await felt(request, bruker))
        return brikkesvar(request, brikke, ellers="/")

    return r


class Oversiktsleser:
    """Gathers the overview: one reading of our own tables, and what other rooms lend."""

    def __init__(self, sider: Sider, hus: Hus) -> None:
        self._skall, self._hus = sider.skall, hus

    async def les(self, bruker: Bruker) -> visning.Oversikt:
        """The overview as it is now, for who looks."""
        naa = self._hus.clock.now()
        snart, sist = naa + visning.SNART, naa + visning.KOMMENDE
        async with self._hus.db.les() as tx:
            oppgaver = await store.aapne_oppgaver(tx, OPPGAVER_SER_ALT if bruker.rolle in SER_ALT else OPPGAVER_LEST)
            aktuelle = await store_utvalg.naa_aktuelle(tx, snart, visning.NAA_VIST)
            kommende = await store_utvalg.kommende(tx, snart, sist, visning.KOMMENDE_VIST)
            lukket = await store_utvalg.sist_lukket(tx, visning.LUKKET_VIST)
            antall = await store_utvalg.antall_med_status(tx)
        linjer = await les_linjer(self._skall, oppgaver, bruker, naa)
        rader = await med_svar(self._skall, [*aktuelle, *kommende], naa)
        return visning.Oversikt(
            oppgaver=linjer[: visning.OPPGAVER_VIST],
            flere_oppgaver=len(linjer) > visning.OPPGAVER_VIST,
            naa=visning.i_rekkefoelge(rader[: len(aktuelle)]),
            kommende=rader[len(aktuelle) :],
            flere_aapne=antall.get(Status.AAPEN, 0) - len(rader),
            lukket=await med_svar(self._skall, lukket, naa),
            utkast=antall.get(Status.UTKAST, 0),
            kartdel=await self._kartdel(),
            journalen_svarer=self._hus.journal.nc.is_connected,
            kan_melde=bruker.rolle in MELDERE,
        )

    async def _kartdel(self) -> visning.Kartdel:
        spoer, tegn = self._skall.laan(BYDELSTALL), self._skall.laan(BYDELSKART)
        tall = await spoer() if spoer else {}
        kart = tegn({nr: kartfelt(t) for nr, t in tall.items()}) if tegn else None
        return visning.kartdel(kart, tall)
