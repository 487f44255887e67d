"""The service's side of a webhook: keeps what came, says how it was signed, answers as told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from twilio.request_validator import RequestValidator

from infra.simulator.klient import vent


@dataclass(frozen=True)
class Varsel:
    """One form that was posted, and whether its signature holds."""

    skjema: dict[str, str]
    ekte: bool
    merke: str


@dataclass
class Mottaker:
    """A small receiver on loopback; `svar` is the HTTP status of each call to come, then 204."""

    token: str
    port: int = 0
    varsler: list[Varsel] = field(default_factory=list)
    svar: Iterator[int] = field(default_factory=lambda: iter(()))

    def url(self, fragment: str = "") -> str:
        """Where to post; the query string is part of what is signed."""
        return f"http://127.0.0.1:{self.port}/webhooks/twilio?u=42&a=1{fragment}"

    async def ta_imot(self, request: web.Request) -> web.Response:
        skjema = {navn: str(verdi) for navn, verdi in (await request.post()).items()}
        signatur = request.headers["X-Twilio-Signature"]
        ekte = RequestValidator(self.token).validate(self.url(), skjema, signatur)
        self.varsler.append(Varsel(skjema, bool(ekte), request.headers["I-Twilio-Idempotency-Token"]))
        return web.Response(status=next(self.svar, 204))

    async def etter(self, antall: int) -> list[Varsel]:
        """Everything that came, once so many have come."""

        async def nok() -> list[Varsel] | None:
            return list(self.varsler) if len(self.varsler) >= antall else None

        return await vent(nok, f"{antall} varsler")

    def statuser(self) -> list[str]:
        """The statuses reported, in the order they came."""
        return [v.skjema["MessageStatus"] for v in self.varsler]


@asynccontextmanager
async def lytt(token: str, port: int = 0) -> AsyncIterator[Mottaker]:
    """A receiver that listens as long as the block lasts."""
    mottaker = Mottaker(token)
    app = web.Application()
    app.router.add_post("/webhooks/twilio", mottaker.ta_imot)
    loper = web.AppRunner(app, access_log=None)
    await loper.setup()
    await web.TCPSite(loper, "127.0.0.1", port).start()
    mottaker.port = loper.addresses[0][1]
    try:
        yield mottaker
    finally:
        await loper.cleanup()
