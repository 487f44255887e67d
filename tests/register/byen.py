"""The register in a small town: its doors, its callers, and an ear on what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from sqlmodel import SQLModel

import infra.journal.tables
import infra.web.tables
import services.register.tables
from contracts.event import AnyEvent
from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar, RegisterData, RegisterEndret
from contracts.spoersmaal import KONTAKT
from infra.clock import OSLO, StillbarClock
from infra.db import Database
from infra.journal.journal import Journal
from infra.journal.levering import les_event
from infra.journal.topologi import JOURNAL
from infra.nats.server import Tjener
from infra.room import Hus
from infra.settings import Settings
from infra.web.app import bygg_app
from infra.web.tilgang import Tilgang, nytt_token
from services.register.app import bygg
from services.register.eksport import KOLONNER

TOKEN = "oppstart-i-test"
TABELLER = (infra.journal.tables, infra.web.tables, services.register.tables)
"""Importing them is what declares the tables."""
E = TypeVar("E", bound=AnyEvent)


def rad(noekkel: str, rolle: str = "salto_koordinator", enhet: str = "bydel:05", **felt: str) -> dict[str, str]:
    """A row of the register file; the number comes from the key's last digits, `x07` → 900 00 007."""
    nummer = noekkel[-2:] if noekkel[-2:].isdigit() else "99"
    return {
        "person_id": noekkel,
        "navn": f"Test Eksempel {noekkel}",
        "mobil": f"900 00 0{nummer}",
        "epost": f"{noekkel}@test.salto.example",
        "rolle": rolle,
        "enhet": enhet,
        **felt,
    }


def csv(*rader: dict[str, str], skille: str = ";", kolonner: Sequence[str] = KOLONNER) -> str:
    """Rows as a file, every cell as it is."""
    linjer = [kolonner, *([r.get(k, "") for k in kolonner] for r in rader)]
    return "".join(skille.join(linje) + "\r\n" for linje in linjer)


@dataclass
class Byen:
    """Everything a test needs to change the register, ask it, and hear what it says."""

    mappe: Path
    nats: Tjener
    settings: dict[str, Any] = field(default_factory=dict)
    klokke: StillbarClock = field(default_factory=StillbarClock)

    @cached_property
    def i_dag(self) -> date:
        """The day when a test first asks, also when midnight passes while it runs."""
        return self.klokke.now().astimezone(OSLO).date()

    async def aapne(self, database_url: str) -> None:
        """Connects, with empty tables and an empty journal."""
        self.journal = Journal(self.nats.url, self.nats.token)
        self.db = Database(database_url)
        async with self.db.skriv() as tx:
            await tx.run_sync(SQLModel.metadata.drop_all)
            await tx.run_sync(SQLModel.metadata.create_all)
        self.hus = Hus(Settings(data_dir=self.mappe, **self.settings), self.klokke, self.journal, self.db)
        self.rom = bygg(self.hus)
        assert self.rom.svarer
        self.rom.svarer(self.journal)
        await self.journal.koble_til()
        await self.journal.js.delete_stream(JOURNAL)
        await self.journal.start()
        self.app = bygg_app(self.rom.ruter, Tilgang(self.db, TOKEN), {})
        self.sekretariat = self._klient(TOKEN)

    async def lukk(self) -> None:
        await self.journal.stopp()
        await self.db.lukk()

    def _klient(self, token: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://salto.example/api/v1",
            headers={"Authorization": f"Bearer {token}"},
        )

    async def logg_inn(self, rolle: str, enhet: str | None = None) -> httpx2.AsyncClient:
        """A caller with a token of this role."""
        naa = self.klokke.now()
        return self._klient(await nytt_token(self.db, rolle=rolle, navn="test", enhet=enhet, naa=naa))

    async def leser_inn(self, fil: str | bytes, **params: Any) -> httpx2.Response:
        """The sekretariat imports a file."""
        data = fil.encode() if isinstance(fil, str) else fil
        hode = {"content-type": "text/csv"}
        return await self.sekretariat.post("/register/import", content=data, headers=hode, params=params)

    async def har(self, *rader: dict[str, str]) -> None:
        """The register has these rows."""
        svar = await self.leser_inn(csv(*rader))
        assert svar.status_code == 200, svar.text

    async def eksport(self) -> bytes:
        """The register as a file."""
        svar = await self.sekretariat.get("/register/eksport")
        assert svar.status_code == 200
        return bytes(svar.content)

    async def raatt(self) -> list[bytes]:
        """The bytes of every event in the journal."""
        siste = await self.journal.siste_sekvens()
        meldinger = [await self.journal.hent(nr) for nr in range(1, siste + 1)]
        return [melding.data for melding in meldinger if melding]

    async def fortalt(self, klasse: type[E]) -> list[E]:
        """Every event of a kind in the journal, in order."""
        return [event for data in await self.raatt() if isinstance(event := les_event(data), klasse)]

    async def endringer(self) -> list[RegisterData]:
        """What the register has told of itself."""
        return [event.data for event in await self.fortalt(RegisterEndret)]

    async def spoer(self, **spoersmaal: Any) -> tuple[Kontakt, ...]:
        """Another room asks `register.kontakt`."""
        svar = await self.journal.spoer(KONTAKT, Kontaktspoersmaal(**spoersmaal), Kontaktsvar)
        return svar.kontakter
