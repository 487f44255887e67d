"""The composition root of `routing`."""

from __future__ import annotations

from contracts.hendelse import Hendelse
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet
from contracts.spoersmaal import FORESLAA, STEDFEST, Forslagsspoersmaal, Stedsspoersmaal, Stedssvar
from infra.journal.gjenspill import Gjenreising
from infra.journal.journal import Journal
from infra.room import Hus, Rom
from infra.web.utlaan import BYDELSKART, EIERGRUNN, NABOER, REGIONER, STEDSOEK, Eiergrunn
from services.routing.bydelskart import Bydelskart
from services.routing.handlers import Ruting
from services.routing.regelsett import les_regelsett
from services.routing.register import Registerfold
from services.routing.rules import eier, eierregel
from services.routing.steder import Steder
from services.routing.stedsoek import Stedsoek


def bygg(hus: Hus) -> Rom:
    """The room, ready to be started. Raises when a rule set or a data file is wrong."""
    forteller = hus.forteller("routing")
    steder, regelsett = Steder.les(), les_regelsett()
    kart = Bydelskart.les()
    hus.skall.laan_ut(BYDELSKART, kart.tegn)
    hus.skall.laan_ut(NABOER, kart.naboer)
    register = Registerfold(hus.journal)
    ruting = Ruting(regelsett, f"{regelsett.navn} {regelsett.versjon}", register, hus.clock)
    hus.skall.laan_ut(STEDSOEK, Stedsoek(steder).finn)
    hus.skall.laan_ut(REGIONER, tuple(regelsett.regioner))

    def eiergrunn(hendelse: Hendelse) -> Eiergrunn | None:
        regel = eierregel(hendelse, regelsett)
        return Eiergrunn(regel.grunn, regel.hjemmel) if regel else None

    hus.skall.laan_ut(EIERGRUNN, eiergrunn)

    async def stedfest(sporsmaal: Stedsspoersmaal) -> Stedssvar:
        sted, feil = steder.stedfest(sporsmaal.sted, sporsmaal.type)
        return Stedssvar(feil=feil) if feil else Stedssvar(sted=sted, eier=eier(sporsmaal, sted, regelsett))

    async def foreslaa(sporsmaal: Forslagsspoersmaal) -> BesluttetData:
        async with hus.db.les() as tx:
            kopi = await ruting.kopi(tx)
        return ruting.forslag(sporsmaal.hendelse, kopi)

    def svarer(journal: Journal) -> None:
        journal.svar_paa(STEDFEST, Stedsspoersmaal, stedfest)
        journal.svar_paa(FORESLAA, Forslagsspoersmaal, foreslaa)

    reising = Gjenreising(egne={MobiliseringBesluttet: ruting.on_egen})
    return Rom(navn="routing", forteller=forteller, handlers=ruting.handlers(), svarer=svarer, reising=reising)
