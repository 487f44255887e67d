"""The page of drafts: what is begun and has called nobody yet, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Row

from contracts.hendelse import Hendelse, Status
from contracts.roller import rolle_i_enhet
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, krev
from services.hendelser import rules, store
from services.hendelser.doer import Doer
from services.hendelser.endringer import Endringer
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.ord import TYPER, stedsnavn, tidsrom
from services.hendelser.rules_handlinger import MELDERE

MAKS = 200
REGNES_UT = 25
"""For how many drafts, the newest, it is asked whom they would call."""
MELDINGER = {"lagret": "Utkastet er lagret. Ingen er kalt ut."}
Melder = Annotated[Bruker, Depends(krev(*MELDERE))]


@dataclass(frozen=True)
class Utkast:
    """A line of the list."""

    id: str
    tittel: str
    type: str
    sted: str
    naar: str
    opprettet: datetime
    eier: str
    kan_aapnes: bool
    oevelse: bool
    kalles: int | None
    """How many it would call now; None when nobody has asked."""
    mangler: int


def ruter(sider: Sider, doer: Doer, endringer: Endringer, forhaandsvisning: Forhaandsvisning) -> APIRouter:
    """`/utkast`."""
    r = APIRouter(include_in_schema=False)

    async def linje(rad: Row[Any], bruker: Bruker, *, regn: bool) -> Utkast:
        h = Hendelse.model_validate(rad.hendelse)
        valgt = await forhaandsvisning.foreslaa(endringer.sendt(h)) if regn else None
        return Utkast(
            id=str(rad.id),
            tittel=h.tittel,
            type=TYPER[h.type],
            sted=_sted(h),
            naar=tidsrom(h.start, h.slutt),
            opprettet=rad.opprettet,
            eier=rolle_i_enhet(h.eier.rolle, h.eier.enhet),
            kan_aapnes=rules.kan_handle(bruker.aktoer, h),
            oevelse=h.oevelse,
            kalles=len(valgt.mottakere) if valgt else None,
            mangler=len(valgt.mangler) if valgt else 0,
        )

    async def linjer(rader: Sequence[Row[Any]], bruker: Bruker) -> Sequence[Utkast]:
        nyeste = sorted(rader, key=lambda r: r.opprettet, reverse=True)
        return await asyncio.gather(*(linje(rad, bruker, regn=i < REGNES_UT) for i, rad in enumerate(nyeste)))

    @r.get("/utkast")
    async def utkast(request: Request, bruker: Melder, ok: str = "") -> HTMLResponse:
        async with doer.db.les() as tx:
            rader = await store.liste(tx, status=Status.UTKAST, bydel=None, fra=None, til=None, antall=MAKS)
        utkastene = await linjer(rader, bruker)
        melding = MELDINGER.get(ok, "")
        return await sider.tegn(request, bruker, "utkast.html", utkast=utkastene, melding=melding)

    return r


def _sted(h: Hendelse) -> str:
    """The place in a line; many bydeler are counted."""
    if h.sted is None:
        return ""
    return f"{len(h.sted.bydeler)} bydeler" if not h.sted.navn and len(h.sted.bydeler) > 3 else stedsnavn(h.sted)
