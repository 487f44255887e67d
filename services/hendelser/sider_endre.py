"""The page that changes a hendelse, or finishes a draft: the same form, and who is called after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from contracts.hendelse import Hendelse, Status
from contracts.roller import rolle_i_enhet
from infra.clock import Clock
from infra.journal.feil import JournalNede
from infra.web.problem import Problem
from infra.web.skall import Sider
from infra.web.tilgang import Bruker, krev
from infra.web.utlaan import KALTE
from services.hendelser import rules, visning_endre
from services.hendelser.doer import Doer, krev_aapen
from services.hendelser.endringer import Endringer
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.sider_ny import ikke_sett, med_feil, status, til_hendelsen
from services.hendelser.skjema_endre import endrede_felt, er_lagret, flett
from services.hendelser.skjema_ny import Skjema
from services.hendelser.skjemafeil import Skjemafeil
from services.hendelser.skjemaside import Bilde, Innsending, Skjemaside, Varsel, les
from services.hendelser.visning_endre import Forskjell

Melder = Annotated[Bruker, Depends(krev(*MELDERE))]
TOMT = Varsel("info", "Ingenting er endret", "Skjemaet sier det samme som hendelsen.")


def ruter(
    sider: Sider, doer: Doer, endringer: Endringer, forhaandsvisning: Forhaandsvisning, clock: Clock
) -> APIRouter:
    """`/hendelser/{id}/endre` and its live preview."""
    r = APIRouter(prefix="/hendelser/{hendelse_id}/endre", include_in_schema=False)
    side = Endreside(sider, doer, endringer, Skjemaside(sider, forhaandsvisning, clock))

    @r.get("")
    async def endre(request: Request, hendelse_id: UUID, bruker: Melder) -> Response:
        sak = await side.sak(hendelse_id, bruker)
        return await side.tegn(request, bruker, await side.bilde(sak, sak.skjema))

    @r.post("")
    async def lagre(request: Request, hendelse_id: UUID, bruker: Melder) -> Response:
        return await side.ta_imot(request, bruker, hendelse_id, (await les(request)).fylt_ut(clock.now()))

    @r.post("/forhaandsvis")
    async def forhaandsvis(request: Request, hendelse_id: UUID, bruker: Melder) -> Response:
        sak = await side.sak(hendelse_id, bruker)
        inn = await les(request)
        return side.skjemaside.brikke(request, bruker, await side.bilde(sak, sak.uten_laaste(inn.skjema)))

    return r


@dataclass(frozen=True)
class Endresak:
    """A hendelse on its way through the form."""

    id: UUID
    versjon: int
    utkast: bool
    hendelse: Hendelse

    @property
    def skjema(self) -> Skjema:
        """The form as the hendelse fills it in."""
        return Skjema.av_hendelse(self.hendelse)

    def uten_laaste(self, skjema: Skjema) -> Skjema:
        """A drill stays a drill, and what is real stays real."""
        return skjema.med(oevelse=self.skjema.oevelse)


class Endreside:
    """Loads, merges, previews, saves."""

    def __init__(self, sider: Sider, doer: Doer, endringer: Endringer, skjemaside: Skjemaside) -> None:
        self.skjemaside = skjemaside
        self._laan = sider.skall.laan
        self._doer = doer
        self._endringer = endringer

    async def sak(self, hendelse_id: UUID, bruker: Bruker) -> Endresak:
        """The hendelse, for somebody who may change it. Raises Problem: 404, 403, and 409 when it is closed."""
        rad = await self._doer.finn(hendelse_id)
        hendelse = Hendelse.model_validate(rad.hendelse)
        if not rules.kan_handle(bruker.aktoer, hendelse):
            raise Problem(403, "Du har ikke tilgang til dette", "Hendelsen hører til en annen enhet enn din.")
        krev_aapen(rad)
        return Endresak(rad.id, rad.versjon, rad.status == Status.UTKAST, hendelse)

    async def ta_imot(self, request: Request, bruker: Bruker, hendelse_id: UUID, inn: Innsending) -> Response:
        """Does what was pressed, or draws the form again with what was written and what is wrong."""
        sak = await self.sak(hendelse_id, bruker)
        skjema = sak.uten_laaste(inn.skjema)
        if inn.versjon != sak.versjon:
            if not er_lagret(skjema, sak.skjema):
                return await self._flettet(request, bruker, sak, skjema, inn.versjon)
            if inn.handling in {"send", "lagre"} and not sak.utkast:  # pressed twice
                return til_hendelsen(str(sak.id), "sendt" if inn.handling == "send" else "endret")
        bilde = await self.bilde(sak, skjema)
        if inn.handling == "naa":
            return await self.tegn(request, bruker, bilde.rolig())
        if bilde.visning is None or inn.handling == "vis":
            return await self.tegn(request, bruker, bilde)
        try:
            return await self._gjoer(request, bruker, sak, inn, bilde)
        except (Problem, JournalNede) as galt:
            if isinstance(galt, Problem) and galt.status == 412:  # somebody was faster by a moment
                return await self.ta_imot(request, bruker, hendelse_id, inn)
            return await self.tegn(request, bruker, med_feil(bilde, galt))

    async def _gjoer(self, request: Request, bruker: Bruker, sak: Endresak, inn: Innsending, bilde: Bilde) -> Response:
        if inn.handling == "utkast" and sak.utkast:
            await self._lagre(bruker, sak, bilde)
            return RedirectResponse("/utkast?ok=lagret", 303)
        if inn.handling == "lagre" and not bilde.endret:
            return await self.skjemaside.tegn(request, bruker, replace(bilde, varsel=TOMT))
        if stopp := ikke_sett(inn, bilde):
            return await self.tegn(request, bruker, stopp)
        await self._lagre(bruker, sak, bilde)
        if not sak.utkast:
            return til_hendelsen(str(sak.id), "endret")
        await self._endringer.send(sak.id, bruker)
        return til_hendelsen(str(sak.id), "sendt")

    async def _lagre(self, bruker: Bruker, sak: Endresak, bilde: Bilde) -> None:
        if felt := endrede_felt(bilde.skjema, sak.hendelse):
            await self._endringer.endre(sak.id, felt, bruker, sak.versjon)

    async def bilde(self, sak: Endresak, skjema: Skjema) -> Bilde:
        """The form with the preview of what the hendelse becomes, or with what is wrong in it."""
        bilde = Bilde(
            skjema,
            modus="utkast" if sak.utkast else "aapen",
            sti=f"/hendelser/{sak.id}/endre",
            versjon=sak.versjon,
            kodeord=sak.hendelse.kodeord,
            gjenopprettes=False,  # old words must not come back under a new version: they would undo others' changes
        )
        try:
            felt = endrede_felt(skjema, sak.hendelse, self.skjemaside.clock.now())
            etter = await self._endringer.endret(sak.hendelse, felt) if felt else sak.hendelse
            etter = self._endringer.sendt(etter) if sak.utkast else etter
            vist = await self.skjemaside.forhaandsvisning.av(etter)
            forskjell = None if sak.utkast else await self._forskjell(sak, vist)
        except Skjemafeil as galt:
            return med_feil(bilde, Skjemafeil({**await self.skjemaside.stedsfeil(skjema), **galt.feil}))
        except (Problem, JournalNede) as galt:
            return med_feil(bilde, galt)
        if forskjell:  # who is called already gets no new call-out
            vist = self.skjemaside.forhaandsvisning.til(vist, forskjell.nye_personer)
        visning = self.skjemaside.vis(vist, etter, skjema)
        return replace(bilde, visning=visning, forskjell=forskjell, endret=bool(felt))

    async def _forskjell(self, sak: Endresak, vist: Mapping[str, Any]) -> Forskjell:
        """Against those who are called for the hendelse as it is; `utkalling` knows who, where it is here."""
        naa = await self.skjemaside.forhaandsvisning.foreslaa(sak.hendelse)
        roller = {str(m.person_id): rolle_i_enhet(m.roller[0].rolle, m.roller[0].enhet) for m in naa.mottakere}
        if kalte := self._laan(KALTE):
            roller = {p: roller[p] for p in map(str, await kalte(sak.id)) if p in roller}
        return visning_endre.forskjell(vist, roller)

    async def _flettet(self, request: Request, bruker: Bruker, sak: Endresak, skjema: Skjema, versjon: int) -> Response:
        """Somebody else changed the hendelse meanwhile: both changes in one form, and where they meet is said."""
        foer = await self._doer.ved_versjon(sak.id, versjon) if versjon else None
        fletting = flett(skjema, Skjema.av_hendelse(foer) if foer else None, sak.skjema)
        bilde = await self.bilde(sak, fletting.skjema)
        varsel = Varsel("advarsel", "Ikke lagret: hendelsen er endret av noen andre mens du skrev")
        return await self.tegn(
            request,
            bruker,
            replace(
                bilde,
                varsel=varsel,
                hentet=visning_endre.felt(fletting.hentet, sak.skjema, skjema),
                begge=visning_endre.felt(fletting.begge, sak.skjema, skjema),
            ),
        )

    async def tegn(self, request: Request, bruker: Bruker, bilde: Bilde) -> Response:
        """The page, with the status that its errors give it."""
        return await self.skjemaside.tegn(request, bruker, bilde, status(bilde))
