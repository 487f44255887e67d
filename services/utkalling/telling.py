"""Turning what a desk decided into events: what is decided together is told together, at most 500 at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from contracts.event import ELEMENTER_MAKS, AnyEvent, Event
from contracts.melding import BestiltData, MeldingBestilt, MeldingTrukket, TrukketData
from contracts.utkalling import (
    BemannetData,
    EskalertData,
    KvittertData,
    NyUtkalling,
    OpprettetData,
    UtkallingAvlyst,
    UtkallingBemannet,
    UtkallingerData,
    UtkallingEskalert,
    UtkallingKvittert,
    UtkallingOpprettet,
    UtkallingPurret,
    UtkallingUtloept,
)
from services.utkalling.sak import Sak, Utkalling

T = TypeVar("T")


def events(sak: Sak, *, nokkel: str = "", trukket: Sequence[UUID] = ()) -> list[AnyEvent]:
    """Everything the desk decided, in the order it makes sense to hear it."""
    v = sak.vedtak

    def mange(klasse: type[Event], elementer: Sequence[T], data: Callable[[Sequence[T]], object]) -> list[AnyEvent]:  # type: ignore[type-arg]
        return [
            klasse.ny(
                data(elementer[i : i + ELEMENTER_MAKS]),
                naa=sak.naa,
                hendelse_id=sak.hendelse_id,
                aarsak=sak.aarsak,
                nokkel=f"{nokkel}{i}",
            )
            for i in range(0, len(elementer), ELEMENTER_MAKS)
        ]

    nye = [_ny(sak.utkallinger[i]) for i in v.nye]
    bemannet = [] if v.bemannet is None else [v.bemannet]
    return [
        *mange(UtkallingKvittert, v.kvitteringer, lambda k: KvittertData(kvitteringer=tuple(k))),
        *mange(UtkallingOpprettet, nye, lambda u: OpprettetData(utkallinger=tuple(u))),
        *mange(UtkallingEskalert, v.eskalert, lambda e: EskalertData(utkallinger=tuple(e))),
        *mange(UtkallingUtloept, v.utloept, lambda i: UtkallingerData(utkallinger=tuple(i))),
        *mange(UtkallingPurret, v.purret, lambda i: UtkallingerData(utkallinger=tuple(i))),
        *mange(UtkallingAvlyst, v.avlyst, lambda i: UtkallingerData(utkallinger=tuple(i))),
        *mange(MeldingTrukket, list(trukket), lambda i: TrukketData(meldinger=tuple(i))),
        *mange(MeldingBestilt, v.ordre, lambda o: BestiltData(meldinger=tuple(o))),
        *mange(UtkallingBemannet, bemannet, lambda n: BemannetData(kommer=n[0], minst=_minst(sak))),
    ]


def _minst(sak: Sak) -> int:
    return sak.hendelse.bemanning.minst if sak.hendelse.bemanning else 0


def _ny(u: Utkalling) -> NyUtkalling:
    return NyUtkalling(
        id=u.id,
        person_id=u.person_id,
        art=u.art,
        roller=u.roller,
        svarfrist=u.svarfrist,
        vara_for=u.vara_for,
        avlyst=u.avlyst,
    )
