"""The composition root of `hendelser`."""

from __future__ import annotations

from infra.room import Hus, Rom
from services.hendelser.doer import Doer
from services.hendelser.endringer import Endringer
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.oppgaver import Oppgaver
from services.hendelser.routes import ruter
from services.hendelser.sider import sideruter


def bygg(hus: Hus) -> Rom:
    """The room, ready to be started."""
    forteller = hus.forteller("hendelser")
    doer = Doer(forteller)
    endringer = Endringer(doer, hus.clock)
    forhaandsvisning = Forhaandsvisning(doer, hus.journal, hus.clock, hus.settings.sms_kroner)
    return Rom(
        navn="hendelser",
        forteller=forteller,
        handlers=Oppgaver(hus.clock).handlers(),
        ruter=[*ruter(doer, endringer, forhaandsvisning), *sideruter(hus, doer, endringer, forhaandsvisning)],
    )
