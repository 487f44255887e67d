"""Errors at the doors: RFC 9457 problem+json in bokmål, one entry per wrong field, and a page for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from contracts.spoersmaal import Feltfeil
from infra.db import NEDE
from infra.journal.feil import JournalFull, JournalNede
from infra.web.utlogget import skrevet

logg = structlog.get_logger("web")

MASKINDOERER = ("/api/", "/webhooks/", "/helse/", "/metrics")
"""Doors for programs: problem+json, no forms."""
INNLOGGING = "/logg-inn"
VENT = {"Retry-After": "2"}
IKKE_BEKREFTET = "Ikke bekreftet. Prøv igjen med samme nøkkel: det er alltid trygt."
JOURNALEN_ER_FULL = (
    "Ikke bekreftet: det er ikke plass til mer i journalen. Den som drifter SaLTo, må gi den mer plass."
    " Prøv igjen med samme nøkkel etterpå: det er alltid trygt."
)


class Problem(Exception):
    """A refusal that a person can read. `feil` names the fields that are wrong."""

    def __init__(
        self,
        status: int,
        tittel: str,
        detalj: str = "",
        feil: Sequence[Feltfeil] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(tittel)
        self.status = status
        self.tittel = tittel
        self.detalj = detalj
        self.feil = tuple(feil)
        self.headers = headers

    @classmethod
    def felt(cls, felt: str, tekst: str) -> Problem:
        """One field is wrong (422)."""
        return cls.feltfeil([Feltfeil(felt=felt, tekst=tekst)])

    @classmethod
    def feltfeil(cls, feil: Sequence[Feltfeil]) -> Problem:
        """Some fields are wrong (422)."""
        return cls(422, "Noe i innsendingen må rettes", "; ".join(f"{f.felt}: {f.tekst}" for f in feil), feil)


def svar(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as a response."""
    innhold: dict[str, Any] = {"type": "about:blank", "title": problem.tittel, "status": problem.status}
    if problem.detalj:
        innhold["detail"] = problem.detalj
    if problem.feil:
        innhold["feil"] = [f.model_dump() for f in problem.feil]
    return JSONResponse(innhold, problem.status, headers=headers, media_type="application/problem+json")


_HTTP = {
    401: "Du må være logget inn",
    403: "Du har ikke tilgang til dette",
    404: "Finnes ikke",
    405: "Metoden er ikke lov her",
    413: "Innsendingen er for stor",
    429: "For mange forespørsler",
}

_TEKSTER = {
    "missing": "må fylles ut",
    "timezone_aware": "må ha tidssone, for eksempel 2026-11-28T14:00:00+01:00",
    "extra_forbidden": "er et ukjent felt",
    "json_invalid": "er ikke gyldig JSON",
    "uuid_parsing": "er ikke en gyldig id",
    "bool_parsing": "må være true eller false",
    "bool_type": "må være true eller false",
    "int_type": "må være et heltall",
    "int_parsing": "må være et heltall",
    "float_type": "må være et tall",
    "float_parsing": "må være et tall",
    "finite_number": "må være et vanlig tall",
    "string_type": "må være tekst",
    "model_attributes_type": "må være et objekt",
    "dict_type": "må være et objekt",
    "tuple_type": "må være en liste",
    "list_type": "må være en liste",
}


def felttekst(feil: Mapping[str, Any]) -> str:
    """A pydantic error in bokmål."""
    slag, ctx = str(feil["type"]), feil.get("ctx") or {}
    match slag:
        case "enum" | "literal_error":
            return f"må være en av: {str(ctx.get('expected', '')).replace(' or ', ' eller ')}"
        case "string_too_long" | "too_long":
            return f"er for lang (høyst {ctx.get('max_length')})"
        case "string_too_short" | "too_short":
            return "kan ikke være tom"
        case "greater_than_equal" | "greater_than":
            return f"må være minst {ctx.get('ge', ctx.get('gt'))}"
        case "less_than_equal" | "less_than":
            return f"må være høyst {ctx.get('le', ctx.get('lt'))}"
        case "value_error":
            return str(ctx.get("error", "er ikke gyldig"))
        case _ if slag.startswith(("datetime", "date")):
            return "er ikke et gyldig tidspunkt (RFC 3339, for eksempel 2026-11-28T14:00:00+01:00)"
        case _:
            return _TEKSTER.get(slag, "er ikke gyldig")


