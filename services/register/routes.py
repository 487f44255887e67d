"""The register's doors for the whole of it: import, export, vacancies and units."""

from __future__ import annotations

import asyncio
from datetime import date

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from contracts.roller import enhetsnavn, rolle_i_enhet
from contracts.spoersmaal import Feltfeil
from infra.clock import OSLO
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.tilgang import Innlogget
from services.register import eksport, filer, oppslag, store
from services.register.bemanning import finn_mangler
from services.register.innfoering import Innfoering
from services.register.innsyn import Forvalter, fortell_innsyn
from services.register.rules import Plan
from services.register.rules_mangler import DAGER_MAKS
from services.register.rules_rader import Omfang, Radfeil
from services.register.rules_roller import FASTE_ENHETER, roller_i
from services.register.skjema import EnheterUt, EnhetUt, ImportUt, LinjeUt, MangelUt, ManglerUt

_FILTYPER = {
    "",
    "text/csv",
    "text/plain",
    "application/csv",
    "application/octet-stream",
    "application/vnd.ms-excel",  # what Windows calls a .csv once Excel is installed
    "application/x-www-form-urlencoded",  # what curl says of --data-binary when nobody says otherwise
}
_KROPP = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"fil": {"type": "string", "format": "binary"}}}
            },
        },
    }
}


def registerruter(hus: Hus, innfoering: Innfoering) -> APIRouter:
    """`/register/…` and `/enheter`, under `/api/v1`."""
    ruter = APIRouter(prefix="/api/v1", tags=["register"])
    _filruter(ruter, hus, innfoering)
    _oversikter(ruter, hus)
    return ruter


def _filruter(ruter: APIRouter, hus: Hus, innfoering: Innfoering) -> None:
    @ruter.post("/register/import", openapi_extra=_KROPP)
    async def importer(
        request: Request, bruker: Forvalter, *, torrkjoering: bool = False, erstatt: bool = False
    ) -> ImportUt:
        """Leser inn en registerfil. Rader som ikke er i filen, blir stående, om ikke `erstatt` er satt."""
        innlest = await asyncio.to_thread(filer.les, await _innhold(request))
        omfang = Omfang.ALT if erstatt else Omfang.RADER
        if torrkjoering or innlest.feil:
            plan = await innfoering.proev(innlest.rader, omfang, innlest.uleste)
        else:
            plan = await innfoering.innfoer(innlest.rader, omfang, bruker.aktoer)
        if feil := sorted([*innlest.feil, *plan.feil], key=lambda f: f.linje):
            raise _avvist(feil)
        return _importsvar(plan, torrkjoering=torrkjoering)

    @ruter.get("/register/eksport", response_class=Response)
    async def eksporter(bruker: Forvalter) -> Response:
        """Hele registeret som CSV."""
        async with hus.db.les() as tx:
            register = await store.hent(tx)
        await fortell_innsyn(innfoering.forteller, bruker, "register/eksport", len(register.personer))
        hode = {"Content-Disposition": 'attachment; filename="register.csv"', "Cache-Control": "no-store"}
        innhold = await asyncio.to_thread(eksport.skriv, register)
        return Response(innhold, media_type="text/csv; charset=utf-8", headers=hode)


def _oversikter(ruter: APIRouter, hus: Hus) -> None:
    @ruter.get("/register/mangler")
    async def vis_mangler(_: Innlogget, fra: date | None = None, til: date | None = None) -> ManglerUt:
        """Roller som ingen kan nås i, nå eller på noen dag fram til `til`."""
        fra = fra or hus.clock.now().astimezone(OSLO).date()
        til = til or fra
        if not 0 <= (til - fra).days <= DAGER_MAKS:
            raise Problem.felt("til", f"må være fra {fra} til {DAGER_MAKS} dager senere")
        funn = await finn_mangler(hus, fra, til)
        ut = [MangelUt(**vars(f), navn=rolle_i_enhet(f.rolle, f.enhet)) for f in funn]
        return ManglerUt(fra=fra, til=til, mangler=ut)

    @ruter.get("/enheter")
    async def enheter(_: Innlogget) -> EnheterUt:
        """Enhetene som finnes, og rollene hver av dem kan ha. Skoler og kommuner er med når noen har en rolle der."""
        async with hus.db.les() as tx:
            i_bruk = set(await oppslag.enheter_i_bruk(tx))
        alle = [*FASTE_ENHETER, *sorted(i_bruk.difference(FASTE_ENHETER))]
        ut = [EnhetUt(enhet=e, navn=enhetsnavn(e), roller=list(roller_i(e)), i_bruk=e in i_bruk) for e in alle]
        return EnheterUt(enheter=ut)


async def _innhold(request: Request) -> bytes:
    """The file, as the body itself or as the one file of a form."""
    slag = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if slag in _FILTYPER:
        return await request.body()
    if slag != "multipart/form-data":
        raise Problem(415, "Filtypen kan ikke leses", "Send filen som text/csv eller multipart/form-data.")
    async with request.form(max_files=1, max_fields=4) as skjema:
        for verdi in skjema.values():
            if isinstance(verdi, UploadFile):
                return await verdi.read()
    raise Problem.felt("fil", "må være med")


def _avvist(feil: list[Radfeil]) -> Problem:
    return Problem(
        422,
        "Registerfilen ble ikke lest inn",
        f"{len({f.linje for f in feil})} linjer må rettes. Ingenting er endret.",
        [Feltfeil(felt=f"linje {f.linje}: {f.felt}", tekst=f.tekst) for f in feil],
    )


def _importsvar(plan: Plan, *, torrkjoering: bool) -> ImportUt:
    return ImportUt(
        torrkjoering=torrkjoering,
        rader=plan.nye + plan.endret + plan.uendret,
        nye=plan.nye,
        endret=plan.endret,
        uendret=plan.uendret,
        fjernet=plan.fjernet,
        merknader=[LinjeUt(**vars(m)) for m in plan.merknader],
    )
