"""The journal is away: the door says that nothing is confirmed, and the same key is safe to try again with."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from contracts.event import AnyEvent
from infra.journal import publisering
from infra.journal.journal import Journal
from tests.harness.baser import Hylle
from tests.harness.by import By, Hendelse, by_i
from tests.harness.ro import frys

FRIST_SEKUNDER = 0.5


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def egen_by(hylle: Hylle, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[By]:
    """A city of its own: its journal is taken down."""
    mappe = tmp_path_factory.mktemp("nede")
    async with hylle.ny(mappe, skjema=True) as base, by_i(mappe, database_url=base.innstilling) as by:
        yield by


def _nats(by: By) -> int:
    return int((Path(by.program.hus.settings.data_dir) / "nats" / "nats.pid").read_text())


@contextmanager
def _ved_publisering(gjoer: Callable[[], None]) -> Iterator[None]:
    """Does something just before the next event about a hendelse is published, and then waits half a second for it."""
    ekte = Journal.publiser

    async def publiser(self: Journal, events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        if any(e.emne.startswith("hendelse.") for e in events):
            utaalmodig.setattr(Journal, "publiser", ekte)
            gjoer()
        return await ekte(self, events, etter=etter)

    with pytest.MonkeyPatch.context() as utaalmodig:
        utaalmodig.setattr(Journal, "publiser", publiser)
        utaalmodig.setattr(publisering, "FRIST_SEKUNDER", FRIST_SEKUNDER)
        yield


async def _meldt(by: By, hendelse: Hendelse) -> int:
    return len(await by.i_loggen(hendelse, "hendelse.meldt"))


async def test_en_journal_som_er_borte_gir_ikke_bekreftet_og_startes_igjen(egen_by: By) -> None:
    by, pid = egen_by, _nats(egen_by)
    kropp, hode = by.demonstrasjon(**by.lokal()), {"Idempotency-Key": "borte"}
    try:
        with _ved_publisering(lambda: frys(pid)):  # killed at once, it might be up again before the door gives up
            svar = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
    finally:
        os.kill(pid, signal.SIGKILL)
    assert svar.status_code == 503
    assert svar.headers["content-type"] == "application/problem+json"
    assert (svar.json()["title"], svar.json()["detail"]) == (
        "Ikke bekreftet",
        "Ikke bekreftet. Prøv igjen med samme nøkkel: det er alltid trygt.",
    )

    async def tatt_imot() -> Hendelse | None:
        igjen = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
        return Hendelse(igjen.json()) if igjen.status_code in {200, 201} else None

    h: Hendelse = await by.naar(tatt_imot, "journalen er oppe igjen")
    assert _nats(by) != pid  # the program has started it again
    await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)
    assert await _meldt(by, h) == 1


async def test_en_bekreftelse_som_aldri_kom_fram_er_tvil_og_ikke_en_hendelse_til(egen_by: By) -> None:
    by, pid = egen_by, _nats(egen_by)
    kropp, hode = by.demonstrasjon(**by.lokal()), {"Idempotency-Key": "tvil"}
    try:
        with _ved_publisering(lambda: frys(pid)):
            svar = await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)
    finally:
        os.kill(pid, signal.SIGCONT)  # only now is the event stored: long after the door gave up
    assert svar.status_code == 503

    h = Hendelse((await by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode)).json())
    assert await _meldt(by, h) == 1
    await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)
    await by.stille()
    meldinger = await by.telefon("salto_koordinator", "bydel:05").meldinger()
    assert len([m for m in meldinger if h.kodeord in m["tekst"]]) == 1


async def test_en_avlysning_uten_bekreftelse_kan_gjentas_ogsaa_etter_at_den_er_gjort(egen_by: By) -> None:
    by, pid = egen_by, _nats(egen_by)
    h = await by.sekretariat.varsler(**by.lokal())
    await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)
    await by.stille()
    kropp, hode = {"grunn": "Falsk alarm"}, {"Idempotency-Key": "avlys"}
    try:
        with _ved_publisering(lambda: frys(pid)):
            svar = await by.sekretariat.kall("POST", f"/hendelser/{h.id}/avlys", json=kropp, headers=hode)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert svar.status_code == 503
    await by.i_loggen(h, "hendelse.avlyst")
    await by.stille()

    igjen = await by.sekretariat.kall("POST", f"/hendelser/{h.id}/avlys", json=kropp, headers=hode)
    assert (igjen.status_code, igjen.json()["status"]) == (200, "avlyst")
    assert len(await by.i_loggen(h, "hendelse.avlyst")) == 1
