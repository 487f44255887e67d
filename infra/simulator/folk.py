"""Who the simulator's phones belong to: asked of the register, and of the room that knows who was called."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.room import Hus
from infra.simulator.visning import Folk
from infra.web.utlaan import KALTE, ROLLER


class Folkeregister:
    """Looks owners up. Names of people flagged demo are made up; those of others are never shown here."""

    def __init__(self, hus: Hus) -> None:
        self._hus = hus

    async def med(self, numre: Sequence[str], personer: Sequence[UUID] = ()) -> Folk:
        """The owners of these numbers and addresses, and these persons. Raises JournalNede."""
        if not numre and not personer:
            return Folk([], {})
        spoersmaal = Kontaktspoersmaal(numre=tuple(numre), personer=tuple(personer), navn=True)
        kontakter = (await self._hus.journal.spoer(KONTAKT, spoersmaal, Kontaktsvar)).kontakter
        rekke = {person: nr for nr, person in enumerate(personer)}
        kontakter = tuple(sorted(kontakter, key=lambda k: rekke.get(k.person_id, len(rekke))))
        roller = self._hus.skall.laan(ROLLER)
        return Folk(kontakter, await roller([k.person_id for k in kontakter if k.demo]) if roller else {})

    async def kalte(self, hendelse: UUID) -> Sequence[UUID] | None:
        """The persons called for a hendelse; None when nobody here knows."""
        kalte = self._hus.skall.laan(KALTE)
        return await kalte(hendelse) if kalte else None
