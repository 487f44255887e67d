"""The journal as doors use it: the PubAck is the commit, and no answer is doubt."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.event import Aktoer
from contracts.hendelse import Eier, GrunnData, Hendelse, HendelseAvlyst, HendelseMeldt, MeldtData
from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.journal import Journal, JournalNede, Kvittering, Versjonskonflikt, publisering
from infra.nats.server import start
from infra.simulator.klient import vent
from tests.harness.porter import ledig_port
from tests.infra.rommet import Huset

AV = Aktoer(rolle="sekretariat")
H = Hendelse(type="hendelse", tittel="Prøve", kodeord="ELG", eier=Eier(rolle="salto_sentrum", enhet="sentrum"))


def stoppet() -> KanalStoppet:
    return KanalStoppet.ny(KanalData(person_id=uuid4()), naa=Clock().now())


@pytest.fixture
def ett_forsoek(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PubAck that is late is waited for: told twice, what is new would seem to have stood there."""
    monkeypatch.setattr(publisering, "FRIST_SEKUNDER", 60.0)
    monkeypatch.setattr(publisering, "SVAR_FOERST_SEKUNDER", 60.0)


@pytest.mark.usefixtures("ett_forsoek")
async def test_samme_id_to_ganger_staar_en_gang(huset: Huset) -> None:
    event = stoppet()
    [foerst], [igjen] = [await huset.journal.publiser([event]) for _ in range(2)]
    assert (foerst.duplikat, igjen.duplikat, foerst.sekvens) == (False, True, igjen.sekvens)
    assert await huset.journal.siste_sekvens() == foerst.sekvens


async def test_mange_staar_i_den_rekkefoelgen_de_ble_sagt(huset: Huset) -> None:
    kvitteringer = await huset.journal.publiser([stoppet() for _ in range(500)])
    assert [k.sekvens for k in kvitteringer] == list(range(1, 501))


async def test_den_som_ikke_har_sett_det_siste_faar_konflikt(huset: Huset) -> None:
    hendelse_id, naa = uuid4(), Clock().now()
    meldt = HendelseMeldt.ny(MeldtData(hendelse=H, av=AV), naa=naa, hendelse_id=hendelse_id)
    [k] = await huset.journal.publiser([meldt])
    avlyst = [HendelseAvlyst.ny(GrunnData(hendelse=H, av=AV), naa=naa, hendelse_id=hendelse_id) for _ in range(2)]
    await huset.journal.publiser([stoppet()])  # something about something else is no conflict
    await huset.journal.publiser([avlyst[0]], etter=k.sekvens)
    with pytest.raises(Versjonskonflikt):
        await huset.journal.publiser([avlyst[1]], etter=k.sekvens)


async def test_det_neste_paa_et_filter_finnes_fra_en_sekvens_av(huset: Huset) -> None:
    await huset.si("a", "b")
    filter_ = KanalStoppet.filter()
    funn = [await huset.journal.neste_paa(filter_, fra) for fra in (0, 1, 2, 3)]
    assert [f and f.sekvens for f in funn] == [1, 1, 2, None]


async def test_uten_journal_er_svaret_tvil_og_den_som_proever_igjen_faar_svar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tjener = await start(tmp_path, port=ledig_port())
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    await journal.publiser([stoppet(), stoppet()])
    tjener.stopp()
    for antall in (1, 2, 5):
        with monkeypatch.context() as utaalmodig:
            utaalmodig.setattr(publisering, "FRIST_SEKUNDER", 0.2)
            with pytest.raises(JournalNede):
                await journal.publiser([stoppet() for _ in range(antall)])
    with pytest.raises(JournalNede):
        await journal.siste_sekvens()
    with pytest.raises(JournalNede):
        await journal.klar()
    tjener = await start(tmp_path, port=tjener.port, bare_der=True)
    events = [stoppet(), stoppet()]  # the same ones each time: a try in doubt may have been stored
    kvitteringer = await vent(lambda: publiser(journal, events), "journalen er tilbake")
    assert [k.sekvens for k in kvitteringer] == [3, 4]
    await journal.stopp()
    tjener.stopp()


async def test_en_journal_som_er_borte_et_oeyeblikk_merkes_ikke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisering, "FRIST_SEKUNDER", 60.0)  # a moment is as long as the server needs to start
    tjener = await start(tmp_path, port=ledig_port())
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    await journal.publiser([stoppet()])
    tjener.stopp()
    fortelling = asyncio.create_task(journal.publiser([stoppet(), stoppet()]))
    tjener = await start(tmp_path, port=tjener.port, bare_der=True)
    assert [k.sekvens for k in await fortelling] == [2, 3]
    await journal.stopp()
    tjener.stopp()


@pytest.mark.usefixtures("ett_forsoek")
async def test_det_som_alt_staar_der_fortelles_ikke_om_igjen_og_rekkefoelgen_holder(huset: Huset) -> None:
    events = [stoppet() for _ in range(5)]
    await huset.journal.publiser(events[1:3])
    kvitteringer = await huset.journal.publiser(events)
    assert [(k.sekvens, k.duplikat) for k in kvitteringer] == [(3, False), (1, True), (2, True), (4, False), (5, False)]


async def test_flere_enn_serveren_tar_i_en_bunke_fortelles_i_rekkefoelge(huset: Huset) -> None:
    kvitteringer = await huset.journal.publiser([stoppet() for _ in range(1001)])
    assert [k.sekvens for k in kvitteringer] == list(range(1, 1002))


async def test_den_som_forteller_en_endring_igjen_faar_vite_at_den_staar_der(huset: Huset) -> None:
    """The PubAck of the first was lost: what the second expects was changed by the first, and by nobody else."""
    hendelse_id, naa = uuid4(), Clock().now()
    meldt = HendelseMeldt.ny(MeldtData(hendelse=H, av=AV), naa=naa, hendelse_id=hendelse_id)
    [foer] = await huset.journal.publiser([meldt])
    endringer = [HendelseAvlyst.ny(GrunnData(hendelse=H, av=AV), naa=naa, hendelse_id=hendelse_id) for _ in range(2)]
    [k] = await huset.journal.publiser([endringer[0]], etter=foer.sekvens)
    await huset.journal.publiser([endringer[1]], etter=k.sekvens)  # and somebody else went on from there
    assert await huset.journal.publiser([endringer[0]], etter=foer.sekvens) == [Kvittering(k.sekvens, duplikat=True)]


async def publiser(journal: Journal, events: list[KanalStoppet]) -> list[Kvittering] | None:
    with suppress(JournalNede):
        return await journal.publiser(events)
    return None
