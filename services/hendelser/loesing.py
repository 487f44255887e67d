"""«Ferdig behandlet»: a person closes a task that nothing else closes, and the journal is told who."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.oppgave import LoestData, OppgaveLoest
from infra.journal.forteller import Forteller
from infra.web.problem import Problem
from infra.web.tilgang import Bruker
from services.hendelser import store
from services.hendelser.rules_oppgaver import kan_lukkes


async def loes(forteller: Forteller, oppgave_id: UUID, bruker: Bruker) -> Row[Any]:
    """Closes the task and tells it before the answer. One that is closed already stays as it is.

    An answer that may be about several hendelser is one thing to deal with: its tasks are closed together.

    Raises:
        Problem: 404 when there is none; 409 when it is answered, not closed.
        JournalNede: it is closed, but not confirmed; trying again is safe.
    """
    naa = forteller.clock.now()
    async with forteller.transaksjon(maa_fortelles=True) as t:
        rad = await store.finn_oppgave(t.tx, oppgave_id)
        if rad is None:
            raise Problem(404, "Finnes ikke", "Ingen oppgave har denne id-en.")
        if not kan_lukkes(rad.slag):
            raise Problem(409, "Oppgaven må besvares", "En vurdering lukkes ved at sekretariatet svarer på den.")
        for en in await store.om_samme_svar(t.tx, rad):
            tid = max(naa, en.opprettet)  # another machine's clock may be ahead of ours
            if await store.loes_en(t.tx, en.id, tid):
                data = LoestData(oppgave=en.id, slag=en.slag, av=bruker.aktoer)
                t.fortell(OppgaveLoest.ny(data, naa=tid, hendelse_id=en.hendelse_id))
    if not t.events:  # closed before, perhaps by a try that nobody confirmed: yes means that the journal has it
        await forteller.fortell_alt()
    return rad
