"""What `sms` does when a person has decided about messages nobody knows about."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contracts.melding import MeldingAvgjort
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from services.sms import store
from services.sms.bokfoering import Bok
from services.sms.rules_avgjort import avgjoer


class Avgjort:
    """Choices about SMS, each under the lock of its row: a callback at the same moment is before it or after it."""

    def __init__(self, clock: Clock, vekk: Callable[[], None]) -> None:
        self._clock = clock
        self._vekk = vekk

    async def on_melding_avgjort(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingAvgjort]]) -> None:
        """Takes the step each choice allows; what is to be sent is for the ledger, which is woken."""
        valgt = [lev.event.data for lev in leveringer if lev.event.data.kanal == "sms"]
        if not valgt:
            return
        naa = self._clock.now()
        bok = Bok(await store.laas(t.tx, [d.melding_id for d in valgt]))
        for d in valgt:
            if rad := bok.rader.get(d.melding_id):
                bok.steg(avgjoer(rad, d.forsoek, d.valg, naa))
        await bok.lagre(t, naa)
        t.etter_commit(self._vekk)
