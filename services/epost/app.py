"""The e-mail room put together."""

from __future__ import annotations

from infra.room import Hus, Rom, Tick
from services.epost.bokfoering import Bok
from services.epost.brev import Brevskriver
from services.epost.gjenreising import gjenreising
from services.epost.handlers import handlers
from services.epost.ledger import Ledger
from services.epost.routes import Svardoer, ruter
from services.epost.sider import Sider
from services.epost.tjener import les_tjener
from services.epost.utsending import Utsending

ROM = "epost"


def bygg(hus: Hus) -> Rom:
    """The room: its ears, its ledger and its answer page.

    Raises:
        Innstillingsfeil: `SALTO_SMTP_URL` or `SALTO_EMAIL_FROM` cannot be used.
    """
    oppsett = hus.settings
    forteller = hus.forteller(ROM)
    tjener = les_tjener(oppsett.smtp_url.get_secret_value())
    skriver = Brevskriver(oppsett.email_from, oppsett.public_url, simulator=oppsett.simulator)
    bok = Bok(forteller, skriver.domene)
    utsending = Utsending(tjener, skriver, bok, hus.clock, simulator=oppsett.simulator) if tjener else None
    ledger = Ledger(forteller, utsending, bok)
    return Rom(
        navn=ROM,
        forteller=forteller,
        handlers=handlers(hus.clock, ledger.vekk),
        ruter=[ruter(Svardoer(hus, Sider(simulator=oppsett.simulator)))],
        reising=gjenreising(hus.clock, skriver.domene),
        ticks=[Tick(ROM, ledger.tikk, oppsett.tick_sekunder)],
        start=ledger.start,
        stopp=ledger.stopp,
    )
