"""How the gateway hands an answer over: whole, without its sid, cut off, or drop by drop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

from starlette.responses import Response, StreamingResponse

from infra.simulator.oppfoersel import Oppfoersel

JSON = "application/json"
_DRAAPER = 20


def svar(innhold: Mapping[str, object], status: int = 200) -> Response:
    """A whole answer, at once."""
    return Response(json.dumps(innhold), status, media_type=JSON)


def aksept(melding: Mapping[str, object], regel: Oppfoersel) -> Response:
    """The 201 of an accepted message, as the number's rule has it."""
    if regel.svar_mangler == "sid":
        melding = {felt: verdi for felt, verdi in melding.items() if felt != "sid"}
    kropp = json.dumps(melding).encode()
    if regel.svar_mangler == "slutt":
        kropp = kropp[: len(kropp) // 2]
    if not regel.drypp_ms:
        return Response(kropp, 201, media_type=JSON)
    return StreamingResponse(
        _drypp(kropp, regel.drypp_ms / 1000), 201, {"Content-Length": str(len(kropp))}, media_type=JSON
    )


async def _drypp(kropp: bytes, sekunder: float) -> AsyncIterator[bytes]:
    draape = max(1, -(-len(kropp) // _DRAAPER))
    for fra in range(0, len(kropp), draape):
        await asyncio.sleep(sekunder * draape / len(kropp))
        yield kropp[fra : fra + draape]
