"""What `sms` hears: orders become intents in the ledger, withdrawals take back what still waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.event import AnyEvent
from contracts.melding import Bestilling, MeldingBestilt, MeldingTrukket
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.sms import store
from services.sms.bokfoering import Bok
from services.sms.rules import trekk
from services.sms.rules_koe import foerste_status, nummerer


class Ordre:
    """Orders and withdrawals. The event is done when the intent is committed; from there the ledger is the queue."""

    def __init__(self, clock: Clock, vekk: Callable[[], None], *, har_leverandoer: bool) -> None:
        self._clock = clock
        self._vekk = vekk
        self._har_leverandoer = har_leverandoer

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {MeldingBestilt: self.on_melding_bestilt, MeldingTrukket: self.on_melding_trukket}

    async def on_melding_bestilt(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingBestilt]]) -> None:
        """Intents, once each. An order withdrawn before it came is told so at once."""
        naa = self._clock.now()
        mine = [(b, lev) for lev in leveringer for b in lev.event.data.meldinger if b.kanal == "sms"]
        if not mine:
            return
        nummer = nummerer(*await store.koeplasser(t.tx))
        rader = [self._rad(b, lev, naa, nummer.neste(lev.event.hendelseid, b.prioritet)) for b, lev in mine]
        await store.legg_til(t.tx, rader)
        await self._trekk(t, await store.trukket_foer(t.tx, [b.id for b, _ in mine]))
        t.etter_commit(self._vekk)

    async def on_melding_trukket(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingTrukket]]) -> None:
        """Sent or withdrawn, never both: one transaction with the ledger. What is on its way is left alone."""
        ider = {i for lev in leveringer for i in lev.event.data.meldinger}
        kjente = await self._trekk(t, ider)
        await store.noter_trukket(t.tx, sorted(ider - kjente), self._clock.now())

    async def _trekk(self, t: Transaksjon, ider: set[Any]) -> set[Any]:
        bok = Bok(await store.laas(t.tx, ider))
        for rad in list(bok.rader.values()):
            bok.steg(trekk(rad))
        await bok.lagre(t, self._clock.now())
        return set(bok.rader)

    def _rad(self, b: Bestilling, lev: Levering[MeldingBestilt], naa: datetime, nr: int) -> dict[str, Any]:
        bestilt = min(lev.event.time, naa)
        return store.NY | {
            "id": b.id,
            "utkalling_id": b.utkalling_id,
            "hendelse_id": lev.event.hendelseid,
            "person_id": b.person_id,
            "aarsak": lev.event.id,
            "formaal": b.formaal,
            "tekst": b.tekst,
            "ref": b.ref,
            "segmenter": b.segmenter,
            "prioritet": b.prioritet,
            "nr_i_hendelse": nr,
            "bestilt": bestilt,
            "send_foer": b.send_foer,
            "oevelse": b.oevelse,
            "status": foerste_status(bestilt, naa) if self._har_leverandoer else "klar",
            "neste": naa,
        }
