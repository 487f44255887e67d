"""The journal dies under the system, is left without a parent, or finds its place taken."""

from __future__ import annotations

import asyncio
import fcntl
import random
import socket
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import nats
import pytest

from infra.nats import server
from infra.settings import Innstillingsfeil
from infra.simulator.klient import vent
from tests.faults.folket import alle_har_faatt, demonstrasjon
from tests.harness.anlegg import ROT, Anlegg, anlegg_i, folk
from tests.harness.baser import Base
from tests.harness.porter import ledig_port
from tests.harness.prosesser import lever
from tests.harness.ro import frys

pytestmark = pytest.mark.xdist_group("hele anlegg")  # one at a time: each is several processes
ANTALL = 100
FORELDRELOES = """
import asyncio, os, pathlib, sys
from infra.nats import server
server._doe_med_forelder = lambda: None
asyncio.run(server.start(pathlib.Path(sys.argv[1]), port=0))
os._exit(0)
"""


async def test_journalen_drepes_midt_i_en_utsending_og_ingenting_gaar_tapt(tmp_path: Path, base: Base) -> None:
    terning = random.Random(4)
    felt = {
        "SALTO_SMS_VINDU": "16",
        "SALTO_SMS_ANROP_SEKUNDER": "2",
        "SALTO_SMS_RO_SEKUNDER": "4",
        "SALTO_DATABASE_URL": base.innstilling,
    }
    async with anlegg_i(tmp_path, latens_ms=30, **felt) as anlegg:
        await anlegg.start()
        await anlegg.les_inn(folk(ANTALL))
        hendelse = await anlegg.kall("POST", "/hendelser", json=demonstrasjon())
        for _ in range(4):
            await asyncio.sleep(terning.uniform(0.02, 0.4))  # the moment is the test: nothing is waited for
            gammel = journalens_pid(anlegg)
            anlegg.drep_journalen()
            await vent(partial(en_ny_journal, anlegg, gammel), "journalen er startet igjen", 60)
            await anlegg.oppe()
        await alle_har_faatt(anlegg, hendelse["id"], ANTALL)
        tall = await anlegg.sim.tall()
        assert (tall["sms_mottatt"], tall["dobbelt"]) == (ANTALL, [])
        assert (tall["epost_unike"], tall["epost_dobbelt"]) == (ANTALL, [])
        assert (await anlegg.kall("GET", "/audit/verifiser"))["hel"]
        assert (await anlegg.kall("GET", "/feilkoe"))["feilkoe"] == []


def journalens_pid(anlegg: Anlegg) -> int:
    return int((anlegg.data / "nats" / "nats.pid").read_text())


async def en_ny_journal(anlegg: Anlegg, gammel: int) -> bool | None:
    """Whether another nats-server is there than the one that was ended."""
    with suppress(OSError, ValueError):
        pid = journalens_pid(anlegg)
        return (pid != gammel and pid in anlegg.pider()) or None
    return None


async def test_en_post_mens_journalen_er_nede_faar_503_og_kan_proeves_igjen(tmp_path: Path, base: Base) -> None:
    async with anlegg_i(tmp_path, latens_ms=0, SALTO_DATABASE_URL=base.innstilling) as anlegg:
        await anlegg.start()
        await anlegg.les_inn(folk(2))
        anlegg.drep_journalen()
        svar = await proev_til_det_gaar(anlegg)
        assert svar[:-1] == [503] * (len(svar) - 1)
        assert svar[-1] in {200, 201}
        await anlegg.sim.vent_paa_sms(2, 60)
        assert len((await anlegg.kall("GET", "/hendelser"))["hendelser"]) == 1


async def proev_til_det_gaar(anlegg: Anlegg) -> list[int]:
    """The statuses that a client sees that tries again with the same key."""
    ut: list[int] = []

    async def igjen() -> bool | None:
        ut.append(await anlegg.status("POST", "/hendelser", json=KROPP, headers={"Idempotency-Key": "samme"}))
        return ut[-1] < 300 or None

    await vent(igjen, "journalen er tilbake", 60)
    return ut


async def test_en_til_paa_de_samme_dataene_slipper_ikke_til(tmp_path: Path) -> None:
    async with anlegg_i(tmp_path, latens_ms=0) as anlegg:
        await anlegg.start()
        kommando = [sys.executable, "-m", "services", "up", "--data", str(anlegg.data), "--port", str(ledig_port())]
        annen = await asyncio.to_thread(
            subprocess.run, kommando, cwd=ROT, env=anlegg.miljoe(), capture_output=True, text=True, timeout=60
        )
        assert annen.returncode == 2
        assert f"En annen salto kjører allerede på {anlegg.data}" in annen.stderr
        await anlegg.oppe()


async def test_en_opptatt_port_sies_fra_om_og_ingenting_blir_staaende(tmp_path: Path) -> None:
    async with anlegg_i(tmp_path, latens_ms=0) as anlegg:
        with socket.create_server(("127.0.0.1", anlegg.port)):
            anlegg.begynn()
            assert anlegg.prosess is not None
            assert await asyncio.to_thread(anlegg.prosess.wait, 60) == 2
            anlegg.prosess = None
        assert f"Port {anlegg.port} er opptatt" in anlegg.logg()
        await anlegg.start()  # nobody is left on the store


async def foreldreloes(mappe: Path) -> int:
    """A nats-server whose parent is gone; gives its pid."""
    kommando = [sys.executable, "-c", FORELDRELOES, str(mappe)]
    await asyncio.to_thread(subprocess.run, kommando, cwd=ROT, check=True, timeout=60)
    return int((mappe / "nats.pid").read_text())


@pytest.mark.parametrize("henger", [False, True], ids=["hører etter", "henger"])
async def test_en_foreldreloes_server_avsluttes_og_lageret_brukes_videre(
    henger: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STOPPFRIST_SEKUNDER", 3 if henger else 30)
    gammel = await foreldreloes(tmp_path)
    assert lever(gammel)
    if henger:
        frys(gammel)

    async def er_borte() -> bool | None:
        return not lever(gammel) or None

    tjener = await server.start(tmp_path, port=ledig_port())
    try:
        await vent(er_borte, "den gamle er borte")  # it lets go of its store before it is quite gone
        nc = await nats.connect(tjener.url, token=tjener.token)
        assert await nc.jetstream().account_info()
        await nc.close()
    finally:
        tjener.stopp()


async def test_en_fremmed_prosess_med_serverens_gamle_nummer_faar_vaere_i_fred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STOPPFRIST_SEKUNDER", 0.1)
    fremmed = subprocess.Popen(["sleep", "60"])  # noqa: ASYNC220, S607 - stands in for anything
    (tmp_path / "nats.pid").write_text(str(fremmed.pid))
    with (tmp_path / "nats.lock").open("w") as laas:
        fcntl.flock(laas, fcntl.LOCK_EX)
        with pytest.raises(Innstillingsfeil, match="i bruk av en annen"):
            await server.start(tmp_path, port=ledig_port())
    assert fremmed.poll() is None
    fremmed.kill()
    fremmed.wait(5)


async def test_er_porten_tatt_velges_en_ledig(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as opptatt:
        port = opptatt.getsockname()[1]
        tjener = await server.start(tmp_path, port=port)
        try:
            assert tjener.port != port
            nc = await nats.connect(tjener.url, token=tjener.token)
            await nc.close()
        finally:
            tjener.stopp()
        with pytest.raises(Innstillingsfeil, match="startet ikke"):  # clients know this port, and no other
            await server.start(tmp_path, port=port, bare_der=True)


KROPP: dict[str, Any] = demonstrasjon()
