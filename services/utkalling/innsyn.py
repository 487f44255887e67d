"""Names and numbers of those called: for whom they are shown, and the event that says they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from contracts.audit import InnsynData, InnsynGitt
from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.web.tilgang import Bruker

logg = structlog.get_logger("utkalling")
SER_NAVN = frozenset({"sekretariat", "salto_sentrum"})
SAMME_LESNING = timedelta(hours=1)
_HUSKER = 2000


class Innsyn:
    """Shows people to those who may see them, and tells it before it does.

    A page that is open and refreshes itself is one reading. We do not take the browser's word for it: a refresh is a
    part of the reading when this process has told, within the hour, that this user saw these very people of this
    hendelse. A new face, an hour gone by, or another process is told anew: at worst once too often, never too seldom.
    """

    def __init__(self, forteller: Forteller) -> None:
        self._forteller = forteller
        self._lest: dict[tuple[str, UUID], dict[UUID, datetime]] = {}

    async def navn(
        self, bruker: Bruker, hendelse_id: UUID, personer: Collection[UUID], *, oppfrisking: bool = False
    ) -> Mapping[UUID, str]:
        """Names by person, empty for those who may not see them; names we could not tell of are not shown."""
        if bruker.rolle not in SER_NAVN or not personer:
            return {}
        try:
            kontakter = await self._kontakter(personer)
            if not (oppfrisking and self._samme_lesning(bruker, hendelse_id, kontakter)):
                await self._fortell(bruker, hendelse_id, "utkallinger", kontakter)
        except JournalNede as feil:
            logg.warning("navn_vises_ikke", hendelse_id=str(hendelse_id), feil=str(feil))
            return {}
        return {k.person_id: k.navn for k in kontakter.values() if k.navn}

    async def ringeliste(self, bruker: Bruker, hendelse_id: UUID, personer: Collection[UUID]) -> Mapping[UUID, Kontakt]:
        """Names and numbers, by person: told each time. Raises JournalNede when it could not be told."""
        kontakter = await self._kontakter(personer) if personer else {}
        if kontakter:
            await self._fortell(bruker, hendelse_id, "ringeliste", kontakter)
        return kontakter

    async def _kontakter(self, personer: Collection[UUID]) -> dict[UUID, Kontakt]:
        spoersmaal = Kontaktspoersmaal(personer=tuple(personer), navn=True)
        svar = await self._forteller.journal.spoer(KONTAKT, spoersmaal, Kontaktsvar)
        return {k.person_id: k for k in svar.kontakter}

    def _samme_lesning(self, bruker: Bruker, hendelse_id: UUID, personer: Collection[UUID]) -> bool:
        lest, naa = self._lest.get((bruker.id, hendelse_id), {}), self._forteller.clock.now()
        return all(p in lest and naa - lest[p] < SAMME_LESNING for p in personer)

    async def _fortell(self, bruker: Bruker, hendelse_id: UUID, gjelder: str, personer: Collection[UUID]) -> None:
        naa = self._forteller.clock.now()
        data = InnsynData(av=bruker.aktoer, gjelder=gjelder, antall=len(personer))
        await self._forteller.journal.publiser([InnsynGitt.ny(data, naa=naa, hendelse_id=hendelse_id)])
        if len(self._lest) >= _HUSKER:  # forgetting costs an event too many, and nothing else
            self._lest.clear()
        self._lest.setdefault((bruker.id, hendelse_id), {}).update(dict.fromkeys(personer, naa))
