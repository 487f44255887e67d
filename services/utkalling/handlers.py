"""What `utkalling` hears: load the desk, decide, save, tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import AnyEvent, Event
from contracts.frist import FristNaadd
from contracts.hendelse import (
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
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.utkalling import rules, rules_omfang, store, telling
from services.utkalling.ordre import bestill_oppgavebrev
from services.utkalling.sak import Sak

FELT_FOLK_MAA_VITE = frozenset({"type", "sted", "start", "slutt", "oppmoete", "vakttelefon"})


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
            await self._noter(t, lev)

    async def on_endret(self, t: Transaksjon, leveringer: Sequence[Levering[HendelseEndret]]) -> None:
        """What people must know waits for routing's decision: only then is it clear who is still in scope."""
        for lev in leveringer:
            rad = await self._noter(t, lev)
            felt = sorted(FELT_FOLK_MAA_VITE & set(lev.event.data.felt))
            if felt:
                venter = {**rad.endret_felt, str(lev.event.id): felt}
                await store.oppdater_hendelse(t.tx, rad.hendelse_id, endret_felt=venter)

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
            rad = await self._rad_for(t, lev)
            await store.noter_vara(t.tx, rad.hendelse_id, data.vara)
            sekretariat = [str(p) for p in data.sekretariat]
            await store.oppdater_hendelse(t.tx, rad.hendelse_id, sekretariat=sekretariat)
            sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)
            self._fold_beslutning(sak, rad, data)
            await self._lagre_og_fortell(t, sak)

    def _fold_beslutning(self, sak: Sak, rad: Row[Any], data: BesluttetData) -> None:
        lukket = not rad.aapen and data.utloest_sekvens < rad.lukket_sekvens
        if not rad.aapen and not lukket:
            return
        personer, foerste = {m.person_id for m in data.mottakere}, not sak.utkallinger
        if str(data.utloest_av) in rad.endret_felt and not lukket:
            rules_omfang.fortell_endring(sak, rules_omfang.mottakere_av_endring(sak, personer))
        rules.kall_ut(sak, data.mottakere, avlyst=lukket)
        rules_omfang.avlys(sak, rules_omfang.ute_av_omfang(sak, data.ikke_lenger, personer))
        sak.sekretariat = data.sekretariat
        sak.vedtak.oppgaver += rules.oppgaver_av(data, foerste=foerste) if not lukket else []

    async def on_frist_naadd(self, t: Transaksjon, leveringer: Sequence[Levering[FristNaadd]]) -> None:
        """The tick said that time has come; here it is decided what that means."""
        for lev in leveringer:
            rad = await store.laas(t.tx, lev.event.hendelseid) if lev.event.hendelseid else None
            if rad is None:
                continue
            sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)
            for frist in lev.event.data.frister:
                if frist.utkalling_id in sak.utkallinger:
                    rules.frist_naadd(sak, sak.utkallinger[frist.utkalling_id], frist.slag)
            await self._lagre_og_fortell(t, sak)

    async def _noter(self, t: Transaksjon, lev: Levering[Any]) -> Row[Any]:
        """Keeps the newest snapshot; an older event that comes late changes nothing."""
        hendelse_id, hendelse = lev.event.hendelseid, lev.event.data.hendelse
        felt = {
            "hendelse": hendelse.model_dump(mode="json"),
            "kodeord": hendelse.kodeord,
            "sekvens": lev.sekvens,
            "utloeper": rules.utloeper(hendelse, self._clock.now()),
        }
        rad = await store.laas(t.tx, hendelse_id)
        if rad is None:
            await store.ny_hendelse(t.tx, hendelse_id, aapen=not hendelse.utkast, **felt)
        elif lev.sekvens > rad.sekvens:
            await store.oppdater_hendelse(
                t.tx, hendelse_id, **felt, aapen=not rad.lukket_sekvens and not hendelse.utkast
            )
        rad = await store.laas(t.tx, hendelse_id)
        assert rad is not None
        return rad

    async def _lukk(self, t: Transaksjon, lev: Levering[Any], *, avlyst: bool) -> Sak:
        await self._noter(t, lev)
        hendelse_id: UUID = lev.event.hendelseid
        await store.oppdater_hendelse(t.tx, hendelse_id, aapen=False, avlyst=avlyst, lukket_sekvens=lev.sekvens)
        rad = await store.laas(t.tx, hendelse_id)
        assert rad is not None
        return await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=lev.event.id)

    async def _rad_for(self, t: Transaksjon, lev: Levering[MobiliseringBesluttet]) -> Row[Any]:
        """The hendelse's row; a decision that outran its cause makes it from its own snapshot."""
        hendelse_id = lev.event.hendelseid
        assert hendelse_id is not None
        rad = await store.laas(t.tx, hendelse_id)
        if rad is None:
            h = lev.event.data.hendelse
            await store.ny_hendelse(
                t.tx,
                hendelse_id,
                aapen=True,
                hendelse=h.model_dump(mode="json"),
                kodeord=h.kodeord,
                sekvens=lev.event.data.utloest_sekvens,
                utloeper=rules.utloeper(h, self._clock.now()),
            )
            rad = await store.laas(t.tx, hendelse_id)
        assert rad is not None
        return rad

    async def _lagre_og_fortell(self, t: Transaksjon, sak: Sak) -> None:
        trukket = await store.uferdige_meldinger(t.tx, sak.vedtak.trekk)
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(t.tx, sak)
        t.fortell(*telling.events(sak, trukket=trukket))
