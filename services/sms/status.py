"""The provider's words about messages we have sent: early, late, twice and out of order, kept and folded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infra.journal.forteller import Forteller
from infra.samler import Samler
from services.sms import store, store_ord
from services.sms.bokfoering import Bok
from services.sms.rules import Rad, etter_ord


@dataclass(frozen=True, slots=True)
class Ord:
    """One word: from the webhook, with the message and attempt its address carries, or fetched."""

    sid: str
    status: str
    feilkode: int | None
    mottatt: datetime
    melding_id: UUID | None = None
    forsoek: int | None = None

    @property
    def lovlig(self) -> bool:
        """Whether it fits the table; Twilio's own always do."""
        sid_ok = self.sid.isalnum() and self.sid.isascii() and len(self.sid) <= 64
        return sid_ok and self.status.isprintable() and 0 < len(self.status) <= 32


class Statusmottak:
    """Takes words in, in groups: kept, and applied in the same transaction to the message they are about."""

    def __init__(self, forteller: Forteller) -> None:
        self._forteller = forteller
        self._samler = Samler(self._lagre)

    async def ta_imot(self, ord_: Ord) -> None:
        """Returns when it is durable; raises what the database raised."""
        await self._samler.legg(ord_)

    async def _lagre(self, alle: Sequence[Ord]) -> None:
        naa = self._forteller.clock.now()
        async with self._forteller.transaksjon() as t:
            # In one order for everybody: two replicas that keep the same words must not wait for each other.
            await store_ord.legg_status(t.tx, [_rad(o) for o in sorted(alle, key=lambda o: (o.sid, o.status))])
            eiere = await store_ord.eiere(t.tx, {o.sid for o in alle})
            nevnt = {o.melding_id for o in alle if o.melding_id}
            bok = Bok(await store.laas(t.tx, nevnt | set(eiere.values())))
            for o in alle:
                if rad := _gjelder(o, bok, eiere):
                    bok.se_etter_dobbel(bok.steg(etter_ord(rad, o.sid, o.status, o.feilkode, naa)), o.sid)
            await bok.lagre(t, naa)


def _gjelder(o: Ord, bok: Bok, eiere: Mapping[str, UUID]) -> Rad | None:
    """The message a word is about: the one its address names when we have it, else the one whose sid it is."""
    if o.melding_id and (rad := bok.rader.get(o.melding_id)):
        return rad
    eier = eiere.get(o.sid)
    return bok.rader[eier] if eier else None


def _rad(o: Ord) -> dict[str, object]:
    return {
        "sid": o.sid,
        "status": o.status,
        "feilkode": o.feilkode,
        "melding_id": o.melding_id,
        "forsoek": o.forsoek,
        "mottatt": o.mottatt,
    }
