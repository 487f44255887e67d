"""Outcomes of calls, written down in groups: a call's window slot is free only when its outcome is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from contracts.kanal import KanalData, KanalStoppet
from infra.db import NEDE
from infra.journal.forteller import Forteller, Transaksjon
from infra.samler import Samler
from services.sms import store, store_ord, store_svar
from services.sms.bokfoering import Bok
from services.sms.maalinger import ANROP
from services.sms.rules import Rad, etter_anrop, etter_ord
from services.sms.rules_feil import STOPPET_KODE, Dom

logg = structlog.get_logger("sms")
PAUSE_SEKUNDER = 0.5
FORSOEK_MAKS = 3


@dataclass(frozen=True, slots=True)
class Anrop:
    """One call that has ended."""

    melding_id: UUID
    nr: int
    nummer: str
    """The number's keyed digest: what a STOPP is kept under."""
    dom: Dom
    sid: str | None = None


class Utfall:
    """Writes outcomes; nothing that is known is forgotten while the database is away.

    Args:
        ferdig: told, after the commit, which calls no longer are under way.
    """

    def __init__(self, forteller: Forteller, ferdig: Callable[[Sequence[Anrop]], None]) -> None:
        self._forteller = forteller
        self._clock = forteller.clock
        self._ferdig = ferdig
        self._samler = Samler(self._lagre)

    def meld(self, anrop: Anrop) -> None:
        """Hands over the outcome of one call."""
        ANROP.labels(anrop.dom.slag.value).inc()
        if anrop.dom.ukjent and anrop.dom.feil:
            logg.error("sms_ukjent_avslag", melding_id=str(anrop.melding_id), kode=anrop.dom.feil.kode)
        self._samler.legg(anrop)

    async def tom(self) -> None:
        """Waits until everything is written."""
        await self._samler.tom()

    async def _lagre(self, anrop: Sequence[Anrop]) -> None:
        feilet = 0
        while feilet < FORSOEK_MAKS:
            try:
                await self._skriv(anrop)
            except NEDE as feil:
                logg.warning("sms_utfall_venter", antall=len(anrop), feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            except Exception as feil:
                feilet += 1
                logg.error("sms_utfall_feilet", antall=len(anrop), exc_info=feil)
            else:
                return
        self._ferdig(anrop)  # left as they are: the leases run out and the provider is asked; slow, and never wrong

    async def _skriv(self, anrop: Sequence[Anrop]) -> None:
        naa = self._clock.now()
        async with self._forteller.transaksjon() as t:
            bok = Bok(await store.laas(t.tx, [a.melding_id for a in anrop]))
            for a in anrop:
                if rad := bok.rader.get(a.melding_id):
                    ny = bok.steg(etter_anrop(rad, a.nr, a.dom, a.sid, naa), a.dom.slag.value)
                    bok.se_etter_dobbel(ny, a.sid)
            await self._flett_inn(t, bok, [a.sid for a in anrop if a.sid])
            await self._noter_stoppede(t, bok, anrop)
            await bok.lagre(t, naa)
            t.etter_commit(lambda: self._ferdig(anrop))

    async def _flett_inn(self, t: Transaksjon, bok: Bok, sider: Sequence[str]) -> None:
        """Words that came before we knew the sid they are about."""
        if not sider:
            return
        eier: dict[str | None, Rad] = {rad.sid: rad for rad in bok.rader.values()}
        for ord_ in await store_ord.statuser(t.tx, sider=sider):
            if rad := eier.get(ord_.sid):
                bok.steg(etter_ord(bok.rader[rad.id], ord_.sid, ord_.status, ord_.feilkode, self._clock.now()))

    async def _noter_stoppede(self, t: Transaksjon, bok: Bok, anrop: Sequence[Anrop]) -> None:
        """The provider says the phone has said STOPP: so it has, also where we did not hear it."""
        naa = self._clock.now()
        for a in anrop:
            rad = bok.rader.get(a.melding_id)
            if rad is None or a.dom.feil is None or a.dom.feil.kode != str(STOPPET_KODE):
                continue
            if await store_svar.sett_stopp(t.tx, a.nummer, rad.person_id, stoppet=True, sagt=naa) and rad.person_id:
                data = KanalData(person_id=rad.person_id, grunn=a.dom.feil.kode)
                t.fortell(KanalStoppet.ny(data, naa=naa, aarsak=rad.aarsak, nokkel=f"{rad.id}/{a.nr}"))
