"""The city: the whole program on real parts in this process, its simulator, and everyone who uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import SecretStr

from infra.clock import OSLO, StillbarClock
from infra.settings import Settings
from infra.simulator.klient import Postkasse, Simulator, Telefon, vent
from infra.web.tilgang import nytt_token
from services.demo import demobrukere
from services.oppe import hele_huset
from services.program import Program
from services.register.demo import last_demo
from tests.harness.folk import innehaver, vara_for
from tests.harness.porter import ledig_port
from tests.harness.ro import stillhet

T = TypeVar("T")
OPPSTARTSTOKEN = "test-sekretariat-token"
VENT_SEKUNDER = 60.0


def testinnstillinger(mappe: Path, **felt: Any) -> Settings:
    """Settings of a city in `mappe`: quick ticks, and a short time to look for doubtful sends."""
    port = ledig_port()
    grunn: dict[str, Any] = {
        "data_dir": mappe,
        "port": port,
        "nats_port": ledig_port(),
        "public_url": f"http://127.0.0.1:{port}",
        "api_token": SecretStr(OPPSTARTSTOKEN),
        "demo": True,
        "tick_sekunder": 0.05,
        "sms_ro_sekunder": 1.0,
    }
    return Settings(**{**grunn, **felt})


@dataclass(frozen=True)
class Hendelse:
    """A hendelse as its poster got it back."""

    svar: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.svar["id"])

    @property
    def kodeord(self) -> str:
        return str(self.svar["kodeord"])

    @property
    def versjon(self) -> int:
        return int(self.svar["versjon"])


class Aktor:
    """Somebody with a token, who speaks to the API in the domain's verbs."""

    def __init__(self, http: httpx2.AsyncClient, token: str, by: By) -> None:
        self._http = http
        self._hode = {"Authorization": f"Bearer {token}"}
        self._by = by

    async def kall(self, metode: str, sti: str, **kw: Any) -> httpx2.Response:
        """A raw call under `/api/v1`."""
        hode = {**self._hode, **kw.pop("headers", {})}
        return await self._http.request(metode, f"/api/v1{sti}", headers=hode, **kw)

    async def varsler(self, noekkel: str | None = None, **felt: Any) -> Hendelse:
        """Posts a hendelse: an announced demonstration on Eidsvolls plass in a week, unless told otherwise."""
        hode = {"Idempotency-Key": noekkel} if noekkel else {}
        svar = await self.kall("POST", "/hendelser", json=self._by.demonstrasjon(**felt), headers=hode)
        assert svar.status_code in {200, 201}, svar.text
        return Hendelse(svar.json())

    async def forhaandsviser(self, **felt: Any) -> dict[str, Any]:
        svar = await self.kall("POST", "/hendelser/forhaandsvis", json=self._by.demonstrasjon(**felt))
        assert svar.status_code == 200, svar.text
        return dict(svar.json())

    async def gjoer(self, hendelse: Hendelse, hva: str, **kropp: Any) -> dict[str, Any]:
        """`avlys`, `avslutt`, `sentrum`, `vurdering`, `utvid`, `overfoer`, `send`."""
        svar = await self.kall("POST", f"/hendelser/{hendelse.id}/{hva}", json=kropp)
        assert svar.status_code == 200, svar.text
        return dict(svar.json())

    async def endrer(self, hendelse: Hendelse, **felt: Any) -> Hendelse:
        hode = {"If-Match": str(hendelse.versjon)}
        svar = await self.kall("PATCH", f"/hendelser/{hendelse.id}", json=felt, headers=hode)
        assert svar.status_code == 200, svar.text
        return Hendelse(svar.json())

    async def ser(self, hendelse: Hendelse) -> dict[str, Any]:
        return dict((await self.kall("GET", f"/hendelser/{hendelse.id}")).json())

    async def utkallinger(self, hendelse: Hendelse) -> list[dict[str, Any]]:
        svar = await self.kall("GET", f"/hendelser/{hendelse.id}/utkallinger")
        return list(svar.json()["utkallinger"]) if svar.status_code == 200 else []

    async def oppgaver(self, slag: str | None = None) -> list[dict[str, Any]]:
        return list((await self.kall("GET", "/oppgaver", params={"slag": slag} if slag else {})).json()["oppgaver"])

    async def logg(self, hendelse: Hendelse) -> list[dict[str, Any]]:
        svar = (await self.kall("GET", f"/hendelser/{hendelse.id}/logg")).json()
        return list(svar["logg"] if isinstance(svar, dict) else svar)

    async def kvitterer(self, utkalling: dict[str, Any], svar: str, **felt: Any) -> httpx2.Response:
        """Takes an answer for somebody, by phone or in the portal."""
        return await self.kall("POST", f"/utkallinger/{utkalling['id']}/kvittering", json={"svar": svar, **felt})

    async def hele_loggen(self) -> list[dict[str, Any]]:
        """Every row there is, in order (for the sekretariat and the gransker)."""
        rader: list[dict[str, Any]] = []
        while True:
            fra = rader[-1]["sekvens"] + 1 if rader else 0
            nye = (await self.kall("GET", "/logg", params={"fra": fra, "antall": 1000})).json()
            rader += nye
            if len(nye) < 1000:
                return rader

    async def rapport(self, hendelse: Hendelse, format_: str = "json") -> httpx2.Response:
        return await self.kall("GET", f"/hendelser/{hendelse.id}/rapport", params={"format": format_})


