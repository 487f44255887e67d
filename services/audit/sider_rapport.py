"""The report's page: what the file has, in the shell, with what can be fetched and whether its rows still hold."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from infra.db import Database
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.skall import Sider
from services.audit.ajour import ajour
from services.audit.rapport.bygg import bygg_rapport
from services.audit.rapport.fortelling import IngenHendelse
from services.audit.rapport.lesing import hent_rader
from services.audit.rapport.modell import Rapport
from services.audit.rapport.tegning import som_innhold
from services.audit.routes import UKJENT, Leser
from services.audit.rules import Rad
from services.audit.sider_logg import SIDEFRIST_SEKUNDER, etterslep
from services.audit.verifisering import verifiser_strekning

UTDRAG = ("gransker", "sekretariat")
"""May fetch a bundle, and see everybody's log."""


def ruter(sider: Sider, hus: Hus, arkiv: Database) -> APIRouter:
    """`/hendelser/{id}/rapport`; with `?kontroll=ja` its part of the chain is walked too."""
    r = APIRouter(include_in_schema=False)

    @r.get("/hendelser/{hendelse_id}/rapport")
    async def rapport(request: Request, hendelse_id: UUID, bruker: Leser, kontroll: str = "") -> HTMLResponse:
        bak = etterslep(await ajour(hus.journal, arkiv, frist=SIDEFRIST_SEKUNDER))
        async with arkiv.les() as tx:
            rader = await hent_rader(tx, hendelse_id)
        try:
            rapporten, innhold = await asyncio.to_thread(_tegnet, rader, hendelse_id)
        except IngenHendelse:
            raise Problem(404, "Finnes ikke", UKJENT) from None
        resultat = await verifiser_strekning(arkiv, hendelse_id) if kontroll else None
        return await sider.tegn(
            request, bruker, "rapport_side.html", id=str(hendelse_id), r=rapporten, innhold=innhold,
            bak=bak, kontroll=resultat, kan_hente=bruker.rolle in UTDRAG, oevelse=rapporten.hode.oevelse,
        )  # fmt: skip

    return r


def _tegnet(rader: list[Rad], hendelse_id: UUID) -> tuple[Rapport, Markup]:
    rapport = bygg_rapport(rader, hendelse_id)
    return rapport, som_innhold(rapport)
