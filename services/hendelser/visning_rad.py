"""A hendelse as one row of a list: what, where, when, whose, and how many have answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.hendelse import Alvorlighet, Hendelse, Sted
from contracts.roller import BYDELER, rolle_i_enhet
from contracts.tavle import Svartall
from infra.web.skall import Skall
from infra.web.utlaan import SVARTALL
from services.hendelser.ord import TYPER, bydelsnavn, stedsnavn
from services.hendelser.visning_tid import Tid, tid

Svartaller = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Svartall]]]
STEDER_VIST = 3


@dataclass(frozen=True)
class Hendelsesrad:
    """One row. `svar` is None when nobody is called, or nobody can say."""

    id: UUID
    kodeord: str
    tittel: str
    type: str
    sted: str
    tid: Tid
    start: datetime | None
    eier: str
    status: str
    akutt: bool
    over: bool
    """Its end has passed, though nobody may have closed it."""
    oevelse: bool
    svar: Svartall | None

    @property
    def svarlinje(self) -> str:
        """«5 kommer, 2 kommer ikke, 1 må ses på»."""
        return svarlinje(self.svar) if self.svar else ""


def svarlinje(tall: Svartall) -> str:
    """What the answers are, in words; empty when there is nothing to say yet."""
    deler = (
        (tall.kommer, "kommer"),
        (tall.kommer_ikke, "kommer ikke"),
        (tall.sviktet, "må ses på"),
        (tall.orientert, "orientert" if tall.orientert == 1 else "orienterte"),
    )
    return ", ".join(f"{antall} {ord_}" for antall, ord_ in deler if antall)


def rad(fra: Row[Any], naa: datetime, svar: Svartall | None = None) -> Hendelsesrad:
    """The row of a hendelse as the table has it."""
    h = Hendelse.model_validate(fra.hendelse)
    return Hendelsesrad(
        id=fra.id,
        kodeord=h.kodeord,
        tittel=h.tittel,
        type=TYPER[h.type],
        sted=sted(h.sted),
        tid=tid(h.start, h.slutt, naa),
        start=h.start,
        eier=rolle_i_enhet(h.eier.rolle, h.eier.enhet),
        status=fra.status,
        over=h.slutt is not None and h.slutt <= naa,
        akutt=h.alvorlighet is Alvorlighet.AKUTT,
        oevelse=h.oevelse,
        svar=svar,
    )


def sted(hvor: Sted | None) -> str:
    """«Eidsvolls plass, Sentrum», «Frogner og Alna», «Frogner, Alna, Sagene og 4 til»."""
    if hvor is None or not hvor.navn:
        navn = [bydelsnavn([nr]) for nr in hvor.bydeler] if hvor else []
        flere = len(navn) - STEDER_VIST
        return stedsnavn(hvor) if flere <= 0 else f"{', '.join(navn[:STEDER_VIST])} og {flere} til"
    bydel = BYDELER.get(hvor.bydel or "")
    return f"{hvor.navn}, {bydel}" if bydel and bydel != hvor.navn else hvor.navn


async def med_svar(skall: Skall, rader: Sequence[Row[Any]], naa: datetime) -> list[Hendelsesrad]:
    """The rows with how their call-outs stand, when the room that knows is here."""
    spoer: Svartaller | None = skall.laan(SVARTALL)
    svar = await spoer([r.id for r in rader]) if spoer and rader else {}
    return [rad(r, naa, svar.get(r.id)) for r in rader]