class By:
    """Oslo, for one test run."""

    def __init__(self, program: Program, klokke: StillbarClock, http: httpx2.AsyncClient, sim: Simulator) -> None:
        self.program = program
        self.klokke = klokke
        self.simulator = sim
        self._http = http
        self.nettleser = http
        """Somebody without a token: a browser, a link scanner, a stranger."""
        self.sekretariat = Aktor(http, OPPSTARTSTOKEN, self)

    async def aktor(self, rolle: str, enhet: str | None = None) -> Aktor:
        """Somebody with a token of this role."""
        naa = self.klokke.now()
        token = await nytt_token(self.program.hus.db, rolle=rolle, navn="Test", enhet=enhet, naa=naa)
        return Aktor(self._http, token, self)

    def telefon(self, rolle: str, enhet: str | None = None, *, vara: bool = False) -> Telefon:
        """The phone of a role's holder, or of the deputy."""
        person = vara_for(rolle, enhet or "") if vara else innehaver(rolle, enhet)
        return self.simulator.telefon(person.mobil)

    def postkasse(self, rolle: str, enhet: str | None = None) -> Postkasse:
        return self.simulator.epost(innehaver(rolle, enhet).epost)

    def om(self, **tid: float) -> datetime:
        """A moment from now, to the second."""
        return (self.klokke.now() + timedelta(**tid)).replace(microsecond=0)

    def til_klokka(self, time: int, minutt: int = 0) -> None:
        """Moves the clock forward to the next time it is this late in Oslo."""
        naa = self.klokke.now().astimezone(OSLO)
        maal = naa.replace(hour=time, minute=minutt, second=0, microsecond=0)
        self.klokke.frem(seconds=(maal - naa) % timedelta(days=1) / timedelta(seconds=1))

    def demonstrasjon(self, **felt: Any) -> dict[str, Any]:
        """The body of an announced demonstration, with fields changed; None leaves a field out."""
        grunn: dict[str, Any] = {
            "type": "demonstrasjon",
            "tittel": "Markering foran Stortinget",
            "kilde": "politi",
            "sted": {"navn": "Eidsvolls plass"},
            "start": self.om(days=7).isoformat(),
            "slutt": self.om(days=7, hours=3).isoformat(),
            "varslet": True,
        }
        return {k: v for k, v in {**grunn, **felt}.items() if v is not None}

    def lokal(self, bydel: str = "05", **felt: Any) -> dict[str, Any]:
        """Fields of a small hendelse in one bydel: its coordinator, politikontakt and forebyggende avsnitt, no more."""
        return {"type": "hendelse", "sted": {"bydeler": [bydel]}, "varslet": False, **felt}

    async def naar(self, spoer: Callable[[], Any], hva: str, innen: float = VENT_SEKUNDER) -> Any:
        """Waits until the question has an answer that is not None."""
        return await vent(spoer, hva, innen)

    async def utkalling(
        self, hendelse: Hendelse, rolle: str, enhet: str, *, vara: bool = False
    ) -> dict[str, Any] | None:
        """The call-out of a role's holder, or of the deputy; None when there is none."""
        for u in await self.sekretariat.utkallinger(hendelse):
            har = any(r["rolle"] == rolle and r["enhet"] == enhet for r in u["roller"])
            if har and ("vara_for" in u) is vara:
                return u
        return None

    async def status(
        self, hendelse: Hendelse, rolle: str, enhet: str, oensket: str, *, vara: bool = False
    ) -> dict[str, Any]:
        """Waits until the call-out of a role has this status, and gives it."""

        async def naadd() -> dict[str, Any] | None:
            u = await self.utkalling(hendelse, rolle, enhet, vara=vara)
            return u if u and u["status"] == oensket else None

        return dict(await vent(naadd, f"{rolle} {enhet} er {oensket}", VENT_SEKUNDER))

    async def oppgave(self, hendelse: Hendelse, slag: str) -> dict[str, Any]:
        """Waits until a task of this kind waits for a person, and gives it."""

        async def kommet() -> dict[str, Any] | None:
            alle = await self.sekretariat.oppgaver(slag)
            return next((o for o in alle if o.get("hendelse_id") == hendelse.id), None)

        return dict(await vent(kommet, f"oppgaven {slag}", VENT_SEKUNDER))

    async def ingen_oppgave(self, hendelse: Hendelse, slag: str) -> None:
        """Waits until no task of this kind waits any more."""

        async def borte() -> bool | None:
            alle = await self.sekretariat.oppgaver(slag)
            return True if all(o.get("hendelse_id") != hendelse.id for o in alle) else None

        await vent(borte, f"oppgaven {slag} er løst", VENT_SEKUNDER)

    async def i_loggen(self, hendelse: Hendelse, emne: str, antall: int = 1) -> list[dict[str, Any]]:
        """Waits until the log of a hendelse has so many events of a kind, and gives them."""

        async def der() -> list[dict[str, Any]] | None:
            treff = [r for r in await self.sekretariat.logg(hendelse) if r["type"] == f"no.oslo.salto.{emne}.v1"]
            return treff if len(treff) >= antall else None

        return list(await vent(der, f"{emne} i loggen", VENT_SEKUNDER))

    async def stille(self) -> None:
        """Waits until every room has handled everything, every message is out, and the gateway has said its last."""
        await stillhet(self.program, self.simulator, VENT_SEKUNDER)

    async def rolig(self) -> None:
        """Waits until the gateway has nothing more to say."""
        await self.simulator.vent_paa_ro(VENT_SEKUNDER)

    async def rydd(self) -> None:
        """Closes everything that is open: the next test starts with no open call-out. Nothing may have failed."""
        for status in ("aapen", "utkast"):
            svar = await self.sekretariat.kall("GET", "/hendelser", params={"status": status})
            for h in svar.json()["hendelser"]:
                await self.sekretariat.kall("POST", f"/hendelser/{h['id']}/avslutt", json={})
        await self.stille()  # or what is still on its way would reach a phone of the next test
        await self.simulator.nullstill()
        feilkoe = await self.sekretariat.kall("GET", "/feilkoe")
        assert feilkoe.json()["feilkoe"] == []


@asynccontextmanager
async def by_i(mappe: Path, **felt: Any) -> AsyncIterator[By]:
    """A whole city in a folder, with demo Oslo in its register."""
    klokke = StillbarClock()
    async with hele_huset(testinnstillinger(mappe, **felt), clock=klokke) as program:
        s = program.hus.settings
        rom = next(r for r in program.rom if r.navn == "register")
        await last_demo(program.hus, rom.forteller)
        await demobrukere(program.hus)
        async with (
            httpx2.AsyncClient(base_url=s.public_url, timeout=30) as http,
            Simulator(s.twilio_base_url) as sim,
        ):
            await sim.still_inn(latens_ms=0, status_ms=5)
            yield By(program, klokke, http, sim)
