"""The line itself: what it promises to do to whoever uses it, or no fault test says anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress

import pytest
import pytest_asyncio

from tests.harness.mellomledd import BEGGE, Mellomledd, Vei, mellomledd

STILLE_SEKUNDER = 0.1
"""How long nothing must come for us to say that nothing does."""


class Ekko:
    """A server that says everything back, and remembers what it heard."""

    def __init__(self) -> None:
        self.port = 0
        self.hoert = b""
        self.adjoe = 0

    async def svar(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while bit := await leser.read(65536):
                self.hoert += bit
                skriver.write(bit)
                await skriver.drain()
        self.adjoe += 1
        skriver.close()


class Ringer:
    """Somebody who is connected through the line."""

    def __init__(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        self.leser, self.skriver = leser, skriver

    async def si(self, tekst: bytes, svar: bytes | None = None) -> None:
        """Says something; hears `svar` (the same, unless another is given)."""
        self.skriver.write(tekst)
        ventet = tekst if svar is None else svar
        async with asyncio.timeout(5):
            assert await self.leser.readexactly(len(ventet)) == ventet

    async def hoerer_ingenting(self) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(STILLE_SEKUNDER):
                await self.leser.read(1)


Ring = Callable[[], Awaitable[Ringer]]


@pytest_asyncio.fixture
async def ekko() -> AsyncIterator[Ekko]:
    ekko = Ekko()
    tjener = await asyncio.start_server(ekko.svar, "127.0.0.1", 0)
    ekko.port = tjener.sockets[0].getsockname()[1]
    yield ekko
    tjener.close()


@pytest_asyncio.fixture
async def linje(ekko: Ekko) -> AsyncIterator[Mellomledd]:
    async with mellomledd(ekko.port) as linje:
        yield linje


@pytest_asyncio.fixture
async def ring(linje: Mellomledd) -> AsyncIterator[Ring]:
    ringere: list[Ringer] = []

    async def ring() -> Ringer:
        ringere.append(Ringer(*await asyncio.open_connection("127.0.0.1", linje.port)))
        return ringere[-1]

    yield ring
    for ringer in ringere:
        ringer.skriver.close()
        with suppress(OSError):
            await ringer.skriver.wait_closed()


async def test_a_whole_line_carries_everything_and_the_farewell(ring: Ring, ekko: Ekko) -> None:
    ringer = await ring()
    await ringer.si(b"x" * 300_000)
    ringer.skriver.write_eof()
    assert await ringer.leser.read() == b""
    assert ekko.adjoe == 1


async def test_a_cut_line_resets_what_is_open_and_refuses_what_is_new_until_it_heals(
    ring: Ring, linje: Mellomledd
) -> None:
    ringer = await ring()
    await ringer.si(b"hei")
    await linje.kutt()
    with pytest.raises(ConnectionResetError):
        await ringer.leser.read()
    with pytest.raises(ConnectionRefusedError):
        await ring()
    await linje.hel()
    await (await ring()).si(b"hei")


@pytest.mark.parametrize("vei", BEGGE, ids=lambda vei: vei.value)
async def test_it_resets_in_the_middle_of_what_it_carries(ring: Ring, linje: Mellomledd, ekko: Ekko, vei: Vei) -> None:
    ringer = await ring()
    await ringer.si(b"hei")
    linje.bryt(10, [vei])
    ringer.skriver.write(b"0123456789abcdef")
    if vei is Vei.TILBAKE:
        assert await ringer.leser.readexactly(10) == b"0123456789"
    with pytest.raises(ConnectionResetError):
        await ringer.leser.read()
    assert ekko.hoert == (b"hei0123456789" if vei is Vei.DIT else b"hei0123456789abcdef")
    await linje.hel()
    await (await ring()).si(b"hei")


@pytest.mark.parametrize("veier", [BEGGE, (Vei.DIT,), (Vei.TILBAKE,)], ids=["begge", "dit", "tilbake"])
async def test_a_black_hole_takes_everything_and_gives_nothing(
    ring: Ring, linje: Mellomledd, ekko: Ekko, veier: Iterable[Vei]
) -> None:
    gammel = await ring()
    await gammel.si(b"hei")
    linje.svelg(veier)
    ny = await ring()
    for ringer in (gammel, ny):
        ringer.skriver.write(b"er det noen der?")
        await ringer.hoerer_ingenting()
    assert ekko.hoert == b"hei" + (b"" if Vei.DIT in veier else b"er det noen der?" * 2)
    gammel.skriver.close()
    await linje.hel()
    await ny.hoerer_ingenting()  # what it has lost, it has lost
    await (await ring()).si(b"hei")


async def test_what_has_lost_nothing_in_a_black_hole_goes_on_when_the_line_heals(
    ring: Ring, linje: Mellomledd, ekko: Ekko
) -> None:
    ringer = await ring()
    await ringer.si(b"hei")
    linje.svelg()
    await linje.hel()
    await ringer.si(b"hei igjen")
    assert ekko.hoert == b"heihei igjen"


async def test_nobody_hears_a_farewell_in_a_black_hole(ring: Ring, linje: Mellomledd, ekko: Ekko) -> None:
    ringer = await ring()
    await ringer.si(b"hei")
    linje.svelg()
    ringer.skriver.write(b"hade")
    await ringer.hoerer_ingenting()
    ringer.skriver.close()
    await linje.hel()
    await (await ring()).si(b"hei")
    assert ekko.adjoe == 0


async def test_a_slow_line_is_slow_and_loses_nothing(ring: Ring, linje: Mellomledd) -> None:
    loop, ringer = asyncio.get_running_loop(), await ring()
    linje.brems(bytes_per_sekund=10_000, veier=[Vei.DIT])
    begynte = loop.time()
    await ringer.si(b"x" * 3000)
    assert loop.time() - begynte > 0.2
    linje.brems(forsinkelse=0.15, veier=[Vei.TILBAKE])
    begynte = loop.time()
    await ringer.si(b"x")
    assert loop.time() - begynte > 0.15
