"""A room's voice: what is committed is told, once in effect, however the journal comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from contracts.event import AnyEvent
from contracts.kanal import KanalData, KanalStartet
from infra.clock import Clock, StillbarClock
from infra.db import Database, Tx
from infra.journal import Journal, JournalNede, hukommelse
from infra.journal.forteller import Forteller
from infra.journal.topologi import JOURNAL
from infra.simulator.klient import vent
from tests.infra.rommet import Huset, journalen_faller_ut


def ny(grunn: str) -> KanalStartet:
    return KanalStartet.ny(KanalData(person_id=uuid4(), grunn=grunn), naa=Clock().now())


@pytest_asyncio.fixture(loop_scope="session")
async def forteller(huset: Huset) -> AsyncIterator[Forteller]:
    journal = Journal(huset.nats.url, huset.nats.token)
    await journal.start()
    yield Forteller("prøve", huset.db, journal, Clock())
    await journal.stopp()


async def si(forteller: Forteller, *grunner: str, **valg: Any) -> None:
    async with forteller.transaksjon(**valg) as t:
        t.fortell(*map(ny, grunner))


async def grunner(huset: Huset) -> list[str]:
    return [e.data.grunn for e in await huset.fortalt()]


async def ufortalt(huset: Huset) -> int:
    async with huset.db.les() as tx:
        return sum(len(runde.events) for runde in (await hukommelse.ufortalt(tx, "prøve")).values())


async def tjeneren_glemmer(huset: Huset) -> None:
    """The server remembers ids for an hour, by its own clock: what is told until now, it has forgotten."""
    js = huset.journal.js
    naa = (await js.stream_info(JOURNAL)).config
    await js.update_stream(naa.evolve(duplicate_window=0.1))

    async def glemt() -> bool | None:
        return not (await js.publish("salto.prøve", b"", headers={"Nats-Msg-Id": "prøve"})).duplicate or None

    await glemt()
    await vent(glemt, "tjeneren har glemt")
    await js.update_stream(naa)


async def test_det_som_ikke_ble_bekreftet_fortelles_igjen_av_tikket(huset: Huset, forteller: Forteller) -> None:
    forsoek = journalen_faller_ut(forteller.journal, 1)
    await si(forteller, "a", "b")
    assert await grunner(huset) == []
    await forteller.fortell_igjen()
    assert await grunner(huset) == ["a", "b"]
    await forteller.fortell_igjen()  # nothing is left to tell, and nobody is asked
    assert forsoek() == 2


async def test_det_en_annen_prosess_ikke_levde_til_aa_fortelle_fortelles_av_den_som_er_igjen(
    huset: Huset, forteller: Forteller
) -> None:
    klokke = StillbarClock()
    igjen = Forteller("prøve", huset.db, forteller.journal, klokke)
    await igjen.tikk()  # it has looked at what it was left with, and knows of nothing
    async with huset.db.skriv() as tx:
        await hukommelse.husk(tx, "prøve", [ny("etterlatt")], uuid4(), Clock().now())
    await igjen.tikk()
    assert await grunner(huset) == []  # its own process may be telling it just now
    klokke.frem(seconds=31)
    await igjen.tikk()
    assert (await grunner(huset), await ufortalt(huset)) == (["etterlatt"], 0)


async def test_det_en_annen_prosess_glemmer_mens_vi_ser_etter_fortelles_ikke_en_gang_til(
    huset: Huset, forteller: Forteller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await si(forteller, "a", "b")
    await tjeneren_glemmer(huset)
    klokke = StillbarClock()
    klokke.frem(hours=1)
    igjen = Forteller("prøve", Database(huset.db.url.render_as_string(hide_password=False)), forteller.journal, klokke)
    les = igjen.db.les

    @asynccontextmanager
    async def les_og_bli_forbigaatt() -> AsyncIterator[Tx]:
        async with les() as tx:
            yield tx
        await forteller.tikk()  # its rows were confirmed long ago: now they are gone

    monkeypatch.setattr(igjen.db, "les", les_og_bli_forbigaatt)
    await igjen.fortell_igjen()
    await igjen.db.lukk()
    assert (await grunner(huset), await ufortalt(huset)) == (["a", "b"], 0)


async def test_den_som_sier_ja_til_det_en_annen_prosess_lagret_forteller_det_foerst(
    huset: Huset, forteller: Forteller
) -> None:
    andre = Forteller("prøve", huset.db, huset.journal, Clock())
    await andre.fortell_igjen()
    journalen_faller_ut(forteller.journal, 1)
    await si(forteller, "a")
    await andre.fortell_igjen()  # knows of nothing
    assert await grunner(huset) == []
    await andre.fortell_alt()
    assert await grunner(huset) == ["a"]


async def test_det_bekreftede_glemmes_av_tikket_og_bare_det(huset: Huset, forteller: Forteller) -> None:
    forsoek = journalen_faller_ut(forteller.journal, 1)
    await si(forteller, "a")
    await si(forteller, "b")
    assert await ufortalt(huset) == 2
    await forteller.tikk()
    assert (forsoek(), await ufortalt(huset)) == (3, 0)
    assert sorted(await grunner(huset)) == ["a", "b"]


async def test_den_som_maa_vite_det_hoerer_at_det_ikke_er_bekreftet(huset: Huset, forteller: Forteller) -> None:
    journalen_faller_ut(forteller.journal, 1, etter_lagring=True)
    with pytest.raises(JournalNede):
        await si(forteller, "a", maa_fortelles=True)
    await forteller.fortell_igjen()
    assert await grunner(huset) == ["a"]  # it was stored the first time: the id made the second one harmless


async def test_en_feil_ruller_tilbake_og_ingenting_fortelles(huset: Huset, forteller: Forteller) -> None:
    with pytest.raises(RuntimeError):
        await si_og_feil(forteller)
    await forteller.fortell_igjen()
    assert (await grunner(huset), await ufortalt(huset)) == ([], 0)


async def si_og_feil(forteller: Forteller) -> None:
    async with forteller.transaksjon() as t:
        t.fortell(ny("aldri"))
        raise RuntimeError


async def test_det_som_faller_ut_mens_tikket_forteller_blir_ikke_glemt(huset: Huset, forteller: Forteller) -> None:
    """The tick's success is about what it read, not about what failed beside it."""
    ekte, tikket_er_her, slipp = forteller.journal.publiser, asyncio.Event(), asyncio.Event()

    async def publiser(events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        if events[0].data.grunn == "ny":
            raise JournalNede("prøve")
        tikket_er_her.set()
        await slipp.wait()
        return await ekte(events, etter=etter)

    journalen_faller_ut(forteller.journal, 1)
    await si(forteller, "gammel")
    forteller.journal.publiser = publiser  # type: ignore[method-assign]
    tikk = asyncio.create_task(forteller.fortell_igjen())
    await tikket_er_her.wait()
    await si(forteller, "ny")
    slipp.set()
    await tikk
    forteller.journal.publiser = ekte  # type: ignore[method-assign]
    await forteller.fortell_igjen()
    assert await grunner(huset) == ["gammel", "ny"]


async def test_den_som_kommer_mens_et_annet_tikk_forteller_venter_paa_det(huset: Huset, forteller: Forteller) -> None:
    """To return is to say that all is told."""
    ekte, slipp = forteller.journal.publiser, asyncio.Event()

    async def publiser(events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        await slipp.wait()
        return await ekte(events, etter=etter)

    journalen_faller_ut(forteller.journal, 1)
    await si(forteller, "a")
    forteller.journal.publiser = publiser  # type: ignore[method-assign]
    foerste, andre = (asyncio.create_task(forteller.fortell_igjen()) for _ in range(2))
    await asyncio.wait({andre}, timeout=0.05)
    assert not andre.done()
    slipp.set()
    await asyncio.gather(foerste, andre)
    assert await grunner(huset) == ["a"]


async def test_en_avbrutt_fortelling_er_ikke_bekreftet(huset: Huset, forteller: Forteller) -> None:
    ekte, naadd = forteller.journal.publiser, asyncio.Event()

    async def publiser(events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        naadd.set()
        await asyncio.Event().wait()

    await forteller.fortell_igjen()
    forteller.journal.publiser = publiser  # type: ignore[method-assign]
    oppgave = asyncio.create_task(si(forteller, "a"))
    await naadd.wait()
    oppgave.cancel()
    await asyncio.gather(oppgave, return_exceptions=True)
    forteller.journal.publiser = ekte  # type: ignore[method-assign]
    await forteller.fortell_igjen()
    assert await grunner(huset) == ["a"]


async def test_etter_en_krasj_fortelles_alt_som_stod_igjen(huset: Huset, forteller: Forteller) -> None:
    journalen_faller_ut(forteller.journal, 10)
    for nr in range(3):
        await si(forteller, f"{nr}")
    await Forteller("prøve", huset.db, huset.journal, Clock()).fortell_igjen()
    assert await grunner(huset) == ["0", "1", "2"]


async def test_det_samme_fortalt_to_ganger_er_en_hendelse(huset: Huset, forteller: Forteller) -> None:
    """Deterministic ids meet again before the first telling is forgotten."""
    event = ny("a")
    for utfall in (1, 0):
        forsoek = journalen_faller_ut(forteller.journal, utfall)
        async with forteller.transaksjon() as t:
            t.fortell(event)
        assert forsoek() == 1
    await forteller.tikk()
    assert (await grunner(huset), await ufortalt(huset)) == (["a"], 0)
