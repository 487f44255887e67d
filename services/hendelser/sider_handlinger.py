"""A small page for each action on a hendelse: what it leads to, a form, and the same door as the API's."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy import Row

from contracts.hendelse import Hendelse
from contracts.tavle import Svartall
from infra.journal.feil import JournalNede
from infra.web.problem import Problem, fra_pydantic
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, Innlogget, krev
from infra.web.utlaan import REGIONER, SVARTALL
from services.hendelser import skjema_handlinger as skjema
from services.hendelser.doer import Doer, Nokkel, krev_aapen
from services.hendelser.endringer import Endringer
from services.hendelser.rules import OVERALT
from services.hendelser.rules_handlinger import MELDERE, mulige
from services.hendelser.visning_handlinger import konsekvenser
from services.hendelser.visning_hendelse import hode

FELT_MAKS = 60
Melder = Annotated[Bruker, Depends(krev(*MELDERE))]


@dataclass(frozen=True)
class Utfylt:
    """A form as it is drawn: what stands in it, what is wrong with it, and the key of its one sending."""

    verdier: Mapping[str, Any]
    feil: Mapping[str, str]
    noekkel: str
    status: int = 200
    ikke_bekreftet: bool = False

    @classmethod
    def tomt(cls, h: Hendelse) -> Utfylt:
        """The form before anybody has written in it."""
        sentrum = {"sentrum": "ja" if h.sted.sentrum else "nei"} if h.sted else {}
        return cls({"bydeler": [], **sentrum}, {}, secrets.token_urlsafe(16))


class Handlingsside:
    """Draws the form of one action, and does it."""

    def __init__(self, sider: Sider, doer: Doer, endringer: Endringer, handling: skjema.Handling) -> None:
        self._sider = sider
        self._doer = doer
        self._handling = handling
        metode = "vurder" if handling.kode == "vurdering" else handling.kode
        self._gjoer: Callable[..., Any] = getattr(endringer, metode)

    async def vis(self, request: Request, bruker: Bruker, hendelse_id: UUID) -> Response:
        """The empty form; refused where the door would refuse it."""
        rad, h = await self._lovlig(bruker, hendelse_id)
        return await self._tegn(request, bruker, rad, h, Utfylt.tomt(h))

    async def send(self, request: Request, bruker: Bruker, hendelse_id: UUID) -> Response:
        """Does it, and goes back to the event page; or the form again, with what is wrong."""
        async with request.form(max_fields=FELT_MAKS, max_files=0) as innsendt:
            fylt = skjema.fylt_ut(innsendt)
        noekkel = fylt.get("noekkel") or secrets.token_urlsafe(16)
        try:
            feil = await self._utfoer(request.url.path, bruker, hendelse_id, fylt, noekkel)
        except JournalNede:
            return await self._igjen(request, bruker, hendelse_id, Utfylt(fylt, {}, noekkel, 503, ikke_bekreftet=True))
        if feil:
            return await self._igjen(request, bruker, hendelse_id, Utfylt(fylt, feil, noekkel, 422))
        return RedirectResponse(f"/hendelser/{hendelse_id}?ok={self._handling.ok}", 303)

    async def _utfoer(
        self, sti: str, bruker: Bruker, hendelse_id: UUID, fylt: Mapping[str, Any], noekkel: str
    ) -> dict[str, str]:
        """Does it. Returns what was wrong with the form, by field; nothing when it is done."""
        inn = skjema.kropp_av(self._handling.kode, fylt, bruker)
        if mangler := skjema.mangler(self._handling.kode, inn):
            return mangler
        try:
            kropp = self._handling.kropp.model_validate(inn)
            nokkel = Nokkel.av(bruker, sti, noekkel, kropp.model_dump(mode="json"))
            await self._gjoer(hendelse_id, kropp, bruker, nokkel)
        except ValidationError as feil:
            return skjema.setninger(self._handling, fra_pydantic(feil.errors()))
        except Problem as problem:
            if not problem.feil:
                raise
            return skjema.setninger(self._handling, problem.feil)
        return {}

    async def _igjen(self, request: Request, bruker: Bruker, hendelse_id: UUID, utfylt: Utfylt) -> Response:
        return await self._tegn(request, bruker, *await self._lovlig(bruker, hendelse_id), utfylt)

    async def _lovlig(self, bruker: Bruker, hendelse_id: UUID) -> tuple[Row[Any], Hendelse]:
        rad = await self._doer.finn(hendelse_id)
        h = Hendelse.model_validate(rad.hendelse)
        krev_aapen(rad)
        if self._handling.kode not in mulige(bruker.aktoer, h, rad.status):
            raise Problem(403, "Du har ikke tilgang til dette", "Denne handlingen er ikke din for denne hendelsen.")
        return rad, h

    async def _tegn(self, request: Request, bruker: Bruker, rad: Row[Any], h: Hendelse, utfylt: Utfylt) -> Response:
        svartall = self._sider.skall.laan(SVARTALL)
        tall = (await svartall([rad.id])).get(rad.id, Svartall()) if svartall else None
        return await self._sider.tegn(
            request,
            bruker,
            f"handling_{self._handling.kode}.html",
            utfylt.status,
            handling=self._handling,
            hode=hode(rad, h, tall, self._doer.forteller.clock.now()),
            konsekvenser=konsekvenser(self._handling.kode, rad.status, h, tall),
            utfylt=utfylt,
            overalt=bruker.rolle in OVERALT,
            valg=skjema,
            regioner=skjema.regionvalg(self._sider.skall.laan(REGIONER)),
            oevelse=h.oevelse,
        )


def ruter(sider: Sider, doer: Doer, endringer: Endringer) -> APIRouter:
    """`/hendelser/{id}/avlys` and its siblings."""
    r = APIRouter(prefix="/hendelser/{hendelse_id:uuid}", include_in_schema=False)
    for handling in skjema.HANDLINGER.values():
        _koble_paa(r, Handlingsside(sider, doer, endringer, handling), handling.kode)
    return r


def _koble_paa(r: APIRouter, siden: Handlingsside, kode: str) -> None:
    @r.get(f"/{kode}")
    async def vis(hendelse_id: UUID, request: Request, bruker: Innlogget) -> Response:
        return await siden.vis(request, bruker, hendelse_id)

    @r.post(f"/{kode}")
    async def send(hendelse_id: UUID, request: Request, bruker: Melder) -> Response:
        return await siden.send(request, bruker, hendelse_id)
