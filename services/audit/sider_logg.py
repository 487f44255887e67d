"""The log's pages: the panel of a hendelse, its whole log, everybody's log, and whether the chain holds."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from infra.db import Database
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.skall import INGEN_LAGRING, Sider, vil_ha_brikke
from infra.web.tilgang import Bruker
from services.audit import hendelseslogg, store, store_sider
from services.audit.ajour import ajour
from services.audit.rapport.kort import kort_fortalt
from services.audit.rapport.stilling import stillinger
from services.audit.routes import UKJENT, Gransker, Leser
from services.audit.skjema_logg import Utsnitt, les_sted, les_utsnitt
from services.audit.store_sider import Sted
from services.audit.verifisering import databasefeil, verifiser_arkivet
from services.audit.visning_logg import alle_rader, dager

PANELFRIST_SEKUNDER, SIDEFRIST_SEKUNDER = 0.01, 0.5
"""How long a page waits for the archive: a panel is drawn often, and says when something is missing."""
PER_SIDE = 100


def etterslep(mangler: int | None) -> str:
    """What is said of an archive that is behind; empty when it is not."""
    if mangler is None:
        return "Journalen svarer ikke. Det siste kan mangle i loggen."
    return f"Loggen er {mangler} {'hendelse' if mangler == 1 else 'hendelser'} bak." if mangler else ""


class Loggpanel:
    """«Hendelseslogg» on the page of a hendelse."""

    def __init__(self, sider: Sider, hus: Hus, arkiv: Database) -> None:
        self._sider = sider
        self._hus = hus
        self._arkiv = arkiv

    async def tegn(self, request: Request, bruker: Bruker, hendelse_id: str) -> Markup:
        """The newest of what happened."""
        bak = etterslep(await ajour(self._hus.journal, self._arkiv, frist=PANELFRIST_SEKUNDER))
        side = await hendelseslogg.siste_linjer(self._arkiv, UUID(hendelse_id))
        dagene = dager(side.linjer) if side else []
        felt = {"id": hendelse_id, "dager": dagene, "mer": bool(side and side.eldre), "bak": bak}
        return self._sider.brikke(request, bruker, "loggpanel.html", **felt)


def ruter(sider: Sider, hus: Hus, arkiv: Database, panel: Loggpanel) -> APIRouter:
    """`/hendelser/{id}/logg`, `/logg` and `/logg/kontroll`."""
    r = APIRouter(include_in_schema=False)
    _en_hendelse(r, sider, hus, arkiv, panel)
    _alt(r, sider, hus, arkiv)
    return r


def _en_hendelse(r: APIRouter, sider: Sider, hus: Hus, arkiv: Database, panel: Loggpanel) -> None:
    @r.get("/hendelser/{hendelse_id}/logg")
    async def logg(
        request: Request, hendelse_id: UUID, bruker: Leser, til: str = "", kl: str = "", foer: str = ""
    ) -> Response:
        if vil_ha_brikke(request):
            return HTMLResponse(await panel.tegn(request, bruker, str(hendelse_id)), headers=INGEN_LAGRING)
        bak = etterslep(await ajour(hus.journal, arkiv, frist=SIDEFRIST_SEKUNDER))
        utsnitt = les_utsnitt(til[:40], kl[:20])
        side = await hendelseslogg.en_side(arkiv, hendelse_id, foer=les_sted(foer), til=utsnitt.til)
        if side is None:
            raise Problem(404, "Finnes ikke", UKJENT)
        da = await hendelseslogg.slik_det_sto(arkiv, hendelse_id, utsnitt.til) if utsnitt.til else None
        return await sider.tegn(
            request, bruker, "hendelseslogg.html", 422 if utsnitt.feil else 200,
            id=str(hendelse_id), u=utsnitt, dager=dager(side.linjer), bak=bak, bladd=bool(foer),
            eldre=_eldre(side.eldre, utsnitt), da=da, kort=kort_fortalt(da) if da else None,
            stillinger=stillinger(da) if da else (), hendelse=side.hendelse,
            oevelse=bool(side.hendelse and side.hendelse.oevelse),
        )  # fmt: skip


def _eldre(sted: Sted | None, utsnitt: Utsnitt) -> str:
    """The query of the next page; empty when this is the last."""
    if sted is None:
        return ""
    felt = {"til": utsnitt.dag, "kl": utsnitt.klokke, "foer": f"{sted[0]}.{sted[1]}"}
    return urlencode({navn: verdi for navn, verdi in felt.items() if verdi})


def _alt(r: APIRouter, sider: Sider, hus: Hus, arkiv: Database) -> None:
    @r.get("/logg")
    async def hele_loggen(request: Request, bruker: Gransker, foer: str = "") -> HTMLResponse:
        bak = etterslep(await ajour(hus.journal, arkiv, frist=SIDEFRIST_SEKUNDER))
        async with arkiv.les() as tx:
            rader = await store_sider.nyeste(tx, foer=les_sted(foer), antall=PER_SIDE + 1)
            hode = await store.hode(tx)
        lest = await asyncio.to_thread(alle_rader, rader[:PER_SIDE])
        eldre = _eldre(store_sider.sted(rader[PER_SIDE - 1]), Utsnitt()) if len(rader) > PER_SIDE else ""
        return await sider.tegn(
            request, bruker, "logg.html", dager=dager(lest), eldre=eldre, bladd=bool(foer), bak=bak, hode=hode
        )

    @r.get("/logg/kontroll")
    async def kontroll(request: Request, bruker: Gransker) -> HTMLResponse:
        resultat = await verifiser_arkivet(arkiv)
        feil = resultat.foerste_feil or await databasefeil(arkiv)
        return await sider.tegn(request, bruker, "kontroll.html", resultat=resultat, feil=feil, naa=hus.clock.now())
