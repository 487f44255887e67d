"""The pages of `utkalling`, gathered, and what it lends the pages of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter

from contracts.tavle import Svartall
from infra.journal.forteller import Forteller
from infra.room import Hus
from infra.web.utlaan import BYDELSSVAR, BYDELSTALL, KALTE, ROLLER, SVARTALL
from services.utkalling import sider_ringeliste, sider_svar, sider_utkallinger, sider_uviss, store, store_sider, tall
from services.utkalling.innsyn import Innsyn
from services.utkalling.rules_vara import hvem
from services.utkalling.sider_utkallinger import Utkallingspanel

MALER = Path(__file__).with_name("templates")
PANEL_NR = 20


def sideruter(hus: Hus, forteller: Forteller) -> list[APIRouter]:
    """Every page and panel of the room; lends its counts and roles."""
    sider, innsyn = hus.skall.rom("utkalling", MALER), Innsyn(forteller)
    panel = Utkallingspanel(sider, forteller, innsyn)
    hus.skall.panel("hendelse", PANEL_NR, panel.tegn)
    _laan_ut(hus, forteller)
    return [
        sider_utkallinger.ruter(panel),
        sider_svar.ruter(sider, forteller, innsyn),
        sider_uviss.ruter(sider, forteller),
        sider_ringeliste.ruter(sider, forteller, innsyn),
    ]


def _laan_ut(hus: Hus, forteller: Forteller) -> None:
    async def svartall(hendelser: Sequence[UUID]) -> Mapping[UUID, Svartall]:
        async with forteller.db.les() as tx:
            stillinger = await store_sider.stillinger(tx, hendelser)
        naa = hus.clock.now()
        return {hendelse_id: tall.tell(alle, naa) for hendelse_id, alle in stillinger.items()}

    async def bydelstall() -> Mapping[str, Svartall]:
        async with forteller.db.les() as tx:
            stillinger = await store_sider.stillinger_i_bydeler(tx)
        naa = hus.clock.now()
        return {bydel: tall.tell(alle, naa) for bydel, alle in stillinger.items()}

    async def bydelssvar(bydel: str) -> Mapping[UUID, Svartall]:
        async with forteller.db.les() as tx:
            stillinger = await store_sider.stillinger_i_bydel(tx, bydel)
        naa = hus.clock.now()
        return {hendelse_id: tall.tell(alle, naa) for hendelse_id, alle in stillinger.items()}

    async def roller(ider: Sequence[UUID]) -> Mapping[UUID, str]:
        async with forteller.db.les() as tx:
            kjente = await store_sider.roller_av(tx, ider)
        return {id_: f"{hvem(u)} (vara)" if u.vara_for else hvem(u) for id_, u in kjente.items()}

    async def kalte(hendelse_id: UUID) -> Sequence[UUID]:
        async with forteller.db.les() as tx:
            rader = await store.alle_i(tx, store.UTKALLING, hendelse_id)
        return [r.person_id for r in sorted(rader, key=lambda r: int(r.nr))]

    hus.skall.laan_ut(KALTE, kalte)
    hus.skall.laan_ut(SVARTALL, svartall)
    hus.skall.laan_ut(BYDELSTALL, bydelstall)
    hus.skall.laan_ut(BYDELSSVAR, bydelssvar)
    hus.skall.laan_ut(ROLLER, roller)
