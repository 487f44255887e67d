"""A cable: everything goes through it, until it is out; then there is silence, and nobody is told."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.harness.porter import ledig_port

STYKKE = 65536


class Kabel:
    """A TCP line to a port on this machine. What is sent while it is out comes when it is back, or never."""

    def __init__(self) -> None:
        self.port = ledig_port()
        self._hel = asyncio.Event()
        self._hel.set()
        self._tjener: asyncio.Server | None = None
        self._maal = 0
        self._linjer: set[asyncio.Task[None]] = set()

    async def legg(self, maal: int = 0) -> None:
        """Lays it: from a free port of its own to `maal`, which may be given later."""
        self._maal = maal
        self._tjener = await asyncio.start_server(self._ta_imot, "127.0.0.1", self.port)

    def til(self, maal: int) -> None:
        """Where it leads from now on."""
        self._maal = maal

    def kutt(self) -> None:
        """Out it goes: no reset, no refusal, only silence."""
        self._hel.clear()

    def hel(self) -> None:
        """Back again."""
        self._hel.set()

    async def fjern(self) -> None:
        """Takes it away for good."""
        if self._tjener:
            self._tjener.close()
        for linje in self._linjer:
            linje.cancel()
        if self._linjer:
            await asyncio.wait(self._linjer, timeout=2)

    async def _ta_imot(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        linje = asyncio.current_task()
        assert linje is not None
        self._linjer.add(linje)
        til_skriver: asyncio.StreamWriter | None = None
        try:
            await self._hel.wait()  # who calls while it is out hears nothing
            til_leser, til_skriver = await asyncio.open_connection("127.0.0.1", self._maal)
            await asyncio.gather(self._pump(leser, til_skriver), self._pump(til_leser, skriver))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for en in (skriver, til_skriver):
                if en:
                    en.transport.abort()
            self._linjer.discard(linje)

    async def _pump(self, fra: asyncio.StreamReader, til: asyncio.StreamWriter) -> None:
        while stykke := await fra.read(STYKKE):
            await self._hel.wait()
            til.write(stykke)
            await til.drain()
        await self._hel.wait()
        with suppress(OSError, RuntimeError):
            til.write_eof()
