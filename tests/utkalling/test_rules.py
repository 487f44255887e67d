"""Who is asked, reminded and replaced, and what an answer does: tables, no fixtures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.event import Aktoer
from contracts.hendelse import Alvorlighet
from contracts.mobilisering import Kanal
from contracts.roller import Rolle
from contracts.utkalling import UtkallingStatus
from services.utkalling import rules, rules_kall, rules_vara
from services.utkalling.sak import Sak
from tests.utkalling.bord import (
    NAA,
    START,
    av,
    bemannet_av,
    hendelse,
    med_kalte,
    mottaker,
    neste,
    person,
    rolle,
    sak,
    svarer,
)

MINUTT, TIME = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({"start": NAA + 12 * TIME}, NAA + 30 * MINUTT),
        ({"start": NAA - TIME}, NAA + 30 * MINUTT),
        ({"start": START, "alvorlighet": Alvorlighet.AKUTT}, NAA + 30 * MINUTT),
        ({"start": None, "alvorlighet": Alvorlighet.AKUTT}, NAA + 30 * MINUTT),
        ({"start": NAA + 12 * TIME + MINUTT}, NAA + 12 * TIME + MINUTT),  # 24 h would be after it has begun
        ({"start": NAA + 24 * TIME}, NAA + 24 * TIME),
        ({"start": START}, NAA + 24 * TIME),
        ({"start": None}, NAA + 24 * TIME),
    ],
)
def test_the_default_deadline_is_half_an_hour_when_it_hurries_else_a_day_and_never_after_the_start(
    felt: dict[str, Any], ventet: datetime
) -> None:
    assert rules_kall.standardfrist(hendelse(**felt), NAA) == ventet


@pytest.mark.parametrize(
    ("svarfrist", "ventet"),
    [(NAA + 3 * TIME, NAA + 3 * TIME), (NAA, NAA + 24 * TIME), (NAA - TIME, NAA + 24 * TIME), (None, NAA + 24 * TIME)],
)
def test_the_hendelses_own_deadline_counts_while_it_is_ahead(svarfrist: datetime | None, ventet: datetime) -> None:
    assert rules_kall.svarfrist(hendelse(svarfrist=svarfrist), NAA) == ventet


def test_each_person_is_called_once_however_often_it_is_decided() -> None:
    bord = med_kalte(mottaker(1), mottaker(2))
    rules_kall.kall_ut(bord, [mottaker(1), mottaker(2), mottaker(3)], avlyst=False)
    assert [bord.utkallinger[i].person_id for i in bord.vedtak.nye] == [person(3)]
    assert {o.person_id for o in bord.vedtak.ordre} == {person(3)}


@pytest.mark.parametrize(
    ("kanaler", "stoppet", "ventet"),
    [
        (("sms", "epost"), False, ["sms", "epost"]),
        (("sms",), False, ["sms"]),
        (("epost",), False, ["epost"]),
        (("sms", "epost"), True, ["epost"]),
        (("sms",), True, []),
    ],
)
def test_a_call_out_goes_on_every_channel_that_is_open(
    kanaler: tuple[Kanal, ...], stoppet: bool, ventet: list[str]
) -> None:
    bord = sak(stoppede=frozenset({person(1)} if stoppet else ()))
    rules_kall.kall_ut(bord, [mottaker(1, kanaler=kanaler)], avlyst=False)
    assert [o.kanal for o in bord.vedtak.ordre] == ventet


def test_who_is_only_informed_gets_no_deadline_and_no_answer_link() -> None:
    bord = sak()
    rules_kall.kall_ut(bord, [mottaker(1, art="orientering")], avlyst=False)
    assert av(bord, 1).svarfrist is None
    assert bord.vedtak.frister == []
    assert {o.formaal for o in bord.vedtak.ordre} == {"orientering"}
    assert not any(o.svarlenke for o in bord.vedtak.ordre)


def test_who_is_asked_is_reminded_after_two_thirds_of_the_time_and_replaced_at_its_end() -> None:
    bord = sak(hendelse=hendelse(svarfrist=NAA + 3 * TIME))
    rules_kall.kall_ut(bord, [mottaker(1)], avlyst=False)
    assert [(f.slag, f.frist) for f in bord.vedtak.frister] == [
        ("purring", NAA + 2 * TIME),
        ("svarfrist", NAA + 3 * TIME),
    ]


def test_what_was_decided_before_it_was_called_off_calls_nobody() -> None:
    bord = sak(aapen=False)
    rules_kall.kall_ut(bord, [mottaker(1)], avlyst=True)
    assert av(bord, 1).status is UtkallingStatus.AVLYST
    assert (bord.vedtak.ordre, bord.vedtak.frister) == ([], [])


def test_one_who_was_only_informed_and_is_asked_now_gets_a_question_and_a_deadline() -> None:
    bord = med_kalte(mottaker(1, art="orientering"))
    rules_kall.kall_ut(bord, [mottaker(1)], avlyst=False)
    assert [o.formaal for o in bord.vedtak.ordre] == ["utkalling", "utkalling"]
    assert av(bord, 1).svarfrist == NAA + 24 * TIME


def test_one_who_was_stood_down_and_is_called_again_starts_afresh() -> None:
    bord = med_kalte(mottaker(1))
    svarer(bord, 1, "kommer", eta=NAA + TIME, antall=4, sen=True)
    bord.sett(av(bord, 1), avlyst=True)
    bord = neste(bord, naa=NAA + TIME)
    rules_kall.kall_ut(bord, [mottaker(1)], avlyst=False)
    u = av(bord, 1)
    assert (u.status, u.svar, u.eta, u.antall, u.sen) == (UtkallingStatus.BESTILT, None, None, None, False)
    assert bord.vedtak.frister[-1].frist == NAA + 25 * TIME


def test_nei_calls_the_deputy_at_once() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50, 51])))
    svarer(bord, 1, "kommer_ikke")
    assert av(bord, 50).vara_for == av(bord, 1).id
    assert av(bord, 50).roller[0].vara == (person(51),)
    assert [(e.utkalling_id, e.vara, e.grunn) for e in bord.vedtak.eskalert] == [
        (av(bord, 1).id, (av(bord, 50).id,), "nei")
    ]


def test_the_deputy_who_says_nei_is_followed_by_the_next_and_then_by_a_shortfall() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50, 51])))
    for nr in (1, 50, 51):
        bord = neste(bord)
        svarer(bord, nr, "kommer_ikke")
    assert bord.vedtak.eskalert[0].vara == ()
    assert bord.vedtak.oppgaver


@pytest.mark.parametrize("foer", ["nei", "stille"])
def test_a_nei_after_the_deputy_was_called_neither_calls_another_nor_cries_shortfall(foer: str) -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50, 51])))
    if foer == "nei":
        svarer(bord, 1, "kommer_ikke")
        svarer(bord, 1, "kommer")
    else:
        bord = neste(bord, naa=NAA + 24 * TIME)
        rules.frist_naadd(bord, av(bord, 1), "svarfrist")
    bord = neste(bord)
    svarer(bord, 1, "kommer_ikke", etter=TIME)
    assert (bord.vedtak.nye, bord.vedtak.eskalert, bord.vedtak.oppgaver) == ([], [], [])


def test_a_deputy_may_say_nei_without_more_ado_when_the_holder_comes_after_all() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50, 51])))
    svarer(bord, 1, "kommer_ikke")
    bord = neste(bord)
    svarer(bord, 1, "kommer", etter=MINUTT)
    svarer(bord, 50, "kommer_ikke", etter=2 * MINUTT)
    assert bord.finn(person(51)) is None
    assert bord.vedtak.eskalert == []


def test_nei_with_no_deputy_is_told_each_time_never_in_silence() -> None:
    bord = med_kalte(mottaker(1))
    for svar in ("kommer_ikke", "kommer", "kommer_ikke"):
        bord = neste(bord)
        svarer(bord, 1, svar)
        assert len(bord.vedtak.eskalert) == (svar == "kommer_ikke")


def test_a_late_ja_leaves_the_called_deputy_standing() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])), naa=NAA)
    bord = neste(bord, naa=NAA + 24 * TIME)
    rules.frist_naadd(bord, av(bord, 1), "svarfrist")
    bord = neste(bord, naa=NAA + 25 * TIME)
    svarer(bord, 1, "kommer")
    assert av(bord, 1).status is UtkallingStatus.KOMMER
    assert av(bord, 1).sen
    assert not av(bord, 50).avlyst


def test_a_deputy_who_was_stood_down_is_asked_again_when_needed_again() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])))
    svarer(bord, 1, "kommer_ikke")
    for nr in (1, 50):
        bord.sett(av(bord, nr), avlyst=True)
    bord = neste(bord)
    rules_kall.kall_ut(bord, [mottaker(1, rolle(vara=[50]))], avlyst=False)
    svarer(bord, 1, "kommer_ikke", etter=MINUTT)
    assert bord.vedtak.eskalert[0].vara == (av(bord, 50).id,)
    assert not av(bord, 50).avlyst


def test_every_answer_is_kept_and_the_newest_counts() -> None:
    bord = med_kalte(mottaker(1))
    assert svarer(bord, 1, "kommer", etter=2 * MINUTT)
    assert not svarer(bord, 1, "kommer_ikke", etter=MINUTT)  # came out of order
    assert av(bord, 1).svar == "kommer"
    assert [k.svar for k in bord.vedtak.kvitteringer] == ["kommer", "kommer_ikke"]


@pytest.mark.parametrize(("etter", "sen"), [(24 * TIME, False), (24 * TIME + MINUTT, True)])
def test_an_answer_after_the_deadline_counts_and_is_marked_late(etter: timedelta, sen: bool) -> None:
    bord = med_kalte(mottaker(1))
    svarer(bord, 1, "kommer", etter=etter)
    assert (av(bord, 1).svar, av(bord, 1).sen) == ("kommer", sen)


def test_enough_is_said_once_and_one_may_answer_for_several() -> None:
    bord = med_kalte(mottaker(1), mottaker(2), mottaker(3), hendelse=bemannet_av(4))
    svarer(bord, 1, "kommer", antall=3)
    assert bord.vedtak.bemannet is None
    svarer(bord, 2, "kommer")
    assert bord.vedtak.bemannet == 4
    bord = neste(bord)
    svarer(bord, 3, "kommer")
    assert bord.vedtak.bemannet is None


@pytest.mark.parametrize(
    ("felt", "purres"),
    [
        ({}, True),
        ({"svar": "kommer"}, False),
        ({"svar": "kommer_ikke"}, False),
        ({"avlyst": True}, False),
        ({"art": "orientering"}, False),
        ({"kanalstatus": {"sms": "feilet", "epost": "sendt"}}, True),
    ],
)
def test_only_the_silent_are_reminded(felt: dict[str, Any], purres: bool) -> None:
    bord = med_kalte(mottaker(1))
    rules.frist_naadd(bord, bord.sett(av(bord, 1), **felt), "purring")
    assert bool(bord.vedtak.purret) is purres
    assert bool(bord.vedtak.ordre) is purres


@pytest.mark.parametrize(
    ("kanalstatus", "ventet"),
    [
        ({"sms": "feilet", "epost": "trukket"}, UtkallingStatus.FEILET),  # withdrawn counts as not ordered
        ({"sms": "trukket", "epost": "trukket"}, UtkallingStatus.PLANLAGT),
        ({"sms": "uviss", "epost": "trukket"}, UtkallingStatus.UVISS),
        ({"sms": "feilet", "epost": "bestilt"}, UtkallingStatus.BESTILT),
    ],
)
def test_the_best_channel_is_of_those_where_something_was_ordered(
    kanalstatus: dict[str, str], ventet: UtkallingStatus
) -> None:
    bord = med_kalte(mottaker(1))
    u = bord.sett(av(bord, 1), kanalstatus=kanalstatus)
    assert u.status is ventet
    assert u.dekker is (ventet is not UtkallingStatus.FEILET)


def test_a_reminder_does_not_go_where_the_call_out_failed() -> None:
    bord = med_kalte(mottaker(1))
    u = bord.sett(av(bord, 1), kanalstatus={"sms": "feilet", "epost": "sendt"})
    rules.frist_naadd(bord, u, "purring")
    assert [o.kanal for o in bord.vedtak.ordre] == ["epost"]


@pytest.mark.parametrize(("vara", "ventet"), [([50], UtkallingStatus.ESKALERT), ([], UtkallingStatus.UTLOEPT)])
def test_silence_at_the_deadline_calls_the_deputy_or_is_told(vara: list[int], ventet: UtkallingStatus) -> None:
    bord = med_kalte(mottaker(1, rolle(vara=vara)))
    bord = neste(bord, naa=NAA + 24 * TIME)
    rules.frist_naadd(bord, av(bord, 1), "svarfrist")
    assert av(bord, 1).status is ventet
    assert (bord.finn(person(50)) is not None) is bool(vara)
    assert bool(bord.vedtak.oppgaver) is not bool(vara)


def test_an_old_deadline_means_nothing_to_one_who_was_asked_again_since() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])), naa=NAA + TIME)
    rules.frist_naadd(bord, av(bord, 1), "svarfrist")
    assert bord.vedtak.eskalert == []


def test_a_closed_hendelse_reminds_nobody_and_calls_no_deputy() -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])))
    lukket: Sak = neste(bord, aapen=False, naa=NAA + 24 * TIME)
    for slag in ("purring", "svarfrist"):
        rules.frist_naadd(lukket, av(lukket, 1), slag)
    svarer(lukket, 1, "kommer_ikke")
    assert (lukket.vedtak.ordre, lukket.vedtak.nye) == ([], [])


@pytest.mark.parametrize(
    ("andre", "kalles"),
    [
        ([], True),
        ([mottaker(2)], False),
        ([mottaker(2, art="orientering")], True),
        ([mottaker(2, rolle("bydel:04"))], True),
    ],
)
def test_a_dead_phone_calls_the_deputy_unless_somebody_else_covers_the_role(andre: list[Any], kalles: bool) -> None:
    bord = med_kalte(mottaker(1, rolle(vara=[50])), *andre)
    rules.kanal_feilet(bord, bord.sett(av(bord, 1), kanalstatus={"sms": "feilet", "epost": "sendt"}))
    assert (bord.finn(person(50)) is not None) is kalles


def test_one_person_in_two_roles_is_replaced_in_both() -> None:
    roller = (rolle("bydel:05", vara=[50]), rolle("bydel:04", vara=[51]))
    bord = med_kalte(mottaker(1, *roller))
    svarer(bord, 1, "kommer_ikke")
    assert [av(bord, nr).roller[0].enhet for nr in (50, 51)] == ["bydel:05", "bydel:04"]


def test_a_deputy_who_is_called_in_the_own_role_too_keeps_both() -> None:
    bord = med_kalte(mottaker(1, rolle("bydel:05", vara=[50])))
    svarer(bord, 1, "kommer_ikke")
    bord = neste(bord)
    rules_kall.kall_ut(bord, [mottaker(50, rolle("bydel:07"))], avlyst=False)
    assert [r.enhet for r in av(bord, 50).roller] == ["bydel:07", "bydel:05"]
    assert bord.vedtak.ordre == []  # asked already


@pytest.mark.parametrize(
    ("av_rolle", "enhet", "kan"),
    [
        ("sekretariat", None, True),
        ("salto_sentrum", None, True),
        ("system", None, True),
        ("salto_koordinator", "bydel:05", True),
        ("linjeleder", "bydel:05", True),
        ("salto_koordinator", "bydel:04", False),
        ("salto_koordinator", None, False),
        ("gransker", None, False),
        ("politi", "driftsenhet:sentrum", False),
    ],
)
def test_an_answer_is_taken_for_the_own_unit_alone(av_rolle: str, enhet: str | None, kan: bool) -> None:
    bord = med_kalte(mottaker(1, rolle("bydel:05")))
    assert rules.roller_til_svar(bord, av(bord, 1), Aktoer(rolle=av_rolle, enhet=enhet)) is kan


def test_a_task_names_the_role_and_never_the_person() -> None:
    bord = med_kalte(mottaker(1, rolle("sentrum", slag=Rolle.SALTO_SENTRUM)))
    assert rules_vara.hvem(av(bord, 1)) == "SaLTo-sentrum"
