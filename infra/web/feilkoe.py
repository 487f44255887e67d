"""HTTP doors of the dead-letter queue: for the sekretariat and the system."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends

from contracts.audit import FeilkoeData, FeilkoeKjoert
from contracts.event import NAVNEROM
from infra.clock import Clock
from infra.journal.feilkoe import Feilbrev, Feilkoe
from infra.journal.journal import Journal
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, krev

Rydder = Annotated[Bruker, Depends(krev("sekretariat", "system"))]


def ruter(journal: Journal, clock: Clock) -> APIRouter:
    """`/feilkoe`, as `salto feilkoe` uses it."""
    r = APIRouter(prefix="/api/v1/feilkoe", tags=["feilkø"])
    koe = Feilkoe(journal)

    @r.get("")
    async def liste(bruker: Rydder) -> dict[str, Any]:
        return {"feilkoe": [brev.kort() for brev in await koe.liste()]}

    @r.get("/{feil_id}")
    async def vis(feil_id: int, bruker: Rydder) -> dict[str, Any]:
        return (await _finn(koe, feil_id)).helt()

    @r.post("/{feil_id}/kjoer")
    async def kjoer(feil_id: int, bruker: Rydder) -> dict[str, Any]:
        """Gir den til rommet som feilet, på nytt. At den ble kjørt, står i loggen uansett."""
        brev = await _finn(koe, feil_id)
        svar = await koe.kjoer(brev)
        data = FeilkoeData(feilkoe_id=feil_id, rom_navn=brev.rom, utfall="behandlet" if svar.ok else "feilet")
        event_id: UUID | None = uuid5(NAVNEROM, f"feilkoe/{feil_id}") if svar.ok else None
        await journal.publiser([FeilkoeKjoert.ny(data, naa=clock.now(), event_id=event_id)])
        return {"id": feil_id, "rom": brev.rom, "utfall": data.utfall, "feil": svar.feil}

    return r


async def _finn(koe: Feilkoe, feil_id: int) -> Feilbrev:
    brev = await koe.finn(feil_id) if feil_id > 0 else None
    if brev is None:
        raise Problem(404, "Finnes ikke", "Ingen melding i feilkøen har dette nummeret.")
    return brev
