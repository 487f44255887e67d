"""The simulator's pages: demo Oslo's phones and mailboxes, where people read an SMS and answer it."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import aiohttp
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi import Path as Sti
from fastapi.responses import HTMLResponse, RedirectResponse

from infra.room import Hus
from infra.simulator.bord import MELDINGER, SIDE, Bord, Innhold, Utvalg
from infra.simulator.folk import Folkeregister
from infra.simulator.klient import Simulator, SimulatorFeil
from infra.simulator.nummer import UgyldigNummer, e164
from infra.simulator.visning import FEILET, STATUS, Eier, Telefon
from infra.simulator.visning_oppfoersel import EGEN, POSTKASSE, TELEFON, slag_av, valg
from infra.simulator.visning_tekst import biter
from infra.web.problem import Problem
from infra.web.skall import INGEN_LAGRING, Menypunkt, Sider, vil_ha_brikke
from infra.web.tilgang import Bruker, Innlogget

MALER = Path(__file__).with_name("templates")
FRIST_SEKUNDER = 5.0
TEKST_MAKS = 1600
STROM = "/api/v1/strom"
NEDE = (aiohttp.ClientError, OSError, TimeoutError)
OK = {"oppfoersel": "Lagret. Det gjelder fra neste melding.", "sendt": "Sendt."}
Hvem = Annotated[str, Sti(max_length=254, pattern=r"^(\d{4,15}|[^\s/@]{1,64}@[^\s/@]{1,189})$")]
Felt = Annotated[str, Form(max_length=2000)]


class Simulatorsider:
    """Draws the pages and does what their forms say, over one session to the simulator's process."""

    def __init__(self, hus: Hus) -> None:
        self.simulator = Simulator(hus.settings.twilio_base_url, FRIST_SEKUNDER)
        self._bord = Bord(self.simulator, Folkeregister(hus))
        self._sider: Sider = hus.skall.rom("simulator", MALER)
        self._felles = {
            "biter": lambda tekst: biter(tekst, hus.settings.public_url),
            "valg": valg,
            "telefonslag": TELEFON,
            "postslag": POSTKASSE,
            "tekst_maks": TEKST_MAKS,
            "statusnavn": STATUS,
            "feilet": FEILET,
            "nede": False,
        }
        hus.skall.meny(Menypunkt(SIDE, "Simulator", 90))
        self.start, self.stopp = self.simulator.aapne, self.simulator.lukk

    async def oversikt(self, request: Request, bruker: Bruker, utvalg: Utvalg, **felt: Any) -> HTMLResponse:
        """The list and the phones side by side; for htmx the live part alone."""
        try:
            innhold, nede = await self._bord.dekk(utvalg), False
        except NEDE:
            innhold, nede = Innhold(), True
        alt = {
            **self._felles,
            "innhold": innhold,
            "utvalg": utvalg,
            "nede": nede,
            "feil": {},
            "ny": {},
            "fokus": "",
            **felt,
        }
        return await self._tegn(request, bruker, "oversikt", alt)

    async def telefon(
        self, request: Request, bruker: Bruker, hvem: str, *, feil: str = "", tekst: str = ""
    ) -> HTMLResponse:
        """One phone with its mailbox and its behaviour; for htmx the live part alone."""
        try:
            t = await self._bord.telefon(await self._eier(hvem))
        except NEDE:
            nede = {**self._felles, "nede": True, "t": None, "hvem": hvem, "feil": ""}
            return await self._tegn(request, bruker, "telefon", nede)
        alt = {
            **self._felles,
            "t": t,
            "hvem": hvem,
            "feil": feil,
            "tekst": tekst,
            "tilbake": f"{SIDE}/telefoner/{hvem}",
            "fokus": "",
        }
        return await self._tegn(request, bruker, "telefon", alt, status=422 if feil else 200)

    async def svar(self, request: Request, bruker: Bruker, hvem: str, tekst: str, tilbake: str) -> Response:
        """The phone sends a text; for htmx the phone as it then is, ready for the next one."""
        eier, tekst = await self._eier(hvem), tekst.strip()
        feil = _feil_i(tekst) if eier.nummer else "Uten mobilnummer går det ikke an å svare på SMS."
        if not feil:
            await self._gjoer(self.simulator.telefon(str(eier.nummer)).svarer(tekst))
        if vil_ha_brikke(request):
            t: Telefon = await self._gjoer(self._bord.telefon(eier, MELDINGER))
            felt = {
                "t": t,
                "feil": feil,
                "tekst": tekst if feil else "",
                "tilbake": _var_side(tilbake),
                "fokus": eier.hvem,
            }
            brikke = self._sider.brikke(request, bruker, "_apparat.html", **self._felles, **felt)
            return HTMLResponse(brikke, 422 if feil else 200, headers=INGEN_LAGRING)
        if feil:
            return await self.telefon(request, bruker, hvem, feil=feil, tekst=tekst)
        return RedirectResponse(f"{_var_side(tilbake)}#{eier.anker}", 303)

    async def oppfoersel(self, hvem: str, telefon: str, postkasse: str) -> Response:
        """The phone and the mailbox behave as told from now on; a rule set elsewhere is left alone."""
        eier = await self._eier(hvem)
        for kode, alle, ting in (
            (telefon, TELEFON, self.simulator.telefon(eier.nummer) if eier.nummer else None),
            (postkasse, POSTKASSE, self.simulator.epost(eier.adresse) if eier.adresse else None),
        ):
            if ting is None or kode in {"", EGEN}:
                continue
            slag = slag_av(kode, alle)
            if slag is None:
                raise Problem(422, "Velg en oppførsel fra listen")
            await self._gjoer(ting.oppfoerer_seg() if slag.regel is None else ting.oppfoersel(**slag.regel))
        return RedirectResponse(f"{SIDE}/telefoner/{hvem}?ok=oppfoersel", 303)

    async def ny(self, request: Request, bruker: Bruker, nummer: str, tekst: str) -> Response:
        """A text from a phone that may be nobody's."""
        feil, rent = {}, ""
        try:
            rent = e164(nummer.strip())
        except UgyldigNummer:
            feil["nummer"] = "Skriv et telefonnummer, for eksempel 900 00 099."
        if tekstfeil := _feil_i(tekst.strip()):
            feil["tekst"] = tekstfeil
        if feil:
            felt = {"feil": feil, "ny": {"nummer": nummer, "tekst": tekst}, "status": 422}
            return await self.oversikt(request, bruker, Utvalg(), **felt)
        hvem = rent.removeprefix("+")
        await self._eier(hvem)
        await self._gjoer(self.simulator.telefon(rent).svarer(tekst.strip()))
        return RedirectResponse(f"{SIDE}/telefoner/{hvem}?ok=sendt", 303)

    async def _eier(self, hvem: str) -> Eier:
        if eier := await self._bord.eier(hvem):
            return eier
        raise Problem(404, "Finnes ikke", "Simulatoren viser bare telefoner til oppdiktede mennesker.")

    async def _gjoer(self, arbeid: Awaitable[Any]) -> Any:
        try:
            return await arbeid
        except SimulatorFeil as feil:
            raise Problem(422, "Simulatoren tok det ikke imot") from feil
        except NEDE as feil:
            raise Problem(503, "Simulatoren svarer ikke", "Start demoen på nytt, eller prøv igjen om litt.") from feil

    async def _tegn(
        self, request: Request, bruker: Bruker, navn: str, felt: dict[str, Any], status: int = 200
    ) -> HTMLResponse:
        status = felt.pop("status", status)
        if vil_ha_brikke(request):
            return HTMLResponse(self._sider.brikke(request, bruker, f"_{navn}.html", **felt), headers=INGEN_LAGRING)
        melding = OK.get(request.query_params.get("ok", ""), "")
        return await self._sider.tegn(request, bruker, f"{navn}.html", status, strom=STROM, melding=melding, **felt)


