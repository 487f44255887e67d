"""The network as a fault: each line of a deployment refused, reset half-way, swallowed or slow, while people answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import make_url

from tests.faults.drift import Drift
from tests.faults.feil import POSTGRESQL, SQLITE, Feil
from tests.faults.natt import Natt
from tests.harness.mellomledd import Mellomledd, Vei, mellomledd

RO_SEKUNDER = "12"
"""On a slow line a call may be accepted as late as when we give it up: settling must outlive it, as in production."""


@dataclass(frozen=True)
class Linje:
    """One of the lines of a deployment: where it leads, and the setting that sends every room through a proxy."""

    navn: str
    port: Callable[[Drift], int]
    innstilling: Callable[[Drift, int], dict[str, str]]
    baser: tuple[str, ...] = (SQLITE, POSTGRESQL)
    kort: tuple[str, ...] = ()
    """Where the short form runs it."""


@dataclass(frozen=True)
class Uvaer:
    """What happens to a line, and for how long."""

    navn: str
    slaa_til: Callable[[Mellomledd, random.Random], Awaitable[None]]
    sekunder: float
    bare_lang: bool = False
    gjentas: int = 1
    """How many times it strikes in the time that it lasts."""


def _gjennom(url: str, port: int) -> str:
    """The same address through another port of this machine."""
    deler = urlsplit(url)
    return deler._replace(netloc=f"127.0.0.1:{port}").geturl()


def _database(d: Drift, port: int) -> dict[str, str]:
    url = make_url(d.database_url).set(port=port)
    return {"SALTO_DATABASE_URL": url.render_as_string(hide_password=False)}


def _postgresport(d: Drift) -> int:
    assert d.postgres
    return d.postgres.port


LINJER = (
    Linje(
        "NATS", lambda d: d.journal.port, lambda d, p: {"SALTO_NATS_URL": _gjennom(d.journal.url, p)}, kort=(SQLITE,)
    ),
    Linje("PostgreSQL", _postgresport, _database, baser=(POSTGRESQL,)),
    Linje(
        "gatewayen",
        lambda d: d.gateway.port,
        lambda d, p: {"SALTO_TWILIO_BASE_URL": _gjennom(d.gateway.url, p)},
        kort=(POSTGRESQL,),
    ),
    Linje(
        "SMTP", lambda d: d.gateway.smtp_port, lambda _, p: {"SALTO_SMTP_URL": f"smtp://127.0.0.1:{p}"}, kort=(SQLITE,)
    ),
)


async def _kutt(ledd: Mellomledd, _: random.Random) -> None:
    await ledd.kutt()


async def _bryt(ledd: Mellomledd, terning: random.Random) -> None:
    ledd.bryt(terning.randint(0, 3000), [terning.choice(list(Vei))])


async def _svelg(ledd: Mellomledd, _: random.Random) -> None:
    ledd.svelg()


async def _svelg_svarene(ledd: Mellomledd, _: random.Random) -> None:
    ledd.svelg([Vei.TILBAKE])


async def _brems(ledd: Mellomledd, terning: random.Random) -> None:
    ledd.brems(bytes_per_sekund=terning.choice([2_000, 20_000]), forsinkelse=terning.uniform(0.05, 0.3))


UVAER = (
    Uvaer("stengt", _kutt, 1.5),
    Uvaer("brutt midt i", _bryt, 2.0, gjentas=5),
    Uvaer("sort hull", _svelg, 4.0),
    Uvaer("svarene i et sort hull", _svelg_svarene, 4.0, bare_lang=True),
    Uvaer("treg", _brems, 4.0),
)


class _Ledning:
    """One line with a proxy on it: the one of the run that is under way."""

    def __init__(self, linje: Linje) -> None:
        self._linje = linje
        self._ledd = Mellomledd(0)

    async def oppsett(self, d: Drift, stakk: AsyncExitStack) -> None:
        """Puts the proxy there before the rooms are started."""
        self._ledd = await stakk.enter_async_context(mellomledd(self._linje.port(d)))
        d.innstillinger |= {"SALTO_SMS_RO_SEKUNDER": RO_SEKUNDER} | self._linje.innstilling(d, self._ledd.port)

    async def kjoer(self, uvaer: Uvaer, natt: Natt, terning: random.Random, ganger: int) -> None:
        """While people are called and answer, the weather comes, lasts, and is over; so many times."""
        for _ in range(ganger):
            arbeid = asyncio.create_task(natt.meld())
            await asyncio.sleep(terning.uniform(0.0, 0.6))  # the moment is the test: nothing is waited for
            for _ in range(uvaer.gjentas):
                await uvaer.slaa_til(self._ledd, terning)
                await asyncio.sleep(uvaer.sekunder / uvaer.gjentas)
            await self._ledd.hel()
            await arbeid


def _feil(linje: Linje) -> Iterator[Feil]:
    ledning = _Ledning(linje)
    for uvaer in UVAER:
        kjoer = partial(ledning.kjoer, uvaer)
        yield Feil(
            f"{linje.navn}: {uvaer.navn}",
            kjoer,
            ganger=3,
            baser=linje.baser,
            kort=linje.kort,
            bare_lang=uvaer.bare_lang,
            oppsett=ledning.oppsett,
        )


NETT = tuple(feil for linje in LINJER for feil in _feil(linje))
