"""Refusals at the signed doors: counted every time, told to the journal at most every ten seconds of a kind."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from contracts.audit import AvvistData, WebhookAvvist
from infra.db import NEDE
from infra.journal.forteller import Forteller
from services.sms.maalinger import WEBHOOK_AVVIST

logg = structlog.get_logger("sms")
HVERT = timedelta(seconds=10)


class Avvisninger:
    """Whoever knocks without a key is written down, and cannot fill the journal by knocking."""

    def __init__(self, forteller: Forteller) -> None:
        self._forteller = forteller
        self._sist: dict[tuple[str, str], datetime] = {}

    async def noter(self, doer: str, grunn: str) -> None:
        """Notes one refusal. Never raises for a missing dependency: the answer is 403 whatever happens here."""
        WEBHOOK_AVVIST.labels(doer, grunn).inc()
        naa = self._forteller.clock.now()
        sist = self._sist.get((doer, grunn))
        if sist and sist <= naa < sist + HVERT:
            return
        self._sist[doer, grunn] = naa
        logg.warning("webhook_avvist", doer=doer, grunn=grunn)
        try:
            async with self._forteller.transaksjon() as t:
                t.fortell(WebhookAvvist.ny(AvvistData(doer=doer, grunn=grunn), naa=naa))
        except NEDE as feil:
            logg.error("webhook_avvist_ikke_notert", doer=doer, feil=type(feil).__name__)
