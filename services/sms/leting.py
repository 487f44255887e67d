"""Doubt is looked up at the provider: found is sent, not found in several looks is not; nothing is resent blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from infra.journal.forteller import Forteller
from services.sms import store, store_ord
from services.sms.bokfoering import Bok
from services.sms.kontakt import Kontakter
from services.sms.leverandoer import Funnet, Leverandoer
from services.sms.rules import Rad, Tider, etter_brudd, etter_leting, etter_ord
from services.sms.tables import StatusRow

logg = structlog.get_logger("sms")
BUNKE = 100
SAMTIDIGE = 16
KLOKKESLINGRING = timedelta(minutes=2)
"""How far the provider's clock may be from ours, where a text without a reference is matched by time."""

Treff = tuple[str, str, int | None]
"""A copy of the message at the provider: sid, the provider's word, error code."""


def passer(rad: Rad, funnet: Funnet) -> bool:
    """Whether a message at the provider is this one: every SMS ends with its own reference (architecture law 3)."""
    if rad.ref:
        return funnet.tekst.rstrip().endswith(f"#{rad.ref}")
    like = funnet.tekst.strip() == rad.tekst.strip()
    return like and (funnet.tid is None or funnet.tid >= rad.bestilt - KLOKKESLINGRING)


class Leting:
    """Looks up what is in doubt, in batches; a look that could not be made counts for nothing."""

    def __init__(
        self, forteller: Forteller, kontakter: Kontakter, leverandoer: Leverandoer | None, tider: Tider
    ) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._kontakter = kontakter
        self._leverandoer = leverandoer
        self._ro = tider.ro
        self._plass = asyncio.Semaphore(SAMTIDIGE)

    async def let(self) -> int:
        """Looks once for everything that is due. Returns how many were looked for."""
        async with self._forteller.db.les() as tx:
            rader = await store.i_tvil(tx, self._clock.now(), BUNKE)
            numre = await store.numre_brukt(tx, [rad.id for rad in rader]) if rader else {}
        if rader:
            await self._let_etter(rader, await self._med_numre(rader, numre))
        return len(rader)

    async def _med_numre(self, rader: Sequence[Rad], brukt: dict[UUID, set[str]]) -> dict[UUID, set[str]]:
        """The numbers to look at: those attempts used, or for an order seen anew the one it would use."""
        uten = [rad for rad in rader if rad.id not in brukt]
        kontakter = await self._kontakter.for_personer(rad.person_id for rad in uten if rad.person_id)
        for rad in uten:
            kontakt = kontakter.get(rad.person_id) if rad.person_id else None
            nummer = rad.til_direkte or (kontakt.mobil if kontakt else None)
            brukt[rad.id] = {nummer} if nummer else set()
        return brukt

    async def _let_etter(self, rader: Sequence[Rad], numre: Mapping[UUID, set[str]]) -> None:
        begynte = self._clock.now()
        alle = sorted(set().union(*numre.values()))
        lister = dict(zip(alle, await asyncio.gather(*map(self._liste, alle)), strict=True))
        async with self._forteller.transaksjon() as t:
            bok = Bok(await store.laas(t.tx, [rad.id for rad in rader]))
            varsler = await store_ord.statuser(t.tx, meldinger=[rad.id for rad in rader])
            eiere = await store_ord.eiere(t.tx, {f.sid for liste in lister.values() for f in liste or ()})
            for rad in rader:
                if rad.id in bok.rader:
                    treff = _treff(rad, [lister[nr] for nr in numre[rad.id]], varsler, eiere)
                    self._steg(bok, rad, treff, begynte)
            await bok.lagre(t, self._clock.now())

    def _steg(self, bok: Bok, foer: Rad, treff: Sequence[Treff] | None, begynte: datetime) -> None:
        # Judged by when the look began: what was not seen before a message's time was over is looked for after it.
        rad = bok.rader[foer.id]
        if treff is None:
            bok.steg(etter_brudd(rad, foer.blikk, begynte, self._ro))
        elif not treff:
            bok.steg(etter_leting(rad, foer.blikk, begynte, self._ro))
        for sid, ord_, kode in treff or ():
            bok.se_etter_dobbel(bok.steg(etter_ord(bok.rader[rad.id], sid, ord_, kode, self._clock.now())), sid)

    async def _liste(self, nummer: str) -> list[Funnet] | None:
        """What we have sent to a number, newest first; None when the provider cannot be asked."""
        if self._leverandoer is None:
            return None
        async with self._plass:
            try:
                return await self._leverandoer.sendt_til(nummer)
            except Exception as feil:  # noqa: BLE001 - any failure to look is no look
                logg.warning("sms_oppslag_feilet", feil=type(feil).__name__)
                return None


def _treff(
    rad: Rad,
    lister: Sequence[list[Funnet] | None],
    varsler: Sequence[StatusRow],
    eiere: Mapping[str, UUID],
) -> list[Treff] | None:
    """What is known of a message; None when not everything could be seen."""
    treff = [(v.sid, v.status, v.feilkode) for v in varsler if v.melding_id == rad.id]
    for liste in lister:
        funnet = [f for f in liste or () if passer(rad, f) and eiere.get(f.sid, rad.id) == rad.id]
        treff += [(f.sid, f.status, f.feilkode) for f in reversed(funnet)]
    if not treff and None in lister:
        return None
    return treff
