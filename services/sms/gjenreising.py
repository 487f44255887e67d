"""How the SMS ledger learns again what it did, when its tables are a backup: from what it told, else by looking it up.

Nothing that may have been sent goes out again: what is still in the queue when all is replayed is doubt, and doubt is
looked up at the provider.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.event import AnyEvent, Event
from contracts.melding import MeldingFeilet, MeldingLevert, MeldingSendt, MeldingUviss, Utfall, UtfallData
from contracts.svar import SvarMottatt
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.gjenspill import Gjenreising
from infra.journal.levering import Levering
from services.sms import store_gjenreising, store_svar

_STATUS: dict[type[AnyEvent], str] = {
    MeldingSendt: "sendt",
    MeldingLevert: "levert",
    MeldingFeilet: "feilet",
    MeldingUviss: "uviss",
}


def gjenreising(clock: Clock) -> Gjenreising:
    """What this room does besides hearing its orders again."""

    async def i_tvil(t: Transaksjon) -> None:
        await store_gjenreising.koen_i_tvil(t.tx, clock.now())

    return Gjenreising(egne={**dict.fromkeys(_STATUS, on_utfall), SvarMottatt: on_svar}, etter=i_tvil)


async def on_utfall(t: Transaksjon, leveringer: Sequence[Levering[Event[UtfallData]]]) -> None:
    """What was told of a message is what became of it: told in that order, the last word holds."""
    for lev in leveringer:
        for utfall in lev.event.data.meldinger:
            if utfall.kanal == "sms":
                await store_gjenreising.sett_utfall(t.tx, utfall, _status(type(lev.event), utfall))


async def on_svar(t: Transaksjon, leveringer: Sequence[Levering[SvarMottatt]]) -> None:
    """That an answer came is known; its words are fetched from the provider, where they are still."""
    rader = [
        {"svar_id": s.id, "message_sid": s.leverandoer_id, "mottatt": s.mottatt, "noekkel": store_svar.TAPT}
        for lev in leveringer
        for s in lev.event.data.svar
        if s.kanal == "sms" and s.leverandoer_id
    ]
    await store_svar.legg_innhold(t.tx, [{"tekst": None, **rad} for rad in rader])


def _status(klasse: type[AnyEvent], utfall: Utfall) -> str:
    if utfall.feil and utfall.feil.kode == "trukket":
        return "trukket"
    return "antatt" if klasse is MeldingSendt and not utfall.leverandoer_id else _STATUS[klasse]
