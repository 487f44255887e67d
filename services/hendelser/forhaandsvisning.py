"""Preview: who would be called, why, why not, what is missing, and the words; nothing is stored or sent."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any
from uuid import UUID, uuid4

from contracts.hendelse import Hendelse
from contracts.mobilisering import BesluttetData
from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import FORESLAA, KONTAKT, TEKSTER, Forslagsspoersmaal, Tekstspoersmaal, Tekstsvar
from infra.clock import Clock
from infra.journal.journal import Journal
from services.hendelser.doer import Doer
from services.hendelser.inn import HendelseKropp

FRIST_SEKUNDER = 10.0


class Forhaandsvisning:
    """Asks routing who and utkalling what, and puts the answers side by side (API §8)."""

    def __init__(self, doer: Doer, journal: Journal, clock: Clock, kroner_per_segment: float) -> None:
        self._doer = doer
        self._journal = journal
        self._clock = clock
        self._kroner = kroner_per_segment

    async def vis(self, kropp: HendelseKropp) -> dict[str, Any]:
        """Who would be called for this body, and why (API §8)."""
        return await self.av(await self.hendelse(kropp))

    async def hendelse(self, kropp: HendelseKropp, hendelse_id: UUID | None = None) -> Hendelse:
        """The hendelse this body would become; one that knows its id already is shown with its own kodeord."""
        svar = await self._doer.stedfest(kropp)
        return self._doer.bygg(kropp, svar, await self._doer.foreslaa_kodeord(hendelse_id or uuid4()))

    async def foreslaa(self, hendelse: Hendelse) -> BesluttetData:
        """What routing would decide now."""
        return await self._journal.spoer(
            FORESLAA, Forslagsspoersmaal(hendelse=hendelse), BesluttetData, frist=FRIST_SEKUNDER
        )

    async def av(self, hendelse: Hendelse) -> dict[str, Any]:
        """The preview of a hendelse as it would be told (API §8)."""
        beslutning = await self.foreslaa(hendelse)
        tekster = await self._journal.spoer(
            TEKSTER, Tekstspoersmaal(beslutning=beslutning), Tekstsvar, frist=FRIST_SEKUNDER
        )
        noekler = await self._noekler(beslutning)
        return {
            "eier": hendelse.eier.model_dump(),
            "sted": hendelse.sted and hendelse.sted.model_dump(),
            "svarfrist": hendelse.svarfrist,
            "mottakere": [_mottaker(m, r, noekler) for m in beslutning.mottakere for r in m.roller],
            "ikke_valgt": [_med_noekkel(i.model_dump(exclude_none=True), noekler) for i in beslutning.ikke_valgt],
            "mangler": [m.model_dump() for m in beslutning.mangler],
            "meldinger": [_med_noekkel(m.model_dump(), noekler) for m in tekster.meldinger],
            "vurdering_kreves": beslutning.vurdering_kreves,
            "regelsett": beslutning.regelsett,
            "sum": self._sum(len(beslutning.mottakere), [m.model_dump() for m in tekster.meldinger]),
        }

    def til(self, vist: dict[str, Any], personer: Container[str]) -> dict[str, Any]:
        """The same preview, with the messages to some of the recipients alone: those who are not called already."""
        meldinger = [m for m in vist["meldinger"] if str(m["person"]) in personer]
        return {**vist, "meldinger": meldinger, "sum": self._sum(vist["sum"]["mottakere"], meldinger)}

    async def _noekler(self, beslutning: BesluttetData) -> dict[UUID, str]:
        """The owner's key of everybody named: that is what `person_id` means to those outside (API §7)."""
        ider = {m.person_id for m in beslutning.mottakere} | {i.person_id for i in beslutning.ikke_valgt if i.person_id}
        svar = await self._journal.spoer(KONTAKT, Kontaktspoersmaal(personer=tuple(ider)), Kontaktsvar)
        return {k.person_id: k.noekkel for k in svar.kontakter if k.noekkel}

    def _sum(self, mottakere: int, meldinger: Sequence[dict[str, Any]]) -> dict[str, Any]:
        sms = [m for m in meldinger if m["kanal"] == "sms"]
        segmenter = sum(m["segmenter"] for m in sms)
        return {
            "mottakere": mottakere,
            "sms": len(sms),
            "segmenter": segmenter,
            "kroner": round(segmenter * self._kroner, 2),
        }


def _med_noekkel(felt: dict[str, Any], noekler: dict[UUID, str]) -> dict[str, Any]:
    if felt.get("person_id") is None:
        return felt
    return {**felt, "person": felt["person_id"], "person_id": noekler.get(felt["person_id"], felt["person_id"])}


def _mottaker(m: Any, r: Any, noekler: dict[UUID, str]) -> dict[str, Any]:
    return {
        "person": m.person_id,
        "person_id": noekler.get(m.person_id, m.person_id),
        "art": m.art,
        "rolle": r.rolle,
        "enhet": r.enhet,
        "kanaler": m.kanaler,
        "regel": r.regel,
        "hjemmel": r.hjemmel,
        "grunn": r.grunn,
    }
