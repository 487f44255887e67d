"""What can come between the journal and those who read it: deliveries that repeat, poison, and stores that disagree."""

from __future__ import annotations

import asyncio
import random
import shutil
from uuid import uuid4

from contracts.katalog import HENDELSER
from infra.db import Database
from infra.journal.topologi import JOURNAL
from infra.nats import server
from tests.faults.drift import Drift
from tests.faults.feil import Feil
from tests.faults.gift import ULESELIG, giften
from tests.faults.klokka import med_klokke
from tests.faults.klokkefil import still
from tests.faults.natt import Natt
from tests.harness.kopi import Tabeller

KORT_VENTETID_SEKUNDER = 0.02
KORT_MINNE_SEKUNDER = 0.1
EN_TIME = 3600.0


async def _om_igjen(natt: Natt, _: random.Random, ganger: int) -> None:
    """The server gives everything out again long before anybody can be done with it."""
    async with natt.drift.js() as js:
        for rom in await js.consumers_info(JOURNAL):
            await js.add_consumer(JOURNAL, rom.config.evolve(ack_wait=KORT_VENTETID_SEKUNDER))
        for _nr in range(ganger):
            await asyncio.gather(natt.meld(), natt.meld())
            await natt.i_maal()
        levert = [rom.delivered for rom in await js.consumers_info(JOURNAL) if rom.delivered]
    assert any((en.consumer_seq or 0) > (en.stream_seq or 0) for en in levert), "ingenting ble levert om igjen"


async def _gift(natt: Natt, _: random.Random, ganger: int) -> None:
    """On every subject, before and behind what people are called by."""
    async with natt.drift.js() as js:
        for _nr in range(ganger):
            arbeid = asyncio.create_task(natt.meld())
            for klasse in HENDELSER:
                for slag, data in giften(klasse):
                    if slag in ULESELIG:
                        natt.gift.add((await js.publish(f"salto.{klasse.emne}.{uuid4()}", data)).seq)
            await arbeid


async def _eldre_tabeller(natt: Natt, terning: random.Random, ganger: int) -> None:
    """Tables from an hour ago come under the journal that knows it all, also what was under way when they were lost."""
    d = natt.drift
    tabeller = Tabeller(d.mappe / "data", d.postgres, d.database_url)
    for nr in range(1, ganger + 1):
        await natt.meld()
        await natt.i_maal()
        await _stans(d)
        kopi = await tabeller.kopier()
        await _en_time_gaar(d, nr)
        await _opp_igjen(d)
        await natt.meld()
        await natt.i_maal()
        await natt.meld()
        await asyncio.sleep(terning.uniform(0.0, 1.0))  # the moment is the test: nothing is waited for
        await _drep_alle(d)
        await tabeller.tilbake(kopi)
        d.database_url = tabeller.url or d.database_url
        await _opp_igjen(d)
        await natt.i_maal()


async def _ny_journal(natt: Natt, _: random.Random, ganger: int) -> None:
    """All is done; the journal's store is lost, and an empty one comes in its place."""
    d = natt.drift
    for _nr in range(ganger):
        await natt.meld()
        await natt.i_maal()
        await _stans(d)
        d.journal.prosess.kill()
        await asyncio.to_thread(d.journal.prosess.wait, 10)
        shutil.rmtree(d.mappe / "nats" / "store")
        d.journal.prosess = (await server.start(d.mappe / "nats", port=d.journal.port, bare_der=True)).prosess
        await _opp_igjen(d)
        await natt.meld()
        await d.kall("POST", "/audit/epoke", json={"grunn": "Journalen ble laget på nytt"})


async def _stans(d: Drift) -> None:
    """As for a backup: everybody is asked to end, and nobody is connected."""
    await d.stopp(*d.pider)
    await d.db.lukk()


async def _drep_alle(d: Drift) -> None:
    await d.drep(*d.pider)
    d.drept += len(d.pider)
    await d.db.lukk()


async def _en_time_gaar(d: Drift, nr: int) -> None:
    """The server forgets the ids that it knows, which it does by its own clock; the rooms go by a later one."""
    async with d.js() as js:
        naa = (await js.stream_info(JOURNAL)).config
        await js.update_stream(naa.evolve(duplicate_window=KORT_MINNE_SEKUNDER))
        await asyncio.sleep(2 * KORT_MINNE_SEKUNDER)
    still(d.mappe, nr * EN_TIME)


async def _opp_igjen(d: Drift) -> None:
    d.db = Database(d.database_url)
    await d.start_alle()


JOURNALEN = (
    Feil("hver levering kommer flere ganger (kort AckWait)", _om_igjen, ganger=4, bare_lang=True, replikaer=2),
    Feil("gift i hvert emne", _gift, ganger=3, bare_lang=True),
    Feil(
        "tabellene er fra en eldre kopi, midt i arbeidet", _eldre_tabeller, ganger=4, bare_lang=True, oppsett=med_klokke
    ),
    Feil("journalen er laget på nytt", _ny_journal, ganger=2, bare_lang=True),
)
