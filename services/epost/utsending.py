"""One batch on its way out: who may get it, what it says, and several connections side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.clock import Clock
from infra.journal.journal import Journal
from services.epost.brev import Brev, Brevskriver, UbrukeligAdresse
from services.epost.rules import KAN_IKKE_SKRIVES, TILBAKE, UGYLDIG_ADRESSE, Oppdrag, Resultat, mottaker
from services.epost.smtp import Forbindelse, TjenerNede
from services.epost.tjener import Tjener

logg = structlog.get_logger("epost")
FORBINDELSER = 8


@dataclass(frozen=True)
class Sending:
    """A claimed order and the answer link's token, which lives in memory until it is in the mail."""

    oppdrag: Oppdrag
    token: str | None


class Utsending:
    """Sends batches over a handful of connections that stay open while there is more to send."""

    def __init__(
        self, tjener: Tjener, skriver: Brevskriver, journal: Journal, clock: Clock, *, simulator: bool
    ) -> None:
        self._skriver = skriver
        self._journal = journal
        self._clock = clock
        self._simulator = simulator
        self._forbindelser = [Forbindelse(tjener, skriver.domene) for _ in range(FORBINDELSER)]
        self._avbrutt = False

    async def send(self, sendinger: Sequence[Sending]) -> dict[UUID, Resultat]:
        """What became of each of them. Those that were never begun are `TILBAKE`; all of them = no way to send now.

        Raises:
            JournalNede: `register` did not answer; nothing was begun.
        """
        personer = tuple({s.oppdrag.person_id for s in sendinger})
        svar = await self._journal.spoer(KONTAKT, Kontaktspoersmaal(personer=personer), Kontaktsvar)
        kontakter = {k.person_id: k for k in svar.kontakter}
        ut: dict[UUID, Resultat] = {}
        koe = deque(sendinger)
        await asyncio.gather(*(self._arbeid(f, koe, kontakter, ut) for f in self._forbindelser[: len(koe)]))
        return {s.oppdrag.id: ut.get(s.oppdrag.id, TILBAKE) for s in sendinger}

    def avbryt(self) -> None:
        """Begins nothing more; what is under way is finished."""
        self._avbrutt = True

    async def hvil(self) -> None:
        """Closes the connections: there is nothing more to send now."""
        await asyncio.gather(*(f.lukk() for f in self._forbindelser))

    def _skriv(self, sending: Sending, kontakter: Mapping[UUID, Kontakt]) -> Brev | Resultat:
        oppdrag = sending.oppdrag
        adresse = mottaker(kontakter.get(oppdrag.person_id), simulator=self._simulator)
        if isinstance(adresse, Resultat):
            return adresse
        try:
            return self._skriver.skriv(oppdrag, adresse, sending.token, self._clock.now())
        except UbrukeligAdresse:
            return UGYLDIG_ADRESSE
        except Exception as feil:  # noqa: BLE001 - one message that cannot be written must not stop the others
            logg.error("epost_kan_ikke_skrives", melding_id=str(oppdrag.id), feil=type(feil).__name__)
            return KAN_IKKE_SKRIVES

    async def _arbeid(
        self,
        forbindelse: Forbindelse,
        koe: deque[Sending],
        kontakter: Mapping[UUID, Kontakt],
        ut: dict[UUID, Resultat],
    ) -> None:
        """One connection's worker. Each mail is written just before it goes, so that nobody else waits for a batch."""
        while koe and not self._avbrutt:
            sending = koe.popleft()
            brev = self._skriv(sending, kontakter)
            try:
                resultat = await forbindelse.send(brev) if isinstance(brev, Brev) else brev
            except TjenerNede:
                koe.appendleft(sending)  # the others may have a way in; what nobody takes goes back
                return
            ut[sending.oppdrag.id] = resultat
