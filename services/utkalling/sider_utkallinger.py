"""The panel «Utkallinger» of a hendelse's page: drawn on the page, and anew by itself when something happens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from sqlalchemy import Row

from infra.journal.forteller import Forteller
from infra.web.problem import Problem
from infra.web.skall import Sider, brikkesvar, vil_ha_brikke
from infra.web.tilgang import Bruker, Innlogget
from services.utkalling import store, store_sider, store_uviss
from services.utkalling.innsyn import SER_NAVN, Innsyn
from services.utkalling.sak import Sak
from services.utkalling.visning_panel import Grunnlag, panel

Tom = tuple[str, str]
UTKAST: Tom = ("Ingen er kalt ut ennå", "Hendelsen er et utkast. De det gjelder, kalles ut når den sendes.")
NETTOPP: Tom = (
    "Ingen er kalt ut ennå",
    (
        "Det tar vanligvis under ett sekund fra hendelsen sendes til de første er kalt ut. Last siden på nytt hvis "
        "den ikke oppdaterer seg selv. Roller vi ikke kan nå noen i, står som oppgaver."
    ),
)
LUKKET: Tom = ("Ingen ble kalt ut", "Hendelsen ble lukket før det skjedde.")


class Utkallingspanel:
    """Reads what the panel shows, and draws it for who looks."""

    def __init__(self, sider: Sider, forteller: Forteller, innsyn: Innsyn) -> None:
        self._sider = sider
        self._forteller = forteller
        self._innsyn = innsyn

    async def tegn(self, request: Request, bruker: Bruker, hendelse_id: str) -> Markup:
        """The panel; also where nobody is called yet, with a word on why."""
        id_ = UUID(hendelse_id)
        naa = self._forteller.clock.now()
        async with self._forteller.db.les() as tx:
            rad = await store_sider.hendelse(tx, id_)
            sak = await store.aapne_sak(tx, rad, naa=naa, aarsak=id_) if rad else None
            meldinger = await store_sider.meldinger(tx, id_)
            svar = await store_sider.svar(tx, id_)
            andre = await store_uviss.uten_utkalling(tx, id_)
        if rad is None or sak is None or not sak.utkallinger:
            return self._sider.brikke(request, bruker, "utkallinger.html", hendelse_id=id_, p=None, tom=_hvorfor(rad))
        navn = await self._innsyn.navn(bruker, id_, _personer(sak), oppfrisking=vil_ha_brikke(request))
        grunnlag = Grunnlag(sak, meldinger, svar, navn, bruker.aktoer, andre)
        vist = panel(grunnlag, request.query_params.get("vis", ""))
        return self._sider.brikke(
            request, bruker, "utkallinger.html", hendelse_id=id_, p=vist, ser_navn=bruker.rolle in SER_NAVN,
            har_navn=bool(navn), aapen=sak.aapen,
        )  # fmt: skip


def ruter(utkallingspanel: Utkallingspanel) -> APIRouter:
    """`/hendelser/{id}/utkallinger`."""
    r = APIRouter(include_in_schema=False)

    @r.get("/hendelser/{hendelse_id}/utkallinger")
    async def utkallinger(request: Request, hendelse_id: UUID, bruker: Innlogget) -> Response:
        if not vil_ha_brikke(request):  # the page it leads to reads for itself
            vis = request.query_params.get("vis", "")
            sporring = f"?vis={vis}" if vis.isidentifier() else ""
            return brikkesvar(request, Markup(), ellers=f"/hendelser/{hendelse_id}{sporring}#utkallinger")
        brikke = await utkallingspanel.tegn(request, bruker, str(hendelse_id))
        return brikkesvar(request, brikke, ellers=f"/hendelser/{hendelse_id}#utkallinger")

    return r


def krev_kjent(rad: Row[Any] | None) -> Row[Any]:
    """The row, or Problem 404."""
    if rad is None:
        raise Problem(404, "Finnes ikke", "Vi finner ikke det du leter etter. Kanskje er adressen feil.")
    return rad


def _personer(sak: Sak) -> set[UUID]:
    return {u.person_id for u in sak.utkallinger.values()}


def _hvorfor(rad: Row[Any] | None) -> Tom:
    """Why nobody is called yet. What we have not heard of at all has just been sent."""
    if rad is None or rad.aapen:
        return NETTOPP
    return UTKAST if rad.hendelse.get("utkast") and not rad.lukket_sekvens else LUKKET
