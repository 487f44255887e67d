"""Right before DATA: that it begins is committed by whoever has the row, and only what comes after it is in doubt."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from contracts.melding import MeldingFeilet, MeldingSendt, MeldingUviss
from infra.db import Database, tabell
from services.epost import rules
from services.epost.tables import LenkeRow, MeldingRow
from services.epost.utsending import FORBINDELSER
from tests.epost.byen import Byen, vent_til
from tests.epost.postkasse import Sted

MELDING = tabell(MeldingRow)


async def _sett(byen: Byen, **verdier: Any) -> None:
    async with byen.db.skriv() as tx:
        await tx.execute(update(MELDING).values(**verdier))


@pytest.mark.parametrize("sted", ["hilsen", "mottaker"])
async def test_a_server_that_hangs_up_before_data_gets_the_mail_later_and_once(byen: Byen, sted: Sted) -> None:
    byen.postkasse.brudd_ved = sted
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.brudd >= 1)
    await byen.vent_paa_status("klar")
    byen.postkasse.brudd_ved = None
    byen.klokke.frem(minutes=6)
    await byen.hoerer(MeldingSendt)
    assert (len(byen.postkasse.brev), byen.fortalt(MeldingUviss)) == (1, [])


@pytest.mark.parametrize(("sted", "kom_fram"), [("data", 0), ("innhold", 0), ("svar", 1)])
async def test_a_server_that_hangs_up_after_data_leaves_doubt_and_is_not_tried_again(
    byen: Byen, sted: Sted, kom_fram: int
) -> None:
    byen.postkasse.brudd_ved = sted
    b = byen.bestilling()
    await byen.bestill(b)
    [utfall] = await byen.hoerer(MeldingUviss)
    byen.postkasse.brudd_ved = None
    byen.klokke.frem(hours=1)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert utfall.melding_id == b.id
    assert sum(str(b.id) in str(brev["Message-ID"]) for brev in byen.postkasse.brev) == kom_fram


async def test_a_permanent_no_to_the_words_themselves_is_certain(byen: Byen) -> None:
    byen.postkasse.data_svar = ["554 5.7.1 No"]
    await byen.bestill(byen.bestilling())
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert (utfall.feil.kode, byen.fortalt(MeldingUviss)) == ("554", [])


async def test_a_server_that_hangs_up_while_data_is_written_down_leaves_no_doubt(byen: Byen) -> None:
    byen.postkasse.hold("mottaker")
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.holdt == 1)
    async with byen.db.skriv() as tx:  # nobody else can write now
        await tx.execute(text("select 1") if byen.db.sqlite else text("lock table epost_melding in exclusive mode"))
        byen.postkasse.gaa_videre()
        await vent_til(lambda: byen.postkasse.mottatt_rcpt == 1)
        byen.postkasse.legg_paa()
        await vent_til(lambda: byen.postkasse.aapne == 0)
    await byen.vent_paa_status("klar")
    byen.klokke.frem(minutes=6)
    [utfall] = await byen.hoerer(MeldingSendt)
    assert (utfall.forsoek, byen.fortalt(MeldingUviss)) == (2, [])


@pytest.mark.parametrize(
    "tapt",
    [{"leie_til": None}, {"forsoek": 7}, {"arbeider": uuid4()}],
    ids=["its lease", "its number", "its worker"],
)
async def test_a_worker_that_has_lost_its_row_does_not_send(byen: Byen, tapt: dict[str, Any]) -> None:
    byen.postkasse.hold("mottaker")
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.holdt == 1)
    await _sett(byen, **tapt)
    byen.postkasse.slipper.set()
    byen.postkasse.hold("mottaker")  # whoever tries it anew is held
    await vent_til(lambda: byen.postkasse.nullstilt == 1)
    assert byen.postkasse.brev == []


async def test_a_worker_that_stood_still_beyond_its_lease_leaves_it_to_another(byen: Byen) -> None:
    byen.postkasse.hold("mottaker")
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.holdt == 1)
    byen.postkasse.holder_ved = None  # whoever comes now is let through
    byen.klokke.frem(seconds=rules.LEIE.total_seconds() + 1)
    [utfall] = await byen.hoerer(MeldingSendt)
    byen.postkasse.gaa_videre()
    await vent_til(lambda: byen.postkasse.nullstilt == 1)
    assert (utfall.forsoek, len(byen.postkasse.brev), byen.fortalt(MeldingUviss)) == (2, 1, [])


async def test_claimed_and_withdrawn_before_data_it_is_not_sent(byen: Byen) -> None:
    byen.postkasse.hold("mottaker")
    b = byen.bestilling()
    await byen.bestill(b)
    await vent_til(lambda: byen.postkasse.holdt == 1)
    await byen.trekk(b)
    await byen.hoerer(MeldingFeilet)
    byen.postkasse.gaa_videre()
    await vent_til(lambda: byen.postkasse.nullstilt == 1)
    assert (byen.postkasse.brev, [r.status for r in await byen.rader()]) == ([], ["trukket"])


async def test_a_withdrawal_after_data_comes_too_late(byen: Byen) -> None:
    byen.postkasse.hold("data")
    b = byen.bestilling()
    await byen.bestill(b)
    await vent_til(lambda: byen.postkasse.holdt == 1)
    await byen.trekk(b)
    await byen.bestill(byen.bestilling(kanal="sms"), *[byen.bestilling() for _ in range(1)])
    await vent_til(lambda: byen.postkasse.holdt == 2)  # the withdrawal has been heard
    byen.postkasse.gaa_videre()
    await byen.hoerer(MeldingSendt, 2)
    assert byen.fortalt(MeldingFeilet) == []


async def test_two_ledgers_on_one_database_send_everything_once(byen: Byen) -> None:
    byen.postkasse.hold("mottaker")
    db = Database(byen.db.url.render_as_string(hide_password=False))
    andre = byen.nytt_rom(db)
    assert andre.start
    assert andre.stopp
    await andre.start()
    await byen.bestill(*[byen.bestilling() for _ in range(60)])
    await vent_til(lambda: bool(byen.postkasse.holdt))
    await andre.ticks[0].gjoer()
    await vent_til(lambda: byen.postkasse.holdt == 2 * FORBINDELSER)
    byen.postkasse.gaa_videre()
    while len(byen.fortalt(MeldingSendt)) < 60:
        await andre.ticks[0].gjoer()
        await asyncio.sleep(0.01)
    await andre.stopp()
    await db.lukk()
    assert len(byen.postkasse.brev) == 60
    assert set(Counter(u.melding_id for u in byen.fortalt(MeldingSendt)).values()) == {1}


async def test_one_slow_answer_does_not_hold_up_the_others(byen: Byen) -> None:
    byen.postkasse.hold("svar")
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.holdt == 1)
    byen.postkasse.holder_ved = None
    await byen.bestill(*[byen.bestilling() for _ in range(30)])
    await byen.hoerer(MeldingSendt, 30)
    assert byen.postkasse.holdt == 1


async def test_a_stop_hands_back_at_once_what_has_not_reached_data(byen: Byen) -> None:
    byen.postkasse.hold("mottaker")
    await byen.bestill(*[byen.bestilling() for _ in range(20)])
    await vent_til(lambda: byen.postkasse.holdt == FORBINDELSER)
    await byen.ingen_arbeider()
    assert {(r.status, r.forsoek) for r in await byen.rader()} == {("klar", 0)}
    byen.postkasse.gaa_videre()
    await byen.ny_arbeider()
    await byen.hoerer(MeldingSendt, 20)
    assert len(byen.postkasse.brev) == 20


async def test_hendelser_of_one_priority_take_turns(byen: Byen) -> None:
    await byen.ingen_arbeider()
    await byen.bestill(*[byen.bestilling(emne="stor") for _ in range(60)])
    byen.hendelse_id = uuid4()
    await byen.bestill(*[byen.bestilling(emne="liten") for _ in range(4)])
    await byen.vent_paa_status("klar", 64)
    byen.postkasse.hold("svar")  # nobody gets on to a second before everybody has a first
    await byen.ny_arbeider()
    await vent_til(lambda: byen.postkasse.holdt == FORBINDELSER)
    assert [brev["Subject"] for brev in byen.postkasse.brev].count("liten") == 4
    byen.postkasse.gaa_videre()
    await byen.hoerer(MeldingSendt, 64)


async def test_too_many_at_once_is_tried_again_and_everything_arrives(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["421 4.7.0 Too many connections"] * 3
    await byen.bestill(*[byen.bestilling() for _ in range(10)])
    await byen.vent_paa_status("sendt", 7)
    await byen.vent_paa_status("klar", 3)
    byen.klokke.frem(minutes=6)
    await byen.hoerer(MeldingSendt, 10)
    assert len(byen.postkasse.brev) == 10


async def test_an_answer_link_exists_only_when_its_mail_may(byen: Byen) -> None:
    async def lenker() -> int:
        async with byen.db.les() as tx:
            return len((await tx.execute(tabell(LenkeRow).select())).all())

    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["450 4.2.1 Later"]
    await byen.bestill(byen.bestilling(svarlenke=True, send_foer=byen.klokke.now() + timedelta(hours=1)))
    await vent_til(lambda: byen.postkasse.forsoek == 1)
    await byen.vent_paa_status("klar")
    assert await lenker() == 0
    byen.klokke.frem(minutes=6)
    await byen.hoerer(MeldingSendt)
    assert await lenker() == 1
