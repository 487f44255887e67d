"""What is decided at the door: the deadline of a hendelse, its kodeord, what has changed, and who may act on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.event import Aktoer
from contracts.hendelse import Alvorlighet, Hendelse, Utvidelse
from contracts.kodeord import KODEORD, kan_gis
from contracts.roller import Rolle

KARANTENE = timedelta(days=14)
"""A kodeord is not given again for so long after its hendelse closed."""
SNAR = timedelta(hours=12)
SEKRETARIATET = Utvidelse(enhet="velferdsetaten", rolle=Rolle.SEKRETARIAT)
OVERALT = frozenset({"sekretariat", "salto_sentrum", "system"})


def svarfrist(start: datetime | None, alvorlighet: Alvorlighet, naa: datetime) -> datetime:
    """The default: 30 minutes when `akutt` or the start is within 12 h, else 24 h, and never after the start."""
    if alvorlighet is Alvorlighet.AKUTT or (start and start - naa <= SNAR):
        return naa + timedelta(minutes=30)
    return min(naa + timedelta(hours=24), start) if start else naa + timedelta(hours=24)


def frist_gjelder_fortsatt(svarfrist: datetime | None, foer: datetime | None, etter: datetime | None) -> bool:
    """Whether a deadline stands when the start is moved: not when it then falls after the start (domene N)."""
    return svarfrist is None or etter is None or etter == foer or svarfrist <= etter


def velg_kodeord(fro: UUID, opptatte: Sequence[str], sperrede: Iterable[str]) -> str | None:
    """A word that cannot be mistaken for an open one, and is not in quarantine; None when all are taken."""
    stengt = set(sperrede) | set(opptatte)
    rekkefoelge = sorted(KODEORD, key=lambda o: hashlib.sha256(fro.bytes + o.encode()).digest())
    return next((o for o in rekkefoelge if o not in stengt and kan_gis(o, opptatte)), None)


def endrede_felt(foer: Hendelse, etter: Hendelse) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(navn for navn in Hendelse.model_fields if getattr(foer, navn) != getattr(etter, navn))


def utvidet(hendelse: Hendelse, utvidelse: Utvidelse) -> Hendelse:
    """The hendelse with one more widening; the same one twice is once."""
    andre = tuple(u for u in hendelse.utvidelser if u != utvidelse)
    return hendelse.model_copy(update={"utvidelser": (*andre, utvidelse)})


def med_sekretariatet(hendelse: Hendelse) -> Hendelse:
    """The sekretariat takes a central role, and is called («når dette anses nødvendig», Oslostandarden S:757-761)."""
    return utvidet(hendelse, SEKRETARIATET)


def uten_sekretariatet(hendelse: Hendelse) -> Hendelse:
    """The sekretariat takes no central role after all."""
    andre = tuple(u for u in hendelse.utvidelser if u != SEKRETARIATET)
    return hendelse.model_copy(update={"utvidelser": andre})


def kan_handle(av: Aktoer, hendelse: Hendelse) -> bool:
    """Whether somebody may change this hendelse: a coordinator in the own bydel, police on its own in its driftsenhet.

    The sekretariat and SaLTo-sentrum may everywhere («mobilisering av ansatte fra bydelene», Oslostandarden S:664-668).
    """
    if av.rolle in OVERALT:
        return True
    if av.enhet is None:
        return False
    if av.enhet == hendelse.eier.enhet:
        return True
    bydeler = hendelse.sted.bydeler if hendelse.sted else ()
    if av.rolle == "salto_koordinator":
        return av.enhet in {f"bydel:{b}" for b in bydeler}
    enhet = hendelse.sted.driftsenhet if hendelse.sted else None
    return av.rolle == "politi" and hendelse.kilde == "politi" and av.enhet == f"driftsenhet:{enhet}"


def kan_utvide(av: Aktoer, enhet: str | None, rolle: Rolle | None) -> bool:
    """Widening is the sekretariat's and SaLTo-sentrum's; a coordinator may call the `utoevende` of the own bydel."""
    if av.rolle in OVERALT:
        return True
    return av.rolle == "salto_koordinator" and rolle is Rolle.UTOEVENDE and enhet is not None and enhet == av.enhet
