"""The page «Ny hendelse»: the form, who it would call, and the deliberate last step."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from infra.clock import Clock
from infra.journal.feil import JournalNede
from infra.web.problem import IKKE_BEKREFTET, Problem
from infra.web.skall import INGEN_LAGRING, Sider
from infra.web.tilgang import Bruker, krev
from services.hendelser import store
from services.hendelser.doer import Doer, Nokkel, hendelse_id_av
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.inn import HendelseKropp
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.skjema_ny import Skjema, kropp
from services.hendelser.skjemafeil import Skjemafeil, i_skjemaet
from services.hendelser.skjemaside import Bilde, Innsending, Skjemaside, Varsel, gyldig, les, ny_noekkel

STI = "/hendelser/ny"
SE_FOERST = "Kryss av for at du har sett hvem som kalles ut."
TATT_IMOT = "Dette er et nytt, tomt skjema."
Melder = Annotated[Bruker, Depends(krev(*MELDERE))]


def ruter(sider: Sider, doer: Doer, forhaandsvisning: Forhaandsvisning, clock: Clock) -> APIRouter:
    """`/hendelser/ny`, its live preview, and the search for places."""
    r = APIRouter(include_in_schema=False)
    side = Nyside(Skjemaside(sider, forhaandsvisning, clock), doer)

    @r.get(STI)
    async def ny(request: Request, bruker: Melder, n: str = "") -> Response:
        return await side.blank(request, bruker, gyldig(n))

    @r.post(STI)
    async def meld(request: Request, bruker: Melder) -> Response:
        return await side.ta_imot(request, bruker, (await les(request)).fylt_ut(clock.now()))

    @r.post(f"{STI}/forhaandsvis")
    async def forhaandsvis(request: Request, bruker: Melder) -> Response:
        inn = await les(request)
        # Whoever goes back to the form after it was sent comes to the same key, and not to a second hendelse.
        hoder = {"HX-Replace-Url": f"{STI}?n={inn.noekkel}"}
        return side.skjemaside.brikke(request, bruker, await side.bilde(bruker, inn), hoder)

    @r.get(f"{STI}/steder")
    async def steder(request: Request, bruker: Melder, sted: Annotated[str, Query(max_length=120)] = "") -> Response:
        brikke = sider.brikke(request, bruker, "ny_steder.html", steder=side.skjemaside.steder(sted, 8))
        return HTMLResponse(brikke, headers=INGEN_LAGRING)

    return r


class Nyside:
    """A form that is not yet a hendelse."""

    def __init__(self, skjemaside: Skjemaside, doer: Doer) -> None:
        self.skjemaside = skjemaside
        self._doer = doer

    async def blank(self, request: Request, bruker: Bruker, noekkel: str = "") -> Response:
        """A fresh form; one that somebody comes back to keeps its key, until it is sent: then that is said."""
        bilde = Bilde(Skjema(), noekkel=noekkel or ny_noekkel())
        if noekkel and (foerste := await self._foerste(Nokkel.av(bruker, STI, noekkel, None))):
            varsel = Varsel("suksess", "Det du skrev her, er tatt imot", TATT_IMOT, foerste, "Se det du sendte")
            bilde = Bilde(Skjema(), noekkel=ny_noekkel(), varsel=varsel, gjenopprettes=False)
        return await self.skjemaside.tegn(request, bruker, bilde)

    async def ta_imot(self, request: Request, bruker: Bruker, inn: Innsending) -> Response:
        """Does what was pressed, or draws the form again with what was written and what is wrong."""
        if inn.handling == "utkast":
            return await self._utkast(request, bruker, inn)
        bilde = await self.bilde(bruker, inn)
        if inn.handling == "naa":
            bilde = bilde.rolig()
        if bilde.visning is None or inn.handling != "send":
            return await self._tegn(request, bruker, bilde)
        return await self._send(request, bruker, inn, bilde)

    async def bilde(self, bruker: Bruker, inn: Innsending) -> Bilde:
        """The form with its preview, or with what is wrong in it."""
        bilde = Bilde(inn.skjema, noekkel=inn.noekkel)
        try:
            ny = kropp(inn.skjema, naa=self.skjemaside.clock.now())
            hendelse_id = hendelse_id_av(_nokkel(bruker, inn, ny).event_id)
            hendelse = await self.skjemaside.forhaandsvisning.hendelse(ny, hendelse_id)
            vist = await self.skjemaside.forhaandsvisning.av(hendelse)
        except Skjemafeil as galt:
            return med_feil(bilde, Skjemafeil({**await self.skjemaside.stedsfeil(inn.skjema), **galt.feil}))
        except (Problem, JournalNede) as galt:
            return med_feil(bilde, galt)
        return replace(bilde, visning=self.skjemaside.vis(vist, hendelse, inn.skjema))

    async def _send(self, request: Request, bruker: Bruker, inn: Innsending, bilde: Bilde) -> Response:
        """Sends what was seen, and nothing else; the same form again is the same hendelse."""
        assert bilde.visning is not None
        ny = kropp(inn.skjema)
        nokkel = _nokkel(bruker, inn, ny)
        try:
            if gammel := await self._doer.sett_foer(nokkel):
                return til_hendelsen(str(gammel.id), "sendt")
            if stopp := ikke_sett(inn, bilde):
                return await self._tegn(request, bruker, stopp)
            rad, _ = await self._doer.meld(ny, bruker, nokkel)
        except (Problem, JournalNede) as galt:
            return await self._feilet(request, bruker, bilde, nokkel, galt)
        return til_hendelsen(str(rad.id), "sendt")

    async def _utkast(self, request: Request, bruker: Bruker, inn: Innsending) -> Response:
        bilde = Bilde(inn.skjema, noekkel=inn.noekkel)
        try:
            ny = kropp(inn.skjema, utkast=True, naa=self.skjemaside.clock.now())
        except Skjemafeil:
            return await self._tegn(request, bruker, await self.bilde(bruker, inn))
        nokkel = _nokkel(bruker, inn, ny)
        try:
            await self._doer.meld(ny, bruker, nokkel)
        except (Problem, JournalNede) as galt:
            return await self._feilet(request, bruker, bilde, nokkel, galt)
        return RedirectResponse("/utkast?ok=lagret", 303)

    async def _feilet(
        self, request: Request, bruker: Bruker, bilde: Bilde, nokkel: Nokkel, galt: Problem | JournalNede
    ) -> Response:
        """The form is kept. One that was sent before with other words gets a new key, and says where the first went."""
        if not isinstance(galt, Problem) or galt.status != 409:
            return await self._tegn(request, bruker, med_feil(bilde, galt))
        foerste = await self._foerste(nokkel)
        tekst = "Du har endret skjemaet etterpå. Sender du det nå, blir det en ny hendelse ved siden av."
        varsel = Varsel("advarsel", "Dette skjemaet er sendt inn før", tekst, foerste, "Se den første hendelsen")
        return await self._tegn(request, bruker, replace(bilde, noekkel=ny_noekkel(), varsel=varsel))

    async def _foerste(self, nokkel: Nokkel) -> str:
        """Where the hendelse is that was made with this key; empty when there is none."""
        async with self._doer.db.les() as tx:
            rader = await store.nokler(tx, [str(nokkel.nokkel), str(nokkel.event_id)])
        return f"/hendelser/{rader[0].hendelse_id}" if rader else ""

    async def _tegn(self, request: Request, bruker: Bruker, bilde: Bilde) -> Response:
        return await self.skjemaside.tegn(request, bruker, bilde, status(bilde))


def ikke_sett(inn: Innsending, bilde: Bilde) -> Bilde | None:
    """What stops the last step: who is called is not what the sender saw, or the box is not ticked. None = go on."""
    assert bilde.visning is not None
    if inn.avtrykk != bilde.visning.avtrykk:
        return replace(bilde, varsel=ENDRET_SIDEN)
    return None if inn.bekreftet else replace(bilde, feil={"bekreft": SE_FOERST})


ENDRET_SIDEN = Varsel(
    "advarsel",
    "Ikke sendt: noe er endret siden du så hvem som kalles ut",
    "Skjemaet, eller hvem som har rollene, er endret. Se over på nytt og send når det stemmer.",
)


def med_feil(bilde: Bilde, galt: Skjemafeil | Problem | JournalNede) -> Bilde:
    """The form with what is wrong: at its fields, or above it when no field is to blame."""
    if isinstance(galt, Skjemafeil):
        return replace(bilde, feil=galt.feil)
    if isinstance(galt, Problem) and galt.feil:
        return replace(bilde, feil=Skjemafeil(i_skjemaet(galt.feil)).feil)
    if isinstance(galt, Problem):
        return replace(bilde, varsel=Varsel("feil", galt.tittel, galt.detalj))
    tekst = f"{IKKE_BEKREFTET.removeprefix('Ikke bekreftet. ')} Det du har skrevet, står her fortsatt."
    return replace(bilde, varsel=Varsel("feil", "Ikke bekreftet", tekst.replace(" med samme nøkkel", "")))


def status(bilde: Bilde) -> int:
    """The status of a form that is drawn again."""
    if bilde.feil:
        return 422
    if bilde.varsel is None:
        return 200
    return 409 if bilde.varsel.slag == "advarsel" else 503


def til_hendelsen(hendelse_id: str, ok: str) -> RedirectResponse:
    """On to the hendelse's own page, which says what was done."""
    return RedirectResponse(f"/hendelser/{hendelse_id}?ok={ok}", 303)


def _nokkel(bruker: Bruker, inn: Innsending, ny: HendelseKropp) -> Nokkel:
    return Nokkel.av(bruker, STI, inn.noekkel, ny.model_dump(mode="json"))
