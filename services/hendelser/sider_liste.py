"""Every hendelse there is: a list to search and leaf through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contracts.hendelse import Status
from contracts.roller import BYDELER
from infra.room import Hus
from infra.web.skall import Sider
from infra.web.tilgang import Innlogget
from services.hendelser import store_utvalg
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.skjema_liste import PER_SIDE, Filter, les_filter
from services.hendelser.visning_rad import Hendelsesrad, med_svar

STATUSVALG = (
    (Status.AAPEN.value, "Åpne"),
    (Status.UTKAST.value, "Utkast"),
    (Status.AVSLUTTET.value, "Avsluttede"),
    (Status.AVLYST.value, "Avlyste"),
)
BYDELSVALG = tuple(sorted(BYDELER.items()))


@dataclass(frozen=True)
class Liste:
    """One page of the list."""

    rader: Sequence[Hendelsesrad]
    antall: int
    filter: Filter
    kan_melde: bool

    @property
    def sider(self) -> int:
        return max(1, ceil(self.antall / PER_SIDE))

    @property
    def side(self) -> int:
        """The page shown: never beyond the last."""
        return min(self.filter.side, self.sider)


def ruter(sider: Sider, hus: Hus) -> APIRouter:
    """`/hendelser`."""
    r = APIRouter(include_in_schema=False)

    @r.get("/hendelser")
    async def liste(request: Request, bruker: Innlogget) -> HTMLResponse:
        filter_ = les_filter(request.query_params)
        naa = hus.clock.now()
        async with hus.db.les() as tx:
            antall = 0 if filter_.feil else await store_utvalg.antall(tx, filter_.utvalg)
            tom = Liste((), antall, filter_, bruker.rolle in MELDERE)
            hopp = (tom.side - 1) * PER_SIDE
            rader = await store_utvalg.side(tx, filter_.utvalg, hopp=hopp, antall=PER_SIDE) if antall else ()
        full = replace(tom, rader=await med_svar(sider.skall, rader, naa))
        felt = {"liste": full, "statusvalg": STATUSVALG, "bydelsvalg": BYDELSVALG}
        return await sider.tegn(request, bruker, "liste.html", 422 if filter_.feil else 200, **felt)

    return r
