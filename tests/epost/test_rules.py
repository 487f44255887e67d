"""What the e-mail channel decides, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contracts.register import Kontakt
from services.epost import rules
from services.epost.rules import Hold, Lenke, Oppdrag, Resultat, Slag

NAA = datetime(2026, 11, 21, 12, tzinfo=UTC)
ID = UUID(int=1)
OPPDRAG = Oppdrag(
    id=ID,
    utkalling_id=ID,
    hendelse_id=ID,
    person_id=ID,
    emne="",
    tekst="",
    prioritet=2,
    forsoek=1,
    send_foer=NAA + timedelta(hours=1),
    svarlenke=True,
    oevelse=False,
)
LENKE = Lenke(
    sha256="0" * 64,
    utkalling_id=ID,
    person_id=ID,
    hendelse_id=None,
    utloeper=NAA,
    brukt=NAA,
    svar="kommer",
    eta_minutter=20,
    antall_svar=1,
    emne="",
    tekst="",
    oevelse=False,
)


@pytest.mark.parametrize(
    ("kode", "etter_data", "slag"),
    [
        (250, True, Slag.SENDT),
        (251, True, Slag.SENDT),
        (250, False, Slag.IGJEN),  # a yes to a question we did not ask is not a mail sent
        (421, False, Slag.IGJEN),
        (450, False, Slag.IGJEN),
        (452, True, Slag.IGJEN),  # the server has said that it did not take it
        (550, False, Slag.FEILET),
        (554, True, Slag.FEILET),
        (354, True, Slag.UVISS),
        (-1, True, Slag.UVISS),
        (-1, False, Slag.IGJEN),
    ],
)
def test_a_reply_means(kode: int, etter_data: bool, slag: Slag) -> None:
    assert rules.svar_fra_tjener(kode, etter_data=etter_data).slag is slag


@pytest.mark.parametrize(
    ("kode", "tekst", "hviler"),
    [
        (421, "Closing", True),
        (450, "4.7.0 Too many messages", True),
        (451, "4.3.2 Not accepting mail", True),
        (452, "4.5.3 Too many recipients", True),
        (450, "4.2.1 Mailbox busy", False),
        (452, "4.3.1 Mailbox full", False),
        (450, "", False),
        (550, "5.7.1 No", False),
    ],
)
def test_a_server_that_has_too_much_to_do_is_given_rest(kode: int, tekst: str, hviler: bool) -> None:
    assert rules.svar_fra_tjener(kode, tekst, etter_data=True).brems is hviler


SENERE = NAA + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("hold", "begynner", "avslutter"),
    [
        (Hold("sender", 1, SENERE), True, True),
        (Hold("sender", 1, NAA), False, True),  # the lease is out: may not begin, but knows what it knows
        (Hold("sender", 1, None), False, True),
        (Hold("sender", 2, SENERE), False, False),
        (Hold("uviss", 1, SENERE), False, True),
        (Hold("klar", 1, SENERE), False, False),
        (Hold("klar", 1, None, NAA), False, True),  # a person has said: send it again, and nobody has begun to
        (Hold("klar", 2, None, NAA), False, False),
        (Hold("trukket", 1, SENERE), False, False),
        (Hold("sendt", 1, SENERE), False, False),
        (None, False, False),
    ],
)
def test_only_the_attempt_that_has_the_row_may_begin_and_end(
    hold: Hold | None, begynner: bool, avslutter: bool
) -> None:
    assert rules.kan_begynne(hold, OPPDRAG, NAA) is begynner
    assert rules.kan_avslutte(hold, OPPDRAG) is avslutter


@pytest.mark.parametrize("kode", [500, 530, 550, 551, 552, 553, 554, 556, 599])
def test_every_refusal_has_a_reason_with_its_code(kode: int) -> None:
    feil = rules.svar_fra_tjener(kode, etter_data=False).feil
    assert feil is not None
    assert (feil.kode, feil.permanent, f"(kode {kode})" in feil.tekst) == (str(kode), True, True)


@pytest.mark.parametrize(
    ("forsoek", "sekunder"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (1000, 300)]
)
def test_each_try_waits_longer_up_to_five_minutes(forsoek: int, sekunder: int) -> None:
    neste = rules.neste_gang(rules.IGJEN, replace(OPPDRAG, forsoek=forsoek), NAA)
    assert neste == NAA + timedelta(seconds=sekunder)


def test_the_last_wait_ends_when_the_time_is_out_so_that_it_is_told() -> None:
    snart = NAA + timedelta(seconds=2)
    assert rules.neste_gang(rules.IGJEN, replace(OPPDRAG, send_foer=snart), NAA) == snart


def test_what_never_began_is_due_at_once() -> None:
    assert rules.neste_gang(rules.TILBAKE, replace(OPPDRAG, forsoek=7), NAA) == NAA


@pytest.mark.parametrize(
    ("naa", "trukket", "har_tjener", "ventet"),
    [
        (NAA, False, True, None),
        (NAA, True, True, rules.TRUKKET),
        (NAA + timedelta(hours=1), False, True, rules.FOR_SENT),
        (NAA + timedelta(hours=1), True, False, rules.TRUKKET),
        (NAA, False, False, rules.IKKE_SATT_OPP),
    ],
)
def test_an_order_is_stopped_before_it_is_sent(
    naa: datetime, trukket: bool, har_tjener: bool, ventet: Resultat | None
) -> None:
    assert rules.foer_sending(OPPDRAG, naa, trukket=trukket, har_tjener=har_tjener) == ventet


@pytest.mark.parametrize(
    ("kontakt", "simulator", "ventet"),
    [
        (None, False, rules.UTEN_ADRESSE),
        (Kontakt(person_id=ID), False, rules.UTEN_ADRESSE),
        (Kontakt(person_id=ID, epost=""), False, rules.UTEN_ADRESSE),
        (Kontakt(person_id=ID, epost="a@b.example"), False, "a@b.example"),
        (Kontakt(person_id=ID, epost="a@b.example", demo=True), True, "a@b.example"),
        (Kontakt(person_id=ID, epost="a@b.example", demo=True), False, rules.DEMOPERSON),
    ],
)
def test_the_recipient_is(kontakt: Kontakt | None, simulator: bool, ventet: str | Resultat) -> None:
    assert rules.mottaker(kontakt, simulator=simulator) == ventet


def test_the_same_press_is_the_same_answer_and_a_change_of_mind_is_another() -> None:
    ja = rules.svar_id(LENKE, "kommer", None)
    assert ja == rules.svar_id(LENKE, "kommer", None)
    etterpaa = replace(LENKE, antall_svar=2)
    andre = {
        rules.svar_id(LENKE, "kommer_ikke", None),
        rules.svar_id(LENKE, "kommer", 20),
        rules.svar_id(etterpaa, "kommer", None),
    }
    assert len(andre | {ja}) == 4


@pytest.mark.parametrize(
    ("svar", "eta", "etter", "ventet"),
    [
        ("kommer", 20, timedelta(seconds=30), True),
        ("kommer", 20, timedelta(minutes=1), False),
        ("kommer", None, timedelta(seconds=1), False),
        ("kommer_ikke", 20, timedelta(seconds=1), False),
    ],
)
def test_an_answer_is_a_repetition(svar: str, eta: int | None, etter: timedelta, ventet: bool) -> None:
    assert rules.gjentatt(LENKE, svar, eta, NAA + etter) is ventet
