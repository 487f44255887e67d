"""Pulling from a consumer: what has come is handed over as soon as something has.

nats-py's own `fetch(n)` waits until the batch is full or the time is out (28 ms a hop at best, JETSTREAM.md edge 4);
this speaks the same pull protocol and answers with whatever is there.
"""

from __future__ import annotations

import asyncio
import json
import time

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from infra.journal.topologi import JOURNAL

HENTETID_SEKUNDER = 5.0


class KonsumentBorte(Exception):
    """The consumer is not there any more."""


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
        self._sub: Subscription | None = None

    async def neste(self) -> list[Msg]:
        """The next messages, at least one. Raises `KonsumentBorte` when the server knows no such consumer."""
        while not self._koe:
            await self._be_om_flere()
            self._noe.clear()
            try:
                await asyncio.wait_for(self._noe.wait(), HENTETID_SEKUNDER + 1)
            except TimeoutError:
                self._utestaaende = 0  # the request was lost with its connection
            if self._borte:
                self._borte = False
                raise KonsumentBorte
        ut, self._koe = self._koe, []
        return ut

    async def lukk(self) -> list[Msg]:
        """Stops pulling; gives back what was fetched and not handed over."""
        if self._sub:
            await self._sub.unsubscribe()
            self._sub = None
        ut, self._koe = self._koe, []
        return ut

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
