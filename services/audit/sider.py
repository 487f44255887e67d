"""The pages of `audit`, gathered: the report, the log of a hendelse, and everybody's log."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from infra.db import Database
from infra.room import Hus
from infra.web.skall import Menypunkt
from services.audit import sider_logg, sider_rapport
from services.audit.sider_rapport import UTDRAG

MALER = Path(__file__).with_name("templates")


def sideruter(hus: Hus, arkiv: Database) -> list[APIRouter]:
    """Every page of the room, its panel on the page of a hendelse, and its line in the menu."""
    sider = hus.skall.rom("audit", MALER)
    panel = sider_logg.Loggpanel(sider, hus, arkiv)
    hus.skall.panel("hendelse", 40, panel.tegn)
    hus.skall.meny(Menypunkt("/logg", "Logg", 60, frozenset(UTDRAG)))
    return [sider_rapport.ruter(sider, hus, arkiv), sider_logg.ruter(sider, hus, arkiv, panel)]
