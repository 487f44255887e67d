"""The composition root of `utkalling`."""

from __future__ import annotations

from contracts.spoersmaal import TEKSTER, Tekstspoersmaal, Tekstsvar
from infra.journal.journal import Journal
from infra.room import Hus, Rom, Tick
from services.utkalling import deadlines, forhaandsvisning
from services.utkalling.gjenreising import Gjenreiser
from services.utkalling.handlers import Livsloep
from services.utkalling.routes import ruter
from services.utkalling.samtale import Samtale
from services.utkalling.sider import sideruter
from services.utkalling.utfall import Kanaler


def bygg(hus: Hus) -> Rom:
    """The room, ready to be started."""
    forteller = hus.forteller("utkalling")

    async def tikk() -> None:
        await deadlines.meld_forfalte(forteller, hus.clock)

    async def tekster(spoersmaal: Tekstspoersmaal) -> Tekstsvar:
        return forhaandsvisning.tekster(spoersmaal.beslutning, hus.clock.now())

    def svarer(journal: Journal) -> None:
        journal.svar_paa(TEKSTER, Tekstspoersmaal, tekster)

    return Rom(
        navn="utkalling",
        forteller=forteller,
        handlers={
            **Livsloep(hus.clock).handlers(),
            **Samtale(hus.clock).handlers(),
            **Kanaler(hus.clock).handlers(),
        },
        ruter=[ruter(forteller), *sideruter(hus, forteller)],
        reising=Gjenreiser(hus.clock).gjenreising(),
        ticks=[Tick("frister", tikk, hus.settings.tick_sekunder)],
        svarer=svarer,
    )
