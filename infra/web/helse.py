"""Liveness, readiness by dependency, and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Proeve = Callable[[], Awaitable[None]]
FRIST_SEKUNDER = 1.5


async def proev(proever: Mapping[str, Proeve]) -> dict[str, str]:
    """Each dependency by name: «ok», or what is wrong with it."""

    async def en(proeve: Proeve) -> str:
        try:
            async with asyncio.timeout(FRIST_SEKUNDER):
                await proeve()
        except Exception as feil:  # noqa: BLE001 - whatever is wrong, readiness tells it and goes on
            return f"feil: {str(feil)[:120] or type(feil).__name__}"
        return "ok"

    svar = await asyncio.gather(*(en(p) for p in proever.values()))
    return dict(zip(proever, svar, strict=True))


def helseruter(proever: Mapping[str, Proeve]) -> APIRouter:
    """`/helse/live`, `/helse/klar` and `/metrics`, at the root."""
    ruter = APIRouter(tags=["helse"])

    @ruter.get("/helse/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @ruter.get("/helse/klar")
    async def klar() -> Response:
        deler = await proev(proever)
        ok = all(svar == "ok" for svar in deler.values())
        return JSONResponse({"status": "klar" if ok else "ikke klar", "deler": deler}, 200 if ok else 503)

    @ruter.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return ruter
