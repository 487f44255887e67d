"""A small telephone exchange: Twilio's Messages resource, with every way it can let us down."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from uuid import uuid4

from aiohttp import web

from tests.harness.porter import ledig_port

KONTO, TOKEN, NUMMER = "AC" + "0" * 32, "hemmelig-nok-i-en-test", "+4759440000"


@dataclass(frozen=True)
class Oppfoersel:
    """How the exchange takes one call: refuses or accepts, and what it then lets us know."""

    status: int = 201
    kode: int | None = None
    aksepterer: bool = True
    lukker: bool = False
    """Drops the connection instead of answering."""
    henger: bool = False
    """Never answers."""
    holder: bool = False
    """Answers when `slipp` is set."""


OK = Oppfoersel()
FOR_MANGE = Oppfoersel(429, 20429, aksepterer=False)
FEIL_ETTERPAA = Oppfoersel(500, 20500)
FEIL_FOER = Oppfoersel(503, 20503, aksepterer=False)
LUKKER_ETTERPAA = Oppfoersel(lukker=True)
LUKKER_FOER = Oppfoersel(lukker=True, aksepterer=False)
HENGER_ETTERPAA = Oppfoersel(henger=True)
HENGER_FOER = Oppfoersel(henger=True, aksepterer=False)


def avslag(kode: int, status: int = 400) -> Oppfoersel:
    """A definite refusal."""
    return Oppfoersel(status, kode, aksepterer=False)


@dataclass
class Sentral:
    """Listens on loopback. `plan` says how the next calls to a number go; after that, as `ellers` says."""

    plan: dict[str, deque[Oppfoersel]] = field(default_factory=lambda: defaultdict(deque))
    ellers: Callable[[str], Oppfoersel] = lambda _: OK
    forsinkelse: float = 0.0
    meldinger: list[dict[str, Any]] = field(default_factory=list)
    skjemaer: list[Mapping[str, str]] = field(default_factory=list)
    """Every create request, accepted or not, as it came."""
    oppslag: int = 0
    """How many times we have looked for what we sent."""
    lister_spurt: int = 0
    """How many times we have asked what has come in."""
    lister_nede: bool = False
    ved_oppslag: Callable[[], None] = lambda: None
    """Done when we look, before it is answered."""
    bare_ett_nede: bool = False
    """Lists are answered, questions about one message are not."""
    spurt: int = 0
    """How many times we have asked about one message by its sid."""
    naa: Callable[[], datetime] = lambda: datetime.now(UTC)
    port: int = field(default_factory=ledig_port)

    async def start(self) -> None:
        app = web.Application()
        sti = f"/2010-04-01/Accounts/{KONTO}/Messages"
        app.add_routes(
            [
                web.post(f"{sti}.json", self._opprett),
                web.get(f"{sti}.json", self._list),
                web.get(f"{sti}/{{sid}}.json", self._hent),
            ]
        )
        self.slipp = asyncio.Event()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await self.aapne()

    async def aapne(self) -> None:
        """Answers the phone, on the same port as before."""
        self._sted = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._sted.start()

    async def steng(self) -> None:
        """Refuses connections until it is opened again, and ends those there are: a call could go by one of them."""
        await self._sted.stop()
        assert self._runner.server
        for forbindelse in self._runner.server.connections:
            forbindelse.force_close()

    async def stopp(self) -> None:
        self.slipp.set()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def til(self, nummer: str) -> list[dict[str, Any]]:
        """What a phone has been sent."""
        return [m for m in self.meldinger if m["to"] == nummer and m["direction"] != "inbound"]

    def ringer_inn(self, fra: str, tekst: str, *, sid: str | None = None) -> dict[str, Any]:
        """A phone sends us an SMS; whether we are told is another matter."""
        m = _melding(sid or f"SM{uuid4().hex}", fra, NUMMER, tekst, "inbound", "received", self.naa())
        self.meldinger.append(m)
        return m

    async def _opprett(self, request: web.Request) -> web.StreamResponse:
        skjema = {k: str(v) for k, v in (await request.post()).items()}
        self.skjemaer.append(skjema)
        koe = self.plan[skjema["To"]]
        hva = koe.popleft() if koe else self.ellers(skjema["To"])
        hvem = (NUMMER, skjema["To"], skjema["Body"])
        m = _melding(f"SM{uuid4().hex}", *hvem, "outbound-api", "queued", self.naa())
        if hva.aksepterer:
            self.meldinger.append(m | {"callback": skjema.get("StatusCallback", "")})
        if self.forsinkelse:
            await asyncio.sleep(self.forsinkelse)
        if hva.henger or hva.holder:
            with suppress(asyncio.CancelledError):
                await self.slipp.wait()
        if hva.lukker or hva.henger:
            if request.transport:  # the caller may have been killed meanwhile
                request.transport.abort()
            return web.Response()
        if hva.status != 201:
            feil = {"code": hva.kode, "message": "nei", "more_info": "", "status": hva.status}
            return web.json_response(feil, status=hva.status)
        return web.json_response(m, status=201)

    async def _list(self, request: web.Request) -> web.Response:
        til = request.query.get("To")
        self.oppslag += til != NUMMER
        self.lister_spurt += til == NUMMER
        if til != NUMMER:
            self.ved_oppslag()
        if self.lister_nede:
            return web.json_response({"code": 20500, "message": "nede", "status": 500}, status=500)
        etter = request.query.get("DateSent>", "2000-01-01T00:00:00+00:00")
        treff = [
            _ut(m)
            for m in reversed(self.meldinger)
            if (not til or m["to"] == til) and parsedate_to_datetime(m["date_sent"]) >= datetime.fromisoformat(etter)
        ]
        antall, nr = int(request.query.get("PageSize", "50")), int(request.query.get("Page", "0"))
        neste = str(request.rel_url.update_query(Page=nr + 1)) if len(treff) > (nr + 1) * antall else None
        side = {"messages": treff[nr * antall : (nr + 1) * antall], "page": nr, "next_page_uri": neste}
        return web.json_response(side | {"uri": "/", "first_page_uri": "/", "page_size": antall, "start": 0, "end": 0})

    async def _hent(self, request: web.Request) -> web.Response:
        self.spurt += 1
        if self.bare_ett_nede:
            return web.json_response({"code": 20500, "message": "nede", "status": 500}, status=500)
        for m in self.meldinger:
            if m["sid"] == request.match_info["sid"]:
                return web.json_response(_ut(m))
        return web.json_response({"code": 20404, "message": "borte", "status": 404}, status=404)


def _ut(m: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in m.items() if k != "callback"}


def _melding(sid: str, fra: str, til: str, tekst: str, retning: str, status: str, tid: datetime) -> dict[str, Any]:
    naa = format_datetime(tid)
    return {
        "sid": sid,
        "account_sid": KONTO,
        "from": fra,
        "to": til,
        "body": tekst,
        "direction": retning,
        "status": status,
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "date_created": naa,
        "date_updated": naa,
        "date_sent": naa,
        "price": None,
        "price_unit": "USD",
        "messaging_service_sid": None,
        "api_version": "2010-04-01",
        "uri": f"/{sid}",
        "subresource_uris": {},
    }


def loddtrekning(froe: int) -> Callable[[str], Oppfoersel]:
    """A bad day: one in eight first calls to a number goes wrong, in one of the ways there are."""
    terning = random.Random(froe)
    uhell = (FOR_MANGE, FEIL_ETTERPAA, FEIL_FOER, LUKKER_ETTERPAA, LUKKER_FOER)
    kjente: set[str] = set()

    def trekk(nummer: str) -> Oppfoersel:
        ny = nummer not in kjente
        kjente.add(nummer)
        return terning.choice(uhell) if ny and terning.random() < 1 / 8 else OK

    return trekk
