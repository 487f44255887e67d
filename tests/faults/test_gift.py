"""A poison message on every subject: what comes behind is done, and the poison is set aside or harmless, never lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import pytest
import pytest_asyncio
from sqlalchemy import select

import contracts
from contracts.event import NAVNEROM, AnyEvent
from contracts.katalog import HENDELSER
from infra.db import tabell
from infra.journal import behandling
from infra.journal.feilkoe import Feilbrev, Feilkoe
from services.audit.tables import RadRow
from tests.harness.baser import Hylle
from tests.harness.by import By, by_i
from tests.harness.ro import stillhet

RAD = tabell(RadRow)

PROEVER = Path(contracts.__file__).parent / "samples"
Forgift = Callable[[Any], Any]


def utvid(verdi: Any, bytt: Callable[[Any], Any]) -> Any:
    """The same, with every leaf changed."""
    if isinstance(verdi, dict):
        return {k: utvid(v, bytt) for k, v in verdi.items()}
    if isinstance(verdi, list):
        return [utvid(v, bytt) for v in verdi]
    return bytt(verdi)


def _tid(til: str) -> Forgift:
    return lambda v: til if isinstance(v, str) and len(v) >= 20 and v[4:5] == "-" and "T" in v else v


def _tekst(v: Any) -> Any:
    """NUL in everything that is free text: what is an id, a time or a fixed word stays what it is."""
    return f"{v}\x00" if isinstance(v, str) and " " in v else v


def _tall(v: Any) -> Any:
    return 2**70 if isinstance(v, int) and not isinstance(v, bool) else v


def _id(v: Any) -> Any:
    """Other ids: nothing here exists."""
    er_id = isinstance(v, str) and len(v) == 36 and v.count("-") == 4
    return str(uuid4()) if er_id else v


FORGIFT: dict[str, Forgift] = {
    "ukjente ider": lambda d: utvid(d, _id),
    "året 9999": lambda d: utvid(d, _tid("9999-12-31T23:59:59.999999Z")),
    "året 1": lambda d: utvid(d, _tid("0001-01-01T00:00:00Z")),
    "NUL i tekst": lambda d: utvid(d, _tekst),
    "over 64 bit": lambda d: utvid(d, _tall),
    "enorm": lambda d: utvid(d, lambda v: v * 300 if isinstance(v, str) and " " in v else v),
    "feil skjema": lambda d: dict.fromkeys(d, 7),
    "tomme data": lambda d: {},
    "dyp": lambda d: json.loads("[" * 900 + "]" * 900),
}
ULESELIG = {"ikke json", "ingenting", "feil skjema", "dyp"}


def giften(klasse: type[AnyEvent]) -> Iterator[tuple[str, bytes]]:
    """Every poison for one kind of event, by name: each name is the life of one absurd hendelse."""
    navn = f"{klasse.emne}.v{klasse.versjon}"
    proeve = json.loads((PROEVER / f"{navn}.json").read_text())
    yield "ikke json", b"{" + navn.encode()
    yield "ingenting", b""
    for slag, forgift in FORGIFT.items():
        hele = {**proeve, "id": str(uuid4()), "hendelseid": str(uuid5(NAVNEROM, slag)), "data": forgift(proeve["data"])}
        yield slag, json.dumps(hele).encode()


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
    await stillhet(by.program, by.simulator, 60)

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
