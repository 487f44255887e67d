"""Before and after a send: who is looked up first, who may be sent to, whose turn it is, who is asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.melding import Feil
from contracts.register import Kontakt
from services.sms import rules_feil as feil
from services.sms.rules import ALDRI, FOERSTE_STATUSSPOERSMAAL, STATUS_SPOERRES_I, Rad

GAMMEL_ORDRE = timedelta(minutes=1)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def foerste_status(bestilt: datetime, naa: datetime) -> Literal["klar", "tvil"]:
    """An order older than a minute when first seen is looked up before anything is sent (architecture law 3)."""
    return "tvil" if naa - bestilt > GAMMEL_ORDRE else "klar"


def hindring(
    rad: Rad, kontakt: Kontakt | None, naa: datetime, *, stoppet: bool, har_leverandoer: bool, simulator: bool
) -> Feil | None:
    """Why a due message must not be sent at all; None when it may."""
    if not har_leverandoer:
        return feil.INGEN_LEVERANDOER
    if naa >= rad.send_foer:
        return feil.FOR_SENT
    if kontakt and kontakt.demo and not simulator:
        return feil.DEMO
    nummer = mottaker(rad, kontakt)
    if nummer is None:
        return feil.INGEN_MOBIL
    if not _E164.fullmatch(nummer):
        return feil.UGYLDIG_NUMMER  # a doubt about it could not be looked up: the provider knows it as another
    return feil.STOPPET if stoppet else None


def mottaker(rad: Rad, kontakt: Kontakt | None) -> str | None:
    """The number a message goes to."""
    return rad.til_direkte or (kontakt.mobil if kontakt else None)


def gyldig_sekunder(send_foer: datetime, naa: datetime) -> int:
    """Twilio's ValidityPeriod: a late copy is worth nothing. 1 to 36,000 seconds."""
    return max(1, min(36_000, int((send_foer - naa).total_seconds())))


def neste_statusspoersmaal(bestilt: datetime, naa: datetime) -> datetime:
    """When to ask again about one that is sent and not delivered: ever more seldom, and after a day no more."""
    alder = naa - bestilt
    return naa + (max(alder, FOERSTE_STATUSSPOERSMAAL) if alder < STATUS_SPOERRES_I else ALDRI)


def nummerer(foerste_ledige: Mapping[tuple[UUID | None, int], int], gulv: Mapping[int, int]) -> _Nummer:
    """Gives out places in the queue, so that hendelser of one priority take turns.

    Args:
        foerste_ledige: for each (hendelse, priority) in the queue, the place after its last.
        gulv: for each priority, the lowest place that waits: a newcomer begins there, not before everyone.
    """
    return _Nummer(dict(foerste_ledige), dict(gulv))


@dataclass
class _Nummer:
    ledige: dict[tuple[UUID | None, int], int]
    gulv: dict[int, int]

    def neste(self, hendelse_id: UUID | None, prioritet: int) -> int:
        noekkel = (hendelse_id, prioritet)
        nr = max(self.ledige.get(noekkel, 0), self.gulv.get(prioritet, 0))
        self.ledige[noekkel] = nr + 1
        return nr
