"""What `utkalling` hears: load the desk, decide, save, tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import AnyEvent, Event
from contracts.frist import FristNaadd
from contracts.hendelse import (
    Hendelse,
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseMeldt,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    SentrumBestemt,
    Tilstand,
)
from contracts.mobilisering import MobiliseringBesluttet
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.utkalling import beslutning, rules, rules_kall, rules_omfang, store, telling
from services.utkalling.ordre import bestill_oppgavebrev
from services.utkalling.sak import Sak

FELT_FOLK_MAA_VITE = frozenset({"type", "sted", "start", "slutt", "oppmoete", "vakttelefon"})
FELT_SOM_TELLER_NAA = frozenset({"svarfrist", "start", "bemanning"})
"""Deadlines move with these, and whether enough come."""


class Livsloep:
    """A hendelse's own events, routing's decisions and deadlines, folded into call-outs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {
            HendelseMeldt: self.on_tilstand,
            HendelseSendt: self.on_tilstand,
            HendelseEndret: self.on_endret,
            HendelseUtvidet: self.on_tilstand,
            HendelseOverfoert: self.on_tilstand,
            HendelseVurdert: self.on_tilstand,
            SentrumBestemt: self.on_tilstand,
            HendelseAvlyst: self.on_avlyst,
            HendelseAvsluttet: self.on_avsluttet,
            MobiliseringBesluttet: self.on_besluttet,
            FristNaadd: self.on_frist_naadd,
        }

    async def on_tilstand(self, t: Transaksjon, leveringer: Sequence[Levering[Event[Tilstand]]]) -> None:
        """Every event of the life cycle carries the whole hendelse as it then is."""
        for lev in leveringer:
            await self._noter_event(t, lev)

    async def on_endret(self, t: Transaksjon, leveringer: Sequence[Levering[HendelseEndret]]) -> None:
        """What people must know waits for routing's decision: only then is it clear who is still in scope."""
        for lev in leveringer:
            rad, felt = await self._noter_event(t, lev), set(lev.event.data.felt)
            nytt = bool(FELT_FOLK_MAA_VITE & felt) and lev.sekvens > rad.endret_sekvens
            forbigaatt = nytt and lev.sekvens <= rad.besluttet_sekvens  # the decision came first: tell it now
            if nytt:
                av = lev.sekvens if forbigaatt else 0
                await store.oppdater_hendelse(t.tx, rad.hendelse_id, endret_sekvens=lev.sekvens, fortelles_av=av)
            if rad.aapen and (forbigaatt or FELT_SOM_TELLER_NAA & felt):
                sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)
                rules_kall.flytt_frister(sak)
                rules.bemann(sak)  # fewer may be enough now
                if forbigaatt:
                    rules_omfang.fortell_endring(sak, sak.utkallinger.values(), lev.sekvens)
                await self._lagre_og_fortell(t, sak)

    async def on_avlyst(self, t: Transaksjon, leveringer: Sequence[Levering[HendelseAvlyst]]) -> None:
        """Stand down exactly those mobilised; withdraw what has not gone out."""
        for lev in leveringer:
            sak = await self._lukk(t, lev, avlyst=True)
            rules_omfang.avlys(sak, sak.utkallinger.values())
            await self._lagre_og_fortell(t, sak)

    async def on_avsluttet(self, t: Transaksjon, leveringer: Sequence[Levering[HendelseAvsluttet]]) -> None:
        """Over: nobody is chased, and nothing more goes out."""
        for lev in leveringer:
            sak = await self._lukk(t, lev, avlyst=False)
            sak.vedtak.trekk = list(sak.utkallinger)
            await self._lagre_og_fortell(t, sak)

    async def on_besluttet(self, t: Transaksjon, leveringer: Sequence[Levering[MobiliseringBesluttet]]) -> None:
        """Call the new, tell the changed, stand down those out of scope."""
        for lev in leveringer:
            data = lev.event.data
            assert lev.event.hendelseid is not None
            # A decision that outran its cause has the hendelse as the cause left it.
            rad = await self._noter(t, lev.event.hendelseid, data.hendelse, data.utloest_sekvens)
            await store.noter_vara(t.tx, rad.hendelse_id, data.vara)
            bare = beslutning.gjelder(rad, data)
            sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id, bare=bare)
            if nytt := beslutning.fold(sak, rad, data):
                await store.oppdater_hendelse(t.tx, rad.hendelse_id, **nytt)
            await self._lagre_og_fortell(t, sak)

    async def on_frist_naadd(self, t: Transaksjon, leveringer: Sequence[Levering[FristNaadd]]) -> None:
        """The tick said that time has come; here it is decided what that means."""
        for lev in leveringer:
            rad = await store.laas(t.tx, lev.event.hendelseid) if lev.event.hendelseid else None
            if rad is None:
                continue
            sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)
            gjelder = await store.noter_naadd(t.tx, [f.id for f in lev.event.data.frister], lev.event.time)
            for frist in lev.event.data.frister:
                if frist.id in gjelder and frist.utkalling_id in sak.utkallinger:
                    rules.frist_naadd(sak, sak.utkallinger[frist.utkalling_id], frist.slag)
            await self._lagre_og_fortell(t, sak)

    async def _noter_event(self, t: Transaksjon, lev: Levering[Any]) -> Row[Any]:
        return await self._noter(t, lev.event.hendelseid, lev.event.data.hendelse, lev.sekvens)

    async def _noter(self, t: Transaksjon, hendelse_id: UUID, hendelse: Hendelse, sekvens: int) -> Row[Any]:
        """The hendelse's row, locked, with the newest snapshot; an older one that comes late changes nothing."""
        rad = await store.laas(t.tx, hendelse_id)
        if rad is not None and rad.sekvens >= sekvens:
            return rad
        felt = {
            "hendelse": hendelse.model_dump(mode="json"),
            "kodeord": hendelse.kodeord,
            "sekvens": sekvens,
            "utloeper": rules_kall.utloeper(hendelse, self._clock.now()),
        }
        if rad is None:
            await store.ny_hendelse(t.tx, hendelse_id, aapen=not hendelse.utkast, **felt)
            rad = await self._rad(t, hendelse_id)
        if rad.sekvens < sekvens:
            aapen = not rad.lukket_sekvens and not hendelse.utkast
            await store.oppdater_hendelse(t.tx, hendelse_id, **felt, aapen=aapen)
            rad = await self._rad(t, hendelse_id)
        return rad

    async def _rad(self, t: Transaksjon, hendelse_id: UUID) -> Row[Any]:
        rad = await store.laas(t.tx, hendelse_id)
        assert rad is not None
        return rad

    async def _lukk(self, t: Transaksjon, lev: Levering[Any], *, avlyst: bool) -> Sak:
        await self._noter_event(t, lev)
        hendelse_id: UUID = lev.event.hendelseid
        await store.oppdater_hendelse(t.tx, hendelse_id, aapen=False, avlyst=avlyst, lukket_sekvens=lev.sekvens)
        rad = await self._rad(t, hendelse_id)
        return await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)

    async def _lagre_og_fortell(self, t: Transaksjon, sak: Sak) -> None:
        trukket = await store.uferdige_meldinger(t.tx, sak.vedtak.trekk)
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(t.tx, sak)
        t.fortell(*telling.events(sak, trukket=trukket))
