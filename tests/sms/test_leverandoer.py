"""What a call to the gateway can end in: what is certain, what is doubt, and what has no end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from contracts.melding import MeldingSendt
from services.sms import leverandoer
from services.sms.leverandoer import Leverandoer, Tjenerfeil, UgyldigSvar, doem
from services.sms.rules_feil import TVIL, VENT, Dom
from tests.sms.huset import TIDER, Huset, oppsett


@pytest.mark.parametrize(
    ("feil", "dom"),
    [
        (aiohttp.ConnectionTimeoutError(), VENT),
        (aiohttp.SocketTimeoutError(), TVIL),
        (aiohttp.ServerDisconnectedError(), TVIL),
        (aiohttp.ClientPayloadError(), TVIL),
        (TimeoutError(), TVIL),
        (Tjenerfeil(503), TVIL),
        (UgyldigSvar(), TVIL),
        (ValueError("half a JSON"), TVIL),
    ],
    ids=lambda x: type(x).__name__ if isinstance(x, BaseException) else x.slag,
)
def test_only_a_connection_that_was_never_made_is_certain(feil: BaseException, dom: Dom) -> None:
    assert doem(feil) == dom


@pytest.fixture
def taus_port() -> Iterator[int]:
    """A port whose queue is full: who connects gets no answer at all, as behind a firewall."""
    with socket.socket() as doer, socket.socket() as foran, socket.socket() as bak:
        doer.bind(("127.0.0.1", 0))
        doer.listen(0)
        for kontakt in (foran, bak):
            kontakt.setblocking(False)
            kontakt.connect_ex(doer.getsockname())
        yield doer.getsockname()[1]


async def test_a_gateway_nobody_can_connect_to_has_not_got_the_message(taus_port: int, tmp_path: Path) -> None:
    gateway = Leverandoer(oppsett(f"http://127.0.0.1:{taus_port}", tmp_path), replace(TIDER, koble=0.3))
    with pytest.raises(aiohttp.ConnectionTimeoutError) as feil:
        await gateway.send(til="+4790000001", tekst="hei", tilbakekall="http://x.example/", gyldig_sekunder=60)
    assert doem(feil.value) == VENT
    await gateway.lukk()


async def test_an_answer_without_an_end_is_doubt_and_looked_up(hus: Huset, monkeypatch: pytest.MonkeyPatch) -> None:
    kari = hus.person()
    monkeypatch.setattr(leverandoer, "SVAR_MAKS", 100)
    b = await hus.bestill_en(kari)
    await hus.faar_status(b.id, "tvil")
    monkeypatch.undo()
    await hus.hoerer(MeldingSendt, b.id)
    assert len(hus.sentral.til(hus.mobil(kari))) == 1
