"""The one web app: rooms' doors under `/api/v1`, bounded bodies, problems in bokmål."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, FastAPI

from infra.web import problem
from infra.web.grense import Innholdsgrense
from infra.web.helse import Proeve, helseruter
from infra.web.tilgang import Tilgang

INNHOLD_MAKS = 2 * 1024 * 1024
"""The largest body of any door (a register file); each door may be stricter."""


def bygg_app(ruter: Iterable[APIRouter], tilgang: Tilgang, proever: Mapping[str, Proeve]) -> FastAPI:
    """The app with every given door, ready to be served."""
    app = FastAPI(
        title="SaLTo",
        summary="Mobiliserer de rette i Oslo, og beviser hva som skjedde.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
    )
    app.state.tilgang = tilgang
    app.add_middleware(Innholdsgrense, max_body_size=INNHOLD_MAKS)
    problem.koble_paa(app)
    app.include_router(helseruter(proever))
    for rute in ruter:
        app.include_router(rute)
    return app
