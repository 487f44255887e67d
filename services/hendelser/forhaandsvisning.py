"""Preview: who would be called, why, why not, what is missing, and the words; nothing is stored or sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from contracts.mobilisering import BesluttetData
from contracts.spoersmaal import FORESLAA, TEKSTER, Forslagsspoersmaal, Tekstspoersmaal, Tekstsvar
from infra.clock import Clock
from infra.journal.journal import Journal
from services.hendelser.doer import Doer
from services.hendelser.inn import HendelseKropp

FRIST_SEKUNDER = 10.0


class Forhaandsvisning:
    """Asks routing who and utkalling what, and puts the answers side by side (API.md §8)."""

    def __init__(self, doer: Doer, journal: Journal, clock: Clock, kroner_per_segment: float) -> None:
        self._doer = doer
        self._journal = journal
        self._clock = clock
        self._kroner = kroner_per_segment

    async def vis(self, kropp: HendelseKropp) -> dict[str, Any]:
        svar = await self._doer.stedfest(kropp)
        hendelse = self._doer.bygg(kropp, svar, await self._doer.foreslaa_kodeord(uuid4()))
        beslutning = await self._journal.spoer(
            FORESLAA, Forslagsspoersmaal(hendelse=hendelse), BesluttetData, frist=FRIST_SEKUNDER
        )
        tekster = await self._journal.spoer(
            TEKSTER, Tekstspoersmaal(beslutning=beslutning), Tekstsvar, frist=FRIST_SEKUNDER
        )
        return {
            "eier": hendelse.eier.model_dump(),
            "sted": hendelse.sted and hendelse.sted.model_dump(),
            "svarfrist": hendelse.svarfrist,
            "mottakere": [_mottaker(m, r) for m in beslutning.mottakere for r in m.roller],
            "ikke_valgt": [i.model_dump(exclude_none=True) for i in beslutning.ikke_valgt],
            "mangler": [m.model_dump() for m in beslutning.mangler],
            "meldinger": [m.model_dump() for m in tekster.meldinger],
            "vurdering_kreves": beslutning.vurdering_kreves,
            "regelsett": beslutning.regelsett,
            "sum": self._sum(beslutning, tekster),
        }

    def _sum(self, beslutning: BesluttetData, tekster: Tekstsvar) -> dict[str, Any]:
        sms = [m for m in tekster.meldinger if m.kanal == "sms"]
        segmenter = sum(m.segmenter for m in sms)
        return {
            "mottakere": len(beslutning.mottakere),
            "sms": len(sms),
            "segmenter": segmenter,
            "kroner": round(segmenter * self._kroner, 2),
        }


def _mottaker(m: Any, r: Any) -> dict[str, Any]:
    person_id: UUID = m.person_id
    return {
        "person_id": person_id,
        "art": m.art,
        "rolle": r.rolle,
        "enhet": r.enhet,
        "kanaler": m.kanaler,
        "regel": r.regel,
        "hjemmel": r.hjemmel,
        "grunn": r.grunn,
    }
