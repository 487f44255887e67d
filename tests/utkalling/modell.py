"""The world around `utkalling` for the property test: a journal it hears and tells to, and processes that die."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal, cast
from uuid import UUID

from nats.aio.msg import Msg
from sqlalchemy import Row, delete, select
from sqlmodel import SQLModel

from contracts.event import AnyEvent
from contracts.frist import FristNaadd
from contracts.melding import Bestilling, MeldingAvgjort, MeldingBestilt, MeldingTrukket
from infra.db import Database, tabell
from infra.journal.behandling import Behandling
from infra.journal.forteller import Forteller
from infra.journal.journal import Journal, Melding
from infra.journal.levering import Levering
from infra.journal.tables import FortaltRow, LestRow
from services.utkalling import deadlines, store
from services.utkalling.gjenreising import Gjenreiser
from services.utkalling.handlers import Livsloep
from services.utkalling.sak import Utkalling
from services.utkalling.samtale import Samtale
from services.utkalling.utfall import Kanaler
from tests.utkalling.rommet import TABELLER, Klokke

Doed = Literal["foer", "halvveis", "etter"]
"""When a process dies in its telling: before anything is stored, half-way, or before the PubAck comes back."""
MINNE = [tabell(LestRow), tabell(FortaltRow)]
ROM = "utkalling"


class Drept(BaseException):
    """The process was killed; nothing of its own gets to run."""


class Journalen:
    """The journal as the room knows it: in order, each id once. It may kill whoever publishes."""

    def __init__(self, klokke: Klokke) -> None:
        self._klokke = klokke
        self.alt: list[Levering[Any]] = []
        self.bytes: dict[UUID, bytes] = {}
        self.fortalt: list[AnyEvent] = []
        """What the room has told, each once, in order."""
        self.bestilt: dict[UUID, Bestilling] = {}
        self.trukket: set[UUID] = set()
        self.sendt_igjen: Counter[UUID] = Counter()
        """How many times a person has chosen that a message is to be sent again."""
        self.doer: Doed | None = None

    def legg(self, event: AnyEvent) -> Levering[Any]:
        """Stores an event of somebody else's."""
        lev: Levering[Any] = Levering(event, len(self.alt) + 1, self._klokke.now())
        self.alt.append(lev)
        self.bytes[event.id] = event.til_bytes()
        return lev

    async def publiser(self, events: Sequence[AnyEvent]) -> None:
        """As the real one, and no kinder: what is told again must be the same, byte for byte."""
        doer, self.doer = self.doer, None
        lagres = {"foer": 0, "halvveis": len(events) // 2}.get(doer or "", len(events))
        for event in events[:lagres]:
            self._ta(event)
        if doer:
            raise Drept

    async def siste_sekvens(self) -> int:
        """As the real one."""
        return len(self.alt)

    async def neste_paa(self, subjekt: str, fra: int) -> Melding | None:
        """As the real one, for one subject or for everything."""
        for lev in self.alt[fra - 1 :]:
            if subjekt.endswith(">") or lev.event.subjekt() == subjekt:
                event = lev.event
                return Melding(lev.sekvens, event.subjekt(), lev.tid, self.bytes[event.id], str(event.id))
        return None

    def _ta(self, event: AnyEvent) -> None:
        if event.id in self.bytes:
            assert self.bytes[event.id] == event.til_bytes(), f"told again with other content: {event.type}"
            return
        self.legg(event)
        self.fortalt.append(event)
        if isinstance(event, MeldingBestilt):
            self.bestilt |= {o.id: o for o in event.data.meldinger}
        if isinstance(event, MeldingTrukket):
            self.trukket |= set(event.data.meldinger)
        if isinstance(event, MeldingAvgjort) and event.data.valg == "send_igjen":
            self.sendt_igjen[event.data.melding_id] += 1


class Stum(Journalen):
    """What a rebuild publishes goes nowhere."""

    async def publiser(self, events: Sequence[AnyEvent]) -> None:
        return


@dataclass
class Bud:
    """A delivery on its way to the room, as nats-py hands it over."""

    data: bytes
    subject: str
    metadata: SimpleNamespace
    kvittert: bool = False

    async def ack(self) -> None:
        self.kvittert = True

    async def nak(self, delay: float | None = None) -> None:
        """Comes again, says the real one; here it is seen that it was not acked."""


class Prosess:
    """One process of the room: dies with what it has in memory."""

    def __init__(self, db: Database, journal: Journalen, klokke: Klokke) -> None:
        self.forteller = Forteller(ROM, db, cast("Journal", journal), klokke)
        handlers = {
            **Livsloep(klokke).handlers(),
            **Samtale(klokke).handlers(),
            **Kanaler(klokke).handlers(),
        }
        self.hoerer = tuple(handlers)
        self._behandling = Behandling(self.forteller, handlers)

    async def hoer(self, leveringer: Sequence[Levering[Any]], journal: Journalen) -> None:
        """Handles a batch; everything must end in an ack."""
        bud = [Bud(journal.bytes[lev.event.id], lev.event.subjekt(), _meta(lev)) for lev in leveringer]
        await self._behandling.behandle(cast("list[Msg]", bud))
        assert all(b.kvittert for b in bud), [lev.event.type for lev in leveringer]


def _meta(lev: Levering[Any]) -> SimpleNamespace:
    return SimpleNamespace(sequence=SimpleNamespace(stream=lev.sekvens), timestamp=lev.tid)


@dataclass(frozen=True)
class Bilde:
    """Every row of the room at one moment."""

    hendelser: dict[UUID, Row[Any]]
    utkallinger: dict[UUID, Utkalling]
    hendelse_av: dict[UUID, UUID]
    """Which hendelse each call-out belongs to."""
    meldinger: dict[UUID, Row[Any]]
    svar: dict[UUID, Row[Any]]
    frister: dict[UUID, Row[Any]]

    @property
    def uvisse(self) -> list[Row[Any]]:
        """The messages nobody knows about."""
        return sorted((m for m in self.meldinger.values() if m.status == "uviss"), key=lambda m: m.id)

    def kalte(self, hendelse_id: UUID) -> list[Utkalling]:
        """The call-outs of one hendelse."""
        return [u for u in self.utkallinger.values() if self.hendelse_av[u.id] == hendelse_id]


async def bilde(db: Database) -> Bilde:
    """The room's rows as they are now."""
    async with db.les() as tx:

        async def alle(tabellen: Any, nokkel: str = "id") -> dict[UUID, Row[Any]]:
            return {getattr(r, nokkel): r for r in await tx.execute(select(tabellen))}

        rader = await alle(store.UTKALLING)
        return Bilde(
            hendelser=await alle(store.HENDELSE, "hendelse_id"),
            utkallinger={i: store.utkalling_av(r) for i, r in rader.items()},
            hendelse_av={i: r.hendelse_id for i, r in rader.items()},
            meldinger=await alle(store.MELDING),
            svar=await alle(store.KVITTERING),
            frister=await alle(store.FRIST),
        )


UTELATT: dict[str, set[str]] = {"utkalling_kvittering": {"merknad"}}
"""What a rebuild cannot know: a note that somebody wrote is erasable, and never in the journal."""


async def rader(db: Database, *, uten: frozenset[str] = frozenset()) -> dict[str, list[dict[str, Any]]]:
    """Every table's rows that matter, in one order; `uten` are columns left out besides."""
    ut = {}
    async with db.les() as tx:
        for t in TABELLER:
            nokler = list(t.primary_key.columns)
            felt = [k for k in t.columns if k.name not in UTELATT.get(t.name, set()) | uten]
            ut[t.name] = [dict(r._mapping) for r in await tx.execute(select(*felt).order_by(*nokler))]
    return ut


async def lag_tabeller(db: Database) -> None:
    async with db.skriv() as tx:
        await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=[*TABELLER, *MINNE]))


