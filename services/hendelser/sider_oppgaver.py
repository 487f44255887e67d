"""What waits for a person, on one page: urgent first, then by what there is to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row

from contracts.audit import InnsynData, InnsynGitt
from infra.journal.feil import JournalNede
from infra.web.skall import Sider, Skall, brikkesvar
from infra.web.tilgang import Bruker, Innlogget, krev
from infra.web.utlaan import ROLLER, SVARTEKSTER
from services.hendelser import store
from services.hendelser import visning_oppgaver as visning
from services.hendelser.doer import Doer
from services.hendelser.loesing import loes
from services.hendelser.rules_oppgaver import SER_SVAR

logg = structlog.get_logger("hendelser")
ANTALL_MAKS = 1000
Loeser = Annotated[Bruker, Depends(krev(*sorted(SER_SVAR)))]


class Oppgaveside:
    """Loads the tasks somebody sees, and draws them."""

    def __init__(self, sider: Sider, doer: Doer) -> None:
        self._sider = sider
        self._doer = doer
        self._forteller = doer.forteller

    async def side(self, request: Request, bruker: Bruker, ok: str) -> HTMLResponse:
        """The whole page, with the words of unclear answers for those who may read them."""
        linjer = await self._linjer(bruker)
        return await self._sider.tegn(
            request,
            bruker,
            "oppgaver.html",
            grupper=visning.grupper(linjer),
            svartekster=await self._svartekster(linjer, bruker),
            ser_svar=bruker.rolle in SER_SVAR,
            melding="Oppgaven er ferdig behandlet." if ok == "loest" else "",
            strom="/api/v1/strom",
        )

    async def liste(self, request: Request, bruker: Bruker) -> Response:
        """The list as it is now. Words are not read anew: that is told each time, and would never end."""
        felt: dict[str, Any] = {
            "grupper": visning.grupper(await self._linjer(bruker)),
            "svartekster": {},
            "ser_svar": bruker.rolle in SER_SVAR,
        }
        brikke = self._sider.brikke(request, bruker, "oppgaver_liste.html", **felt)
        return brikkesvar(request, brikke, ellers="/oppgaver")

    async def antall(self, bruker: Bruker) -> int:
        """How many wait, for whoever may do something about them."""
        if bruker.rolle == "gransker":
            return 0
        async with self._doer.db.les() as tx:
            if bruker.rolle in SER_SVAR:
                return await store.antall_oppgaver(tx)
            rader = await store.aapne_oppgaver(tx, ANTALL_MAKS)
        return len({rad.svar_id or rad.id for rad in visning.synlige(rader, bruker.aktoer)})

    async def _linjer(self, bruker: Bruker) -> tuple[visning.Oppgavelinje, ...]:
        async with self._doer.db.les() as tx:
            rader = await store.aapne_oppgaver(tx, ANTALL_MAKS)
        return await les_linjer(self._sider.skall, rader, bruker, self._forteller.clock.now())

    async def _svartekster(self, linjer: Sequence[visning.Oppgavelinje], bruker: Bruker) -> Mapping[UUID, str]:
        """That words were shown is an event, one per page; when it cannot be told they are not shown."""
        les, ider = self._sider.skall.laan(SVARTEKSTER), [en.svar_id for en in linjer if en.svar_id]
        if les is None or not ider or bruker.rolle not in SER_SVAR:
            return {}
        tekster = await les(ider)
        if tekster:
            data = InnsynData(av=bruker.aktoer, gjelder="svartekster", antall=len(tekster))
            try:
                await self._forteller.journal.publiser([InnsynGitt.ny(data, naa=self._forteller.clock.now())])
            except JournalNede as feil:
                logg.warning("svartekster_vises_ikke", antall=len(tekster), feil=str(feil))
                return {}
        return tekster


async def les_linjer(
    skall: Skall, rader: Sequence[Row[Any]], bruker: Bruker, naa: datetime
) -> tuple[visning.Oppgavelinje, ...]:
    """Those of the tasks that somebody sees, in words, with the roles they are about."""
    synlige = visning.synlige(rader, bruker.aktoer)
    finn, ider = skall.laan(ROLLER), visning.gjelder(synlige)
    roller = await finn(ider) if finn and ider else {}
    return visning.linjer(synlige, bruker, roller, naa)


def ruter(side: Oppgaveside, doer: Doer) -> APIRouter:
    """`/oppgaver`, its live part, and «ferdig behandlet»."""
    r = APIRouter(prefix="/oppgaver", include_in_schema=False)

    @r.get("")
    async def oppgaver(request: Request, bruker: Innlogget, ok: str = "") -> HTMLResponse:
        return await side.side(request, bruker, ok)

    @r.get("/liste")
    async def liste(request: Request, bruker: Innlogget) -> Response:
        return await side.liste(request, bruker)

    @r.post("/{oppgave_id:uuid}/loes")
    async def ferdig(
        oppgave_id: UUID, bruker: Loeser, tilbake: Annotated[str, Form(max_length=20)] = ""
    ) -> RedirectResponse:
        rad = await loes(doer.forteller, oppgave_id, bruker)
        til = f"/hendelser/{rad.hendelse_id}" if tilbake == "hendelse" and rad.hendelse_id else "/oppgaver"
        return RedirectResponse(f"{til}?ok=loest", 303)

    return r
