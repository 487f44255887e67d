"""The answer page `/svar/{token}`: looking changes nothing, so that link scanners do no harm; only a POST answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contracts.event import ny_id
from contracts.lesning import Betydning, Lesning
from contracts.svar import Innkommet, MottattData, SvarMottatt
from infra.db import NEDE
from infra.room import Hus
from infra.web.tilgang import avtrykk
from services.epost import store
from services.epost.rules import Lenke, gjentatt, svar_id
from services.epost.sider import Sider
from services.epost.skjema import INNSENDING, ForStor, fra_annen_side, les_felt, les_svar
from services.epost.vern import Doer, Vern

logg = structlog.get_logger("epost")


class Avvist(Exception):
    """The door says no, with this HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Svardoer:
    """Shows the question and takes the answer."""

    def __init__(self, hus: Hus, sider: Sider) -> None:
        self._hus = hus
        self._sider = sider
        self._vern = Vern()

    async def vis(self, request: Request, token: str) -> HTMLResponse:
        """The page with the buttons. Writes nothing."""
        try:
            return self._sider.skjema(await self._lenke(request, token, "vis"))
        except Avvist as nei:
            return self._sider.beskjed(nei.status)
        except NEDE as feil:
            return self._nede(feil)

    async def svar(self, request: Request, token: str) -> HTMLResponse:
        """Takes an answer: durably in the journal before anybody is thanked."""
        try:
            if fra_annen_side(request, self._hus.settings.public_url):
                raise Avvist(403)  # noqa: TRY301 - one way out for every refusal
            lenke = await self._lenke(request, token, "svar")
            felt = await les_felt(request)
            svar, eta, feil = les_svar(felt)
            if feil:
                return self._sider.skjema(lenke, feil=feil, eta=felt.get("eta_minutter", ""))
            await self._registrer(lenke, svar, eta)
            return self._sider.takk(lenke, svar, eta)
        except ForStor:
            return self._sider.beskjed(413)
        except Avvist as nei:
            return self._sider.beskjed(nei.status)
        except NEDE as feil:
            return self._nede(feil)

    async def _lenke(self, request: Request, token: str, doer: Doer) -> Lenke:
        adresse = request.client.host if request.client else ""
        if not self._vern.slipper_inn(doer, adresse):
            raise Avvist(429)
        sha256 = avtrykk(token)
        async with self._hus.db.les() as tx:
            lenke = await store.finn_lenke(tx, sha256)
        if lenke is None:
            self._vern.gjettet(doer, adresse)
            raise Avvist(404)
        if not self._vern.bruk(doer, sha256):
            raise Avvist(429)
        if self._hus.clock.now() >= lenke.utloeper:
            raise Avvist(410)
        return lenke

    async def _registrer(self, lenke: Lenke, svar: str, eta: int | None) -> None:
        """Publishes, then notes it for the page; when only the note fails, the answer still stands."""
        naa = self._hus.clock.now()
        if gjentatt(lenke, svar, eta, naa):
            return
        innkommet = Innkommet(
            id=svar_id(lenke, svar, eta),
            kanal="epost",
            person_id=lenke.person_id,
            utkalling_id=lenke.utkalling_id,
            lesning=Lesning(svar=Betydning(svar), eta_minutter=eta),
            mottatt=naa,
        )
        await self._hus.journal.publiser([_event(innkommet, lenke.hendelse_id)])
        logg.info("epost_svar", utkalling_id=str(lenke.utkalling_id), svar=svar)
        try:
            async with self._hus.db.skriv() as tx:
                await store.noter_svar(tx, lenke.sha256, svar, eta, naa)
        except NEDE as feil:
            logg.warning("epost_svar_ikke_notert", utkalling_id=str(lenke.utkalling_id), feil=type(feil).__name__)

    def _nede(self, feil: Exception) -> HTMLResponse:
        logg.warning("epost_svar_ikke_bekreftet", feil=type(feil).__name__)
        return self._sider.beskjed(503)


def ruter(doer: Svardoer) -> APIRouter:
    """The door at the root, outside `/api/v1`."""
    r = APIRouter(tags=["svar"], default_response_class=HTMLResponse)
    avslag, ved_svar = _sider(404, 410, 429, 503), _sider(403, 404, 410, 413, 422, 429, 503)

    @r.head("/svar/{token}", include_in_schema=False)
    @r.get("/svar/{token}", responses=avslag, summary="Viser spørsmålet, og endrer ingenting")
    async def vis(request: Request, token: str) -> HTMLResponse:
        return await doer.vis(request, token)

    @r.post("/svar/{token}", responses=ved_svar, summary="Svarer", openapi_extra={"requestBody": INNSENDING})
    async def svar(request: Request, token: str) -> HTMLResponse:
        return await doer.svar(request, token)

    return r


def _sider(*statuser: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": "En side på bokmål"} for status in statuser}


def _event(innkommet: Innkommet, hendelse_id: UUID | None) -> SvarMottatt:
    return SvarMottatt.ny(
        MottattData(svar=(innkommet,)),
        naa=innkommet.mottatt,
        hendelse_id=hendelse_id,
        event_id=ny_id(innkommet.id, SvarMottatt.emne),
    )
