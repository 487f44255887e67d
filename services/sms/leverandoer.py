"""The gateway: Twilio's official SDK over our own bounded HTTP client, and what its exceptions mean."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from yarl import URL

from infra.settings import Settings
from services.sms.rules import Tider
from services.sms.rules_feil import TVIL, VENT, Dom, doem_svar

SVAR_MAKS = 4 * 1024 * 1024
FRAGMENT = "#rc=5&rp=all"
"""Twilio's connection overrides: five retries, whatever went wrong (docs: webhooks/webhooks-connection-overrides)."""
_UTENOM_SENDING = 32
"""Connections for looking things up, beside those that send: lookups under way at once, and some to spare."""
SIDE = 200
"""Messages on one page of a list."""


class Tjenerfeil(Exception):
    """The gateway answered 5xx. It may have accepted the message all the same."""


class UgyldigSvar(Exception):
    """The gateway answered 2xx with something that has no sid, or no end."""


@dataclass(frozen=True, slots=True)
class Funnet:
    """A message as the provider has it."""

    sid: str
    status: str
    feilkode: int | None
    fra: str
    til: str
    tekst: str
    utgaaende: bool
    tid: datetime | None


class Http(AsyncTwilioHttpClient):  # type: ignore[misc] # the SDK has no types
    """One bounded pool, real time-outs, no redirects and no retries: a POST that is tried again is a second SMS."""

    def __init__(self, samtidige: int, tider: Tider) -> None:
        super().__init__(pool_connections=False)
        self.session: aiohttp.ClientSession | None = None
        self._samtidige = samtidige
        self._tid = aiohttp.ClientTimeout(total=tider.anrop, connect=tider.koble)

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the SDK's signature; ours is set for all calls
        allow_redirects: bool = False,
    ) -> Response:
        """One HTTP call, as the SDK wants it.

        Raises:
            Tjenerfeil: on any 5xx, whatever its body claims.
            UgyldigSvar: the answer has no end.
        """
        async with self._sesjon().request(
            method,
            URL(url),
            params=params,
            data=urlencode(data).encode() if data else None,
            headers={**(headers or {}), **({"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {})},
            allow_redirects=False,
        ) as svar:
            if svar.status >= 500:
                raise Tjenerfeil(svar.status)
            return Response(svar.status, (await _kropp(svar)).decode("utf-8", "replace"), svar.headers)

    async def close(self) -> None:
        """Closes the pool; a later call opens it anew."""
        sesjon, self.session = self.session, None
        if sesjon:
            await sesjon.close()

    def _sesjon(self) -> aiohttp.ClientSession:
        if self.session is None:  # not in __init__: it needs a running loop
            self.session = aiohttp.ClientSession(
                # An idle connection is dropped before the other end does it under a send: that would be doubt.
                connector=aiohttp.TCPConnector(limit=self._samtidige, keepalive_timeout=4, ttl_dns_cache=300),
                timeout=self._tid,
                read_bufsize=2**16,
            )
        return self.session


async def _kropp(svar: aiohttp.ClientResponse) -> bytes:
    kropp = bytearray()
    async for bit in svar.content.iter_any():
        kropp += bit
        if len(kropp) > SVAR_MAKS:
            raise UgyldigSvar
    return bytes(kropp)


class Leverandoer:
    """What the room asks of the gateway. Every exception of a call is judged by `doem`."""

    def __init__(self, settings: Settings, tider: Tider) -> None:
        # The SDK prints whole addresses, with numbers, at INFO.
        logging.getLogger("twilio.async_http_client").setLevel(logging.WARNING)
        self._http = Http(settings.sms_vindu + _UTENOM_SENDING, tider)
        token = settings.twilio_auth_token.get_secret_value()
        # A region in our environment must not bend the address: `environment` is all the SDK reads.
        uten = {"SALTO": "1"}
        self._klient = Client(settings.twilio_account_sid, token, http_client=self._http, environment=uten)
        self._klient.api.base_url = settings.twilio_base_url.rstrip("/")
        self._tjeneste = settings.twilio_messaging_service_sid
        self.nummer = settings.twilio_from
        self._avsender = (
            {"messaging_service_sid": self._tjeneste} if self._tjeneste else {"from_": settings.twilio_from}
        )

    async def lukk(self) -> None:
        await self._http.close()

    async def send(self, *, til: str, tekst: str, tilbakekall: str, gyldig_sekunder: int) -> str:
        """Hands one message over. Returns its sid; anything else is an exception for `doem`."""
        svar = await self._klient.messages.create_async(
            to=til, body=tekst, status_callback=tilbakekall, validity_period=gyldig_sekunder, **self._avsender
        )
        if not isinstance(svar.sid, str) or not svar.sid:
            raise UgyldigSvar
        return svar.sid

    async def sendt_til(self, til: str, antall: int = 50) -> list[Funnet]:
        """The newest messages we have sent to a number, as the provider has them."""
        funnet = await self._klient.messages.list_async(to=til, limit=antall, page_size=antall)
        return [f for f in map(_funnet, funnet) if f.utgaaende]

    async def innkomne(self, etter: datetime) -> list[Funnet]:
        """Every message to our number since `etter`, newest first; with a messaging service, to any of its numbers."""
        utvalg: dict[str, Any] = {"to": self.nummer} if self.nummer else {}
        funnet = await self._klient.messages.list_async(date_sent_after=etter.astimezone(UTC), page_size=SIDE, **utvalg)
        return [f for f in map(_funnet, funnet) if not f.utgaaende]

    async def hent(self, sid: str) -> Funnet | None:
        """One message; None when the provider no longer has it."""
        try:
            return _funnet(await self._klient.messages(sid).fetch_async())
        except TwilioRestException as feil:
            if feil.status == 404:
                return None
            raise


def _funnet(melding: Any) -> Funnet:
    return Funnet(
        sid=str(melding.sid),
        status=str(getattr(melding.status, "value", melding.status)),
        feilkode=int(melding.error_code) if melding.error_code else None,
        fra=str(melding.from_ or ""),
        til=str(melding.to or ""),
        tekst=str(melding.body or ""),
        utgaaende=str(getattr(melding.direction, "value", melding.direction)).startswith("outbound"),
        tid=_aware(melding.date_sent) or _aware(melding.date_created),
    )


def _aware(tid: Any) -> datetime | None:
    if not isinstance(tid, datetime):
        return None
    return tid if tid.tzinfo else tid.replace(tzinfo=UTC)


def doem(feil: BaseException) -> Dom:
    """What an exception of a send means. Only a connection never made and a definite answer are certain."""
    if isinstance(feil, TwilioRestException | TwilioServiceException):
        return doem_svar(_tall(feil.status) or 0, _tall(feil.code))
    if isinstance(feil, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return VENT  # no connection was made, so nothing of the request has left us
    return TVIL


def _tall(verdi: Any) -> int | None:
    try:
        return int(verdi)
    except (TypeError, ValueError):
        return None
