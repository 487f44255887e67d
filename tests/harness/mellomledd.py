"""A line that lets us down: a TCP proxy that refuses, resets, swallows or slows, each way for itself, at any moment."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum

from tests.harness.porter import ledig_port

STYKKE = 65536
_RST = struct.pack("ii", 1, 0)
"""SO_LINGER of no time at all: closing sends a reset, not a farewell."""


class Vei(Enum):
    """Which way bytes go."""

    DIT = "dit"
    """From whoever called, to the server."""
    TILBAKE = "tilbake"
    """From the server to whoever called."""


BEGGE = (Vei.DIT, Vei.TILBAKE)


@dataclass(frozen=True)
class Tilstand:
    """How the line is, one way. As it is made, it carries everything."""

    svelger: bool = False
    """Takes everything and passes on nothing, farewells included."""
    brudd_etter: int | None = None
    """Resets each connection when so many bytes more have passed on it."""
    bytes_per_sekund: float | None = None
    forsinkelse: float = 0.0
    """Seconds that each piece is kept back."""


FRISK = Tilstand()


class Mellomledd:
    """A line to a port on this machine. What is said of it holds at once, for what is open and for what comes."""

    def __init__(self, maal: int) -> None:
        self._maal = maal
        self._tjener: asyncio.Server | None = None
        self._aapne: dict[_Samtale, asyncio.Task[None]] = {}
        self.tilstand = dict.fromkeys(Vei, FRISK)
        self.port = ledig_port()

    async def aapne(self) -> None:
        """The line is up, on the same port as before."""
        self._tjener = await asyncio.start_server(self._ta_imot, "127.0.0.1", self.port)

    async def kutt(self) -> None:
        """The line is cut: what is open is reset, what is new is refused, until `aapne` or `hel`."""
        if self._tjener:
            self._tjener.close()
        self._tjener = None
        for samtale in list(self._aapne):
            samtale.bryt()
        if self._aapne:
            await asyncio.wait(set(self._aapne.values()))

    def bryt(self, etter_bytes: int = 0, veier: Iterable[Vei] = BEGGE) -> None:
        """Resets every connection in the middle of what it carries: after so many bytes more, either way."""
        self._sett(Tilstand(brudd_etter=etter_bytes), veier)

    def svelg(self, veier: Iterable[Vei] = BEGGE) -> None:
        """A black hole. Where a connection has lost something in it, it stays lost when the line heals."""
        self._sett(Tilstand(svelger=True), veier)

    def brems(
        self, bytes_per_sekund: float | None = None, forsinkelse: float = 0.0, veier: Iterable[Vei] = BEGGE
    ) -> None:
        """Slow: so many bytes a second on each connection, each piece so many seconds late."""
        self._sett(Tilstand(bytes_per_sekund=bytes_per_sekund, forsinkelse=forsinkelse), veier)

    async def hel(self) -> None:
        """The line is as it should be for what comes, and for what is open and has lost nothing."""
        self._sett(FRISK, BEGGE)
        if self._tjener is None:
            await self.aapne()

    def _sett(self, tilstand: Tilstand, veier: Iterable[Vei]) -> None:
        self.tilstand |= dict.fromkeys(veier, tilstand)
        for samtale in self._aapne:
            samtale.passert = dict.fromkeys(Vei, 0)

    async def _ta_imot(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        samtale = _Samtale(self, skriver)
        oppgave = asyncio.create_task(samtale.foer(leser, self._maal))
        self._aapne[samtale] = oppgave
        oppgave.add_done_callback(lambda _: self._aapne.pop(samtale))
        await asyncio.wait({oppgave})


class _Samtale:
    """One connection through the line."""

    def __init__(self, ledd: Mellomledd, skriver: asyncio.StreamWriter) -> None:
        self._ledd = ledd
        self._skrivere = {Vei.TILBAKE: skriver}
        self._tapt: set[Vei] = set()
        self._slutt = asyncio.Event()
        self.passert = dict.fromkeys(Vei, 0)

    def bryt(self) -> None:
        """Both ends are reset."""
        self._slutt.set()
        for skriver in self._skrivere.values():
            with suppress(OSError):
                skriver.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            skriver.transport.abort()

    async def foer(self, leser: asyncio.StreamReader, maal: int) -> None:
        """Carries until both have said goodbye, or the connection is broken."""
        try:
            tilbake, self._skrivere[Vei.DIT] = await asyncio.open_connection("127.0.0.1", maal)
        except OSError:
            self.bryt()
            return
        pumper = [asyncio.create_task(pump) for pump in (self._pump(leser, Vei.DIT), self._pump(tilbake, Vei.TILBAKE))]
        brutt = asyncio.create_task(self._slutt.wait())
        try:
            while not brutt.done() and any(not pump.done() for pump in pumper):
                await asyncio.wait(
                    {brutt, *(pump for pump in pumper if not pump.done())}, return_when=asyncio.FIRST_COMPLETED
                )
        finally:
            for oppgave in (brutt, *pumper):
                oppgave.cancel()
            for skriver in self._skrivere.values():
                skriver.close()

    async def _pump(self, fra: asyncio.StreamReader, vei: Vei) -> None:
        try:
            while stykke := await fra.read(STYKKE):
                await self._gi_videre(stykke, vei)
            if not self._svelget(vei):
                self._skrivere[vei].write_eof()
                return
        except (OSError, RuntimeError):
            self.bryt()
        await self._slutt.wait()  # in a black hole nobody hears that this end hung up

    async def _gi_videre(self, stykke: bytes, vei: Vei) -> None:
        if self._ledd.tilstand[vei].forsinkelse:
            await asyncio.sleep(self._ledd.tilstand[vei].forsinkelse)
        while stykke and not self._svelget(vei):
            tilstand = self._ledd.tilstand[vei]
            bit, stykke = self._bit(stykke, vei, tilstand)
            self._skrivere[vei].write(bit)
            await self._skrivere[vei].drain()
            self.passert[vei] += len(bit)
            if tilstand.brudd_etter is not None and self.passert[vei] >= tilstand.brudd_etter:
                raise ConnectionResetError
            if tilstand.bytes_per_sekund:
                await asyncio.sleep(len(bit) / tilstand.bytes_per_sekund)

    def _bit(self, stykke: bytes, vei: Vei, tilstand: Tilstand) -> tuple[bytes, bytes]:
        """What may go now of a piece, and the rest of it."""
        lengde = len(stykke)
        if tilstand.brudd_etter is not None:
            lengde = max(0, tilstand.brudd_etter - self.passert[vei])
        elif tilstand.bytes_per_sekund:
            lengde = max(1, int(tilstand.bytes_per_sekund / 10))
        return stykke[:lengde], stykke[lengde:]

    def _svelget(self, vei: Vei) -> bool:
        """Whether what comes this way is lost: now, and for ever once something of it was."""
        if self._ledd.tilstand[vei].svelger:
            self._tapt.add(vei)
        return vei in self._tapt


@asynccontextmanager
async def mellomledd(maal: int) -> AsyncIterator[Mellomledd]:
    """A line to a port on this machine, open from the start."""
    ledd = Mellomledd(maal)
    await ledd.aapne()
    try:
        yield ledd
    finally:
        await ledd.kutt()
