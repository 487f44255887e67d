"""The overview: what is open, and what needs a person first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contracts.hendelse import Status
from infra.web.skall import Sider
from infra.web.tilgang import Innlogget
from services.hendelser import store, visning
from services.hendelser.doer import Doer

AAPNE_MAKS = 50


def ruter(sider: Sider, doer: Doer) -> APIRouter:
    """`/`."""
    r = APIRouter(include_in_schema=False)

    @r.get("/")
    async def oversikt(request: Request, bruker: Innlogget) -> HTMLResponse:
        async with doer.db.les() as tx:
            rader = await store.liste(tx, status=Status.AAPEN, bydel=None, fra=None, til=None, antall=AAPNE_MAKS)
        hendelser = [visning.hendelse(rad) for rad in rader]
        return await sider.tegn(request, bruker, "oversikt.html", hendelser=hendelser, strom="/api/v1/strom")

    return r
