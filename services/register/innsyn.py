"""Who may see whom in the register, and the event that says somebody has seen it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from contracts.audit import InnsynData, InnsynGitt
from infra.journal.forteller import Forteller
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, krev

FORVALTERE = ("sekretariat", "system")
"""«Sekretariatet drifter nettverket» (S:147): the directory is theirs; a system acts for them."""

Forvalter = Annotated[Bruker, Depends(krev(*FORVALTERE))]


def synlige_enheter(bruker: Bruker) -> frozenset[str] | None:
    """The units whose people a caller may see: None = all. Raises a 403 when there is none."""
    if bruker.rolle in FORVALTERE:
        return None
    egne = {bruker.enhet} if bruker.enhet else set()
    if bruker.rolle == "salto_sentrum":
        egne.add("sentrum")
    if not egne:
        raise Problem(403, "Du har ikke tilgang til dette", "Tokenet ditt er ikke knyttet til en enhet.")
    return frozenset(egne)


async def fortell_innsyn(forteller: Forteller, bruker: Bruker, gjelder: str, antall: int) -> None:
    """Tells that names and numbers were read, before they are shown: once per page or export (architecture, Audit)."""
    if not antall:
        return
    data = InnsynData(av=bruker.aktoer, gjelder=gjelder, antall=antall)
    async with forteller.transaksjon() as t:
        t.fortell(InnsynGitt.ny(data, naa=forteller.clock.now()))
