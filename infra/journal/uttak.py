"""Pulling from a consumer: what has come is handed over as soon as something has.

nats-py's own `fetch(n)` waits until the batch is full or the time is out (28 ms a hop at best, docs/adr/0002);
this speaks the same pull protocol and answers with whatever is there.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from infra.journal.topologi import JOURNAL
from infra.oppgave import vent_paa

HENTETID_SEKUNDER = 5.0
AVSKJED_SEKUNDER = 2.0
SE_ETTER_SEKUNDER = 0.25
"""How often a waiting reader looks whether its connection was replaced: its request went with the old one."""


class KonsumentBorte(Exception):
    """The consumer is not there any more."""


class NyForbindelse(Exception):
    """The connection was lost and is new: what was on its way is gone, and what was fetched comes again."""


class Uttak:
    """One pull consumer, read in batches of at most `antall`."""

    def __init__(self, nc: Client, konsument: str, *, antall: int = 256) -> None:
        self._nc = nc
        self._neste_subjekt = f"$JS.API.CONSUMER.MSG.NEXT.{JOURNAL}.{konsument}"
        self._antall = antall
        self._koe: list[Msg] = []
        self._noe = asyncio.Event()
        self._utestaaende = 0
        self._utloeper = 0.0
        self._borte = False
        self._lukket = False
        self._forbindelse = nc.stats["reconnects"]
        self._sub: Subscription | None = None

    @property
    def ventende(self) -> Sequence[Msg]:
        """What is fetched and not yet handed over."""
        return self._koe

    async def neste(self) -> list[Msg]:
        """The next messages: at least one, or none when closed.

        Raises:
            KonsumentBorte: the server knows no such consumer.
            NyForbindelse: take the consumer up again where it is settled.
        """
        while not self._koe and not self._lukket:
            self._noe.clear()  # before anything is awaited, or what comes meanwhile would wait for the next thing
            await self._be_om_flere()
            await self._vent()
            if self._borte:
                self._borte = False
                raise KonsumentBorte
        self._samme_forbindelse()
        return [] if self._lukket else self.flere()  # what is left at the end belongs to `lukk`

    def flere(self) -> list[Msg]:
        """What has come since; perhaps nothing."""
        ut, self._koe = self._koe, []
        return ut

    async def lukk(self) -> list[Msg]:
        """Stops pulling for good; gives back what was fetched, or was on its way, and not handed over."""
        self._lukket = True
        self._noe.set()
        if self._sub:
            with suppress(nats.errors.Error, TimeoutError, OSError):  # no journal, no goodbye
                # To unsubscribe would drop what has come and is not yet in our queue.
                async with asyncio.timeout(AVSKJED_SEKUNDER):
                    await self._sub.drain()  # type: ignore[no-untyped-call]
            self._sub = None
        return self.flere()

    async def _vent(self) -> None:
        """Until something comes, the request has run out, or its connection is gone."""
        while not self._noe.is_set() and self._utestaaende and time.monotonic() < self._utloeper + 1:
            self._samme_forbindelse()
            await vent_paa(self._noe, SE_ETTER_SEKUNDER)
        if not self._noe.is_set():
            self._utestaaende = 0

    def _samme_forbindelse(self) -> None:
        foer, self._forbindelse = self._forbindelse, self._nc.stats["reconnects"]
        if foer != self._forbindelse:
            self._koe, self._utestaaende = [], 0
            raise NyForbindelse

    async def _be_om_flere(self) -> None:
        if self._sub is None:
            self._sub = await self._nc.subscribe(self._nc.new_inbox(), cb=self._ta_imot)
        if self._utestaaende > 0 and time.monotonic() < self._utloeper:
            return
        foresporsel = {"batch": self._antall, "expires": int(HENTETID_SEKUNDER * 1e9)}
        await self._nc.publish(self._neste_subjekt, json.dumps(foresporsel).encode(), reply=self._sub.subject)
        self._utestaaende = self._antall
        self._utloeper = time.monotonic() + HENTETID_SEKUNDER

    async def _ta_imot(self, msg: Msg) -> None:
        status = (msg.headers or {}).get("Status") if not msg.data else None
        if status is None:
            self._utestaaende -= 1
            self._koe.append(msg)
        else:
            self._utestaaende = 0
            self._borte = status == "503" or (status == "409" and "Deleted" in str(msg.headers))
        self._noe.set()
