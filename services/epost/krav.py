"""Claims: takes what is due from the queue, settles what needs no sending, and gives back what others left behind."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import structlog

from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.journal.forteller import Forteller
from services.epost import rules, store
from services.epost.bokfoering import Bok, Sending
from services.epost.rules import LEIE, UVISS, Oppdrag
from services.epost.utfall import fortell, noter

logg = structlog.get_logger("epost")


class Krav:
    """One worker's way into the queue. A claim alone is harmless: nothing has gone out before DATA is said."""

    def __init__(self, forteller: Forteller, bok: Bok, *, har_tjener: bool) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._bok = bok
        self._har_tjener = har_tjener

    async def arbeid(self) -> tuple[bool, bool]:
        """Whether anything is due, and whether a worker has gone silent."""
        async with self._forteller.db.les() as tx:
            return await store.arbeid(tx, self._clock.now())

    async def rydd(self) -> None:
        """Gives back what silent workers had only claimed. What they had begun to send is in doubt."""
        naa = self._clock.now()
        async with self._forteller.transaksjon() as t:
            tilbake = await store.forlatte_foer_data(t.tx, naa)
            i_tvil = await store.forlatte_i_data(t.tx, naa)
            if framhentet := await store.hent_fram(t.tx, naa, naa + LEIE):
                logg.warning("epost_hentet_fram", antall=framhentet)
            fortell(t, [(oppdrag, UVISS) for oppdrag in i_tvil], naa, domene=self._bok.domene)
        if tilbake or i_tvil:
            logg.warning("epost_leier_utloept", tilbake=tilbake, uviss=len(i_tvil))

    async def ta(self, antall: int) -> tuple[int, list[Oppdrag]]:
        """Claims at most so many and commits it. Returns how many that were, and those that are to be sent."""
        naa = self._clock.now()
        async with self._forteller.transaksjon() as t:
            tatt = await store.ta(t.tx, self._bok.arbeider, naa, naa + LEIE, antall)
            trukne = await store.trukne(t.tx, [o.id for o in tatt])
            funn = [(o, rules.foer_sending(o, naa, trukket=o.id in trukne, har_tjener=self._har_tjener)) for o in tatt]
            await noter(t, [(o, nei) for o, nei in funn if nei], naa, self._bok.domene)
        return len(tatt), [o for o, nei in funn if nei is None]

    async def fyll_ut(self, oppdrag: Sequence[Oppdrag]) -> list[Sending]:
        """Asks `register` whom they are for.

        Raises:
            JournalNede: `register` did not answer.
        """
        personer = tuple({o.person_id for o in oppdrag})
        svar = await self._forteller.journal.spoer(KONTAKT, Kontaktspoersmaal(personer=personer), Kontaktsvar)
        kontakter = {k.person_id: k for k in svar.kontakter}
        return [Sending(o, kontakter.get(o.person_id), _token(o)) for o in oppdrag]


def _token(oppdrag: Oppdrag) -> str | None:
    return secrets.token_urlsafe(32) if oppdrag.svarlenke and oppdrag.utkalling_id else None
