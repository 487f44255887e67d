"""Answers in: durable before yes, told once, and never with their words."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.kanal import KanalStartet, KanalStoppet
from contracts.lesning import Betydning
from contracts.melding import MeldingFeilet, MeldingSendt
from contracts.svar import Innkommet, SvarMottatt
from infra.db import Tx
from infra.journal.feil import JournalNede
from infra.journal.journal import Journal
from services.sms import store_svar
from services.sms.rules_svar import Sms
from services.sms.tables import InnholdRow
from tests.sms.huset import Huset, vent_til
from tests.sms.sentral import NUMMER

UKJENT = "+4790000998"
HOEFLIG = "Vi kjenner ikke dette nummeret og kan ikke svare her. Fare for liv: ring 112. Barn og unge: 116 111."


def svar(hus: Huset) -> list[Innkommet]:
    return [s for event in hus.fortalt(SvarMottatt) for s in event.data.svar]


async def test_an_answer_from_somebody_we_know_is_told_with_person_and_reading(hus: Huset) -> None:
    kari = hus.person()
    sid = f"SM{uuid4().hex}"
    assert (await hus.svarer(hus.mobil(kari), "JA 20", sid=sid)).status_code == 200
    await vent_til(lambda: len(svar(hus)) == 1)
    (s,) = svar(hus)
    assert (s.person_id, s.kanal, s.leverandoer_id) == (kari, "sms", sid)
    assert (s.lesning.svar, s.lesning.eta_minutter) == (Betydning.KOMMER, 20)
    assert hus.fortalt(SvarMottatt)[0].id == s.id


async def test_the_words_are_in_the_table_that_can_be_erased_and_nowhere_else(
    hus: Huset, capfd: pytest.CaptureFixture[str]
) -> None:
    tekst = "Nei, jeg er hos tannlegen på Kampen"
    await hus.svarer(hus.mobil(hus.person()), tekst)
    await vent_til(lambda: len(svar(hus)) == 1)
    (rad,) = await hus.alle(InnholdRow)
    assert rad["tekst"] == tekst
    assert svar(hus)[0].innhold_hmac == hmac.new(rad["noekkel"], tekst.encode(), hashlib.sha256).hexdigest()
    sagt = "".join(capfd.readouterr()) + hus.fortalt(SvarMottatt)[0].model_dump_json()
    assert "tannlegen" not in sagt
    async with hus.db.skriv() as tx:
        assert await store_svar.slett_innhold(tx, [rad["svar_id"]]) == 1
    (rad,) = await hus.alle(InnholdRow)
    assert (rad["tekst"], rad["noekkel"]) == (None, None)


async def test_the_same_sms_again_gets_the_same_answer_and_is_told_once(hus: Huset) -> None:
    kari, sid = hus.person(), f"SM{uuid4().hex}"
    samtidig = await asyncio.gather(*(hus.svarer(hus.mobil(kari), "JA", sid=sid) for _ in range(3)))
    etterpaa = await hus.svarer(hus.mobil(kari), "JA", sid=sid)
    assert {s.status_code for s in (*samtidig, etterpaa)} == {200}
    await hus.svarer(hus.mobil(kari), "NEI")
    await vent_til(lambda: len(svar(hus)) == 2)
    assert [s.lesning.svar for s in svar(hus)] == [Betydning.KOMMER, Betydning.KOMMER_IKKE]


async def test_what_two_processes_take_in_at_once_is_told_with_the_key_that_is_kept(
    hus: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The webhook at one, the listing at the other: neither sees the other's answer before it has written its own."""
    kari, sid, lukk = hus.person(), f"SM{uuid4().hex}", asyncio.Event()
    ekte_kjente, ekte_publiser = store_svar.kjente, Journal.publiser

    async def ingen_kjente(tx: Tx, ider: Collection[UUID]) -> set[UUID]:
        return set()

    async def den_foerste_venter(self: Journal, *a: Any, **kw: Any) -> Any:
        if self is hus.journal:
            await lukk.wait()
        return await ekte_publiser(self, *a, **kw)

    monkeypatch.setattr(store_svar, "kjente", ingen_kjente)
    monkeypatch.setattr(Journal, "publiser", den_foerste_venter)
    async with hus.annen_prosess() as annen:
        foerst = asyncio.create_task(hus.svarer(hus.mobil(kari), "JA", sid=sid))

        async def er_lagret() -> bool:
            return bool(await hus.alle(InnholdRow))

        await vent_til(er_lagret)
        await annen.ta_imot(Sms(sid, hus.mobil(kari), NUMMER, "JA", hus.klokke.now()))
        await vent_til(lambda: len(svar(hus)) == 1)  # yes means that it is told, whoever took it in
        lukk.set()
        assert (await foerst).status_code == 200
    monkeypatch.setattr(store_svar, "kjente", ekte_kjente)
    (rad,) = await hus.alle(InnholdRow)
    assert svar(hus)[0].innhold_hmac == hmac.new(rad["noekkel"], b"JA", hashlib.sha256).hexdigest()


async def test_an_answer_is_not_taken_in_while_the_register_is_silent_and_fetched_when_it_speaks(hus: Huset) -> None:
    kari = hus.person()
    await hus.registeret_tier()
    m = hus.sentral.ringer_inn(hus.mobil(kari), "JA")
    assert (await hus.svarer(hus.mobil(kari), "JA", sid=m["sid"])).status_code == 503
    await hus.registeret_svarer()
    await vent_til(lambda: [s.person_id for s in svar(hus)] == [kari])


