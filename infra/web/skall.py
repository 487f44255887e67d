"""The shell of the pages: one layout, one menu, and what rooms lend each other's pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import BaseLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from contracts.roller import enhetsnavn, rolle_i_enhet
from infra.settings import Settings
from infra.web import norsk
from infra.web.bruker import Bruker
from infra.web.statisk import Statisk

MALER = Path(__file__).with_name("templates")
INGEN_LAGRING = {"Cache-Control": "no-store"}
RAMME: dict[str, Any] = {"melding": "", "strom": "", "oevelse": False, "meny": []}
"""What the layout needs and a page may leave out."""
T = TypeVar("T")
Panel = Callable[[Request, Bruker, str], Awaitable[Markup]]
"""A part of another room's page, for who looks at it, about what its id says."""


@dataclass(frozen=True)
class Laan(Generic[T]):
    """The name and the type of something that one room lends and others' pages use."""

    navn: str


@dataclass(frozen=True)
class Menypunkt:
    """A line of the menu. `antall` says how much waits there, for who looks."""

    sti: str
    tekst: str
    nr: int
    roller: frozenset[str] | None = None
    antall: Callable[[Bruker], Awaitable[int]] | None = None


class Skall:
    """Rooms hand in their templates, menu lines, panels and loans while the program is built; then pages are drawn."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.statisk = Statisk()
        self._maler: dict[str, BaseLoader] = {"skall": FileSystemLoader(MALER)}
        self._miljoe = Environment(
            loader=PrefixLoader(self._maler),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._miljoe.globals.update(
            statisk=self.statisk.adresse, simulator=settings.simulator, demo=settings.demo, rolle_i_enhet=rolle_i_enhet
        )
        self._miljoe.filters.update(
            tidspunkt=norsk.tidspunkt, dato=norsk.dato, klokka=norsk.klokka, tall=norsk.tall, enhet=enhetsnavn
        )
        self._miljoe.globals["merke"] = lru_cache(maxsize=256)(self._merke)
        self._meny: list[Menypunkt] = []
        self._paneler: dict[str, list[tuple[int, Panel]]] = {}
        self._laan: dict[str, Any] = {}

    def rom(self, navn: str, mappe: Path) -> Sider:
        """The pages of a room, with its templates: they are named `navn/….html` everywhere."""
        self._maler[navn] = FileSystemLoader(mappe)
        return Sider(self, navn)

    def meny(self, *punkter: Menypunkt) -> None:
        """Adds lines to the menu, which is ordered by their `nr`."""
        self._meny = sorted([*self._meny, *punkter], key=lambda p: p.nr)

    def panel(self, sted: str, nr: int, panel: Panel) -> None:
        """Puts a panel on the page called `sted`; panels stand in the order of their numbers."""
        self._paneler[sted] = sorted([*self._paneler.get(sted, []), (nr, panel)], key=lambda p: p[0])

    async def paneler(self, sted: str, request: Request, bruker: Bruker, gjelder: str) -> list[Markup]:
        """What other rooms show on this page."""
        return await asyncio.gather(*(panel(request, bruker, gjelder) for _, panel in self._paneler.get(sted, [])))

    def laan_ut(self, laan: Laan[T], ting: T) -> None:
        """Lends something to the other rooms' pages."""
        self._laan[laan.navn] = ting

    def laan(self, laan: Laan[T]) -> T | None:
        """What a room has lent under this name; None when that room is not in this process."""
        return self._laan.get(laan.navn)

    async def tegn(
        self, request: Request, bruker: Bruker | None, mal: str, status: int = 200, **felt: Any
    ) -> HTMLResponse:
        """A whole page."""
        ramme = {"meny": await self._menyen(request.url.path, bruker), **felt}
        return HTMLResponse(self.brikke(request, bruker, mal, **ramme), status, headers=INGEN_LAGRING)

    async def menyen(self, request: Request, bruker: Bruker) -> Markup:
        """The menu alone, as the live page that htmx asks from shows it."""
        meny = await self._menyen(_aapen_sti(request), bruker)
        return self.brikke(request, bruker, "skall/meny.html", meny=meny, strom=request.url.path)

    def brikke(self, request: Request, bruker: Bruker | None, mal: str, **felt: Any) -> Markup:
        """A part of a page, without its frame."""
        ramme = {"request": request, "bruker": bruker, "csrf": csrf(request), **RAMME}
        return Markup(self._miljoe.get_template(mal).render({**ramme, **felt}))  # noqa: S704 - escaped by the template

    def _merke(self, status: str, tekst: str = "") -> Markup:
        """The tag of a status, drawn once: a board has hundreds of them."""
        deler: Any = self._miljoe.get_template("skall/komponenter.html").module
        merke: Markup = deler.statusmerke(status, tekst)
        return merke

    async def _menyen(self, sti: str, bruker: Bruker | None) -> list[dict[str, Any]]:
        synlige = [p for p in self._meny if bruker and (p.roller is None or bruker.rolle in p.roller)]
        return [
            {
                "sti": p.sti,
                "tekst": p.tekst,
                "aktiv": sti == p.sti,
                "antall": await p.antall(bruker) if p.antall and bruker else 0,
            }
            for p in synlige
        ]


class Sider:
    """One room's way to draw: its templates by their own names."""

    def __init__(self, skall: Skall, rom: str) -> None:
        self.skall = skall
        self._rom = rom

    async def tegn(
        self, request: Request, bruker: Bruker | None, mal: str, status: int = 200, **felt: Any
    ) -> HTMLResponse:
        """A whole page from one of the room's templates."""
        return await self.skall.tegn(request, bruker, f"{self._rom}/{mal}", status, **felt)

    def brikke(self, request: Request, bruker: Bruker | None, mal: str, **felt: Any) -> Markup:
        """A part of a page from one of the room's templates."""
        return self.skall.brikke(request, bruker, f"{self._rom}/{mal}", **felt)


def csrf(request: Request) -> str:
    """The token a form on this page must carry."""
    gi: Callable[[], str] | None = request.scope.get("csrftoken")
    return gi() if gi else ""


def vil_ha_brikke(request: Request) -> bool:
    """Whether htmx asks for a part of a page; a browser without it gets the whole."""
    return request.headers.get("HX-Request") == "true"


def _aapen_sti(request: Request) -> str:
    """The path of the page that htmx stands on; empty when it does not say."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""


def brikkesvar(request: Request, brikke: Markup, ellers: str) -> Response:
    """A panel by its own address: the part for htmx, and for everybody else the way to the page it stands on."""
    if vil_ha_brikke(request):
        return HTMLResponse(brikke, headers=INGEN_LAGRING)
    return RedirectResponse(ellers, 303)
