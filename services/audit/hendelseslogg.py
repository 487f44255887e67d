"""Reading the log of one hendelse for its pages: the newest lines, who people are, and how it stood at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cachetools import LRUCache

from contracts.audit import InnsynGitt
from contracts.hendelse import Hendelse
from contracts.kanal import KanalStoppet
from contracts.katalog import HENDELSESLOEPET
from contracts.mobilisering import MobiliseringBesluttet
from contracts.svar import SvarUklart
from contracts.utkalling import UtkallingOpprettet
from infra.db import Database, Tx
from services.audit import store, store_sider
from services.audit.rapport.bygg import bygg_rapport
from services.audit.rapport.fortelling import IngenHendelse, les_en
from services.audit.rapport.modell import Rapport
from services.audit.rapport.personer import Personer
from services.audit.rules import Rad
from services.audit.store_sider import Sted
from services.audit.tid import mikrosekunder
from services.audit.visning_logg import Logglinje, linjer, personer_av

PER_SIDE = 100
PANEL_RADER, PANEL_LINJER = 150, 30
PANELER_HUSKES = 64
"""Boards that are open at once: each is drawn anew when a row has come, not for every look."""
_NAVNGIR = [MobiliseringBesluttet.typenavn(), UtkallingOpprettet.typenavn()]
_LIVSLOEP = [klasse.typenavn() for klasse in HENDELSESLOEPET]
_UTEN_HENDELSE = [SvarUklart.typenavn(), KanalStoppet.typenavn()]
"""May be about the people of a hendelse without saying which."""

_UTENOM_PANELET = [InnsynGitt.typenavn()]
"""That somebody looked is no part of what happened; the log in full has it."""


@dataclass(frozen=True)
class Loggside:
    """Lines, newest first. `eldre`: where to read on, when there is more."""

    linjer: Sequence[Logglinje]
    eldre: Sted | None
    hendelse: Hendelse | None = None
    """As it last was; not read for the panel, which stands on a page that shows it."""


_husket: LRUCache[tuple[UUID, Sted | None], Loggside] = LRUCache(PANELER_HUSKES)


async def siste_linjer(arkiv: Database, hendelse_id: UUID) -> Loggside | None:
    """The newest lines, without what only concerns the machinery; None when nothing is archived of the hendelse."""
    async with arkiv.les() as tx:
        topp = await store_sider.nyeste_sted(tx, hendelse_id, uten=_UTENOM_PANELET)
        if husket := _husket.get((hendelse_id, topp)):
            return husket
        rader = await store_sider.nyeste_av_hendelse(
            tx, hendelse_id, foer=None, til=None, antall=PANEL_RADER, uten=_UTENOM_PANELET
        )
        navngitt = await store_sider.av_typer(tx, hendelse_id, _NAVNGIR)
    if not rader:
        return None
    mer = len(rader) == PANEL_RADER
    lest = linjer(rader, personer_av(navngitt, hendelse_id), mer=mer)
    vises = [linje for linje in lest if linje.slag != "teknisk"]
    mer = mer or len(vises) > PANEL_LINJER
    side = Loggside(vises[:PANEL_LINJER], store_sider.sted(rader[-1]) if mer else None)
    _husket[hendelse_id, topp] = side
    return side


async def en_side(arkiv: Database, hendelse_id: UUID, *, foer: Sted | None, til: datetime | None) -> Loggside | None:
    """A page of the whole log, up to a time; None when nothing at all is archived of the hendelse."""
    grense = mikrosekunder(til) if til else None
    async with arkiv.les() as tx:
        rader = await store_sider.nyeste_av_hendelse(tx, hendelse_id, foer=foer, til=grense, antall=PER_SIDE + 1)
        if not rader and not await store_sider.finnes(tx, hendelse_id):
            return None
        personer = personer_av(await store_sider.av_typer(tx, hendelse_id, _NAVNGIR), hendelse_id)
        side = rader[:PER_SIDE]
        mer = len(rader) > PER_SIDE
        side = sorted([*side, *await _andre(tx, side, personer)], key=store_sider.sted, reverse=True)
        livsloep = await store_sider.av_typer(tx, hendelse_id, _LIVSLOEP)
    lest = await asyncio.to_thread(linjer, side, personer, mer=mer, data=True)
    return Loggside(lest, store_sider.sted(rader[PER_SIDE - 1]) if mer else None, _hendelsen(livsloep))


def _hendelsen(livsloep: Sequence[Rad]) -> Hendelse | None:
    """The hendelse as the last event of its life cycle carries it."""
    events = (les_en(rad) for rad in reversed(livsloep))
    return next((event.data.hendelse for event in events if event), None)


async def _andre(tx: Tx, side: Sequence[Rad], personer: Personer) -> list[Rad]:
    """What the hendelse's people caused meanwhile, that names no hendelse."""
    if not side:
        return []
    rader = await store.uten_hendelse(tx, side[-1], side[0], _UTEN_HENDELSE)
    return [rad for rad in rader if (event := les_en(rad)) and personer.kjent(event.data.person_id)]


async def slik_det_sto(arkiv: Database, hendelse_id: UUID, til: datetime) -> Rapport | None:
    """The report as it would have been at that time; None when the hendelse was not told of yet."""
    async with arkiv.les() as tx:
        rader = await store.av_hendelse(tx, hendelse_id, til=mikrosekunder(til))
    try:
        return await asyncio.to_thread(bygg_rapport, rader, hendelse_id)
    except IngenHendelse:
        return None
