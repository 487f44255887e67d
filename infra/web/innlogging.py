"""The way in and out of the pages, and what belongs to no room: the menu, accessibility, a word to robots."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from infra.web.bruker import VISNING, Bruker
from infra.web.oekter import LEVETID, PASSORD_MAKS, Oekter, brukere
from infra.web.problem import INNLOGGING
from infra.web.skall import Skall, brikkesvar
from infra.web.tilgang import KAPSEL, Innlogget

logg = structlog.get_logger("web")
PER_ADRESSE, PER_KONTO = RateLimitItemPerMinute(20), RateLimitItemPerMinute(5)
"""Tries at a password; a whole office may sit behind one address."""
FEIL = "Brukernavn eller passord er feil."
FOR_MANGE = "For mange forsøk. Vent ett minutt, og prøv igjen."
Felt = Annotated[str, Form(max_length=PASSORD_MAKS)]


class Innlogging:
    """Opens and ends sessions from the pages."""

    def __init__(self, skall: Skall, oekter: Oekter) -> None:
        self._skall = skall
        self._oekter = oekter
        self._forsoek = MovingWindowRateLimiter(MemoryStorage())

    async def skjema(self, request: Request, neste: str, *, feil: str = "", status: int = 200) -> Response:
        """The form; in a demo with its accounts, one click away."""
        demo = await self._demobrukere() if self._skall.settings.demo else []
        return await self._skall.tegn(
            request, None, "skall/logg_inn.html", status, neste=neste, feil=feil, demobrukere=demo
        )

    async def logg_inn(self, request: Request, brukernavn: str, passord: str, neste: str) -> Response:
        """A session for a name and a password that belong together."""
        if not self._slipper_til(request, brukernavn):
            side = await self.skjema(request, neste, feil=FOR_MANGE, status=429)
            side.headers["Retry-After"] = str(PER_KONTO.get_expiry())
            return side
        kapsel = await self._oekter.logg_inn(brukernavn, passord)
        if kapsel is None:
            logg.warning("innlogging_avvist")
            return await self.skjema(request, neste, feil=FEIL, status=422)
        return self._inne(kapsel, neste)

    async def logg_inn_demo(self, request: Request, brukernavn: str, neste: str) -> Response:
        """A session for one of the demo's accounts; only in a demo."""
        kapsel = await self._oekter.logg_inn_demo(brukernavn)
        if kapsel is None:
            return await self.skjema(request, neste, feil="Demobrukeren finnes ikke.", status=422)
        return self._inne(kapsel, neste)

    async def logg_ut(self, request: Request) -> Response:
        """Ends the session."""
        await self._oekter.logg_ut(request.cookies.get(KAPSEL, ""))
        svar = RedirectResponse(INNLOGGING, 303)
        svar.delete_cookie(KAPSEL)
        return svar

    def _inne(self, kapsel: str, neste: str) -> Response:
        svar = RedirectResponse(egen_sti(neste), 303)
        https = self._skall.settings.public_url.startswith("https://")
        levetid = int(LEVETID.total_seconds())
        svar.set_cookie(KAPSEL, kapsel, max_age=levetid, httponly=True, secure=https, samesite="lax")
        return svar

    def _slipper_til(self, request: Request, brukernavn: str) -> bool:
        adresse = request.client.host if request.client else ""
        return self._forsoek.hit(PER_ADRESSE, "adresse", adresse) and self._forsoek.hit(
            PER_KONTO, "konto", brukernavn.casefold()
        )

    async def _demobrukere(self) -> list[dict[str, Any]]:
        rekkefoelge = list(VISNING)
        rader = await brukere(self._oekter.db, demo=True)
        return [
            {"brukernavn": r.brukernavn, "visning": Bruker(r.id, r.rolle, r.enhet).visning}
            for r in sorted(rader, key=lambda r: (rekkefoelge.index(r.rolle), r.brukernavn))
        ]


def egen_sti(neste: str) -> str:
    """Where to go after logging in: never to somebody else's site."""
    trygg = neste.startswith("/") and not neste.startswith(("//", "/\\")) and neste.isprintable()
    return neste if trygg else "/"


def ruter(skall: Skall, oekter: Oekter) -> APIRouter:
    """`/logg-inn`, `/logg-ut`, `/meny`, `/tilgjengelighet` and `/robots.txt`."""
    r = APIRouter(include_in_schema=False)
    innlogging = Innlogging(skall, oekter)

    @r.get(INNLOGGING)
    async def skjema(request: Request, neste: str = "/") -> Response:
        return await innlogging.skjema(request, neste)

    @r.post(INNLOGGING)
    async def logg_inn(request: Request, brukernavn: Felt = "", passord: Felt = "", neste: Felt = "/") -> Response:
        return await innlogging.logg_inn(request, brukernavn, passord, neste)

    @r.post(f"{INNLOGGING}/demo")
    async def demo(request: Request, brukernavn: Felt = "", neste: Felt = "/") -> Response:
        return await innlogging.logg_inn_demo(request, brukernavn, neste)

    @r.post("/logg-ut")
    async def logg_ut(request: Request) -> Response:
        return await innlogging.logg_ut(request)

    @r.get("/meny")
    async def meny(request: Request, bruker: Innlogget) -> Response:
        return brikkesvar(request, await skall.menyen(request, bruker), ellers="/")

    @r.get("/robots.txt")
    async def robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @r.get("/tilgjengelighet")
    async def tilgjengelighet(request: Request) -> Response:
        kapsel = request.cookies.get(KAPSEL, "")
        bruker = await oekter.bruker(kapsel) if kapsel else None
        return await skall.tegn(request, bruker, "skall/tilgjengelighet.html")

    return r
