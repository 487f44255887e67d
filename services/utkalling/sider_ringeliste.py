"""The call list of a hendelse: for paper, and for the phone at two in the night."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from infra.journal.forteller import Forteller
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, krev
from services.utkalling import store, store_sider
from services.utkalling.innsyn import SER_NAVN, Innsyn
from services.utkalling.sider_utkallinger import krev_kjent
from services.utkalling.visning_ringeliste import ringeliste


def ruter(sider: Sider, forteller: Forteller, innsyn: Innsyn) -> APIRouter:
    """`/hendelser/{id}/ringeliste`."""
    r = APIRouter(include_in_schema=False)

    @r.get("/hendelser/{hendelse_id}/ringeliste")
    async def liste(
        request: Request, hendelse_id: UUID, bruker: Annotated[Bruker, Depends(krev(*sorted(SER_NAVN)))]
    ) -> HTMLResponse:
        async with forteller.db.les() as tx:
            rad = krev_kjent(await store_sider.hendelse(tx, hendelse_id))
            sak = await store.aapne_sak(tx, rad, naa=forteller.clock.now(), aarsak=hendelse_id)
        personer = {u.person_id for u in sak.utkallinger.values() if u.spurt and not u.avlyst}
        kontakter = await innsyn.ringeliste(bruker, hendelse_id, personer)
        return await sider.tegn(
            request, bruker, "ringeliste.html", hendelse_id=hendelse_id, oevelse=sak.hendelse.oevelse,
            l=ringeliste(sak, kontakter, bruker.aktoer),
        )  # fmt: skip

    return r
