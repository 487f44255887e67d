"""What the register shows on others' pages: roles that nobody can be reached in, and that it is a backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from contracts.roller import EGNE_BYDELER, rolle_i_enhet
from infra.clock import OSLO
from infra.room import Hus
from infra.web.bruker import Bruker
from infra.web.norsk import dato
from infra.web.skall import brikkesvar
from infra.web.tilgang import Innlogget
from services.register import store
from services.register.bemanning import finn_mangler_i
from services.register.rules_mangler import Funn

MALER = Path(__file__).with_name("templates")
DAGER = 14
"""As far ahead as the overview looks."""
ALVOR = {
    "ubemannet": "Ingen kan nås",
    "bare_vara": "Bare vara kan nås",
    "uten_vara": "Ingen vara kan nås",
}


@dataclass(frozen=True)
class Mangellinje:
    """One role that is not manned as it ought to be."""

    rolle: str
    hva: str
    aarsak: str
    naar: str
    ubemannet: bool


def mangellinjer(funn: Sequence[Funn]) -> list[Mangellinje]:
    """Vacancies in words, in the order given."""
    return [
        Mangellinje(
            rolle=rolle_i_enhet(f.rolle, f.enhet),
            hva=ALVOR[f.alvor],
            aarsak=f.aarsak,
            naar=dato(f.fra) if f.fra == f.til else f"{dato(f.fra)} – {dato(f.til)}",
            ubemannet=f.alvor == "ubemannet",
        )
        for f in funn
    ]


def sideruter(hus: Hus) -> APIRouter:
    """Puts the panel on a bydel's page; its own address is `/bydeler/{nr}/bemanning`."""
    r = APIRouter(include_in_schema=False)
    sider = hus.skall.rom("register", MALER)

    async def panel(request: Request, bruker: Bruker, nr: str) -> Markup:
        if nr not in EGNE_BYDELER:
            return Markup("")
        i_dag = hus.clock.now().astimezone(OSLO).date()
        funn = await finn_mangler_i(hus, f"bydel:{nr}", i_dag, i_dag + timedelta(days=DAGER))
        return sider.brikke(request, bruker, "bydel_bemanning.html", nr=nr, linjer=mangellinjer(funn), dager=DAGER)

    @r.get("/bydeler/{nr}/bemanning")
    async def bemanning(nr: str, request: Request, bruker: Innlogget) -> Response:
        return brikkesvar(request, await panel(request, bruker, nr), ellers=f"/bydeler/{nr}#bemanning")

    async def eldre(request: Request, bruker: Bruker, _: str) -> Markup:
        async with hus.db.les() as tx:
            er_eldre = await store.er_eldre(tx)
        return sider.brikke(request, bruker, "eldre.html") if er_eldre else Markup("")

    hus.skall.panel("bydel", 20, panel)
    hus.skall.panel("oversikt", 20, eldre)
    return r
