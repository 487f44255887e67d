"""The event page: what one needs first, what needs a person, what other rooms show, and every field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from sqlalchemy import Row

from contracts.hendelse import Hendelse
from contracts.tavle import Svartall
from infra.clock import Clock
from infra.web.skall import Sider, brikkesvar
from infra.web.tilgang import Bruker, Innlogget
from infra.web.utlaan import SVARTALL
from services.hendelser import store, visning_hendelse
from services.hendelser.doer import Doer
from services.hendelser.rules_oppgaver import SER_SVAR
from services.hendelser.sider_oppgaver import les_linjer

OPPGAVER_MAKS = 200
PANEL_NR = 30
"""After the call-outs, before the log."""


class Hendelsesside:
    """Loads a hendelse and what is known around it, and draws the page and its two live parts."""

    def __init__(self, sider: Sider, doer: Doer, clock: Clock) -> None:
        self._sider = sider
        self._doer = doer
        self._clock = clock

    async def side(self, request: Request, bruker: Bruker, hendelse_id: UUID, ok: str) -> HTMLResponse:
        """The whole page."""
        rad = await self._doer.finn(hendelse_id)
        return await self._sider.tegn(
            request,
            bruker,
            "hendelse.html",
            paneler=await self._sider.skall.paneler("hendelse", request, bruker, str(hendelse_id)),
            melding=visning_hendelse.MELDINGER.get(ok, ""),
            strom=f"/api/v1/strom?hendelse={hendelse_id}",
            oevelse=bool(rad.hendelse.get("oevelse")),
            **await self._hodefelt(rad, bruker),
        )

    async def hode(self, request: Request, bruker: Bruker, hendelse_id: UUID) -> Response:
        """The head as it is now."""
        felt = await self._hodefelt(await self._doer.finn(hendelse_id), bruker)
        brikke = self._sider.brikke(request, bruker, "hendelse_hode.html", **felt)
        return brikkesvar(request, brikke, ellers=f"/hendelser/{hendelse_id}#hode")

    async def detaljpanel(self, request: Request, bruker: Bruker, hendelse_id: str) -> Markup:
        """The fields and the actions: a panel of our own, so that it comes before the log."""
        rad = await self._doer.finn(UUID(hendelse_id))
        return self._sider.brikke(request, bruker, "hendelse_detaljer.html", **self._detaljfelt(rad, bruker))

    async def detaljer(self, request: Request, bruker: Bruker, hendelse_id: UUID) -> Response:
        """The fields and the actions as they are now."""
        brikke = await self.detaljpanel(request, bruker, str(hendelse_id))
        return brikkesvar(request, brikke, ellers=f"/hendelser/{hendelse_id}#detaljer")

    async def _hodefelt(self, rad: Row[Any], bruker: Bruker) -> dict[str, Any]:
        h, naa = Hendelse.model_validate(rad.hendelse), self._clock.now()
        async with self._doer.db.les() as tx:
            oppgaver = await store.aapne_oppgaver(tx, OPPGAVER_MAKS, rad.id)
        return {
            "hode": visning_hendelse.hode(rad, h, await self._tall(rad.id), naa),
            "oppgaver": await les_linjer(self._sider.skall, oppgaver, bruker, naa),
            "handlinger": visning_hendelse.handlinger(rad, h, bruker),
            "ser_svar": bruker.rolle in SER_SVAR,
            "ringeliste": visning_hendelse.ser_ringeliste(bruker, rad.status),
        }

    def _detaljfelt(self, rad: Row[Any], bruker: Bruker) -> dict[str, Any]:
        h = Hendelse.model_validate(rad.hendelse)
        return {
            "hendelse_id": rad.id,
            "beskrivelse": h.beskrivelse,
            "detaljer": visning_hendelse.detaljer(rad, h),
            "handlinger": visning_hendelse.handlinger(rad, h, bruker),
        }

    async def _tall(self, hendelse_id: UUID) -> Svartall | None:
        """The call-outs counted; zeros when nobody is called, None when nobody here can count them."""
        svartall = self._sider.skall.laan(SVARTALL)
        return (await svartall([hendelse_id])).get(hendelse_id, Svartall()) if svartall else None


def ruter(sider: Sider, doer: Doer, clock: Clock) -> APIRouter:
    """`/hendelser/{id}` and its live parts."""
    r = APIRouter(prefix="/hendelser/{hendelse_id:uuid}", include_in_schema=False)
    siden = Hendelsesside(sider, doer, clock)
    sider.skall.panel("hendelse", PANEL_NR, siden.detaljpanel)

    @r.get("")
    async def side(hendelse_id: UUID, request: Request, bruker: Innlogget, ok: str = "") -> HTMLResponse:
        return await siden.side(request, bruker, hendelse_id, ok)

    @r.get("/hode")
    async def hode(hendelse_id: UUID, request: Request, bruker: Innlogget) -> Response:
        return await siden.hode(request, bruker, hendelse_id)

    @r.get("/detaljer")
    async def detaljer(hendelse_id: UUID, request: Request, bruker: Innlogget) -> Response:
        return await siden.detaljer(request, bruker, hendelse_id)

    return r