async def toem(db: Database) -> None:
    async with db.skriv() as tx:
        for t in (*TABELLER, *MINNE):
            await tx.execute(delete(t))


class Verden:
    """The room with its database and its journal; what it has not heard yet waits."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.klokke = Klokke()
        self.journal = Journalen(self.klokke)
        self.venter: list[Levering[Any]] = []
        self.hoert: list[Levering[Any]] = []
        """What it has heard, each once, in the order it was handled."""
        self._start()

    def _start(self) -> None:
        self.rom = Prosess(self.db, self.journal, self.klokke)

    def skjer(self, event: AnyEvent) -> Levering[Any]:
        """Somebody else tells something; the room will hear it."""
        lev = self.journal.legg(event)
        self.venter.append(lev)
        return lev

    async def gjoer(self, gjoer: Awaitable[Any], doer: Doed | None) -> bool:
        """Lets the room do something, perhaps not to its end. Returns whether it lived."""
        foer = len(self.journal.alt)
        self.journal.doer = doer
        try:
            await gjoer
        except Drept:
            self._start()
            return False
        finally:
            self.journal.doer = None
            self.venter += [lev for lev in self.journal.alt[foer:] if isinstance(lev.event, FristNaadd)]
        return True

    async def hoer(self, leveringer: Sequence[Levering[Any]], doer: Doed | None = None) -> None:
        """The room handles these; one that dies of it is started again, tells what is untold, and gets them again."""
        if not await self.gjoer(self.rom.hoer(leveringer, self.journal), doer):
            if doer == "halvveis":
                await self.gjoer(self.rom.forteller.tikk(), None)
            await self.gjoer(self.rom.hoer(leveringer, self.journal), None)
        sett = {lev.event.id for lev in self.hoert}
        self.hoert += [lev for lev in leveringer if lev.event.id not in sett]
        self.venter = [lev for lev in self.venter if lev not in leveringer]

    async def tikk(self, doer: Doed | None = None) -> None:
        """Both ticks of the room."""
        await self.gjoer(deadlines.meld_forfalte(self.rom.forteller, self.klokke), doer)
        await self.gjoer(self.rom.forteller.tikk(), None)

    async def gjenskap(self, db: Database) -> None:
        """Hands the whole journal, in its order, to a room with empty tables that tells nobody.

        Each event by the time it was handled the first time, as far as what was told of it says, like the real replay.
        """
        klokke = Klokke()
        stum = Stum(klokke)
        stum.bytes = self.journal.bytes
        rom, egne = Prosess(db, stum, klokke), Gjenreiser(klokke).gjenreising().egne
        den_gang = {e.aarsak: e.time for e in reversed(self.journal.fortalt)}
        for lev in self.journal.alt:
            if isinstance(lev.event, rom.hoerer):
                klokke.naa = den_gang.get(lev.event.id, lev.tid)
                await rom.hoer([lev], stum)
            elif egen := egne.get(type(lev.event)):
                klokke.naa = lev.event.time
                async with rom.forteller.transaksjon() as t:
                    await egen(t, [lev])
