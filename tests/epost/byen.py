"""The e-mail room in a small town: a register, a mail server, a clock, and an ear on the journal."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
from pydantic import SecretStr
from sqlalchemy import select
from sqlmodel import SQLModel

import services.epost.tables  # noqa: F401 - declares the room's tables
from contracts.event import AnyEvent
from contracts.melding import Bestilling, BestiltData, MeldingBestilt, MeldingTrukket, TrukketData, Utfall
from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.clock import StillbarClock
from infra.db import Database, tabell
from infra.journal.journal import Journal
from infra.journal.levering import les_event
from infra.journal.mottak import Mottak
from infra.journal.topologi import JOURNAL
from infra.nats.server import Tjener
from infra.room import Hus, Rom
from infra.settings import Settings
from infra.web.app import bygg_app
from infra.web.tilgang import Tilgang
from services.epost.app import bygg
from services.epost.tables import MeldingRow, TrukketRow
from tests.epost.postkasse import Postkasse

PUBLIC_URL = "http://salto.example"
LENKE = re.compile(r"http://salto\.example(/svar/\S+)")


async def vent_til(betingelse: Callable[[], bool | Awaitable[bool]], sekunder: float = 60.0) -> None:
    """Waits until it is so; a failing assertion when it does not become so in time."""
    async with asyncio.timeout(sekunder):
        while True:
            svar = betingelse()
            if svar if isinstance(svar, bool) else await svar:
                return
            await asyncio.sleep(0.01)


@dataclass
class Byen:
    """Everything a test needs to order, withdraw, look in the mailbox and hear what the room says."""

    mappe: Path
    nats: Tjener
    postkasse: Postkasse = field(default_factory=Postkasse)
    klokke: StillbarClock = field(default_factory=StillbarClock)
    folk: dict[UUID, Kontakt] = field(default_factory=dict)
    hoert: list[AnyEvent] = field(default_factory=list)
    oppsett: dict[str, Any] = field(default_factory=dict)
    hendelse_id: UUID = field(default_factory=uuid4)

    async def aapne(self, database_url: str) -> None:
        """Connects, with empty tables and an empty journal."""
        self.journal = Journal(self.nats.url, self.nats.token)
        self.db = Database(database_url)
        async with self.db.skriv() as tx:
            await tx.run_sync(SQLModel.metadata.drop_all)
            await tx.run_sync(SQLModel.metadata.create_all)
        await self.postkasse.start()
        self.journal.svar_paa(KONTAKT, Kontaktspoersmaal, self._kontakt)
        self.rom = self.nytt_rom()
        assert self.rom.start
        Mottak(self.rom.forteller, self.rom.handlers)
        await self.journal.koble_til()
        await self.journal.js.delete_stream(JOURNAL)
        await self.journal.start()
        self._bakgrunn = [asyncio.create_task(self._lytt()), asyncio.create_task(self._tikk())]
        await self.rom.start()

    def nytt_rom(self, db: Database | None = None) -> Rom:
        """The room as it is composed on this database: also after a crash, or beside another."""
        o = self.oppsett
        url = "" if o.get("uten_tjener") else self.postkasse.url(o.get("smtp_bruker", "")) + o.get("smtp_valg", "")
        settings = Settings(
            data_dir=self.mappe,
            smtp_url=SecretStr(url),
            public_url=PUBLIC_URL,
            simulator=o.get("simulator", False),
        )
        return bygg(Hus(settings, self.klokke, self.journal, db or self.db))

    async def ingen_arbeider(self) -> None:
        """Nobody sends."""
        assert self.rom.stopp
        await self.rom.stopp()

    async def ny_arbeider(self) -> None:
        """A worker takes over the ledger after one that is stopped, or dead."""
        self.rom = self.nytt_rom()
        assert self.rom.start
        await self.rom.start()

    @asynccontextmanager
    async def offer(self) -> AsyncIterator[Callable[[], None]]:
        """A worker in a process of its own, and nobody else; what it gives kills it where it stands."""
        await self.ingen_arbeider()
        hva = {
            "nats": self.nats.url,
            "token": self.nats.token,
            "smtp": self.postkasse.url(),
            "mappe": str(self.mappe),
            "database": self.db.url.render_as_string(hide_password=False),
        }
        prosess = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.epost.drapsoffer", json.dumps(hva)),
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert prosess.stdout
            while (linje := await prosess.stdout.readline()) != b"oppe\n":
                assert linje, "it ended"  # else it is a line of its log
            yield prosess.kill
        finally:
            with suppress(ProcessLookupError):
                prosess.kill()
            await prosess.wait()

    async def lukk(self) -> None:
        self.postkasse.slipper.set()
        assert self.rom.stopp
        await self.rom.stopp()
        for oppgave in self._bakgrunn:
            oppgave.cancel()
        await asyncio.wait(self._bakgrunn)
        await self.journal.stopp()
        await self.postkasse.stopp()
        await self.db.lukk()

    async def _kontakt(self, spoersmaal: Kontaktspoersmaal) -> Kontaktsvar:
        return Kontaktsvar(kontakter=tuple(self.folk[p] for p in spoersmaal.personer if p in self.folk))

    async def _lytt(self) -> None:
        async for bunke in self.journal.les_fra(1):
            self.hoert += [les_event(m.data) for m in bunke]

    async def _tikk(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            await self.rom.ticks[0].gjoer()

    def person(self, epost: str | None = "vakt@bydel.example", *, demo: bool = False) -> UUID:
        """Somebody in the register."""
        person_id = uuid4()
        self.folk[person_id] = Kontakt(person_id=person_id, epost=epost, demo=demo)
        return person_id

    def bestilling(self, person_id: UUID | None = None, **felt: Any) -> Bestilling:
        """An order of one e-mail, to somebody new when nobody is given."""
        grunn: dict[str, Any] = {
            "id": uuid4(),
            "utkalling_id": uuid4(),
            "person_id": person_id or self.person(),
            "kanal": "epost",
            "formaal": "utkalling",
            "emne": "SaLTo ELG: Demonstrasjon, Eidsvolls plass",
            "tekst": "Demonstrasjon på Eidsvolls plass lør 28.11 kl 14.\n\nKan du stille som SaLTo-sentrum?",
            "send_foer": self.klokke.now() + timedelta(hours=2),
        }
        return Bestilling(**{**grunn, **felt})

    async def bestill(self, *bestillinger: Bestilling) -> None:
        """Says `melding.bestilt`."""
        data = BestiltData(meldinger=bestillinger)
        await self.si(MeldingBestilt.ny(data, naa=self.klokke.now(), hendelse_id=self.hendelse_id))

    async def trekk(self, *bestillinger: Bestilling) -> None:
        """Says `melding.trukket`."""
        data = TrukketData(meldinger=tuple(b.id for b in bestillinger))
        await self.si(MeldingTrukket.ny(data, naa=self.klokke.now(), hendelse_id=self.hendelse_id))

    async def si(self, *events: AnyEvent) -> None:
        await self.journal.publiser(events)

    def fortalt(self, klasse: type[AnyEvent]) -> list[Utfall]:
        """Every outcome of a kind that the room has told."""
        return [u for e in self.hoert if isinstance(e, klasse) for u in e.data.meldinger]

    def av_slag(self, klasse: type[AnyEvent]) -> list[AnyEvent]:
        return [e for e in self.hoert if isinstance(e, klasse)]

    async def hoerer(self, klasse: type[AnyEvent], antall: int = 1) -> list[Utfall]:
        """Waits until so many outcomes of a kind are told."""
        await vent_til(lambda: len(self.fortalt(klasse)) >= antall)
        return self.fortalt(klasse)

    async def rader(self) -> Sequence[Any]:
        """The ledger as it stands."""
        async with self.db.les() as tx:
            return (await tx.execute(select(tabell(MeldingRow)))).all()

    async def vent_paa_status(self, status: str, antall: int = 1) -> None:
        """Waits until so many rows have a status."""

        async def slik() -> bool:
            return [str(r.status) for r in await self.rader()].count(status) >= antall

        await vent_til(slik)

    async def vent_paa_trukket(self, bestilling: Bestilling) -> None:
        """Waits until a withdrawal without an order is remembered."""
        trukket = tabell(TrukketRow)

        async def slik() -> bool:
            async with self.db.les() as tx:
                return bool((await tx.execute(select(trukket).where(trukket.c.id == bestilling.id))).first())

        await vent_til(slik)

    async def sendt_lenke(self, **felt: Any) -> str:
        """Orders a call-out with an answer link; gives the path that the recipient got."""
        await self.bestill(self.bestilling(svarlenke=True, **felt))
        await vent_til(lambda: bool(self.postkasse.brev))
        await self.vent_paa_status("sendt")
        return lenke_i(self.postkasse.brev[-1])

    def nettleser(self, **valg: Any) -> httpx2.AsyncClient:
        """A browser at the web app's door."""
        app = bygg_app(self.rom.ruter, Tilgang(self.db), {})
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC_URL, **valg)


def tekst_i(brev: EmailMessage, slag: str = "plain") -> str:
    """The plain or HTML words of a mail."""
    del_ = brev.get_body((slag,))
    assert del_ is not None
    return str(del_.get_content())


def lenke_i(brev: EmailMessage) -> str:
    """The path of the answer link in a mail."""
    funn = LENKE.search(tekst_i(brev))
    assert funn
    return funn.group(1)
