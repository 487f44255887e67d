"""The page where somebody takes an answer by phone for one who was called out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Row

from infra.journal.forteller import Forteller
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, Innlogget
from services.utkalling import skjema_svar, store, store_sider, tekster
from services.utkalling.innsyn import Innsyn
from services.utkalling.kvittering import krev_egen, ta_svar
from services.utkalling.sider_utkallinger import krev_kjent
from services.utkalling.visning_panel import Grunnlag, rad


def ruter(sider: Sider, forteller: Forteller, innsyn: Innsyn) -> APIRouter:
    """`/utkallinger/{id}/svar`."""
    r = APIRouter(include_in_schema=False)

    @r.get("/utkallinger/{utkalling_id}/svar")
    async def skjema(request: Request, utkalling_id: UUID, bruker: Innlogget) -> HTMLResponse:
        felt = await _felt(forteller, innsyn, bruker, utkalling_id)
        return await sider.tegn(request, bruker, "svar.html", **felt, skjema=skjema_svar.tomt(), feil={})

    @r.post("/utkallinger/{utkalling_id}/svar")
    async def ta_imot(request: Request, utkalling_id: UUID, bruker: Innlogget) -> Response:
        utfylt = skjema_svar.utfylt(await request.form())
        try:
            inn = skjema_svar.kropp(utfylt)
        except skjema_svar.SkjemaFeil as galt:
            felt = await _felt(forteller, innsyn, bruker, utkalling_id, igjen=True)
            return await sider.tegn(request, bruker, "svar.html", 422, **felt, skjema=utfylt, feil=galt.feil)
        svar_id = skjema_svar.svar_id(bruker, utkalling_id, utfylt["noekkel"], inn)
        await ta_svar(forteller, utkalling_id, inn, bruker, svar_id)
        async with forteller.db.les() as tx:
            hendelse = krev_kjent(await store_sider.hendelse_av(tx, utkalling_id))
        return RedirectResponse(f"/hendelser/{hendelse.hendelse_id}?ok=svar#utkalling-{utkalling_id}", 303)

    return r


async def _felt(
    forteller: Forteller, innsyn: Innsyn, bruker: Bruker, utkalling_id: UUID, *, igjen: bool = False
) -> dict[str, Any]:
    """What the page shows of the person and the hendelse; Problem 404 or 403. `igjen`: the page is drawn once more."""
    naa = forteller.clock.now()
    async with forteller.db.les() as tx:
        h: Row[Any] = krev_kjent(await store_sider.hendelse_av(tx, utkalling_id))
        sak = await store.aapne_sak(tx, h, naa=naa, aarsak=h.hendelse_id)
        svar = await store_sider.svar(tx, h.hendelse_id)
    u = sak.utkallinger[utkalling_id]
    krev_egen(sak, u, bruker)
    navn = await innsyn.navn(bruker, h.hendelse_id, {u.person_id}, oppfrisking=igjen)
    return {
        "rad": rad(Grunnlag(sak, {}, svar, navn, bruker.aktoer), u),
        "hva": tekster.hva(sak.hendelse, naa),
        "hendelse": sak.hendelse,
        "hendelse_id": h.hendelse_id,
        "aapen": sak.aapen,
        "oevelse": sak.hendelse.oevelse,
        "alternativer": skjema_svar.SVAR,
    }
