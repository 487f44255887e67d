"""The composition root of `sms`."""

from __future__ import annotations

from contracts.melding import MeldingAvgjort
from infra.room import Hus, Rom
from infra.web.utlaan import SVARTEKSTER
from services.sms.avgjort import Avgjort
from services.sms.avvisning import Avvisninger
from services.sms.deadlines import Forfall
from services.sms.gjenreising import gjenreising
from services.sms.handlers import Ordre
from services.sms.innkommende import Innkommende
from services.sms.kontakt import Kontakter
from services.sms.ledger import Ledger
from services.sms.leting import Leting
from services.sms.leverandoer import Leverandoer
from services.sms.mistede import Mistede
from services.sms.routes import Doer, ruter
from services.sms.rules import Tider
from services.sms.sider import svartekster
from services.sms.signatur import Signatur
from services.sms.status import Statusmottak


def bygg(hus: Hus, tider: Tider | None = None) -> Rom:
    """The room, ready to be started.

    Args:
        hus: what every room is given.
        tider: how long calls and leases may last; only tests give it.
    """
    s = hus.settings
    tider = tider or Tider.av(anrop=s.sms_anrop_sekunder, ro=s.sms_ro_sekunder)
    forteller = hus.forteller("sms")
    leverandoer = Leverandoer(s, tider) if s.har_twilio else None
    kontakter = Kontakter(hus.journal, s.secret_key.get_secret_value())
    ledger = Ledger(forteller, s, kontakter, leverandoer, tider)
    leting = Leting(forteller, kontakter, leverandoer, tider)
    innkommende = Innkommende(forteller, kontakter, s.twilio_from)
    statusmottak = Statusmottak(forteller)
    mistede = Mistede(forteller, leverandoer, innkommende, statusmottak)
    forfall = Forfall(forteller, ledger, leting, mistede)
    innkommende.etter_svar = ledger.vekk
    ledger.etter_brudd = mistede.snart
    signatur = Signatur(s.public_url, s.twilio_auth_token.get_secret_value())
    doer = Doer(hus.clock, signatur, Avvisninger(forteller), innkommende, statusmottak, mistede)

    hus.skall.laan_ut(SVARTEKSTER, svartekster(hus.db))

    async def stopp() -> None:
        await ledger.stopp()
        if leverandoer:
            await leverandoer.lukk()

    return Rom(
        navn="sms",
        forteller=forteller,
        handlers={
            **Ordre(hus.clock, ledger.vekk, har_leverandoer=leverandoer is not None).handlers(),
            MeldingAvgjort: Avgjort(hus.clock, ledger.vekk).on_melding_avgjort,
        },
        ruter=[ruter(doer)],
        reising=gjenreising(hus.clock),
        ticks=forfall.ticks(s.tick_sekunder),
        start=ledger.start,
        stopp=stopp,
    )
