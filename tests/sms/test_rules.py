"""How one message moves: tables, and what holds whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.register import Kontakt
from services.sms import rules, rules_feil, rules_koe
from services.sms.rules import Faktum, Rad, Steg
from services.sms.rules_feil import IKKE_SENDT, KOE_FULL, SENDT, TVIL, VENT, Dom, Slag, doem_svar, leveringsfeil

NAA = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)
ID, HENDELSE, PERSON, ARBEIDER = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=5)
RO = 30.0
NEI = Dom(Slag.AVVIST, rules_feil.STOPPET)


def rad(status: str = "klar", **felt: object) -> Rad:
    grunn = Rad(
        id=ID,
        utkalling_id=None,
        hendelse_id=HENDELSE,
        person_id=PERSON,
        til_direkte=None,
        aarsak=UUID(int=4),
        tekst="SaLTo ELG #7K2QX",
        ref="7K2QX",
        prioritet=2,
        bestilt=NAA,
        send_foer=NAA + timedelta(hours=1),
        oevelse=False,
        status=status,
        forsoek=0 if status == "klar" else 1,
        neste=NAA,
        startet=None if status == "klar" else NAA,
        leie_til=None,
        sid=None,
        blikk=0,
        ikke_funnet=0,
        trekkes=False,
        arbeider=None if status == "klar" else ARBEIDER,
    )
    return replace(grunn, **felt)  # type: ignore[arg-type] # a test names what it wants otherwise


@pytest.mark.parametrize(
    ("status", "kode", "slag"),
    [
        (200, None, Slag.SENDT),
        (201, None, Slag.SENDT),
        (302, None, Slag.TVIL),
        (400, 21211, Slag.AVVIST),
        (400, 21610, Slag.AVVIST),
        (400, 21614, Slag.AVVIST),
        (400, 21606, Slag.AVVIST),
        (400, 21611, Slag.VENT),
        (400, 99999, Slag.AVVIST),
        (400, None, Slag.AVVIST),
        (401, 20003, Slag.STANS),
        (401, None, Slag.STANS),
        (403, 20003, Slag.STANS),
        (404, 20404, Slag.STANS),
        (404, 404, Slag.STANS),
        (403, None, Slag.STANS),
        (403, 21612, Slag.AVVIST),
        (408, None, Slag.TVIL),
        (429, 20429, Slag.VENT),
        (429, None, Slag.VENT),
        (500, 20500, Slag.TVIL),
        (502, None, Slag.TVIL),
        (503, 20503, Slag.TVIL),
        (504, None, Slag.TVIL),
        (0, None, Slag.TVIL),
    ],
)
def test_only_a_2xx_a_definite_4xx_and_a_429_are_certain(status: int, kode: int | None, slag: Slag) -> None:
    assert doem_svar(status, kode).slag is slag


def test_a_refusal_without_words_for_it_is_for_good_and_heard_about() -> None:
    dom = doem_svar(400, 29999)
    assert dom.ukjent
    assert dom.feil
    assert (dom.feil.kode, dom.feil.permanent) == ("29999", True)


def test_a_full_queue_is_left_alone_for_a_while() -> None:
    ny, _ = rules.etter_anrop(rad("sender"), 1, KOE_FULL, None, NAA)
    assert (ny.status, ny.neste >= NAA + timedelta(seconds=30)) == ("klar", True)


@pytest.mark.parametrize(
    ("kode", "tekst", "permanent"),
    [
        (30003, "Telefonen er av eller utenfor dekning", False),
        (30005, "Nummeret er ukjent eller ikke i bruk", True),
        (30007, "Operatøren stoppet meldingen", True),
        (30036, "Fristen gikk ut før meldingen kom fram", False),
        (21610, "Mottakeren har sagt STOPP til SMS fra oss", True),
        (31999, "Meldingen kom ikke fram (31999)", False),
        (None, "Meldingen kom ikke fram (ukjent grunn)", False),
    ],
)
def test_a_delivery_error_has_words(kode: int | None, tekst: str, permanent: bool) -> None:
    grunn = leveringsfeil(kode)
    assert (grunn.tekst, grunn.permanent) == (tekst, permanent)


@pytest.mark.parametrize(
    ("dom", "sid", "status", "sagt"),
    [
        (SENDT, "SM1", "sendt", ["sendt"]),
        (SENDT, None, "tvil", []),
        (NEI, None, "feilet", ["feilet"]),
        (VENT, None, "klar", []),
        (Dom(Slag.STANS), None, "klar", []),
        (IKKE_SENDT, None, "klar", []),
        (TVIL, None, "tvil", []),
    ],
)
@pytest.mark.parametrize("foer", ["sender", "tvil"])
def test_what_a_call_came_to(foer: str, dom: Dom, sid: str | None, status: str, sagt: list[str]) -> None:
    ny, fakta = rules.etter_anrop(rad(foer), 1, dom, sid, NAA)
    assert (ny.status, [f.slag for f in fakta]) == (status, sagt)


@pytest.mark.parametrize("dom", [NEI, VENT, IKKE_SENDT, TVIL])
def test_a_verdict_about_an_older_attempt_changes_nothing(dom: Dom) -> None:
    naa = rad("sender", forsoek=2)
    assert rules.etter_anrop(naa, 1, dom, None, NAA) == (naa, ())


@pytest.mark.parametrize("status", ["klar", "sender", "tvil", "uviss", "trukket", "feilet"])
def test_proof_of_acceptance_beats_whatever_we_believed(status: str) -> None:
    ny, fakta = rules.etter_anrop(rad(status, forsoek=2), 1, SENDT, "SM1", NAA)
    assert (ny.status, ny.sid, [f.slag for f in fakta]) == ("sendt", "SM1", ["sendt"])


@pytest.mark.parametrize(
    ("foer", "ord_", "status", "sagt"),
    [
        ("sender", "queued", "sendt", ["sendt"]),
        ("tvil", "sent", "sendt", ["sendt"]),
        ("sender", "delivered", "levert", ["sendt", "levert"]),
        ("uviss", "failed", "feilet", ["sendt", "feilet"]),
        ("sendt", "sent", "sendt", []),
        ("sendt", "delivered", "levert", ["levert"]),
        ("sendt", "read", "levert", ["levert"]),
        ("sendt", "undelivered", "feilet", ["feilet"]),
        ("sendt", "et nytt ord", "sendt", []),
        ("feilet", "delivered", "levert", ["levert"]),
        ("feilet", "undelivered", "feilet", []),
        ("levert", "sent", "levert", []),
        ("levert", "undelivered", "levert", []),
        ("levert", "delivered", "levert", []),
    ],
)
def test_the_providers_words_never_go_backwards(foer: str, ord_: str, status: str, sagt: list[str]) -> None:
    sid = "SM1" if foer in {"sendt", "levert", "feilet"} else None
    ny, fakta = rules.etter_ord(rad(foer, sid=sid), "SM1", ord_, 30003, NAA)
    assert (ny.status, [f.slag for f in fakta]) == (status, sagt)


def test_another_copy_that_fails_does_not_fail_the_one_we_know() -> None:
    kjent = rad("sendt", sid="SM1")
    assert rules.etter_ord(kjent, "SM2", "undelivered", 30003, NAA) == (kjent, ())
    assert rules.dobbel(kjent, "SM2")


def let(r: Rad, sekunder: float) -> Steg:
    return rules.etter_leting(r, r.blikk, NAA + timedelta(seconds=sekunder), RO)


def test_looks_in_vain_are_spread_over_the_settling_time_before_one_new_attempt() -> None:
    r, naa, blikk = rad("tvil", neste=NAA + timedelta(seconds=10)), 10.0, []
    while r.status == "tvil":
        naa = (r.neste - NAA).total_seconds()
        blikk.append(naa)
        r, _ = let(r, naa)
    assert blikk == [10, 20, 30]
    assert (r.status, r.ikke_funnet) == ("klar", 1)


def test_long_after_the_attempt_several_looks_are_still_made() -> None:
    r, _ = let(rad("tvil", startet=None), 3600)
    assert (r.status, r.blikk, r.neste) == ("tvil", 1, NAA + timedelta(seconds=3605))


@pytest.mark.parametrize("hopp", [7200, -7200])
def test_when_the_clock_was_moved_after_the_attempt_the_looks_themselves_take_the_settling_time(hopp: float) -> None:
    r, sekund, blikk = rad("tvil", startet=NAA), float(hopp), []
    while r.status == "tvil":
        blikk.append(sekund - hopp)
        r, _ = let(r, sekund)
        sekund = (r.neste - NAA).total_seconds()
    assert blikk == [0, RO / 2, RO]
    assert (r.status, r.ikke_funnet) == ("klar", 1)


def test_a_look_that_another_has_overtaken_counts_for_nothing() -> None:
    naa = rad("tvil", blikk=2)
    assert rules.etter_leting(naa, 1, NAA + timedelta(hours=1), RO) == (naa, ())


def test_after_three_attempts_in_doubt_a_person_decides() -> None:
    r, fakta = let(rad("tvil", blikk=2, ikke_funnet=2, forsoek=3), 60)
    assert (r.status, [f.slag for f in fakta]) == ("uviss", ["uviss"])


def test_workers_that_die_again_and_again_leave_nothing_to_a_person() -> None:
    tatt = replace(rad("sender", blikk=0, ikke_funnet=2, forsoek=9), leie_til=NAA)
    r, fakta = let(replace(rules.etter_leien(tatt, NAA), blikk=2), 60)
    assert (r.status, r.ikke_funnet, fakta) == ("klar", 2, ())


def test_an_old_order_that_was_never_attempted_is_free_to_be_sent() -> None:
    r, _ = let(rad("tvil", blikk=2, forsoek=0, startet=None), 60)
    assert (r.status, r.ikke_funnet) == ("klar", 0)


@pytest.mark.parametrize(("sekunder", "status"), [(60, "tvil"), (3599, "tvil"), (3601, "uviss")])
def test_what_cannot_be_looked_up_waits_until_its_time_is_out(sekunder: float, status: str) -> None:
    r, _ = rules.etter_brudd(rad("tvil"), 0, NAA + timedelta(seconds=sekunder), RO)
    assert (r.status, r.blikk) == (status, 0)


@pytest.mark.parametrize(
    ("status", "etter", "sagt"),
    [
        ("klar", "trukket", ["feilet"]),
        ("sender", "sender", []),
        ("tvil", "tvil", []),
        ("sendt", "sendt", []),
        ("levert", "levert", []),
        ("feilet", "feilet", []),
    ],
)
def test_a_withdrawal_takes_what_waits_and_leaves_what_is_sent(status: str, etter: str, sagt: list[str]) -> None:
    ny, fakta = rules.trekk(rad(status))
    assert (ny.status, [f.slag for f in fakta], ny.trekkes) == (etter, sagt, status in {"sender", "tvil"})


@pytest.mark.parametrize("dom", [VENT, IKKE_SENDT, Dom(Slag.STANS)])
def test_withdrawn_on_its_way_it_does_not_come_back_to_the_queue(dom: Dom) -> None:
    r, _ = rules.trekk(rad("sender"))
    ny, fakta = rules.etter_anrop(r, 1, dom, None, NAA)
    assert (ny.status, [f.feil and f.feil.kode for f in fakta]) == ("trukket", ["trukket"])


@pytest.mark.parametrize(
    ("felt", "stoppet", "leverandoer", "simulator", "kode"),
    [
        ({}, False, True, False, None),
        ({"mobil": None}, False, True, False, "ingen_mobil"),
        ({"mobil": "900 00 001"}, False, True, False, "21211"),
        ({"demo": True}, False, True, False, "demo"),
        ({"demo": True}, False, True, True, None),
        ({}, True, True, False, "21610"),
        ({}, False, False, False, "ingen_leverandoer"),
    ],
)
def test_why_a_due_message_is_not_sent(
    felt: dict[str, object], stoppet: bool, leverandoer: bool, simulator: bool, kode: str | None
) -> None:
    kontakt = Kontakt(**{"person_id": PERSON, "mobil": "+4790000001", **felt})
    grunn = rules_koe.hindring(rad(), kontakt, NAA, stoppet=stoppet, har_leverandoer=leverandoer, simulator=simulator)
    assert (grunn.kode if grunn else None) == kode


@pytest.mark.parametrize(
    ("sekunder", "ventet"), [(-5, 1), (0, 1), (0.4, 1), (600, 600), (36_000, 36_000), (90_000, 36_000)]
)
def test_validity_is_what_is_left_within_twilios_bounds(sekunder: float, ventet: int) -> None:
    assert rules_koe.gyldig_sekunder(NAA + timedelta(seconds=sekunder), NAA) == ventet


@pytest.mark.parametrize(("sekunder", "status"), [(0, "klar"), (59, "klar"), (60, "klar"), (61, "tvil")])
def test_an_order_older_than_a_minute_is_looked_up_first(sekunder: float, status: str) -> None:
    assert rules_koe.foerste_status(NAA, NAA + timedelta(seconds=sekunder)) == status


@dataclass
class Verden:
    """The provider and our row, while chance decides what is lost between them."""

    rad: Rad = field(default_factory=rad)
    naa: datetime = NAA
    kopier: int = 0
    fakta: list[Faktum] = field(default_factory=list)

    def ta(self, steg: Steg) -> None:
        self.rad, fakta = steg
        self.fakta += fakta

    def proev(self, tatt: bool, hoert: str) -> None:
        """One attempt: taken by the provider or not, and what we get to know about it."""
        self.rad = replace(self.rad, status="sender", forsoek=self.rad.forsoek + 1, startet=self.naa, arbeider=ARBEIDER)
        self.kopier += tatt
        dom = {"svar": SENDT if tatt else VENT, "tvil": TVIL, "nei": TVIL if tatt else NEI}.get(hoert)
        if dom is None:  # we were killed
            self.naa += timedelta(seconds=15)
            self.rad = rules.etter_leien(self.rad, self.naa)
        else:
            self.ta(rules.etter_anrop(self.rad, self.rad.forsoek, dom, "SM1" if dom is SENDT else None, self.naa))

    def let(self) -> None:
        """Looks as often as the rules say, until it is known: what was taken is there to be seen."""
        while self.rad.status == "tvil":
            self.naa = max(self.naa, self.rad.neste)
            if self.kopier:
                self.ta(rules.etter_ord(self.rad, "SM1", "queued", None, self.naa))
            else:
                self.ta(rules.etter_leting(self.rad, self.rad.blikk, self.naa, RO))


@given(
    gang=st.lists(st.tuples(st.booleans(), st.sampled_from(["svar", "tvil", "nei", "drept"])), max_size=8),
    trekkes_etter=st.integers(0, 8),
)
def test_the_provider_never_gets_two_copies_and_we_know_whether_it_has_one(
    gang: list[tuple[bool, str]], trekkes_etter: int
) -> None:
    verden = Verden()
    for nr, (tatt, hoert) in enumerate(gang):
        if verden.rad.status != "klar":
            break
        verden.proev(tatt, hoert)
        if nr == trekkes_etter:
            verden.ta(rules.trekk(verden.rad))
        verden.let()
    assert verden.kopier <= 1
    assert (verden.rad.status == "sendt") == (verden.kopier == 1)
    assert verden.rad.ikke_funnet <= rules.FORSOEK_I_TVIL_MAKS
    assert [f.slag for f in verden.fakta].count("sendt") == verden.kopier


Steget = Callable[[Rad], Steg]


def om_litt(sekunder: int) -> datetime:
    return NAA + timedelta(seconds=sekunder)


def ord_(sid: str, status: str) -> Steget:
    return lambda r: rules.etter_ord(r, sid, status, 30008, NAA)


def anrop(nr: int, dom: Dom) -> Steget:
    return lambda r: rules.etter_anrop(r, nr, dom, "SM1" if dom is SENDT else None, NAA)


def leting(sett: int, sekunder: int) -> Steget:
    return lambda r: rules.etter_leting(r, sett, om_litt(sekunder), RO)


def brudd(sett: int, sekunder: int) -> Steget:
    return lambda r: rules.etter_brudd(r, sett, om_litt(sekunder), RO)


ORD = ["queued", "sending", "sent", "delivered", "undelivered", "failed", "read", "tull"]
STEG = st.one_of(
    st.builds(ord_, st.sampled_from(["SM1", "SM2"]), st.sampled_from(ORD)),
    st.builds(anrop, st.integers(1, 3), st.sampled_from([SENDT, NEI, VENT, IKKE_SENDT, TVIL])),
    st.builds(leting, st.integers(0, 3), st.integers(0, 100)),
    st.builds(brudd, st.integers(0, 3), st.integers(0, 9000)),
    st.just(rules.trekk),
)


@given(st.lists(STEG, max_size=25))
def test_whatever_comes_in_whatever_order_each_thing_is_told_once_and_forwards(alle: list[Steget]) -> None:
    r, sagt = rad("sender"), []
    for steget in alle:
        foer = r
        r, fakta = steget(foer)
        sagt += [f.slag for f in fakta]
        if foer.sid:
            assert r.sid == foer.sid
            assert r.status in {"sendt", "levert", "feilet"}
        if foer.status == "levert":
            assert (r, fakta) == (foer, ())
    assert sagt.count("sendt") == (r.sid is not None)
    assert sagt.count("levert") == (r.status == "levert")