def fra_pydantic(feil: Sequence[Mapping[str, Any]]) -> list[Feltfeil]:
    """Pydantic's errors as our own: where, and what, never the value that was sent."""
    ut = []
    for en in feil:
        sti = [str(del_) for del_ in en["loc"] if del_ not in {"body", "query", "path", "header"}]
        ut.append(Feltfeil(felt=".".join(sti) or "innhold", tekst=felttekst(en)))
    return ut


def er_maskindoer(sti: str) -> bool:
    """Whether errors here are read by programs."""
    return sti.startswith(MASKINDOERER)


async def svar_paa(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as the caller reads it: problem+json for programs, a page for people, the way in for strangers."""
    skall = getattr(request.app.state, "skall", None)
    if skall is None or er_maskindoer(request.url.path):
        return svar(problem, headers)
    if problem.status == 401:
        return await _uten_oekt(request, skall)
    side: Response = await skall.tegn(
        request, getattr(request.state, "bruker", None), "skall/feil.html", problem.status, problem=problem
    )
    side.headers.update(headers or {})
    return side


async def _uten_oekt(request: Request, skall: Any) -> Response:
    """Whoever was on the way to a page comes to it after logging in. htmx is told to leave the page it stands on.

    A form that somebody wrote is handed back whole, to be sent again: the session may have ended meanwhile.
    """
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": INNLOGGING})
    neste = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    if request.method == "POST" and (felt := await skrevet(request)):
        side: Response = await skall.tegn(request, None, "skall/utlogget.html", 401, felt=felt, til=neste)
        return side
    til = f"{INNLOGGING}?{urlencode({'neste': neste})}" if request.method == "GET" and neste != "/" else INNLOGGING
    return RedirectResponse(til, 303)


def koble_paa(app: FastAPI) -> None:
    """Makes every error of the app something its reader can read."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, feil: Problem) -> Response:
        return await svar_paa(request, feil, feil.headers)

    @app.exception_handler(RequestValidationError)
    async def _felt(request: Request, feil: RequestValidationError) -> Response:
        if not er_maskindoer(request.url.path) and any(en["loc"][0] == "path" for en in feil.errors()):
            return await svar_paa(request, Problem(404, _HTTP[404]))  # an address nobody has, not a field to put right
        return await svar_paa(request, Problem.feltfeil(fra_pydantic(feil.errors())))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, feil: HTTPException) -> Response:
        tittel = _HTTP.get(feil.status_code, "Forespørselen ble ikke forstått")
        return await svar_paa(request, Problem(feil.status_code, tittel), feil.headers)

    @app.exception_handler(JournalFull)
    async def _full(request: Request, feil: JournalFull) -> Response:
        return await svar_paa(request, Problem(503, "Journalen er full", JOURNALEN_ER_FULL), VENT)

    @app.exception_handler(JournalNede)
    async def _journal(request: Request, feil: JournalNede) -> Response:
        logg.warning("ikke_bekreftet", feil=str(feil)[:100])
        return await svar_paa(request, Problem(503, "Ikke bekreftet", IKKE_BEKREFTET), VENT)

    async def _nede(request: Request, feil: Exception) -> Response:
        logg.error("avhengighet_nede", feil=type(feil).__name__)
        return await svar_paa(request, Problem(503, "Tjenesten er midlertidig nede", IKKE_BEKREFTET), VENT)

    for klasse in NEDE:
        app.add_exception_handler(klasse, _nede)

    @app.exception_handler(Exception)
    async def _ukjent(request: Request, feil: Exception) -> Response:
        logg.error("uventet_feil", feil=type(feil).__name__, exc_info=feil)
        return await svar_paa(request, Problem(500, "Noe gikk galt hos oss", "Feilen er logget."))
