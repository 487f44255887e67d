"""The journal as doors use it: the PubAck is the commit, and no answer is doubt."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.event import Aktoer
from contracts.hendelse import Eier, GrunnData, Hendelse, HendelseAvlyst, HendelseMeldt, MeldtData
from contracts.kanal import KanalData, KanalStoppet
from infra.clock import Clock
from infra.journal import Journal, JournalNede, Kvittering, Versjonskonflikt
from infra.nats.server import start
from infra.simulator.klient import vent
from tests.infra.rommet import Huset

AV = Aktoer(rolle="sekretariat")
H = Hendelse(type="hendelse", tittel="Prøve", kodeord="ELG", eier=Eier(rolle="salto_sentrum", enhet="sentrum"))


def stoppet() -> KanalStoppet:
    return KanalStoppet.ny(KanalData(person_id=uuid4()), naa=Clock().now())


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


async def test_uten_journal_er_svaret_tvil_og_ingenting_slites_ut(tmp_path: Path) -> None:
    """nats-py keeps a place for every publish that fails while it is disconnected; there are only 4,000."""
    tjener = await start(tmp_path, port=0)
    journal = Journal(tjener.url, tjener.token)
    await journal.start()
    await journal.publiser([stoppet(), stoppet()])
    plasser = journal.js._publish_async_pending_semaphore._value
    tjener.stopp()
    for antall in (1, 2, 5):
        for _ in range(3):
            with pytest.raises(JournalNede):
                await journal.publiser([stoppet() for _ in range(antall)])
    assert journal.js._publish_async_pending_semaphore._value == plasser
    with pytest.raises(JournalNede):
        await journal.siste_sekvens()
    tjener = await start(tmp_path, port=tjener.port, bare_der=True)
    kvitteringer = await vent(lambda: publiser(journal), "journalen er tilbake")
    assert [k.sekvens for k in kvitteringer] == [3, 4]
    await journal.stopp()
    tjener.stopp()


async def publiser(journal: Journal) -> list[Kvittering] | None:
    with suppress(JournalNede):
        return await journal.publiser([stoppet(), stoppet()])
    return None
