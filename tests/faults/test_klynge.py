"""The journal on three servers: one dies or falls silent, and nothing confirmed is lost, doubled or reordered."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
import pytest_asyncio

from infra.journal import Journal, JournalNede, publisering
from infra.journal.topologi import FEILKOE, JOURNAL
from infra.simulator.klient import vent
from tests.harness.baser import BARE_SQLITE, Base
from tests.harness.klynge import NAVN, Klynge, klynge_i
from tests.harness.last import utsett
from tests.infra.rommet import Huset, huset_i
from tests.infra.test_journal import stoppet

# One at a time: three servers with two cores between them. On one database: it is the journal that is put to the test.
pytestmark = [
    pytest.mark.xdist_group("hele anlegg"),
    BARE_SQLITE,
    # nats-py does not close a line on which a server that is dying answered nothing (2.16); the collector does.
    pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _samle() -> Iterator[None]:
    """What nats-py left lying is collected here, and not in somebody else's test."""
    yield
    gc.collect()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def klyngen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Klynge]:
    async with klynge_i(tmp_path_factory.mktemp("klynge")) as klynge:
        yield klynge


@pytest_asyncio.fixture(loop_scope="session")
async def huset(klyngen: Klynge, base: Base) -> AsyncIterator[Huset]:
    """A house on the whole cluster."""
    await klyngen.oppe()
    async with huset_i(base, klyngen, kopier=len(NAVN)) as huset:
        yield huset


@pytest_asyncio.fixture(loop_scope="session")
async def leser(klyngen: Klynge) -> AsyncIterator[Journal]:
    """Somebody else's connection."""
    journal = klyngen.ny_journal()
    await journal.koble_til()
    yield journal
    await journal.stopp()


@pytest.mark.parametrize("feil", ["en følger drepes", "lederen drepes", "lederens kabel kuttes"])
async def test_det_bekreftede_er_lagret_og_behandlet_en_gang_og_i_rekkefoelge(
    feil: str, klyngen: Klynge, huset: Huset, leser: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    utfall = await utsett(klyngen, huset, leser, feil)
    with capsys.disabled():
        print(  # noqa: T201 - how long it took is measured, and never asserted
            f"\n{feil}: {len(utfall.bekreftet)} bekreftet, lengste opphold {utfall.opphold_ms:.0f} ms,"
            f" {utfall.omstokket()} behandlet i en annen rekkefølge"
        )
    assert sorted(utfall.bekreftet) == sorted(utfall.lagret) == sorted(utfall.behandlet) == sorted(utfall.fortalt)
    assert (utfall.tapt(), utfall.dobbelt(), utfall.i_uorden()) == ([], [], 0)
    assert utfall.lest == list(range(1, utfall.lest[-1] + 1))


async def test_uten_flertall_bekreftes_ingenting_og_det_sies(
    klyngen: Klynge, huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    leder = await klyngen.leder()
    foelgere = [n for n in NAVN if n != leder]
    await huset.journal.klar()
    foer = await huset.journal.siste_sekvens()
    for navn in foelgere:
        await klyngen.noder[navn].drep()

    async def det_sies() -> str | None:
        try:
            async with asyncio.timeout(1.5):
                await huset.journal.klar()
        except (JournalNede, TimeoutError) as feil:
            return type(feil).__name__
        return None

    await vent(det_sies, "ikke klar", 60)
    event = stoppet()
    with monkeypatch.context() as utaalmodig:
        utaalmodig.setattr(publisering, "FRIST_SEKUNDER", 1.0)
        with pytest.raises(JournalNede):
            await huset.journal.publiser([event])
    for navn in foelgere:
        klyngen.noder[navn].start()
    await klyngen.oppe()
    [kvittering] = await huset.journal.publiser([event])  # the first try may stand there now: once in either case
    assert kvittering.sekvens == await huset.journal.siste_sekvens() == foer + 1

    async def klar() -> bool | None:
        with suppress(JournalNede):
            await huset.journal.klar()
            return True
        return None

    await vent(klar, "klar igjen", 60)


async def test_hver_melding_og_hvert_roms_plass_staar_paa_tre_servere(klyngen: Klynge, huset: Huset) -> None:
    async with huset.rom():  # a program that was not told how many there should be takes none away
        for strom in (JOURNAL, FEILKOE):
            assert (await huset.journal.js.stream_info(strom)).config.num_replicas == len(NAVN)
        info = await huset.journal.js.consumer_info(JOURNAL, "prøve")
        assert info.cluster is not None
        assert len(info.cluster.replicas or []) == len(NAVN) - 1


async def test_en_klynge_som_ikke_har_nok_servere_sies_fra_om(
    klyngen: Klynge, huset: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.journal.journal.START_SEKUNDER", 0.5)
    journal = klyngen.ny_journal()
    journal._kopier = 5
    with pytest.raises(JournalNede, match=r"5 kopi"):
        await journal.koble_til()
    await journal.stopp()
