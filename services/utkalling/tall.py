"""Call-outs, counted: in which group each stands, and how many stand in each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

from contracts.tavle import Svartall
from contracts.utkalling import UtkallingStatus
from services.utkalling import rules
from services.utkalling.sak import Utkalling

Gruppe = Literal["sviktet", "venter", "kommer", "kommer_ikke", "avlyst", "orientert"]
GRUPPER: tuple[Gruppe, ...] = get_args(Gruppe)
"""In the order they need somebody to look."""
_KOMMER = frozenset({UtkallingStatus.KOMMER, UtkallingStatus.FRAMME, UtkallingStatus.FERDIG})
_SVIKTET = frozenset(
    {
        UtkallingStatus.PLANLAGT,  # asked, and on no channel: whoever is reached has an order at once
        UtkallingStatus.FEILET,
        UtkallingStatus.UVISS,
        UtkallingStatus.UTLOEPT,
        UtkallingStatus.ESKALERT,
    }
)


def gruppe(u: Utkalling, naa: datetime) -> Gruppe:
    """Where a call-out stands for whoever looks at many: by its status (API §3), and whether it is late."""
    if u.avlyst:
        return "avlyst"
    if not u.spurt:
        return "orientert"
    if u.status in _KOMMER:
        return "kommer"
    if u.svar:
        return "kommer_ikke"
    return "sviktet" if u.status in _SVIKTET or rules.er_sen(u, naa) else "venter"


def tell(utkallinger: Iterable[tuple[Utkalling, int]], naa: datetime) -> Svartall:
    """So many of each. Whoever is only informed counts as informed, whatever is answered: nobody waits for it.

    Args:
        utkallinger: call-outs, each with how many stand exactly so.
        naa: the time it is.
    """
    antall = dict.fromkeys(GRUPPER, 0)
    for u, like in utkallinger:
        antall[gruppe(u, naa)] += like
    svart = antall["kommer"] + antall["kommer_ikke"]
    venter = antall["venter"] + antall["sviktet"]
    return Svartall(
        spurt=svart + venter,
        orientert=antall["orientert"],
        kommer=antall["kommer"],
        kommer_ikke=antall["kommer_ikke"],
        venter=venter,
        sviktet=antall["sviktet"],
    )
