"""The door's work: validate, resolve, reserve, publish, wait for the PubAck, apply (law 1 of the design)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from contracts.event import NAVNEROM, AnyEvent, Event
from contracts.hendelse import Hendelse, HendelseMeldt, MeldtData, Status, Tilstand
from contracts.spoersmaal import STEDFEST, StedInn, Stedsspoersmaal, Stedssvar
from infra.db import Database
from infra.journal.feil import Versjonskonflikt
from infra.journal.forteller import Forteller
from infra.journal.journal import Kvittering
from infra.journal.levering import Levering, les_event
from infra.web.problem import Problem
from infra.web.tilgang import Bruker
from services.hendelser import rules, store
from services.hendelser.fold import fold
from services.hendelser.inn import HendelseKropp

OMKAMPER = 10
"""How often a change is tried again when others change the same hendelse at the same moment."""
LUKKET = {Status.AVLYST, Status.AVSLUTTET}


@dataclass(frozen=True)
class Nokkel:
    """An Idempotency-Key in its scope, and the digest of what was asked with it."""

    nokkel: str | None
    foresporsel: str

    @classmethod
    def av(cls, bruker: Bruker, sti: str, nokkel: str | None, kropp: Any) -> Nokkel:
        """The key of one request (scope: token + path)."""
        digest = hashlib.sha256(json.dumps(kropp, sort_keys=True).encode()).hexdigest()
        if nokkel is None:
            return cls(None, digest)
        return cls(hashlib.sha256(f"{bruker.id}\n{sti}\n{nokkel}".encode()).hexdigest(), digest)

    @property
    def event_id(self) -> UUID:
        """The same key gives the same event, whoever of us handles the second try."""
        return uuid5(NAVNEROM, self.nokkel) if self.nokkel else uuid4()


class Doer:
    """Takes hendelser in, and changes them."""

    def __init__(self, forteller: Forteller) -> None:
        self._f = forteller

    async def meld(self, kropp: HendelseKropp, bruker: Bruker, nokkel: Nokkel) -> tuple[Row[Any], bool]:
        """A new hendelse, durably in the journal. Returns its row, and whether it is new."""
        if gammel := await self.sett_foer(nokkel):
            return gammel, False
        event_id = nokkel.event_id
        hendelse_id = hendelse_id_av(event_id)
        svar = await self.stedfest(kropp)
        kodeord = await self._kodeord(hendelse_id)
        hendelse = self.bygg(kropp, svar, kodeord)
        data = MeldtData(hendelse=hendelse, av=bruker.aktoer, foresporsel=nokkel.foresporsel)
        event = HendelseMeldt.ny(data, naa=self._f.clock.now(), hendelse_id=hendelse_id, event_id=event_id)
        kvittering = (await self._f.journal.publiser([event]))[0]
        lagret = await self._samme(event, kvittering) if kvittering.duplikat else event
        rad = await self._bruk(lagret, kvittering, nokkel)
        return rad, not kvittering.duplikat

    async def stedfest(self, kropp: HendelseKropp) -> Stedssvar:
        """Where it is and who owns it, by routing; raises Problem with the fields that are wrong."""
        sted = StedInn.model_validate(kropp.sted.model_dump()) if kropp.sted else None
        sporsmaal = Stedsspoersmaal(
            type=kropp.type, sted=sted, stor=kropp.stor, maalgruppe=kropp.maalgruppe, tema=kropp.tema
        )
        return await self.spoer_sted(sporsmaal)

    async def spoer_sted(self, sporsmaal: Stedsspoersmaal) -> Stedssvar:
        svar = await self._f.journal.spoer(STEDFEST, sporsmaal, Stedssvar)
        if svar.feil or svar.eier is None:
            raise Problem.feltfeil(svar.feil)
        return svar

    def bygg(self, kropp: HendelseKropp, svar: Stedssvar, kodeord: str) -> Hendelse:
        """The hendelse as the journal will carry it."""
        naa = self._f.clock.now()
        felt = kropp.model_dump(exclude={"sted", "svarfrist"})
        frist = kropp.svarfrist
        if frist is None and not kropp.utkast:
            frist = rules.svarfrist(kropp.start, kropp.alvorlighet, naa)
        return Hendelse(**felt, sted=svar.sted, eier=cast("Any", svar.eier), kodeord=kodeord, svarfrist=frist)

    async def endre(
        self,
        hendelse_id: UUID,
        bygg: Callable[[Hendelse], Awaitable[Event[Any]]],
        *,
        versjon: int | None = None,
        nokkel: Nokkel | None = None,
    ) -> Row[Any]:
        """Tells one more event of an open hendelse.

        Args:
            hendelse_id: which.
            bygg: makes the event from the hendelse as it is now.
            versjon: the version the caller has seen; when it is stale the answer is 412.
            nokkel: what a second try is known by.
        """
        etter: int | None = None
        for _ in range(OMKAMPER):
            rad = await self.finn(hendelse_id)
            if versjon is not None and rad.versjon != versjon:
                raise _foreldet(rad)
            krev_aapen(rad)  # somebody may have closed it since the last try
            event = await bygg(Hendelse.model_validate(rad.hendelse))
            try:
                kvittering = (await self._f.journal.publiser([event], etter=rad.versjon if etter is None else etter))[0]
            except Versjonskonflikt:
                etter = await self._hent_inn(hendelse_id, rad.versjon)
                continue
            return await self._bruk(event, kvittering, nokkel)
        raise Problem(409, "Noen andre endrer hendelsen nå", "Hent den på nytt og prøv igjen.")

    @property
    def db(self) -> Database:
        return self._f.db

    @property
    def forteller(self) -> Forteller:
        return self._f

    async def finn(self, hendelse_id: UUID) -> Row[Any]:
        """The row; 404 when there is none."""
        async with self._f.db.les() as tx:
            rad = await store.finn(tx, hendelse_id)
        if rad is None:
            raise Problem(404, "Finnes ikke", "Ingen hendelse har denne id-en.")
        return rad

    async def _hent_inn(self, hendelse_id: UUID, fra: int) -> int | None:
        """Somebody was faster: folds what the journal has of this hendelse before the next try.

        Returns:
            What to expect as last there, when the story we know was told in a journal that is gone (0: none of it).
        """
        siste = await self._f.journal.siste_paa(f"salto.hendelse.*.{hendelse_id}")
        if siste and siste.sekvens > fra:
            async with self._f.db.skriv() as tx:
                await fold(tx, Levering(les_event(siste.data), siste.sekvens, siste.tid))
            return None
        return siste.sekvens if siste else 0

    async def ved_versjon(self, hendelse_id: UUID, versjon: int) -> Hendelse | None:
        """The hendelse as one of its own events left it; None when the journal has no such event."""
        melding = await self._f.journal.hent(versjon)
        event = les_event(melding.data) if melding else None
        if event is None or event.hendelseid != hendelse_id or not isinstance(event.data, Tilstand):
            return None
        return event.data.hendelse

    async def sett_foer(self, nokkel: Nokkel) -> Row[Any] | None:
        """The hendelse as a first try with this key has left it; 409 when that try said something else.

        The door notes the key. Should it have died first, the consumer has noted the id the key gives its event.
        """
        if nokkel.nokkel is None:
            return None
        async with self._f.db.les() as tx:
            rader = await store.nokler(tx, [nokkel.nokkel, str(nokkel.event_id)])
            if any(rad.foresporsel not in {"", nokkel.foresporsel} for rad in rader):
                raise _annen_kropp()
            return await store.finn(tx, rader[0].hendelse_id) if rader else None

    async def foreslaa_kodeord(self, fro: UUID) -> str:
        """A kodeord as an example: nothing is reserved."""
        async with self._f.db.les() as tx:
            return rules.velg_kodeord(fro, *await store.opptatte_kodeord(tx, self._f.clock.now())) or "ELG"

    async def _kodeord(self, hendelse_id: UUID) -> str:
        for _ in range(OMKAMPER):
            try:
                return await self._reserver(hendelse_id)
            except IntegrityError:
                continue  # another replica took the same word: choose again
        raise Problem(503, "Ikke bekreftet", "Fant ikke et ledig kodeord. Prøv igjen med samme nøkkel.")

    async def _reserver(self, hendelse_id: UUID) -> str:
        naa = self._f.clock.now()
        async with self._f.db.skriv() as tx:
            if gitt := await store.kodeord_av(tx, hendelse_id):
                return gitt
            kodeord = rules.velg_kodeord(hendelse_id, *await store.opptatte_kodeord(tx, naa))
            if kodeord is None:
                raise Problem(503, "Ingen ledige kodeord", "Avslutt hendelser som er over, og prøv igjen.")
            await store.reserver(tx, kodeord, hendelse_id, naa)
            return kodeord

    async def _samme(self, event: HendelseMeldt, kvittering: Kvittering) -> AnyEvent:
        """The journal had this id already: the same body is the same answer, another body is a conflict."""
        melding = await self._f.journal.hent(kvittering.sekvens)
        if melding is None:
            return event
        lagret = les_event(melding.data)
        if lagret.data.foresporsel != event.data.foresporsel:
            raise _annen_kropp()
        return lagret

    async def _bruk(self, event: AnyEvent, kvittering: Kvittering, nokkel: Nokkel | None) -> Row[Any]:
        hendelse_id = cast("UUID", event.hendelseid)
        async with self._f.db.skriv() as tx:
            await fold(tx, Levering(event, kvittering.sekvens, event.time))
            if nokkel and nokkel.nokkel:
                await store.noter_nokkel(tx, nokkel.nokkel, nokkel.foresporsel, hendelse_id, event.time)
            rad = await store.finn(tx, hendelse_id)
        assert rad is not None
        return rad


def hendelse_id_av(event_id: UUID) -> UUID:
    """The id of the hendelse that this first event tells of."""
    return uuid5(event_id, "hendelse")


def krev_aapen(rad: Row[Any]) -> None:
    """Raises 409 when the hendelse is closed."""
    if rad.status in LUKKET:
        raise Problem(409, "Hendelsen er lukket", f"Status er {rad.status}: den kan ikke endres mer.")


def _annen_kropp() -> Problem:
    return Problem(409, "Samme nøkkel, annet innhold", "Idempotency-Key er brukt før med et annet innhold.")


def _foreldet(rad: Row[Any]) -> Problem:
    return Problem(412, "Hendelsen er endret", f"Nåværende versjon er {rad.versjon}. Hent den på nytt og prøv igjen.")
