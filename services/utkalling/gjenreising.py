"""What `utkalling` told and does not hear: taken in again when its tables are a backup."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contracts.melding import MeldingAvgjort
from contracts.utkalling import Kvittering, UtkallingKvittert
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.gjenspill import Gjenreising
from infra.journal.levering import Levering
from services.utkalling import rules, rules_uviss, store, store_uviss
from services.utkalling.ordre import bestill_oppgavebrev


class Gjenreiser:
    """Answers that people took, and choices they made: born at the doors of this room."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def gjenreising(self) -> Gjenreising:
        """What this room does besides hearing the rest again."""
        return Gjenreising(egne={UtkallingKvittert: self.on_kvittert, MeldingAvgjort: self.on_avgjort})

    async def on_kvittert(self, t: Transaksjon, leveringer: Sequence[Levering[UtkallingKvittert]]) -> None:
        """An answer taken by phone or in the portal was born here; every other is heard."""
        for lev in leveringer:
            for k in lev.event.data.kvitteringer:
                if k.kanal == "portal" and k.svar_id and await store.kvittering(t.tx, k.svar_id) is None:
                    await self._kvitter(t, k, k.svar_id)

    async def _kvitter(self, t: Transaksjon, k: Kvittering, svar_id: UUID) -> None:
        rad = await store.laas_for_utkalling(t.tx, k.utkalling_id)
        if rad is None:
            return
        sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=svar_id)
        rules.kvitter(sak, sak.utkallinger[k.utkalling_id], k)
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(t.tx, sak)  # all that it led to was told with it

    async def on_avgjort(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingAvgjort]]) -> None:
        """What a person decided about a message that nobody knew about."""
        for lev in leveringer:
            data = lev.event.data
            valg = data.model_dump(mode="json", include={"forsoek", "valg", "av", "grunn"})
            avgjort = {**valg, "tid": lev.event.time.isoformat()}
            await store_uviss.noter(t.tx, data.melding_id, rules_uviss.status_etter(data.valg), avgjort)
