"""The SMS room in a small house: a register, an exchange, a clock, doors, and an ear on the journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx2
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import SecretStr
from sqlalchemy import RowMapping, select
from sqlmodel import SQLModel
from twilio.request_validator import RequestValidator

from contracts.event import AnyEvent
from contracts.melding import Bestilling, BestiltData, MeldingBestilt, MeldingSendt, MeldingTrukket, TrukketData, Utfall
from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.clock import StillbarClock
from infra.db import NEDE, Database, tabell
from infra.journal.journal import Journal
from infra.journal.levering import les_event
from infra.journal.mottak import Mottak
from infra.journal.tables import FortaltRow, LestRow, StedRow
from infra.journal.topologi import JOURNAL
from infra.nats.server import Tjener
from infra.oppgave import avslutt, vent_paa
from infra.room import Hus, Rom
from infra.settings import Settings
from infra.web.app import bygg_app
from infra.web.tilgang import Tilgang
from services.sms import tables
from services.sms.app import bygg
from services.sms.innkommende import Innkommende
from services.sms.kontakt import Kontakter
from services.sms.rules import Tider
from tests.sms.sentral import KONTO, NUMMER, TOKEN, Sentral

PUBLIC_URL = "http://salto.example"
TIDER = Tider(ro=0.4, anrop=60.0, koble=60.0, leie=120.0)
"""Doubt is looked into soon; but no call is given up, and no lease runs out, because the machine stood still."""
TABELLER = [
    tabell(modell)
    for modell in (
        tables.MeldingRow,
        tables.ForsoekRow,
        tables.StatusRow,
        tables.InnholdRow,
        tables.StoppRow,
        tables.UkjentRow,
        tables.TrukketRow,
        tables.TaktRow,
        FortaltRow,
        LestRow,
        StedRow,
    )
]
E = TypeVar("E", bound=AnyEvent)


async def vent_til(betingelse: Callable[[], bool | Awaitable[bool]], sekunder: float = 60.0) -> None:
    """Waits until it is so; a failing test when it does not become so in time."""
    async with asyncio.timeout(sekunder):
        while True:
            svar = betingelse()
            if svar if isinstance(svar, bool) else await svar:
                return
            await asyncio.sleep(0.01)


def oppsett(sentral_url: str, mappe: Path, **felt: Any) -> Settings:
    """The room's settings against the exchange; `felt` replaces what a test wants otherwise."""
    grunn: dict[str, Any] = {
        "data_dir": mappe,
        "twilio_account_sid": KONTO,
        "twilio_auth_token": SecretStr(TOKEN),
        "twilio_from": NUMMER,
        "twilio_base_url": sentral_url,
        "public_url": PUBLIC_URL,
        "secret_key": SecretStr("en nøkkel i en test"),
        "tick_sekunder": 0.05,
        "simulator": True,
    }
    return Settings(**{**grunn, **felt})


