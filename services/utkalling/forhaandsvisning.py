"""The texts each recipient of a decision would get: the same code that orders them, with nothing stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.mobilisering import BesluttetData
from contracts.spoersmaal import Meldingsutkast, Tekstsvar
from services.utkalling import rules_kall
from services.utkalling.sak import Sak


def tekster(beslutning: BesluttetData, naa: datetime) -> Tekstsvar:
    """One draft per recipient and channel."""
    sak = Sak(
        hendelse_id=UUID(int=0),
        hendelse=beslutning.hendelse,
        aapen=True,
        bemannet=True,
        utkallinger={},
        vara={},
        naa=naa,
        aarsak=beslutning.beslutning_id,
    )
    rules_kall.kall_ut(sak, beslutning.mottakere, avlyst=False)
    return Tekstsvar(
        meldinger=tuple(
            Meldingsutkast(person_id=o.person_id, kanal=o.kanal, tekst=o.tekst, koding=o.koding, segmenter=o.segmenter)
            for o in sak.vedtak.ordre
        )
    )
