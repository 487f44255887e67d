"""How Twilio calls back: signed forms, retried as the URL's own fragment asks (`#rc=5&rp=all`)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import parse_qsl, quote_plus, urldefrag, urlsplit, urlunsplit

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from infra.simulator.innstillinger import Vei, er_loopback

_SAMTIDIGE = 64
_FOERSTE_PAUSE_SEKUNDER = 0.5
_SKJEMA = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Forbindelse:
    """Twilio's connection overrides; what is not given is as in its documentation, except `rp`.

    Twilio retries only failed connects by default; here a 5xx is retried too unless `rp` says otherwise.
    """

    url: str
    forsoek: int = 1
    naar: frozenset[str] = frozenset({"ct", "5xx"})
    koble_sekunder: float = 5.0
    svar_sekunder: float = 15.0
    lokal: bool = True

    @classmethod
    @lru_cache(maxsize=4096)
    def les(cls, url: str) -> Self:
        """The URL without its fragment, and what the fragment asks for."""
        ren, fragment = urldefrag(url)
        gitt = dict(parse_qsl(fragment))
        return cls(
            url=ren,
            forsoek=_mellom(gitt.get("rc"), 0, 5, 1),
            naar=frozenset(gitt["rp"].lower().split(",")) if gitt.get("rp") else cls.naar,
            koble_sekunder=_mellom(gitt.get("ct"), 100, 10_000, 5_000) / 1000,
            svar_sekunder=_mellom(gitt.get("rt"), 100, 15_000, 15_000) / 1000,
            lokal=er_loopback(ren),
        )

    def proever_igjen(self, utfall: str) -> bool:
        """Whether an outcome (`ct`, `rt`, `4xx`, `5xx`) is one to retry."""
        return bool(self.naar & {utfall, "all"})


# The same SIDs, statuses and numbers come again and again, and quoting is half the price of a form.
_kodet = lru_cache(maxsize=8192)(quote_plus)


def _kropp(skjema: Mapping[str, str]) -> bytes:
    return "&".join(f"{navn}={_kodet(verdi)}" for navn, verdi in skjema.items()).encode()


def _sti(url: str) -> str:
    """What comes after the host, query string included, exactly as written."""
    return urlunsplit(("", "", *urlsplit(url)[2:]))


def _mellom(tekst: str | None, minst: int, mest: int, ellers: int) -> int:
    return min(max(int(tekst), minst), mest) if tekst and tekst.isdecimal() else ellers


class Varsler:
    """One session for every call back; at most 64 calls under way."""

    def __init__(self, token: str, vei: Vei | None = None) -> None:
        self._signatur = RequestValidator(token)
        self._vei = vei
        self._sesjon = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_SAMTIDIGE))

    async def steng(self) -> None:
        await self._sesjon.close()

    async def send(self, url: str, skjema: Mapping[str, str]) -> bool:
        """Posts the form until it is taken (2xx, 3xx) or the attempts are used up; True when taken.

        Waits 0.5 s, 1 s, 2 s … between attempts. Only this machine is called, or the one place of a `Vei`.
        """
        maal = Forbindelse.les(url)
        if not maal.lokal and self._vei is None:
            return False
        hoder, kropp = self._hoder(self._signert(maal), skjema), _kropp(skjema)
        for nummer in range(maal.forsoek + 1):
            utfall = await self._forsoek(maal, kropp, hoder)
            if utfall is None:
                return True
            if nummer == maal.forsoek or not maal.proever_igjen(utfall):
                break
            await asyncio.sleep(_FOERSTE_PAUSE_SEKUNDER * 2**nummer)
        return False

    def _signert(self, maal: Forbindelse) -> str:
        return self._vei.utenfra + _sti(maal.url) if self._vei else maal.url

    def _adresse(self, maal: Forbindelse) -> str:
        return self._vei.innenfra + _sti(maal.url) if self._vei else maal.url

    def _hoder(self, url: str, skjema: Mapping[str, str]) -> dict[str, str]:
        return {
            "Content-Type": _SKJEMA,
            "User-Agent": "TwilioProxy/1.1 (SaLTo simulator)",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "X-Twilio-Signature": self._signatur.compute_signature(url, skjema),
        }

    async def _forsoek(self, maal: Forbindelse, kropp: bytes, hoder: dict[str, str]) -> str | None:
        grenser = aiohttp.ClientTimeout(sock_connect=maal.koble_sekunder, sock_read=maal.svar_sekunder)
        url = URL(self._adresse(maal), encoded=True)
        try:
            async with self._sesjon.post(
                url, data=kropp, headers=hoder, timeout=grenser, allow_redirects=False
            ) as svar:
                await svar.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return "ct"
        except (aiohttp.ClientError, TimeoutError):
            return "rt"
        return None if svar.status < 400 else f"{svar.status // 100}xx"