@dataclass
class Huset:
    """Everything a test needs to order, withdraw, misbehave, answer and hear what the room says."""

    mappe: Path
    nats: Tjener
    database_url: str
    felt: dict[str, Any] = field(default_factory=dict)
    sentral: Sentral = field(default_factory=Sentral)
    klokke: StillbarClock = field(default_factory=StillbarClock)
    folk: dict[UUID, Kontakt] = field(default_factory=dict)
    hoert: list[AnyEvent] = field(default_factory=list)
    hendelse_id: UUID = field(default_factory=uuid4)
    uten_rom: bool = False
    """The room runs in another process: here are only the register, the exchange and the ear."""
    tider: Tider = TIDER
    _register: Subscription | None = None
    _ticks: list[asyncio.Task[None]] = field(default_factory=list)
    _runder: list[asyncio.Lock] = field(default_factory=list)
    _stopp: asyncio.Event = field(default_factory=asyncio.Event)

    async def aapne(self) -> None:
        """Connects, with empty tables and an empty journal, and starts the room."""
        self.sentral.naa = self.klokke.now
        await self.sentral.start()
        self.journal = Journal(self.nats.url, self.nats.token)
        self.db = Database(self.database_url)
        async with self.db.skriv() as tx:
            await tx.run_sync(lambda c: SQLModel.metadata.drop_all(c, tables=TABELLER))
            await tx.run_sync(lambda c: SQLModel.metadata.create_all(c, tables=TABELLER))
        settings = oppsett(self.sentral.url, self.mappe, **self.felt)
        self.rom: Rom = bygg(Hus(settings, self.klokke, self.journal, self.db), self.tider)
        if not self.uten_rom:
            Mottak(self.rom.forteller, self.rom.handlers)
        await self.journal.koble_til()
        await self.journal.js.delete_stream(JOURNAL)
        await self.journal.start()
        await self.registeret_svarer()
        app = bygg_app(self.rom.ruter, Tilgang(self.db), {})
        self.web = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://bak.proxyen:8000")
        self._lytter = asyncio.create_task(self._lytt())
        if not self.uten_rom:
            await self._start_rommet(self.rom)

    async def _start_rommet(self, rom: Rom) -> None:
        assert rom.start
        await rom.start()
        ticks = [(tick.gjoer, tick.sekunder) for tick in rom.ticks] + [(rom.forteller.fortell_igjen, 0.1)]
        self._ticks = [asyncio.create_task(gaa(self._runde(g), sekunder, self._stopp)) for g, sekunder in ticks]

    def _runde(self, gjoer: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        laas = asyncio.Lock()
        self._runder.append(laas)

        async def runde() -> None:
            async with laas:
                await gjoer()

        return runde

    @asynccontextmanager
    async def annen_prosess(self) -> AsyncIterator[Innkommende]:
        """The door for answers of another process."""
        async with self._eget_hus() as hus:
            kontakter = Kontakter(hus.journal, hus.settings.secret_key.get_secret_value())
            yield Innkommende(hus.forteller("sms"), kontakter, NUMMER)

    @asynccontextmanager
    async def en_til_som_sender(self) -> AsyncIterator[None]:
        """The sending side of another process."""
        async with self._eget_hus() as hus:
            rom = bygg(hus, self.tider)
            assert rom.start
            assert rom.stopp
            await rom.start()
            try:
                yield
            finally:
                await rom.stopp()

    @asynccontextmanager
    async def _eget_hus(self) -> AsyncIterator[Hus]:
        """What another process has: the same tables, journal and gateway, and connections of its own."""
        journal, db = Journal(self.nats.url, self.nats.token), Database(self.database_url)
        await journal.koble_til()
        try:
            yield Hus(oppsett(self.sentral.url, self.mappe, **self.felt), self.klokke, journal, db)
        finally:
            await journal.stopp()
            await db.lukk()

    async def frem(self, **tid: float) -> None:
        """Moves the clock between the rounds of the clockwork: none is half done, so none reads two times."""
        async with AsyncExitStack() as stakk:
            for laas in self._runder:
                await stakk.enter_async_context(laas)
            self.klokke.frem(**tid)

    async def lukk(self) -> None:
        assert self.rom.stopp
        self.sentral.slipp.set()
        self._stopp.set()
        await asyncio.gather(*self._ticks)
        await self.rom.stopp()
        await avslutt(self._lytter)
        await self.web.aclose()
        await self.journal.stopp()
        await self.sentral.stopp()
        await self.db.lukk()

    async def _lytt(self) -> None:
        async for bunke in self.journal.les_fra(1):
            self.hoert += [les_event(m.data) for m in bunke]

    # The register

    async def registeret_svarer(self) -> None:
        self._register = await self.journal.nc.subscribe(KONTAKT, cb=self._kontakt)

    async def registeret_tier(self) -> None:
        assert self._register
        await self._register.unsubscribe()

    async def _kontakt(self, msg: Msg) -> None:
        spoersmaal = Kontaktspoersmaal.model_validate_json(msg.data)
        treff = [k for k in self.folk.values() if k.person_id in spoersmaal.personer or k.mobil in spoersmaal.numre]
        await msg.respond(Kontaktsvar(kontakter=tuple(treff)).model_dump_json().encode())

    def person(self, mobil: str | None = "", *, demo: bool = False) -> UUID:
        """Somebody in the register, with a mobile of their own unless another (or None) is given."""
        person_id = uuid4()
        nummer = f"+479000{len(self.folk):04}" if mobil == "" else mobil
        self.folk[person_id] = Kontakt(person_id=person_id, mobil=nummer, demo=demo)
        return person_id

    def mobil(self, person_id: UUID) -> str:
        return self.folk[person_id].mobil or ""

    # Orders

    def bestilling(self, person_id: UUID, **felt: Any) -> Bestilling:
        """An order of one SMS."""
        melding_id = uuid4()
        ref = melding_id.hex[:5].upper()
        grunn: dict[str, Any] = {
            "id": melding_id,
            "utkalling_id": uuid4(),
            "person_id": person_id,
            "kanal": "sms",
            "formaal": "utkalling",
            "tekst": f"SaLTo ELG: Demonstrasjon, Eidsvolls plass. Kan du stille? Svar JA eller NEI. #{ref}",
            "ref": ref,
            "send_foer": self.klokke.now() + timedelta(hours=2),
        }
        return Bestilling(**{**grunn, **felt})

    async def bestill(self, *bestillinger: Bestilling, eldre: timedelta = timedelta()) -> None:
        """Orders these in one event."""
        data = BestiltData(meldinger=bestillinger)
        event = MeldingBestilt.ny(data, naa=self.klokke.now() - eldre, hendelse_id=self.hendelse_id)
        await self.journal.publiser([event])

    async def bestill_en(self, person_id: UUID, **felt: Any) -> Bestilling:
        """Orders one SMS to one person."""
        b = self.bestilling(person_id, **felt)
        await self.bestill(b)
        return b

    async def trekk(self, *ider: UUID) -> None:
        event = MeldingTrukket.ny(TrukketData(meldinger=ider), naa=self.klokke.now(), hendelse_id=self.hendelse_id)
        await self.journal.publiser([event])

    # What can be seen

    def fortalt(self, klasse: type[E]) -> list[E]:
        return [event for event in self.hoert if isinstance(event, klasse)]

    def utfall(self, klasse: type[AnyEvent], melding_id: UUID) -> list[Utfall]:
        """What has been told of one kind about one message."""
        return [u for event in self.fortalt(klasse) for u in event.data.meldinger if u.melding_id == melding_id]

    async def hoerer(self, klasse: type[AnyEvent], melding_id: UUID) -> Utfall:
        """Waits until something of this kind is told about a message."""
        await vent_til(lambda: bool(self.utfall(klasse, melding_id)))
        return self.utfall(klasse, melding_id)[0]

    async def alt_er_fortalt(self) -> None:
        """Waits until what was told before now has been heard: the journal keeps its order."""
        b = await self.bestill_en(self.person())
        await self.hoerer(MeldingSendt, b.id)

    async def rad(self, melding_id: UUID) -> RowMapping:
        m = tabell(tables.MeldingRow)
        async with self.db.les() as tx:
            return (await tx.execute(select(m).where(m.c.id == melding_id))).mappings().one()

    async def alle(self, modell: type[SQLModel]) -> Sequence[RowMapping]:
        async with self.db.les() as tx:
            return (await tx.execute(select(tabell(modell)))).mappings().all()

    async def faar_status(self, melding_id: UUID, status: str) -> None:
        """Waits until the message is so."""

        async def er_saa() -> bool:
            rader = {rad["id"]: rad for rad in await self.alle(tables.MeldingRow)}
            return melding_id in rader and rader[melding_id]["status"] == status

        await vent_til(er_saa)

    async def skal_trekkes(self, melding_id: UUID) -> None:
        """Waits until the withdrawal of a message on its way, or in doubt, is noted."""

        async def er_notert() -> bool:
            return bool((await self.rad(melding_id))["trekkes"])

        await vent_til(er_notert)

    # The doors

    async def post(
        self, sti: str, skjema: Mapping[str, str] | list[tuple[str, str]], *, signatur: str | None = ""
    ) -> httpx2.Response:
        """Calls a door as Twilio does; an empty signature is replaced by the right one, None sends none."""
        kropp = urlencode(skjema)
        ren = sti.partition("#")[0]
        if signatur == "":
            signatur = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + ren, dict(skjema))
        hoder = {"Content-Type": "application/x-www-form-urlencoded"}
        if signatur is not None:
            hoder["X-Twilio-Signature"] = signatur
        return await self.web.post(ren, content=kropp.encode(), headers=hoder)

    async def melder(self, melding: Mapping[str, Any], status: str, kode: int | None = None) -> httpx2.Response:
        """The exchange tells us about a message it has, at the address it was given."""
        skjema = {"MessageSid": melding["sid"], "MessageStatus": status, "To": melding["to"], "From": NUMMER}
        if kode:
            skjema["ErrorCode"] = str(kode)
        return await self.post(melding["callback"].removeprefix(PUBLIC_URL), skjema)

    async def svarer(self, fra: str, tekst: str, *, sid: str | None = None, til: str = NUMMER) -> httpx2.Response:
        """A phone answers, and Twilio tells us."""
        sid = sid or f"SM{uuid4().hex}"
        skjema = {"MessageSid": sid, "From": fra, "To": til, "Body": tekst, "NumSegments": "1", "NumMedia": "0"}
        return await self.post("/webhooks/twilio/sms", skjema)


async def gaa(gjoer: Callable[[], Awaitable[None]], sekunder: float, stopp: asyncio.Event | None = None) -> None:
    """Ticks until it is told to stop: never cut off in the middle of a transaction."""
    stopp = stopp or asyncio.Event()
    while not stopp.is_set():
        with suppress(*NEDE):  # the program's clockwork writes it down, and ticks on
            await gjoer()
        await vent_paa(stopp, min(sekunder, 0.1))
