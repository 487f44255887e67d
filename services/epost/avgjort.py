"""What `epost` does when a person has decided about e-mails nobody knows about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contracts.melding import MeldingAvgjort
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from services.epost import store_avgjort
from services.epost.rules_avgjort import avgjoer
from services.epost.utfall import fortell


async def on_melding_avgjort(
    t: Transaksjon, leveringer: Sequence[Levering[MeldingAvgjort]], *, clock: Clock, vekk: Callable[[], None]
) -> None:
    """Follows each choice under the lock of its row; what is to be sent is for the ledger, which is woken."""
    mine = [lev for lev in leveringer if lev.event.data.kanal == "epost"]
    if not mine:
        return
    naa = clock.now()
    uvisse = await store_avgjort.laas_uvisse(t.tx, [lev.event.data.melding_id for lev in mine])
    for lev in mine:
        d = lev.event.data
        ny = avgjoer(uvisse.get(d.melding_id), d.forsoek, d.valg, naa)
        if ny is None:
            continue
        oppdrag, feil = uvisse.pop(d.melding_id), ny.resultat.feil if ny.resultat else None
        await store_avgjort.avgjort(t.tx, oppdrag.id, ny.status, feil.kode if feil else None, naa)
        if ny.resultat:
            fortell(t, [(oppdrag, ny.resultat)], naa, aarsak=lev.event.id)
    t.etter_commit(vekk)
