"""A line that can be cut: a TCP proxy between somebody and a server, closed and opened at will."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

STYKKE = 65536


class Mellomledd:
    """Everything that comes goes on, until the line is cut: then what is open is reset, and what is new refused."""

    def __init__(self, maal: int) -> None:
        self._maal = maal
        self._tjener: asyncio.Server | None = None
        self._aapne: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def aapne(self) -> None:
        """The line is up, on the same port as before."""
        self._tjener = await asyncio.start_server(self._ta_imot, "127.0.0.1", self.port)
        self.port = self._tjener.sockets[0].getsockname()[1]

    async def kutt(self) -> None:
        """The line is cut, in both directions and at once."""
        if self._tjener:
            self._tjener.close()
        for skriver in list(self._aapne):
            skriver.transport.abort()
        self._tjener = None

    async def _ta_imot(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        self._aapne.add(skriver)
        try:
            til_leser, til_skriver = await asyncio.open_connection("127.0.0.1", self._maal)
            self._aapne.add(til_skriver)
            try:
                await asyncio.gather(_pump(leser, til_skriver), _pump(til_leser, skriver))
            finally:
                self._aapne.discard(til_skriver)
                til_skriver.transport.abort()
        except OSError:
            pass
        finally:
            self._aapne.discard(skriver)
            skriver.transport.abort()


async def _pump(fra: asyncio.StreamReader, til: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while stykke := await fra.read(STYKKE):
            til.write(stykke)
            await til.drain()
    with suppress(OSError, RuntimeError):
        til.write_eof()


@asynccontextmanager
async def mellomledd(maal: int) -> AsyncIterator[Mellomledd]:
    """A line to a port on this machine, open from the start."""
    ledd = Mellomledd(maal)
    await ledd.aapne()
    try:
        yield ledd
    finally:
        await ledd.kutt()
