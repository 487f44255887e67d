"""Whom a number belongs to and which number a person has: asked of `register` in batches, never stored."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.journal.journal import Journal


class Kontakter:
    """Asks `register`; raises JournalNede when it does not answer.

    Args:
        hemmelighet: keys the digests that numbers are remembered by.
    """

    def __init__(self, journal: Journal, hemmelighet: str) -> None:
        self._journal = journal
        self._noekkel = hemmelighet.encode()

    async def for_personer(self, personer: Iterable[UUID]) -> dict[UUID, Kontakt]:
        """How these are reached; those nobody knows are not there."""
        spoersmaal = Kontaktspoersmaal(personer=tuple(dict.fromkeys(personer)))
        if not spoersmaal.personer:
            return {}
        svar = await self._journal.spoer(KONTAKT, spoersmaal, Kontaktsvar)
        return {kontakt.person_id: kontakt for kontakt in svar.kontakter}

    async def for_numre(self, numre: Iterable[str]) -> dict[str, Kontakt]:
        """Whose these numbers are; one mobile belongs to one person."""
        spoersmaal = Kontaktspoersmaal(numre=tuple(dict.fromkeys(nummer for nummer in numre if nummer)))
        if not spoersmaal.numre:
            return {}
        svar = await self._journal.spoer(KONTAKT, spoersmaal, Kontaktsvar)
        return {kontakt.mobil: kontakt for kontakt in svar.kontakter if kontakt.mobil}

    def avtrykk(self, nummer: str) -> str:
        """The keyed digest of a number: it can be recognised, not read."""
        return hmac.new(self._noekkel, nummer.encode(), hashlib.sha256).hexdigest()