async def test_an_answer_is_not_taken_in_while_the_journal_is_silent_and_told_afterwards(
    hus: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari, sid = hus.person(), f"SM{uuid4().hex}"
    nede = True
    publiser = Journal.publiser

    async def av_og_til(self: Journal, *a: object, **kw: object) -> object:
        if nede:
            raise JournalNede("ingen kvittering")
        return await publiser(self, *a, **kw)  # type: ignore[arg-type]

    monkeypatch.setattr(Journal, "publiser", av_og_til)
    assert (await hus.svarer(hus.mobil(kari), "JA", sid=sid)).status_code == 503
    nede = False
    assert (await hus.svarer(hus.mobil(kari), "JA", sid=sid)).status_code == 200
    await vent_til(lambda: len(svar(hus)) == 1)
    assert svar(hus)[0].person_id == kari


async def test_a_missed_answer_is_fetched_under_the_id_it_would_have_had(hus: Huset) -> None:
    kari = hus.person()
    m = hus.sentral.ringer_inn(hus.mobil(kari), "JA")
    hus.sentral.ringer_inn(hus.mobil(kari), "FRAMME")
    await hus.frem(minutes=4)
    await vent_til(lambda: len(svar(hus)) == 2)
    assert [s.lesning.svar for s in svar(hus)] == [Betydning.KOMMER, Betydning.FRAMME]
    await hus.svarer(hus.mobil(kari), "JA", sid=m["sid"])
    await hus.frem(minutes=4)
    await hus.svarer(hus.mobil(kari), "NEI")
    await vent_til(lambda: len(svar(hus)) == 3)
    assert svar(hus)[0].leverandoer_id == m["sid"]


async def test_an_unknown_sender_is_answered_politely_once_a_day(hus: Huset) -> None:
    for _ in range(3):
        await hus.svarer(UKJENT, "hvem er dette")
    await vent_til(lambda: len(hus.sentral.til(UKJENT)) == 1)
    tekst = hus.sentral.til(UKJENT)[0]["body"]
    assert tekst[:-7] == HOEFLIG
    assert tekst[-7:-5] == " #"
    await vent_til(lambda: [s.person_id for s in svar(hus)] == [None] * 3)
    await hus.frem(hours=25)
    await hus.svarer(UKJENT, "hallo")
    await vent_til(lambda: len(hus.sentral.til(UKJENT)) == 2)


@pytest.mark.parametrize(
    ("fra", "til", "tekst"),
    [
        (NUMMER, NUMMER, "JA"),
        (NUMMER, "+4759440001", "JA"),
        ("+4759440002", "+4759440002", "JA"),
        ("Posten", NUMMER, "Pakken er kommet"),
        (UKJENT, NUMMER, "STOPP"),
        (UKJENT, NUMMER, "Autosvar: Jeg er bortreist til mandag"),
    ],
    ids=["ourselves", "our number", "to itself", "no number", "stopp", "a machine"],
)
async def test_some_are_never_answered(hus: Huset, fra: str, til: str, tekst: str) -> None:
    assert (await hus.svarer(fra, tekst, til=til)).status_code == 200
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    assert [skjema["To"] for skjema in hus.sentral.skjemaer] == [hus.mobil(b.person_id)]


async def test_stopp_closes_the_channel_until_start(hus: Huset) -> None:
    kari = hus.person()
    await hus.svarer(hus.mobil(kari), "Stopp")
    await vent_til(lambda: [e.data.person_id for e in hus.fortalt(KanalStoppet)] == [kari])
    assert svar(hus)[0].lesning.svar is Betydning.STOPP
    b = await hus.bestill_en(kari)
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "21610"
    assert hus.sentral.skjemaer == []
    await hus.svarer(hus.mobil(kari), "stopp")
    await hus.svarer(hus.mobil(kari), "START")
    await vent_til(lambda: [e.data.person_id for e in hus.fortalt(KanalStartet)] == [kari])
    igjen = await hus.bestill_en(kari)
    await hus.hoerer(MeldingSendt, igjen.id)
    assert len(hus.fortalt(KanalStoppet)) == 1


async def test_an_old_start_that_arrives_late_does_not_open_what_was_closed_since(hus: Huset) -> None:
    kari = hus.person()
    naa = hus.klokke.now()
    async with hus.db.skriv() as tx:
        for sagt, stoppet, ventet in (
            (naa - timedelta(hours=2), True, True),
            (naa, False, True),
            (naa - timedelta(hours=1), True, None),
            (naa + timedelta(seconds=1), False, False),
        ):
            endret = await store_svar.sett_stopp(tx, "avtrykk", kari, stoppet=stoppet, sagt=sagt)
            assert endret is ventet


async def test_an_answer_that_cannot_be_read_is_unclear_and_not_lost(
    hus: Huset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sprekker(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.sms.innkommende.les", sprekker)
    await hus.svarer(hus.mobil(hus.person()), "JA")
    await vent_til(lambda: bool(svar(hus)))
    await hus.alt_er_fortalt()
    assert [s.lesning.svar for s in svar(hus)] == [Betydning.UKLART]
