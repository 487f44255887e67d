"""What the e-mail room does with orders and withdrawals: it keeps them; the ledger does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from contracts.event import AnyEvent
from contracts.melding import Bestilling, MeldingAvgjort, MeldingBestilt, MeldingTrukket
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.epost import store, store_avgjort
from services.epost.avgjort import on_melding_avgjort
from services.epost.rules import TRUKKET
from services.epost.tables import MeldingRow
from services.epost.utfall import fortell

_SOM_BESTILT = set(Bestilling.model_fields) & set(MeldingRow.model_fields)


async def on_melding_bestilt(
    t: Transaksjon, leveringer: Sequence[Levering[MeldingBestilt]], *, clock: Clock, vekk: Callable[[], None]
) -> None:
    """E-mails ordered become intent rows, due at once; once that is committed the journal need not remember."""
    naa = clock.now()
    rader: list[dict[str, Any]] = [
        {
            **bestilling.model_dump(include=_SOM_BESTILT),
            "hendelse_id": lev.event.hendelseid,
            "status": "klar",
            "forsoek": 0,
            "neste": naa,
        }
        for lev in leveringer
        for bestilling in lev.event.data.meldinger
        if bestilling.kanal == "epost"
    ]
    if rader:
        await store.legg_i_koe(t.tx, rader)
        t.etter_commit(vekk)


async def on_melding_trukket(t: Transaksjon, leveringer: Sequence[Levering[MeldingTrukket]], *, clock: Clock) -> None:
    """Withdraws what no worker has begun. What has begun goes its way: sent or withdrawn, never both."""
    naa = clock.now()
    for lev in leveringer:
        trukket = await store.trekk(t.tx, lev.event.data.meldinger)
        await store_avgjort.husk_trukket(t.tx, lev.event.data.meldinger)
        fortell(t, [(oppdrag, TRUKKET) for oppdrag in trukket], naa, aarsak=lev.event.id)


def handlers(clock: Clock, vekk: Callable[[], None]) -> Mapping[type[AnyEvent], Handler]:
    """What this room hears. `vekk` is called when something new is in the ledger."""
    return {
        MeldingBestilt: partial(on_melding_bestilt, clock=clock, vekk=vekk),
        MeldingTrukket: partial(on_melding_trukket, clock=clock),
        MeldingAvgjort: partial(on_melding_avgjort, clock=clock, vekk=vekk),
    }
