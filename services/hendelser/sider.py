"""The pages of `hendelser`, gathered: each of its own in a file that is named for it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from infra.room import Hus
from infra.web.skall import Menypunkt
from services.hendelser import (
    sider_bydel,
    sider_endre,
    sider_handlinger,
    sider_hendelse,
    sider_liste,
    sider_ny,
    sider_oppgaver,
    sider_oversikt,
    sider_utkast,
)
from services.hendelser.doer import Doer
from services.hendelser.endringer import Endringer
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.rules_handlinger import MELDERE

MALER = Path(__file__).with_name("templates")


def sideruter(hus: Hus, doer: Doer, endringer: Endringer, forhaandsvisning: Forhaandsvisning) -> list[APIRouter]:
    """Every page of the room, and its lines in the menu."""
    sider = hus.skall.rom("hendelser", MALER)
    oppgaver = sider_oppgaver.Oppgaveside(sider, doer)
    hus.skall.meny(
        Menypunkt("/", "Oversikt", 10),
        Menypunkt("/hendelser", "Hendelser", 15),
        Menypunkt("/hendelser/ny", "Ny hendelse", 18, roller=frozenset(MELDERE)),
        Menypunkt("/oppgaver", "Oppgaver", 20, antall=oppgaver.antall),
        Menypunkt("/utkast", "Utkast", 25, roller=frozenset(MELDERE)),
    )
    # «ny» and «endre» are no ids and no kinds of action: their doors are asked first.
    return [
        sider_ny.ruter(sider, doer, forhaandsvisning, hus.clock),
        sider_endre.ruter(sider, doer, endringer, forhaandsvisning, hus.clock),
        sider_utkast.ruter(sider, doer, endringer, forhaandsvisning),
        sider_oversikt.ruter(sider, hus),
        sider_liste.ruter(sider, hus),
        sider_bydel.ruter(sider, hus),
        sider_hendelse.ruter(sider, doer, hus.clock),
        sider_handlinger.ruter(sider, doer, endringer),
        sider_oppgaver.ruter(oppgaver, doer),
    ]