def _feil_i(tekst: str) -> str:
    if not tekst:
        return "Skriv det telefonen skal svare."
    return f"Teksten kan ha høyst {TEKST_MAKS} tegn." if len(tekst) > TEKST_MAKS else ""


def _var_side(tilbake: str) -> str:
    """Where the form stood: one of these pages, or the list."""
    trygg = tilbake.startswith(SIDE) and tilbake.removeprefix(SIDE)[:1] in {"", "?", "/"} and tilbake.isprintable()
    return tilbake if trygg else SIDE


def ruter(sider: Simulatorsider) -> APIRouter:
    """`/simulator` and what lies under it."""
    r = APIRouter(prefix=SIDE, include_in_schema=False)

    @r.get("")
    async def oversikt(
        request: Request,
        bruker: Innlogget,
        sok: Annotated[str, Query(max_length=60)] = "",
        hendelse: UUID | None = None,
        vist: Annotated[list[str] | None, Query(max_length=24)] = None,
    ) -> Response:
        return await sider.oversikt(request, bruker, Utvalg(sok.strip(), hendelse, tuple(vist or ())))

    @r.get("/telefoner/{hvem}")
    async def telefon(request: Request, bruker: Innlogget, hvem: Hvem) -> Response:
        return await sider.telefon(request, bruker, hvem)

    @r.post("/telefoner/{hvem}/svar")
    async def svar(
        request: Request, bruker: Innlogget, hvem: Hvem, tekst: Felt = "", eksempel: Felt = "", tilbake: Felt = ""
    ) -> Response:
        return await sider.svar(request, bruker, hvem, eksempel or tekst, tilbake)

    @r.post("/telefoner/{hvem}/oppfoersel")
    async def oppfoersel(bruker: Innlogget, hvem: Hvem, telefon: Felt = "", postkasse: Felt = "") -> Response:
        return await sider.oppfoersel(hvem, telefon, postkasse)

    @r.post("/ny")
    async def ny(request: Request, bruker: Innlogget, nummer: Felt = "", tekst: Felt = "") -> Response:
        return await sider.ny(request, bruker, nummer, tekst)

    return r
