"""The e-mail ledger: once out, said what became of it, and never again what is in doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.melding import MeldingFeilet, MeldingSendt, MeldingUviss
from services.epost.rules import INGEN_VEI, Resultat
from services.epost.smtp import Forbindelse
from tests.epost.byen import Byen, vent_til


async def test_an_ordered_mail_is_sent_once_and_told_as_sent(byen: Byen) -> None:
    bestilling = byen.bestilling()
    await byen.bestill(bestilling)
    [utfall] = await byen.hoerer(MeldingSendt)
    assert (utfall.melding_id, utfall.utkalling_id, utfall.kanal) == (bestilling.id, bestilling.utkalling_id, "epost")
    assert byen.av_slag(MeldingSendt)[0].hendelseid == byen.hendelse_id
    [brev] = byen.postkasse.brev
    assert utfall.leverandoer_id == brev["Message-ID"]
    assert byen.postkasse.mottakere == ["vakt@bydel.example"]


async def test_the_same_order_told_twice_is_one_mail(byen: Byen) -> None:
    bestilling = byen.bestilling()
    await byen.bestill(bestilling)
    await byen.hoerer(MeldingSendt)
    await byen.bestill(bestilling)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt, 2)
    assert len(byen.postkasse.brev) == 2


async def test_orders_for_other_channels_are_left_alone(byen: Byen) -> None:
    await byen.bestill(byen.bestilling(kanal="sms"), byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert len(await byen.rader()) == 1


async def test_many_go_out_side_by_side_and_are_told_by_hendelse(byen: Byen) -> None:
    byen.postkasse.hold("svar")
    foerste = byen.hendelse_id
    await byen.bestill(*[byen.bestilling() for _ in range(20)])
    byen.hendelse_id = uuid4()
    await byen.bestill(*[byen.bestilling() for _ in range(20)])
    await vent_til(lambda: byen.postkasse.samtidige == 8)
    byen.postkasse.slipper.set()
    await byen.hoerer(MeldingSendt, 40)
    assert byen.postkasse.flest_samtidige == 8
    assert len(byen.postkasse.brev) == 40
    for hendelse_id in (foerste, byen.hendelse_id):
        egne = [e for e in byen.av_slag(MeldingSendt) if e.hendelseid == hendelse_id]
        assert sum(len(e.data.meldinger) for e in egne) == 20


async def test_the_most_urgent_goes_first(byen: Byen) -> None:
    await byen.ingen_arbeider()
    await byen.bestill(*[byen.bestilling(prioritet=3, emne="lav") for _ in range(40)])
    await byen.bestill(byen.bestilling(prioritet=0, emne="akutt"))
    await byen.vent_paa_status("klar", 41)
    byen.postkasse.hold("svar")  # nobody gets on to a second before everybody has a first
    await byen.ny_arbeider()
    await vent_til(lambda: byen.postkasse.holdt == 8)
    assert "akutt" in [brev["Subject"] for brev in byen.postkasse.brev]
    byen.postkasse.gaa_videre()
    await byen.hoerer(MeldingSendt, 41)


async def test_what_a_clock_that_was_ahead_has_put_off_goes_out_when_the_clock_is_set_right(byen: Byen) -> None:
    await byen.ingen_arbeider()
    byen.klokke.frem(hours=2)
    await byen.bestill(byen.bestilling(send_foer=byen.klokke.now() + timedelta(hours=4)))
    await byen.vent_paa_status("klar")
    byen.klokke.frem(hours=-2)
    await byen.ny_arbeider()
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 1


@pytest.mark.parametrize("svar", ["450 4.2.1 Later", "421 4.3.2 Closing"])
async def test_a_temporary_no_is_tried_again_and_gives_exactly_one_mail(byen: Byen, svar: str) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = [svar]
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.forsoek == 1)
    await byen.vent_paa_status("klar")
    assert byen.postkasse.brev == []
    byen.klokke.frem(minutes=6)
    [utfall] = await byen.hoerer(MeldingSendt)
    assert (utfall.forsoek, len(byen.postkasse.brev)) == (2, 1)
    assert byen.fortalt(MeldingFeilet) == []


async def test_a_temporary_no_to_the_words_themselves_is_tried_again(byen: Byen) -> None:
    byen.postkasse.data_svar = ["452 4.3.1 Fullt"]
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.data_svar == [])
    await byen.vent_paa_status("klar")
    byen.klokke.frem(minutes=6)
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 1


async def test_a_permanent_no_fails_with_a_reason_in_bokmaal_and_is_not_tried_again(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["550 5.1.1 No such user"]
    await byen.bestill(byen.bestilling())
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert utfall.feil.permanent
    assert utfall.feil.tekst == "Mottakerens e-posttjener kjenner ikke adressen (kode 550)"
    byen.klokke.frem(hours=1)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert byen.postkasse.forsoek == 2


async def test_one_refused_mail_does_not_hold_up_the_others(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["borte@bydel.example"] = ["550 5.1.1 No such user"] * 10
    borte = byen.person("borte@bydel.example")
    await byen.bestill(*[byen.bestilling(borte if nr % 3 == 0 else None) for nr in range(30)])
    await byen.hoerer(MeldingSendt, 20)
    assert len(await byen.hoerer(MeldingFeilet, 10)) == 10


async def test_a_connection_lost_after_the_words_were_given_is_doubt_and_never_sent_again(byen: Byen) -> None:
    byen.postkasse.brudd_ved = "svar"
    await byen.bestill(byen.bestilling())
    [utfall] = await byen.hoerer(MeldingUviss)
    assert utfall.feil is not None
    assert not utfall.feil.permanent
    byen.postkasse.brudd_ved = None
    byen.klokke.frem(hours=1)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 2


async def test_a_goodbye_that_goes_wrong_does_not_end_the_queue(byen: Byen, monkeypatch: pytest.MonkeyPatch) -> None:
    gikk_galt = asyncio.Event()

    async def gaar_galt(_: Forbindelse) -> None:
        gikk_galt.set()
        raise RuntimeError

    with monkeypatch.context() as m:
        m.setattr(Forbindelse, "lukk", gaar_galt)
        await byen.bestill(byen.bestilling())
        await byen.hoerer(MeldingSendt)
        await vent_til(gikk_galt.is_set)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt, 2)


async def test_a_server_that_is_away_is_waited_for(byen: Byen, monkeypatch: pytest.MonkeyPatch) -> None:
    send = Forbindelse.send
    ble: list[Resultat] = []

    async def og_husk(*a: Any) -> Resultat:
        ble.append(await send(*a))
        return ble[-1]

    monkeypatch.setattr(Forbindelse, "send", og_husk)
    await byen.postkasse.stopp()
    await byen.bestill(*[byen.bestilling() for _ in range(3)])
    await vent_til(lambda: INGEN_VEI in ble)
    await byen.vent_paa_status("klar", 3)
    await byen.postkasse.start()
    assert {u.forsoek for u in await byen.hoerer(MeldingSendt, 3)} == {1}
    assert len(byen.postkasse.brev) == 3


async def test_what_cannot_go_out_in_time_fails_as_too_late(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["450 4.2.1 Later"] * 9
    await byen.bestill(byen.bestilling(send_foer=byen.klokke.now() + timedelta(minutes=1)))
    await vent_til(lambda: byen.postkasse.forsoek == 1)
    await byen.vent_paa_status("klar")
    byen.klokke.frem(minutes=2)
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert (utfall.feil.kode, byen.postkasse.brev) == ("for_sent", [])


async def test_an_order_withdrawn_before_it_went_is_never_sent(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["450 4.2.1 Later"]
    bestilling = byen.bestilling()
    await byen.bestill(bestilling)
    await vent_til(lambda: byen.postkasse.forsoek == 1)
    await byen.vent_paa_status("klar")
    await byen.trekk(bestilling)
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert utfall.feil.tekst == "Trukket før den ble sendt"
    byen.klokke.frem(minutes=10)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 1


async def test_an_order_that_has_gone_cannot_be_withdrawn(byen: Byen) -> None:
    bestilling = byen.bestilling()
    await byen.bestill(bestilling)
    await byen.hoerer(MeldingSendt)
    await byen.trekk(bestilling)
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt, 2)
    assert byen.fortalt(MeldingFeilet) == []


async def test_a_withdrawal_that_comes_before_its_order_holds_it_back(byen: Byen) -> None:
    bestilling = byen.bestilling()
    await byen.trekk(bestilling)
    await byen.vent_paa_trukket(bestilling)
    await byen.bestill(bestilling, byen.bestilling())
    await byen.hoerer(MeldingSendt)
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert (utfall.melding_id, utfall.feil.kode) == (bestilling.id, "trukket")
    assert len(byen.postkasse.brev) == 1


async def test_somebody_without_an_address_fails_with_that_reason(byen: Byen) -> None:
    await byen.bestill(byen.bestilling(byen.person(None)), byen.bestilling(uuid4()))
    utfall = await byen.hoerer(MeldingFeilet, 2)
    assert {u.feil.tekst for u in utfall if u.feil} == {"Ingen e-postadresse registrert"}


async def test_an_address_that_cannot_be_one_fails_alone(byen: Byen) -> None:
    await byen.bestill(byen.bestilling(byen.person("ikke en adresse\r\nBcc: x@y.example")), byen.bestilling())
    await byen.hoerer(MeldingSendt)
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert utfall.feil.kode == "ugyldig_adresse"


async def test_people_who_are_made_up_get_nothing_from_a_real_server(byen: Byen) -> None:
    await byen.bestill(byen.bestilling(byen.person(demo=True)))
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert utfall.feil.tekst == "Demopersoner får ikke e-post fra den ekte tjeneren"
    assert byen.postkasse.brev == []


@pytest.mark.parametrize("byen", [{"simulator": True}], indirect=True)
async def test_people_who_are_made_up_get_mail_in_the_simulator(byen: Byen) -> None:
    await byen.bestill(byen.bestilling(byen.person(demo=True)))
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 1


@pytest.mark.parametrize("byen", [{"smtp_bruker": "salto:riktig"}], indirect=True)
async def test_a_login_that_is_right_is_let_in(byen: Byen) -> None:
    byen.postkasse.krever = ("salto", "riktig")
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt)
    assert len(byen.postkasse.brev) == 1


@pytest.mark.parametrize("byen", [{"smtp_bruker": "salto:galt"}], indirect=True)
async def test_a_login_that_is_refused_fails_at_once_and_says_where_to_look(byen: Byen) -> None:
    byen.postkasse.krever = ("salto", "riktig")
    await byen.bestill(byen.bestilling())
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert "SALTO_SMTP_URL" in utfall.feil.tekst


@pytest.mark.parametrize("byen", [{"smtp_valg": "?starttls=1"}], indirect=True)
async def test_nothing_goes_in_the_clear_when_encryption_is_asked_for_and_not_offered(byen: Byen) -> None:
    await byen.bestill(byen.bestilling())
    await vent_til(lambda: byen.postkasse.forbindelser > 0)
    await byen.vent_paa_status("klar")
    assert (byen.postkasse.forsoek, byen.postkasse.brev) == (0, [])


@pytest.mark.parametrize("byen", [{"uten_tjener": True}], indirect=True)
async def test_without_a_mail_server_every_order_fails_and_says_why(byen: Byen) -> None:
    await byen.bestill(byen.bestilling())
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert utfall.feil is not None
    assert "SALTO_SMTP_URL" in utfall.feil.tekst


async def test_a_stop_finishes_what_is_under_way_and_hands_back_the_rest(byen: Byen) -> None:
    byen.postkasse.hold("svar")
    await byen.bestill(*[byen.bestilling() for _ in range(20)])
    await vent_til(lambda: byen.postkasse.samtidige == 8)
    assert byen.rom.stopp
    byen.postkasse.slipper.set()
    await byen.rom.stopp()
    statuser = [r.status for r in await byen.rader()]
    assert set(statuser) <= {"sendt", "klar"}
    assert statuser.count("sendt") == len(byen.postkasse.brev)
