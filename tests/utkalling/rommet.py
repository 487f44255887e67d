"""The room `utkalling` alone on a real database: it is handed events in any order, and says what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import SQLModel

from contracts.event import Aktoer, AnyEvent, ny_id
from contracts.hendelse import EndretData, GrunnData, Hendelse, HendelseAvlyst, HendelseEndret, HendelseMeldt, MeldtData
from contracts.melding import MeldingBestilt
from contracts.mobilisering import BesluttetData, Mangel, MobiliseringBesluttet, Mottaker
from contracts.roller import Rolle
from contracts.utkalling import Kvittering, Svar
from infra.clock import Clock
from infra.db import Database, tabell
from infra.journal import Levering
from infra.journal.forteller import Transaksjon
from services.utkalling import rules, store, tables, telling
from services.utkalling.handlers import Livsloep
from services.utkalling.sak import Sak
from tests.harness.baser import Base
from tests.utkalling.bord import NAA, av, hendelse, person

TABELLER = [
    tabell(m)
    for m in vars(tables).values()
    if isinstance(m, type) and issubclass(m, SQLModel) and m.__module__ == tables.__name__
]
HENDELSE_ID = UUID(int=1)
AV = Aktoer(rolle="sekretariat")
SEKRETAER = 90


class Klokke(Clock):
    """A clock that stands where it is put."""

    naa = NAA

    def now(self) -> datetime:
        return self.naa


class Rommet:
    """What it is told, by whom; its own words come back as events."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.klokke = Klokke()
        self._handlers = Livsloep(self.klokke).handlers()

    async def hoerer(self, *leveringer: Levering[Any]) -> list[AnyEvent]:
        """Handles these in this order, in one transaction each; gives what the room says to it."""
        ut: list[AnyEvent] = []
        for lev in leveringer:
            async with self.db.skriv() as tx:
                t = Transaksjon(tx)
                await self._handlers[type(lev.event)](t, [lev])
            ut += t.events
        return ut

    async def svarer(self, nr: int, svar: Svar) -> list[AnyEvent]:
        """Somebody answers; gives what the room says to it."""
        async with self.db.skriv() as tx:
            rad = await store.laas(tx, HENDELSE_ID)
            assert rad is not None
            sak = await store.aapne_sak(tx, rad, naa=self.klokke.now(), aarsak=uuid4())
            u = av(sak, nr)
            k = Kvittering(utkalling_id=u.id, svar=svar, kanal="sms", mottatt=sak.naa, svar_id=uuid4())
            rules.kvitter(sak, u, k)
            await store.lagre(tx, sak)
        return telling.events(sak)

    async def sak(self) -> Sak:
        """The desk as it is now."""
        async with self.db.skriv() as tx:
            rad = await store.laas(tx, HENDELSE_ID)
            assert rad is not None
            return await store.aapne_sak(tx, rad, naa=self.klokke.now(), aarsak=UUID(int=0))

    async def skal_komme(self) -> set[int]:
        """Everyone who is called and not stood down."""
        return {u.person_id.int - 1000 for u in (await self.sak()).utkallinger.values() if not u.avlyst}


@asynccontextmanager
async def rommet_i(base: Base) -> AsyncIterator[Rommet]:
    """The room with empty tables."""
    db = Database(base.url)
    async with db.skriv() as tx:
        await tx.run_sync(lambda c: SQLModel.metadata.drop_all(c, tables=TABELLER))
        await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=TABELLER))
    try:
        yield Rommet(db)
    finally:
        await db.lukk()


def sendt(events: Sequence[AnyEvent]) -> list[tuple[int, str]]:
    """Who is sent what, by SMS: person and purpose, each message once, as a channel counts them."""
    sms = {
        o.id: (o.person_id.int - 1000, str(o.formaal))
        for e in events
        if isinstance(e, MeldingBestilt)
        for o in e.data.meldinger
        if o.kanal == "sms"
    }
    return sorted(sms.values())


def brev(events: Sequence[AnyEvent]) -> list[str]:
    """The points of every e-mail to the sekretariat."""
    tekster = [
        o.tekst for e in events if isinstance(e, MeldingBestilt) for o in e.data.meldinger if o.formaal == "oppgave"
    ]
    return [linje.removeprefix("- ") for t in tekster for linje in t.splitlines() if linje.startswith("- ")]


def _lever(event: AnyEvent, sekvens: int) -> Levering[Any]:
    return Levering(event, sekvens, event.time)


def meldt(sekvens: int = 10, h: Hendelse | None = None) -> Levering[HendelseMeldt]:
    data = MeldtData(hendelse=h or hendelse(), av=AV)
    return _lever(HendelseMeldt.ny(data, naa=NAA, hendelse_id=HENDELSE_ID, event_id=UUID(int=sekvens)), sekvens)


def endret(sekvens: int, *felt: str, h: Hendelse | None = None) -> Levering[HendelseEndret]:
    data = EndretData(hendelse=h or hendelse(oppmoete="Ved løven"), av=AV, felt=felt or ("oppmoete",))
    return _lever(HendelseEndret.ny(data, naa=NAA, hendelse_id=HENDELSE_ID, event_id=UUID(int=sekvens)), sekvens)


def avlyst(sekvens: int) -> Levering[HendelseAvlyst]:
    data = GrunnData(hendelse=hendelse(), av=AV, grunn="Ble ikke noe av")
    return _lever(HendelseAvlyst.ny(data, naa=NAA, hendelse_id=HENDELSE_ID, event_id=UUID(int=sekvens)), sekvens)


def besluttet(
    aarsak: int,
    mottakere: Sequence[Mottaker] = (),
    *,
    del_nr: int = 1,
    deler: int = 1,
    mangler: Sequence[str] = (),
    h: Hendelse | None = None,
    **felt: Any,
) -> Levering[MobiliseringBesluttet]:
    """A chunk of the decision caused by the event at `aarsak`; it stands in the journal a good way behind it."""
    data = BesluttetData(
        beslutning_id=ny_id(UUID(int=aarsak), "beslutning"),
        utloest_av=UUID(int=aarsak),
        utloest_sekvens=aarsak,
        del_nr=del_nr,
        deler=deler,
        regelsett="prøve",
        register_sekvens=1,
        hendelse=h or hendelse(),
        mottakere=tuple(mottakere),
        mangler=tuple(Mangel(rolle=Rolle.POLITIKONTAKT, enhet=e, aarsak="Ingen har rollen.") for e in mangler),
        sekretariat=(person(SEKRETAER),),
        **felt,
    )
    event = MobiliseringBesluttet.ny(
        data, naa=NAA, hendelse_id=HENDELSE_ID, aarsak=UUID(int=aarsak), nokkel=str(del_nr)
    )
    return _lever(event, aarsak + 1000 + del_nr)
