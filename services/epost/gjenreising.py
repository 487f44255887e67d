"""How the e-mail ledger learns again what it did, when its tables are a backup: from what it told, else not at all.

A mail server cannot be asked. What is still in the queue when all is replayed, and was handed to this room before, may
have gone out: nobody knows, and a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.event import AnyEvent, Event
from contracts.melding import MeldingFeilet, MeldingSendt, MeldingUviss, Utfall, UtfallData
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.gjenspill import Gjenreising
from infra.journal.levering import Levering
from services.epost import store_gjenreising
from services.epost.rules import UVISS
from services.epost.utfall import fortell

_STATUS: dict[type[AnyEvent], str] = {MeldingSendt: "sendt", MeldingFeilet: "feilet", MeldingUviss: "uviss"}


def gjenreising(clock: Clock, domene: str) -> Gjenreising:
    """What this room does besides hearing its orders again."""

    async def i_tvil(t: Transaksjon) -> None:
        koen = await store_gjenreising.koen_er_uviss(t.tx)
        fortell(t, [(oppdrag, UVISS) for oppdrag in koen], clock.now(), domene=domene)

    return Gjenreising(egne=dict.fromkeys(_STATUS, on_utfall), etter=i_tvil)


async def on_utfall(t: Transaksjon, leveringer: Sequence[Levering[Event[UtfallData]]]) -> None:
    """What was told of an e-mail is what became of it: the last word holds."""
    for lev in leveringer:
        for utfall in lev.event.data.meldinger:
            if utfall.kanal == "epost":
                await store_gjenreising.sett_utfall(t.tx, utfall, _status(type(lev.event), utfall))


def _status(klasse: type[AnyEvent], utfall: Utfall) -> str:
    return "trukket" if utfall.feil and utfall.feil.kode == "trukket" else _STATUS[klasse]
