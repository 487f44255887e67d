"""The page where somebody decides about a message nobody knows about, with a reason when there is something to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Row

from infra.journal.forteller import Forteller
from infra.web.problem import fra_pydantic
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, Innlogget
from services.utkalling.avgjoerelse import AvgjoerelseInn, Om, avgjoer, finn, krev_rett
from services.utkalling.rules_vara import hvem
from services.utkalling.visning_uviss import uvisse

_LENGDE = 600
_VELG = "Velg om meldingen skal sendes på nytt eller regnes som sendt."


def ruter(sider: Sider, forteller: Forteller) -> APIRouter:
    """`/meldinger/{id}/avgjoer`."""
    r = APIRouter(include_in_schema=False)

    async def tegn(
        request: Request, bruker: Bruker, melding_id: UUID, grunn: str = "", feil: Mapping[str, str] | None = None
    ) -> HTMLResponse:
        naa = forteller.clock.now()
        async with forteller.db.les() as tx:
            om = await finn(tx, melding_id, naa)
        krev_rett(om, bruker)
        v = next(iter(uvisse(om.sak, om.u, [om.rad], bruker.aktoer, naa)), None)
        felt: dict[str, Any] = {
            "v": v,
            "hvem": _til(om),
            "tilbake": _tilbake(om.rad),
            "grunn": grunn,
            "feil": feil or {},
        }
        return await sider.tegn(request, bruker, "avgjoer.html", 422 if feil else 200, **felt)

    @r.get("/meldinger/{melding_id}/avgjoer")
    async def skjema(request: Request, melding_id: UUID, bruker: Innlogget) -> HTMLResponse:
        return await tegn(request, bruker, melding_id)

    @r.post("/meldinger/{melding_id}/avgjoer")
    async def ta_imot(request: Request, melding_id: UUID, bruker: Innlogget) -> Response:
        felt = await request.form()
        grunn = str(felt.get("grunn", ""))[:_LENGDE].strip()
        try:
            inn = AvgjoerelseInn.model_validate({"valg": str(felt.get("valg", "")), "grunn": grunn})
        except ValidationError as galt:
            return await tegn(request, bruker, melding_id, grunn, _feil(galt))
        await avgjoer(forteller, melding_id, inn, bruker)
        async with forteller.db.les() as tx:
            om = await finn(tx, melding_id, forteller.clock.now())
        return RedirectResponse(_tilbake(om.rad, "?ok=avgjort"), 303)

    return r


def _til(om: Om) -> str:
    """Whom the message is to, by role."""
    return hvem(om.u) if om.u else "Sekretariatet"


def _tilbake(rad: Row[Any], ok: str = "") -> str:
    """Where the message stands; one that belongs to no hendelse stands among the tasks alone."""
    if rad.hendelse_id is None:
        return "/oppgaver"
    anker = f"utkalling-{rad.utkalling_id}" if rad.utkalling_id else f"uviss-{rad.id}"
    return f"/hendelser/{rad.hendelse_id}{ok}#{anker}"


def _feil(galt: ValidationError) -> dict[str, str]:
    """A sentence for each field that is wrong. The door's words about a text name another form's field."""
    ut = {f.felt: f.tekst for f in fra_pydantic(galt.errors())}
    tekst = ut.get("grunn", "").replace("Bruk feltet vakttelefon, og skriv", "Skriv")
    return {**({"valg": _VELG} if "valg" in ut else {}), **({"grunn": f"Grunnen {tekst}."} if tekst else {})}
