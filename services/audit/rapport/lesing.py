"""Which rows a report is made from: the hendelse's own, and those of no hendelse that its people caused meanwhile."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from contracts.event import AnyEvent
from contracts.kanal import KanalStoppet
from contracts.melding import (
    MeldingAvgjort,
    MeldingBestilt,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingTrukket,
    MeldingUviss,
)
from contracts.svar import SvarUklart
from infra.db import Tx
from services.audit import store
from services.audit.rules import Rad

FELLES: tuple[type[AnyEvent], ...] = (
    MeldingBestilt,
    MeldingSendt,
    MeldingLevert,
    MeldingFeilet,
    MeldingUviss,
    MeldingTrukket,
    MeldingAvgjort,
    SvarUklart,
    KanalStoppet,
)
"""May be told for several hendelser at once, or before it is known which."""
ETTERPAA = 50_000
"""So many messages after the hendelse's last own one are looked through for late outcomes."""


async def hent_rader(tx: Tx, hendelse_id: UUID) -> list[Rad]:
    """The rows of the report, in order; none when the archive does not know the hendelse."""
    egne = await store.av_hendelse(tx, hendelse_id)
    if not egne:
        return []
    til = replace(egne[-1], sekvens=egne[-1].sekvens + ETTERPAA)
    felles = await store.uten_hendelse(tx, egne[0], til, [klasse.typenavn() for klasse in FELLES])
    return sorted([*egne, *felles], key=lambda r: (r.epoke, r.sekvens))
