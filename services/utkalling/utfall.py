"""What `utkalling` hears from the channels: sent, delivered, failed, in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import AnyEvent, Event
from contracts.kanal import KanalStartet, KanalStoppet
from contracts.melding import MeldingFeilet, MeldingLevert, MeldingSendt, MeldingUviss, Utfall, UtfallData
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.utkalling import rules, rules_omfang, store, store_kanal, telling
from services.utkalling.ordre import bestill_oppgavebrev
from services.utkalling.rules_vara import hvem
from services.utkalling.sak import Sak

_RANG = {"bestilt": 0, "uviss": 1, "sendt": 2, "trukket": 3, "feilet": 3, "levert": 4}
_STATUS: dict[type[AnyEvent], str] = {
    MeldingSendt: "sendt",
    MeldingLevert: "levert",
    MeldingFeilet: "feilet",
    MeldingUviss: "uviss",
}


class Kanaler:
    """Outcomes folded into messages and call-outs. Statuses only move forward, in whatever order they come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {
            **dict.fromkeys(_STATUS, self.on_utfall),
            KanalStoppet: self.on_kanal,
            KanalStartet: self.on_kanal,
        }

    async def on_utfall(self, t: Transaksjon, leveringer: Sequence[Levering[Event[UtfallData]]]) -> None:
        """One pass over all outcomes of the run: rows in one statement, then the call-outs they are about."""
        siste: dict[UUID, tuple[str, Utfall, UUID]] = {}
        for lev in leveringer:
            for utfall in lev.event.data.meldinger:
                siste[utfall.melding_id] = (_status(type(lev.event), utfall), utfall, lev.event.id)
        rader = await store.laas_meldinger(t.tx, list(siste))
        nye = {i: par for i, par in siste.items() if i in rader and _er_nytt(rader[i], *par[:2])}
        await store.oppdater_meldinger(t.tx, [_rad(rader[i], *par[:2]) for i, par in nye.items()])
        for hendelse_id in dict.fromkeys(rader[i].hendelse_id for i in nye if rader[i].hendelse_id):
            mine = {i: par for i, par in nye.items() if rader[i].hendelse_id == hendelse_id}
            await self._fold(t, hendelse_id, mine, rader)

    async def _fold(
        self,
        t: Transaksjon,
        hendelse_id: UUID,
        nye: Mapping[UUID, tuple[str, Utfall, UUID]],
        rader: Mapping[UUID, Row[Any]],
    ) -> None:
        rad = await store.laas(t.tx, hendelse_id)
        if rad is None:
            return
        feilet = any(status == "feilet" for status, _, _ in nye.values())
        # A failure asks whether others cover the role, so it needs everybody; the rest need only their own.
        bare = None if feilet else [rader[i].utkalling_id for i in nye]
        aarsak = next(iter(nye.values()))[2]
        sak = await store.aapne_sak(t.tx, rad, naa=self._clock.now(), aarsak=aarsak, bare=bare)
        avloeste = await store_kanal.avloeste(t.tx, [i for r in nye if (i := rader[r].utkalling_id)])
        for melding_id, (status, _, _) in nye.items():
            fold_utfall(sak, rader[melding_id], status, avloest=melding_id in avloeste)
        trukket = await store.uferdige_meldinger(t.tx, sak.vedtak.trekk)
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(t.tx, sak)
        t.fortell(*telling.events(sak, trukket=trukket, nokkel=f"utfall/{hendelse_id}/"))

    async def on_kanal(self, t: Transaksjon, leveringer: Sequence[Levering[Any]]) -> None:
        """A phone that wants no SMS gets none until it is opened again."""
        for lev in leveringer:
            if lev.event.data.kanal == "sms":
                stoppet = isinstance(lev.event, KanalStoppet)
                await store.sett_samtale(t.tx, lev.event.data.person_id, sms_stoppet=stoppet)


def fold_utfall(sak: Sak, melding: Row[Any], status: str, *, avloest: bool = False) -> None:
    """One outcome on the desk. A call-out that got out although it was stood down is told so now.

    Args:
        sak: the desk.
        melding: the message, as it was before.
        status: what it is now.
        avloest: whether the person was asked again since: then it says nothing about the call-out as it now is.
    """
    u = sak.utkallinger.get(melding.utkalling_id)
    if u is None or melding.formaal not in store_kanal.KALL:
        return
    informert_foer = melding.formaal == "orientering" and u.spurt  # and from that nobody is stood down
    if informert_foer or (avloest and not u.avlyst):
        return
    u = u if avloest else sak.sett(u, kanalstatus=dict(u.kanalstatus) | {melding.kanal: status})
    if u.avlyst and status in rules_omfang.KAN_VAERE_LEST:
        if melding.status not in rules_omfang.KAN_VAERE_LEST:  # or it was told when it was stood down
            sak.vedtak.ordre += rules_omfang.skal_avlyses(sak, u, melding.kanal)
    elif status == "uviss":
        sak.vedtak.oppgaver.append(f"Vi vet ikke om {melding.kanal} til {hvem(u)} gikk ut. Ring.")
    elif status == "feilet" and (melding.kanal == "sms" or u.beste_kanal == "feilet"):
        rules.kanal_feilet(sak, u)


def _status(klasse: type[AnyEvent], utfall: Utfall) -> str:
    return "trukket" if utfall.feil and utfall.feil.kode == "trukket" else _STATUS[klasse]


def _er_nytt(rad: Row[Any], status: str, utfall: Utfall) -> bool:
    """Whether an outcome takes the message forward; a doubt that a person has decided about does not come again."""
    if status == "uviss" and rad.avgjort and utfall.forsoek <= rad.avgjort["forsoek"]:
        return False
    gikk_ut_likevel = status == "sendt" and utfall.leverandoer_id and not rad.leverandoer_id  # proof beats belief
    return bool(gikk_ut_likevel) or _RANG[status] > _RANG[rad.status]


def _rad(rad: Row[Any], status: str, utfall: Utfall) -> dict[str, Any]:
    return {
        "b_id": rad.id,
        "status": status,
        "leverandoer_id": utfall.leverandoer_id or rad.leverandoer_id,
        "tider": {**rad.tider, status: utfall.tid.isoformat()},
        "feil": utfall.feil.model_dump() if utfall.feil else rad.feil,
        "uviss_forsoek": utfall.forsoek if status == "uviss" else rad.uviss_forsoek,
    }
