"""The register as a room: doors, the answer to `register.kontakt`, and a gauge of vacancies."""

from __future__ import annotations

from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.journal.journal import Journal
from infra.room import Hus, Rom, Tick
from services.register import oppslag
from services.register.deadlines import Mangelmaaler
from services.register.ettersyn import Ettersyn
from services.register.innfoering import Innfoering
from services.register.routes import registerruter
from services.register.routes_fravaer import fravaersruter
from services.register.routes_personer import personruter
from services.register.sider import sideruter


def bygg(hus: Hus) -> Rom:
    """The room, with one voice and one way in for changes."""
    forteller = hus.forteller("register")
    innfoering = Innfoering(forteller)

    async def kontakt(spoersmaal: Kontaktspoersmaal) -> Kontaktsvar:
        async with hus.db.les() as tx:
            return Kontaktsvar(kontakter=tuple(await oppslag.kontakter(tx, spoersmaal)))

    def svarer(journal: Journal) -> None:
        journal.svar_paa(KONTAKT, Kontaktspoersmaal, kontakt)

    ettersyn = Ettersyn(innfoering)
    return Rom(
        navn="register",
        forteller=forteller,
        ruter=(
            registerruter(hus, innfoering),
            personruter(hus, innfoering),
            fravaersruter(hus, innfoering),
            sideruter(hus),
        ),
        ticks=(Tick("register_mangler", Mangelmaaler(hus).maal, 300), Tick("register_ettersyn", ettersyn.tikk, 60)),
        svarer=svarer,
        start=ettersyn.begynn,
    )
