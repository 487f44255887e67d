"""Puts the room together: the archivist, its doors and pages, and the tick that watches both."""

from __future__ import annotations

from infra.db import Database
from infra.room import Hus, Rom, Tick
from services.audit.handlers import Arkivar
from services.audit.routes import ruter
from services.audit.sider import sideruter

ETTERSYN_SEKUNDER = 2.0


def bygg(hus: Hus, auditdb: Database) -> Rom:
    """The room, on a database of its own. It hears everything by sequence and has no durable consumer."""
    arkivar = Arkivar(hus.journal, auditdb)
    return Rom(
        navn="audit",
        forteller=hus.forteller("audit"),
        ruter=[ruter(hus, auditdb), *sideruter(hus, auditdb)],
        ticks=[Tick("audit-ettersyn", arkivar.maal, ETTERSYN_SEKUNDER)],
        start=arkivar.start,
        stopp=arkivar.stopp,
    )
