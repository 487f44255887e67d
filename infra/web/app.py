"""The one web app: rooms' doors under `/api/v1`, their pages, bounded bodies, and errors that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, FastAPI

from infra.web import apidok, innlogging, problem, vern
from infra.web.grense import Innholdsgrense
from infra.web.helse import Proeve, helseruter
from infra.web.skall import Skall
from infra.web.statisk import MAPPE, STI, Statiskefiler
from infra.web.tilgang import Tilgang

INNHOLD_MAKS = 2 * 1024 * 1024
"""The largest body of any door (a register file); each door may be stricter."""


def bygg_app(
    ruter: Iterable[APIRouter], tilgang: Tilgang, proever: Mapping[str, Proeve], skall: Skall | None = None
) -> FastAPI:
    """The app with every given door, ready to be served; with a shell, its pages too."""
    app = FastAPI(
        title="SaLTo",
        summary="Mobiliserer de rette i Oslo, og beviser hva som skjedde.",
        version="1",
        openapi_url=apidok.JSON,
        docs_url=None,
        redoc_url=None,
    )
    app.state.tilgang = tilgang
    app.state.skall = skall
    problem.koble_paa(app)
    if skall:
        vern.koble_paa(app, skall.settings)
        app.mount(STI, Statiskefiler(directory=MAPPE), name="static")
        app.include_router(innlogging.ruter(skall, tilgang.oekter))
        app.include_router(apidok.ruter(skall, tilgang.oekter, app))
    app.add_middleware(Innholdsgrense, max_body_size=INNHOLD_MAKS)
    app.include_router(helseruter(proever))
    for rute in ruter:
        app.include_router(rute)
    return app
