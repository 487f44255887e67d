"""The provider's words: early, late, twice and out of order, each told once and never backwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from contracts.melding import Bestilling, MeldingFeilet, MeldingLevert, MeldingSendt
from services.sms.tables import StatusRow
from tests.sms.huset import Huset, vent_til
from tests.sms.sentral import Oppfoersel


async def sendt(hus: Huset) -> Bestilling:
    """A message that has been sent, the exchange's copy being the last one it has."""
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    return b


async def sendt_uten_svar(hus: Huset) -> Bestilling:
    """A message that the exchange has taken, and says nothing of before `slipp` is set."""
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(Oppfoersel(holder=True))
    b = await hus.bestill_en(kari)
    await vent_til(lambda: len(hus.sentral.meldinger) == 1)
    return b


async def test_a_delivered_message_is_told_as_delivered_once(hus: Huset) -> None:
    b = await sendt(hus)
    for status in ("queued", "sent", "delivered", "delivered", "sent"):
        assert (await hus.melder(hus.sentral.meldinger[0], status)).status_code == 200
    await hus.hoerer(MeldingLevert, b.id)
    await hus.alt_er_fortalt()
    assert len(hus.utfall(MeldingLevert, b.id)) == len(hus.utfall(MeldingSendt, b.id)) == 1
    assert (await hus.rad(b.id))["status"] == "levert"
    assert len(await hus.alle(StatusRow)) == 3


async def test_an_undelivered_message_fails_with_the_reason_in_bokmaal(hus: Huset) -> None:
    b = await sendt(hus)
    await hus.melder(hus.sentral.meldinger[0], "undelivered", 30003)
    await hus.melder(hus.sentral.meldinger[0], "sent")
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert (utfall.feil.kode, utfall.feil.tekst) == ("30003", "Telefonen er av eller utenfor dekning")
    assert not utfall.feil.permanent
    await hus.alt_er_fortalt()
    assert len(hus.utfall(MeldingFeilet, b.id)) == 1


async def test_a_word_that_comes_before_our_own_outcome_is_proof(hus: Huset) -> None:
    b = await sendt_uten_svar(hus)
    await hus.melder(hus.sentral.meldinger[0], "delivered")
    assert (await hus.rad(b.id))["status"] == "levert"
    await hus.hoerer(MeldingLevert, b.id)
    hus.sentral.slipp.set()
    await hus.alt_er_fortalt()
    assert len(hus.utfall(MeldingSendt, b.id)) == 1


async def test_a_word_without_our_id_that_comes_first_is_kept_and_joined(hus: Huset) -> None:
    b = await sendt_uten_svar(hus)
    skjema = {"MessageSid": hus.sentral.meldinger[0]["sid"], "MessageStatus": "delivered"}
    assert (await hus.post("/webhooks/twilio/status", skjema)).status_code == 200
    assert (await hus.rad(b.id))["status"] == "sender"
    hus.sentral.slipp.set()
    await hus.hoerer(MeldingLevert, b.id)
    assert len(hus.utfall(MeldingSendt, b.id)) == 1


async def test_a_delivery_after_a_failure_counts_and_not_the_other_way(hus: Huset) -> None:
    b = await sendt(hus)
    melding = hus.sentral.meldinger[0]
    for status, kode in (("undelivered", 30008), ("delivered", None), ("undelivered", 30008), ("failed", 30008)):
        await hus.melder(melding, status, kode)
    await hus.hoerer(MeldingLevert, b.id)
    await hus.alt_er_fortalt()
    assert (await hus.rad(b.id))["status"] == "levert"
    assert len(hus.utfall(MeldingFeilet, b.id)) == 1


async def test_many_words_at_once_are_all_kept(hus: Huset) -> None:
    bestillinger = [hus.bestilling(hus.person()) for _ in range(40)]
    await hus.bestill(*bestillinger)
    for b in bestillinger:
        await hus.hoerer(MeldingSendt, b.id)
    svar = await asyncio.gather(*(hus.melder(m, "delivered") for m in hus.sentral.meldinger for _ in range(2)))
    assert {s.status_code for s in svar} == {200}
    for b in bestillinger:
        await hus.hoerer(MeldingLevert, b.id)
        assert len(hus.utfall(MeldingLevert, b.id)) == 1


async def test_a_word_about_nothing_of_ours_is_kept_and_changes_nothing(hus: Huset) -> None:
    skjema = {"MessageSid": "SM" + "f" * 32, "MessageStatus": "delivered", "ErrorCode": "12345678901"}
    assert (await hus.post("/webhooks/twilio/status?m=tull&f=x", skjema)).status_code == 200
    (rad,) = await hus.alle(StatusRow)
    assert (rad["sid"], rad["melding_id"], rad["feilkode"]) == ("SM" + "f" * 32, None, None)


async def test_a_word_without_a_sid_is_refused(hus: Huset) -> None:
    assert (await hus.post("/webhooks/twilio/status", {"MessageStatus": "delivered"})).status_code == 422


async def test_a_delivery_we_were_never_told_of_is_fetched(hus: Huset) -> None:
    b = await sendt(hus)
    hus.sentral.meldinger[0]["status"] = "delivered"
    await hus.frem(minutes=4)
    assert (await hus.hoerer(MeldingLevert, b.id)).leverandoer_id == hus.sentral.meldinger[0]["sid"]


async def test_one_that_is_never_delivered_is_asked_about_ever_more_seldom(hus: Huset) -> None:
    b = await sendt(hus)
    foer = (await hus.rad(b.id))["neste"]
    await hus.frem(minutes=4)

    async def er_utsatt() -> bool:
        return bool((await hus.rad(b.id))["neste"] >= foer + timedelta(minutes=5))

    await vent_til(er_utsatt)
    assert (await hus.rad(b.id))["status"] == "sendt"
