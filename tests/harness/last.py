"""A steady load on a cluster: who publishes, who handles, who reads along, and what came of it all."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID, uuid4

from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.journal import Journal, JournalNede
from infra.journal.levering import les_event
from infra.simulator.klient import vent
from tests.harness.klynge import NAVN, Klynge
from tests.infra.rommet import Huset, Rommet

SPOR = 3
"""Publishers side by side, each with a hendelse of its own: one after the other, now and then several at once."""
BUNKE = 7
ROLIG_SEKUNDER, ETTERPAA_SEKUNDER = 0.5, 60.0


@dataclass
class Utfall:
    """What was asked for, and what became of it."""

    bekreftet: list[str] = field(default_factory=list)
    lagret: list[str] = field(default_factory=list)
    behandlet: list[str] = field(default_factory=list)
    fortalt: list[str] = field(default_factory=list)
    """What the room told of what it handled."""
    lest: list[int] = field(default_factory=list)
    """Sequences, as a reader of everything got them."""
    nei: int = 0
    """Times a publisher was told that nothing is confirmed."""
    opphold_ms: float = 0
    """The longest time without a PubAck."""

    def tapt(self) -> list[str]:
        return sorted(set(self.bekreftet) - set(self.behandlet) | set(self.bekreftet) - set(self.lagret))

    def dobbelt(self) -> list[str]:
        teller = [Counter(self.lagret), Counter(self.behandlet), Counter(self.fortalt)]
        return sorted({navn for t in teller for navn, antall in t.items() if antall > 1})

    def i_uorden(self) -> int:
        """How many were stored before something that was told earlier in the same track."""
        return _bakover(self.lagret)

    def omstokket(self) -> int:
        """How many were handled so: what one server sent and died with, comes again behind what is newer."""
        return _bakover(self.behandlet)


def _bakover(navn: Sequence[str]) -> int:
    antall = 0
    for spor in range(SPOR):
        numre = [int(n.split("-")[1]) for n in navn if n.startswith(f"{spor}-")]
        antall += sum(b < a for a, b in pairwise(numre))
    return antall


class Last:
    """The publishers, the room and the reader, while something happens to the cluster."""

    def __init__(self, huset: Huset, rommet: Rommet, leser: Journal) -> None:
        self._huset = huset
        self._rommet = rommet
        self._leser = leser
        self._slutt = False
        self._ack: list[float] = []
        self.utfall = Utfall()

    async def si(self, spor: int, hendelse_id: UUID) -> None:
        """Publishes until told to stop; what is not confirmed is told again, as a caller with a key would."""
        nr = 0
        while not self._slutt:
            antall = BUNKE if nr % 5 == 0 else 1
            navn = [f"{spor}-{nr + i}" for i in range(antall)]
            nr += antall
            data = [KanalData(person_id=uuid4(), grunn=n) for n in navn]
            events = [KanalStoppet.ny(d, naa=Clock().now(), hendelse_id=hendelse_id) for d in data]
            while True:
                try:
                    await self._huset.journal.publiser(events)
                    break
                except JournalNede:
                    self.utfall.nei += 1
            self._ack.append(asyncio.get_running_loop().time())
            self.utfall.bekreftet += navn
            await asyncio.sleep(0.005)

    async def les(self) -> None:
        """Reads everything, as the archive does."""
        async for bunke in self._leser.les_fra(1):
            self.utfall.lest += [m.sekvens for m in bunke]

    async def flere(self, antall: int = 50) -> None:
        """Waits until so many more are confirmed."""
        maal = len(self.utfall.bekreftet) + antall

        async def naadd() -> bool | None:
            return len(self.utfall.bekreftet) >= maal or None

        await vent(naadd, f"{antall} til er bekreftet", ETTERPAA_SEKUNDER)

    def merk(self) -> None:
        """From here on the time without a PubAck counts."""
        self._ack = [asyncio.get_running_loop().time()]

    def opphold(self) -> None:
        """The longest time without one, since the mark."""
        tider = [*self._ack, asyncio.get_running_loop().time()]
        self.utfall.opphold_ms = max(b - a for a, b in pairwise(tider)) * 1000

    def slutt(self) -> None:
        self._slutt = True

    async def gjoer_opp(self) -> None:
        """Waits until all that was confirmed is handled, told and read; then reads what is stored."""
        u = self.utfall

        async def alt() -> bool | None:
            u.behandlet = list(self._rommet.behandlet)
            siste = 0
            with suppress(JournalNede):
                siste = await self._huset.journal.siste_sekvens()
            return (len(set(u.behandlet)) >= len(u.bekreftet) and bool(siste) and u.lest[-1:] == [siste]) or None

        await vent(alt, "alt er behandlet og lest", ETTERPAA_SEKUNDER)
        await self._huset.alt_er_avgjort()
        async for bunke in self._leser.les_fra(1):
            for m in bunke:
                event = les_event(m.data)
                (u.lagret if isinstance(event, KanalStoppet) else u.fortalt).append(event.data.grunn)
            if bunke[-1].sekvens >= u.lest[-1]:
                break
        u.behandlet = list(self._rommet.behandlet)


@asynccontextmanager
async def last_paa(huset: Huset, leser: Journal) -> AsyncIterator[Last]:
    """Load while the block runs; accounts settled afterwards."""
    async with huset.rom(forteller_videre=True) as rommet:
        last = Last(huset, rommet, leser)
        sier = [asyncio.create_task(last.si(spor, uuid4())) for spor in range(SPOR)]
        leser_oppgave = asyncio.create_task(last.les())
        try:
            await last.flere(20)
            yield last
            last.slutt()
            await asyncio.gather(*sier)
            await last.gjoer_opp()
        finally:
            for oppgave in (*sier, leser_oppgave):
                oppgave.cancel()
            await asyncio.gather(*sier, leser_oppgave, return_exceptions=True)


Gjoer = Callable[[Klynge, str], Awaitable[None]]


@dataclass(frozen=True)
class Feil:
    """One thing that happens to a server, and how it is put right."""

    hvem: str
    """`leder` or `følger`."""
    gjoer: Gjoer
    angre: Gjoer


def _signal(hvilket: signal.Signals) -> Gjoer:
    async def gjoer(klynge: Klynge, navn: str) -> None:
        klynge.noder[navn].signaler(hvilket)

    return gjoer


async def _start(klynge: Klynge, navn: str) -> None:
    await klynge.noder[navn].vent_til_borte()
    klynge.noder[navn].start()


async def _kutt(klynge: Klynge, navn: str) -> None:
    klynge.kutt(navn)


async def _hel(klynge: Klynge, navn: str) -> None:
    klynge.hel(navn)


async def _gi_fra_seg(klynge: Klynge, navn: str) -> None:
    await klynge.bytt_leder(next(n for n in NAVN if n != navn))


async def _ingenting(klynge: Klynge, navn: str) -> None:
    """Nothing is done, or is to be put right."""


FEIL = {
    "ingenting skjer": Feil("følger", _ingenting, _ingenting),
    "en følger drepes": Feil("følger", _signal(signal.SIGKILL), _start),
    "lederen drepes": Feil("leder", _signal(signal.SIGKILL), _start),
    "lederen avsluttes": Feil("leder", _signal(signal.SIGTERM), _start),
    "lederen tas pent ned": Feil("leder", _signal(signal.SIGUSR2), _start),
    "lederens kabel kuttes": Feil("leder", _kutt, _hel),
    "en følgers kabel kuttes": Feil("følger", _kutt, _hel),
    "lederen gir fra seg": Feil("leder", _gi_fra_seg, _ingenting),
}


async def utsett(klynge: Klynge, huset: Huset, leser: Journal, navn: str) -> Utfall:
    """One fault under load, put right again, and what came of it."""
    feil = FEIL[navn]
    await klynge.oppe()
    leder = await klynge.leder()
    offer = leder if feil.hvem == "leder" else next(n for n in NAVN if n != leder)
    async with last_paa(huset, leser) as last:
        last.merk()
        await feil.gjoer(klynge, offer)
        await asyncio.sleep(ROLIG_SEKUNDER)
        await last.flere()
        await feil.angre(klynge, offer)
        await klynge.oppe()
        await last.flere(20)
        last.opphold()
    return last.utfall
