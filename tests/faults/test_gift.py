"""A poison message on every subject: what comes behind is done, and the poison is set aside or harmless, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from contracts.event import AnyEvent
from contracts.katalog import HENDELSER
from infra.db import tabell
from infra.journal import behandling
from infra.journal.feilkoe import Feilbrev, Feilkoe
from services.audit.tables import RadRow
from tests.faults.gift import ULESELIG, giften
from tests.harness.baser import Hylle
from tests.harness.by import By, by_i
from tests.harness.ro import stillhet

RAD = tabell(RadRow)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def egen_by(hylle: Hylle, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[By]:
    """A city of its own: its journal is poisoned."""
    mappe = tmp_path_factory.mktemp("gift")
    async with hylle.ny(mappe, skjema=True) as base, by_i(mappe, database_url=base.innstilling) as by:
        yield by


@pytest.fixture(autouse=True)
def _uten_lange_pauser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behandling, "FORSOEK_PAUSE_SEKUNDER", 0.01)


def hoerer(by: By, klasse: type[AnyEvent]) -> set[str]:
    """The rooms that hear a kind of event."""
    return {rom.navn for rom in by.program.rom if klasse in rom.handlers}


async def forgift(by: By) -> dict[int, tuple[type[AnyEvent], str]]:
    """Puts all of it straight into the journal; gives what stands at which sequence."""
    ut = {}
    for klasse in HENDELSER:
        for slag, data in giften(klasse):
            ack = await by.program.hus.journal.js.publish(f"salto.{klasse.emne}.{uuid4()}", data)
            ut[ack.seq] = (klasse, slag)
    return ut


async def test_gift_paa_hvert_emne_stanser_ingen_og_forsvinner_ikke(egen_by: By) -> None:
    by = egen_by
    giften_ved = await forgift(by)
    h = await by.sekretariat.varsler(**by.lokal())  # comes behind all of it
    telefon = by.telefon("salto_koordinator", "bydel:05")
    await telefon.forventer(h.kodeord, innen_sekunder=60)
    await telefon.svarer(f"JA {h.kodeord}")
    await by.status(h, "salto_koordinator", "bydel:05", "kommer")
    await stillhet(by.program, by.simulator, 120)

    brev = await Feilkoe(by.program.hus.journal).liste()
    lagt_bort = Counter((b.rom, b.sekvens) for b in brev)
    ventet = {(rom, s) for s, (klasse, slag) in giften_ved.items() if slag in ULESELIG for rom in hoerer(by, klasse)}
    mulige = {(rom, s) for s, (klasse, _) in giften_ved.items() for rom in hoerer(by, klasse)}
    assert set(lagt_bort.values()) == {1}
    assert ventet <= lagt_bort.keys() <= mulige  # everything unreadable, and nothing but poison
    await arkivet_er_helt(by, giften_ved)
    await hver_kan_kjoeres(by, brev)
    assert await by.sekretariat.ser(h)


async def arkivet_er_helt(by: By, sekvenser: Collection[int]) -> None:
    """All of it is archived as it came, and the chain holds."""
    async with by.program.auditdb.les() as tx:
        arkivert = set((await tx.execute(select(RAD.c.sekvens))).scalars())
    assert set(sekvenser) <= arkivert
    assert (await by.sekretariat.kall("GET", "/audit/verifiser")).json()["hel"]


async def hver_kan_kjoeres(by: By, brev: Sequence[Feilbrev]) -> None:
    """Each dead letter can be looked at and handed over again, and the answer says how it went."""
    for b in brev:
        assert (await by.sekretariat.kall("GET", f"/feilkoe/{b.id}")).status_code == 200, b.kort()
        svar = await by.sekretariat.kall("POST", f"/feilkoe/{b.id}/kjoer")
        assert (svar.status_code, svar.json()["utfall"]) == (200, "feilet"), (b.kort(), svar.text)
