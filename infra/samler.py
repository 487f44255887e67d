"""Many small things in one transaction: what comes within 20 ms, or a hundred, is committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
AVSTAND_SEKUNDER = 0.02
MAKS = 100


class Samler(Generic[T]):
    """The first thing goes at once; what comes while it is saved, or within 20 ms of it, goes in the next batch."""

    def __init__(self, lagre: Callable[[Sequence[T]], Awaitable[None]], *, maks: int = MAKS) -> None:
        self._lagre = lagre
        self._maks = maks
        self._ventende: list[tuple[T, asyncio.Future[None]]] = []
        self._arbeid: asyncio.Task[None] | None = None

    def legg(self, sak: T) -> asyncio.Future[None]:
        """Hands one over. The future is done when it is saved, and raises what the saving of its batch raised."""
        lagret: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ventende.append((sak, lagret))
        if self._arbeid is None:
            self._arbeid = asyncio.create_task(self._kjoer(), name="samler")
        return lagret

    async def tom(self) -> None:
        """Waits until everything handed over is saved."""
        while self._arbeid is not None:
            await asyncio.wait({self._arbeid})

    async def _kjoer(self) -> None:
        loop = asyncio.get_running_loop()
        while self._ventende:
            begynte = loop.time()
            bunke, self._ventende = self._ventende[: self._maks], self._ventende[self._maks :]
            await self._en(bunke)
            if len(self._ventende) < self._maks:
                await asyncio.sleep(max(0.0, begynte + AVSTAND_SEKUNDER - loop.time()))
        self._arbeid = None

    async def _en(self, bunke: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        feil: Exception | None = None
        try:
            await self._lagre([sak for sak, _ in bunke])
        except Exception as unntak:  # noqa: BLE001 - each of them hears what happened to its batch
            feil = unntak
        for _, lagret in bunke:
            if lagret.done():  # its caller has gone
                continue
            if feil is None:
                lagret.set_result(None)
            else:
                lagret.set_exception(feil)
