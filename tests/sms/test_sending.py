"""An order becomes one SMS: through the real SDK, a real nats-server and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.kanal import KanalStoppet
from contracts.melding import MeldingFeilet, MeldingSendt
from services.sms.tables import ForsoekRow, MeldingRow
from tests.sms.huset import PUBLIC_URL, Huset, vent_til
from tests.sms.sentral import FOR_MANGE, NUMMER, OK, TOKEN, Oppfoersel, avslag

Bygg = Callable[..., Awaitable[Huset]]


async def test_an_order_becomes_one_sms_and_is_told_as_sent(hus: Huset) -> None:
    kari = hus.person()
    b = await hus.bestill_en(kari)
    utfall = await hus.hoerer(MeldingSendt, b.id)
    assert utfall.leverandoer_id == hus.sentral.meldinger[0]["sid"]
    assert (utfall.utkalling_id, utfall.kanal, utfall.forsoek) == (b.utkalling_id, "sms", 1)
    assert hus.fortalt(MeldingSendt)[0].hendelseid == hus.hendelse_id
    assert len(hus.sentral.til(hus.mobil(kari))) == 1


async def test_the_request_is_what_twilio_documents(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person(), send_foer=hus.klokke.now() + timedelta(minutes=10))
    await hus.hoerer(MeldingSendt, b.id)
    skjema = dict(hus.sentral.skjemaer[0])
    tilbakekall = urlsplit(skjema.pop("StatusCallback"))
    igjen = b.send_foer - hus.klokke.now()
    assert int(igjen.total_seconds()) <= int(skjema.pop("ValidityPeriod")) <= 600
    assert skjema == {"To": hus.mobil(b.person_id), "From": NUMMER, "Body": b.tekst}
    assert f"{tilbakekall.scheme}://{tilbakekall.netloc}{tilbakekall.path}" == f"{PUBLIC_URL}/webhooks/twilio/status"
    assert parse_qs(tilbakekall.query) == {"m": [str(b.id)], "f": ["1"]}
    assert tilbakekall.fragment == "rc=5&rp=all"


async def test_the_attempt_is_on_disk_with_its_number_before_anything_is_sent(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(Oppfoersel(holder=True))
    b = await hus.bestill_en(kari)
    await vent_til(lambda: len(hus.sentral.skjemaer) == 1)
    (forsoek,) = await hus.alle(ForsoekRow)
    assert (forsoek["melding_id"], forsoek["nr"], forsoek["til"]) == (b.id, 1, hus.mobil(b.person_id))
    assert forsoek["utfall"] is None


async def test_the_number_is_forgotten_when_the_message_is_sent(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    (forsoek,) = await hus.alle(ForsoekRow)
    assert (forsoek["til"], forsoek["utfall"]) == (None, "sendt")


async def test_a_second_delivery_of_the_same_order_sends_nothing(hus: Huset) -> None:
    b = hus.bestilling(hus.person())
    await hus.bestill(b)
    await hus.bestill(b)
    etter = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, etter.id)
    assert len(hus.sentral.til(hus.mobil(b.person_id))) == 1


async def test_orders_of_another_channel_are_left_alone(hus: Huset) -> None:
    await hus.bestill_en(hus.person(), kanal="epost")
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    assert [rad["id"] for rad in await hus.alle(MeldingRow)] == [b.id]


async def test_after_429_it_is_tried_again_and_sent_once(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(FOR_MANGE)
    b = await hus.bestill_en(kari)
    assert (await hus.hoerer(MeldingSendt, b.id)).forsoek == 2
    assert len(hus.sentral.til(hus.mobil(kari))) == 1
    assert hus.sentral.oppslag == 0


async def test_when_the_gateway_refuses_connections_it_waits_and_sends_once(hus: Huset) -> None:
    await vent_til(lambda: hus.sentral.lister_spurt >= 1)
    await hus.frem()  # nobody is on the line just now
    await hus.sentral.steng()
    kari = hus.person()
    b = await hus.bestill_en(kari)

    async def har_proevd() -> bool:
        return any(f["utfall"] == "vent" for f in await hus.alle(ForsoekRow))

    await vent_til(har_proevd)
    await hus.sentral.aapne()
    await hus.hoerer(MeldingSendt, b.id)
    assert len(hus.sentral.til(hus.mobil(kari))) == 1


@pytest.mark.parametrize(
    ("kode", "tekst"),
    [
        (21211, "Mobilnummeret er ugyldig"),
        (21612, "Nummeret kan ikke nås fra avsenderen vår"),
        (21614, "Nummeret er ikke en mobiltelefon"),
        (21408, "SMS til dette landet er ikke åpnet hos leverandøren"),
        (29999, "Leverandøren avviste meldingen (29999)"),
    ],
)
async def test_a_definite_refusal_fails_for_good_with_a_reason(hus: Huset, kode: int, tekst: str) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(avslag(kode))
    b = await hus.bestill_en(kari)
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert (utfall.feil.kode, utfall.feil.tekst, utfall.feil.permanent) == (str(kode), tekst, True)
    assert len(hus.sentral.skjemaer) == 1


async def test_a_provider_that_says_stopp_closes_the_channel_of_the_person(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(avslag(21610))
    b = await hus.bestill_en(kari)
    await hus.hoerer(MeldingFeilet, b.id)
    await vent_til(lambda: [e.data.person_id for e in hus.fortalt(KanalStoppet)] == [kari])
    neste = await hus.bestill_en(kari)
    assert (await hus.hoerer(MeldingFeilet, neste.id)).feil
    assert len(hus.sentral.skjemaer) == 1


async def test_a_refused_account_stops_the_line_and_burns_no_message(hus: Huset) -> None:
    folk = [hus.person() for _ in range(3)]
    hus.sentral.ellers = lambda _: avslag(20003, 401)
    bestillinger = [hus.bestilling(p) for p in folk]
    await hus.bestill(*bestillinger)
    await vent_til(lambda: len(hus.sentral.skjemaer) >= 3)
    for b in bestillinger:
        await hus.faar_status(b.id, "klar")
    assert not hus.fortalt(MeldingFeilet)
    hus.sentral.ellers = lambda _: OK
    await hus.frem(seconds=40)
    for b in bestillinger:
        await hus.hoerer(MeldingSendt, b.id)


async def test_a_person_without_a_mobile_fails_at_once(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person(None))
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.tekst == "Ingen mobil registrert"


async def test_many_who_cannot_be_reached_do_not_hold_up_the_others(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(sms_vindu=2)
    uten = [hus.bestilling(hus.person(None)) for _ in range(40)]
    med = hus.bestilling(hus.person())
    await hus.bestill(*uten, med)
    await hus.hoerer(MeldingSendt, med.id)
    for b in uten:
        await hus.hoerer(MeldingFeilet, b.id)
    assert len(hus.sentral.skjemaer) == 1


async def test_a_silent_register_is_waited_for_and_counts_as_no_attempt(hus: Huset) -> None:
    await hus.registeret_tier()
    kari = hus.person()
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.lister_spurt >= 2)  # whoever asked the register in vain asks what was missed
    assert ((await hus.rad(b.id))["status"], await hus.alle(ForsoekRow)) == ("klar", [])
    await hus.registeret_svarer()
    assert (await hus.hoerer(MeldingSendt, b.id)).forsoek == 1


async def test_a_demo_person_is_not_called_through_a_real_gateway(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(simulator=False)
    b = await hus.bestill_en(hus.person(demo=True))
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.tekst == "Demopersoner får ikke SMS fra den ekte leverandøren"
    assert hus.sentral.skjemaer == []


async def test_a_demo_person_is_called_through_the_simulator(hus: Huset) -> None:
    kari = hus.person(demo=True)
    b = await hus.bestill_en(kari)
    sendt = await hus.hoerer(MeldingSendt, b.id)
    assert [m["sid"] for m in hus.sentral.til(hus.mobil(kari))] == [sendt.leverandoer_id]


async def test_past_its_time_it_is_not_sent(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person(), send_foer=hus.klokke.now() - timedelta(seconds=1))
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert (utfall.feil.kode, utfall.feil.tekst) == ("for_sent", "For sent: fristen for å sende var ute")
    assert hus.sentral.skjemaer == []


async def test_too_late_is_told_even_while_the_register_is_silent(hus: Huset) -> None:
    await hus.registeret_tier()
    b = await hus.bestill_en(hus.person())
    await hus.faar_status(b.id, "klar")
    await hus.frem(hours=3)
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "for_sent"


async def test_without_a_gateway_an_order_fails_and_says_why(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(twilio_account_sid="", twilio_auth_token="", twilio_from="", simulator=False)
    b = await hus.bestill_en(hus.person())
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.tekst == "Ingen SMS-leverandør er satt opp"


async def test_a_withdrawn_order_is_not_sent(hus: Huset) -> None:
    await hus.registeret_tier()
    b = await hus.bestill_en(hus.person())
    await hus.trekk(b.id)
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "trukket"
    await hus.registeret_svarer()
    etter = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, etter.id)
    assert hus.sentral.til(hus.mobil(b.person_id)) == []


async def test_a_withdrawal_that_comes_before_its_order_holds(hus: Huset) -> None:
    b = hus.bestilling(hus.person())
    await hus.trekk(b.id)
    await hus.bestill(b)
    assert (await hus.hoerer(MeldingFeilet, b.id)).feil
    assert hus.sentral.skjemaer == []


async def test_what_is_sent_cannot_be_withdrawn(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    await hus.trekk(b.id)
    etter = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, etter.id)
    assert (await hus.rad(b.id))["status"] == "sendt"
    assert hus.utfall(MeldingFeilet, b.id) == []


async def test_withdrawn_on_its_way_and_refused_it_is_not_tried_again(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(replace(FOR_MANGE, holder=True))
    b = await hus.bestill_en(kari)
    await vent_til(lambda: len(hus.sentral.skjemaer) == 1)
    await hus.trekk(b.id)
    await hus.skal_trekkes(b.id)
    hus.sentral.slipp.set()
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "trukket"
    assert len(hus.sentral.skjemaer) == 1


async def test_akutt_goes_first_when_the_rate_is_low(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(sms_per_second=5)
    await hus.registeret_tier()
    lave = [hus.bestilling(hus.person(), prioritet=3) for _ in range(6)]
    akutte = [hus.bestilling(hus.person(), prioritet=0) for _ in range(3)]
    await hus.bestill(*lave, *akutte)
    for b in akutte:
        await hus.faar_status(b.id, "klar")
    await hus.registeret_svarer()
    await vent_til(lambda: len(hus.sentral.skjemaer) == 9)
    krevd = {forsoek["melding_id"]: forsoek["startet"] for forsoek in await hus.alle(ForsoekRow)}
    assert max(krevd[b.id] for b in akutte) <= min(krevd[b.id] for b in lave) < max(krevd[b.id] for b in lave)


async def test_the_rate_is_the_providers_however_many_processes_send(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(sms_per_second=20)
    loop = asyncio.get_running_loop()
    async with hus.en_til_som_sender():
        begynte = loop.time()
        while len({rad["arbeider"] for rad in await hus.alle(ForsoekRow)}) < 2:
            await hus.bestill(*(hus.bestilling(hus.person()) for _ in range(60)))
            await vent_til(lambda: len(hus.sentral.skjemaer) == len(hus.folk))
        # A second's worth at once, and then 20 a second from all of them together.
        assert loop.time() - begynte > (len(hus.folk) - 20) / 20 - 0.1


async def test_two_hendelser_take_turns(bygg_hus: Bygg) -> None:
    hus = await bygg_hus(sms_vindu=1)
    await hus.registeret_tier()
    stor = [hus.bestilling(hus.person()) for _ in range(10)]
    await hus.bestill(*stor)
    await hus.faar_status(stor[-1].id, "klar")
    hus.hendelse_id = stor[0].id
    liten = [hus.bestilling(hus.person()) for _ in range(3)]
    await hus.bestill(*liten)
    await hus.faar_status(liten[-1].id, "klar")
    await hus.registeret_svarer()
    await vent_til(lambda: len(hus.sentral.skjemaer) == 13)
    plass = {skjema["To"]: nr for nr, skjema in enumerate(hus.sentral.skjemaer)}
    assert max(plass[hus.mobil(b.person_id)] for b in liten) < 8


async def test_neither_the_log_nor_the_journal_holds_a_number_or_a_text(
    hus: Huset, capfd: pytest.CaptureFixture[str]
) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].extend([FOR_MANGE, avslag(29999)])
    b = await hus.bestill_en(kari)
    await hus.hoerer(MeldingFeilet, b.id)
    sagt = "".join(capfd.readouterr()) + "".join(e.model_dump_json() for e in hus.fortalt(MeldingFeilet))
    for hemmelig in (hus.mobil(kari), hus.mobil(kari).removeprefix("+"), TOKEN, b.tekst):
        assert hemmelig not in sagt
