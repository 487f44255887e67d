"""Who stands in a role on the day: holders, absence, validity, channels, and deputies in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from contracts.mobilisering import RolleGrunn
from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle
from services.routing.rules import Beslutning
from tests.routing.byen import DATO, beslutning, borte, hendelse, person, rad

KOORD, ENHET = Rolle.SALTO_KOORDINATOR, "bydel:12"
DAG = timedelta(days=1)
FAST = rad(KOORD, ENHET, "fast")
VARA = rad(KOORD, ENHET, "vara", vara_for="fast")
ANDRE = rad(KOORD, ENHET, "andre vara", vara_for="vara")


def svar(rader: Sequence[RolleRad], fravaer: Sequence[Fravaer] = ()) -> Beslutning:
    return beslutning(hendelse(sted="Furuset senter"), rader, fravaer)


def i_rollen(beslutning: Beslutning) -> dict[str, RolleGrunn]:
    navn = {person(ett): ett for ett in ("fast", "ny", "vara", "andre vara", "begge")}
    return {navn[en.person_id]: grunn for en in beslutning.mottakere for grunn in en.roller if grunn.rolle is KOORD}


def grunn_for(beslutning: Beslutning, navn: str) -> str:
    (grunn,) = [en.grunn for en in beslutning.ikke_valgt if en.person_id == person(navn)]
    return grunn


def aarsak(beslutning: Beslutning) -> str:
    return next((en.aarsak for en in beslutning.mangler if en.rolle is KOORD), "")


def test_the_holder_is_called_and_the_deputy_waits() -> None:
    svaret = svar([FAST, VARA])
    assert set(i_rollen(svaret)) == {"fast"}
    assert i_rollen(svaret)["fast"].vara == (person("vara"),)
    assert grunn_for(svaret, "vara") == "Vara: kalles bare hvis innehaveren svarer nei eller er stille."
    assert [en.person_id for en in svaret.vara] == [person("vara")]
    assert svaret.vara[0].kanaler == ("sms", "epost")


def test_every_holder_is_called() -> None:
    assert set(i_rollen(svar([FAST, rad(KOORD, ENHET, "ny")]))) == {"fast", "ny"}


def test_a_deputys_deputy_comes_after_the_deputy() -> None:
    assert i_rollen(svar([ANDRE, VARA, FAST]))["fast"].vara == (person("vara"), person("andre vara"))


def test_an_absent_holder_is_stood_in_for_at_once() -> None:
    svaret = svar([FAST, VARA, ANDRE], [borte("fast", DATO - DAG, DATO + DAG)])
    assert set(i_rollen(svaret)) == {"vara"}
    grunn = i_rollen(svaret)["vara"]
    assert "du kalles straks som vara" in grunn.grunn
    assert "fraværende" in grunn.grunn
    assert grunn.vara == (person("andre vara"),)
    assert grunn_for(svaret, "fast") == "Fraværende."
    assert not aarsak(svaret)


def test_an_absent_deputy_is_passed_over() -> None:
    svaret = svar([FAST, VARA, ANDRE], [borte("fast"), borte("vara")])
    assert set(i_rollen(svaret)) == {"andre vara"}
    assert grunn_for(svaret, "vara") == "Vara: fraværende."


def test_absence_on_other_days_does_not_matter() -> None:
    annen_dag = [borte("fast", DATO - 3 * DAG, DATO - DAG), borte("fast", DATO + DAG, DATO + DAG)]
    assert set(i_rollen(svar([FAST], annen_dag))) == {"fast"}


@pytest.mark.parametrize(
    ("feil", "grunn"),
    [
        (rad(KOORD, ENHET, "fast", til=DATO - DAG), "Rollen gjelder ikke på datoen."),
        (rad(KOORD, ENHET, "fast", fra=DATO + DAG), "Rollen gjelder ikke på datoen."),
        (rad(KOORD, ENHET, "fast", har=()), "Har verken mobil eller e-post å nås på."),
    ],
)
def test_a_holder_that_cannot_be_called_is_stood_in_for_too(feil: RolleRad, grunn: str) -> None:
    svaret = svar([feil, VARA])
    assert set(i_rollen(svaret)) == {"vara"}
    assert grunn_for(svaret, "fast") == grunn


def test_the_first_and_last_day_of_a_role_count() -> None:
    assert set(i_rollen(svar([rad(KOORD, ENHET, "fast", fra=DATO, til=DATO)]))) == {"fast"}


def test_a_renewed_role_counts_beside_its_expired_row() -> None:
    rader = [rad(KOORD, ENHET, "fast", til=DATO - DAG), rad(KOORD, ENHET, "fast", fra=DATO)]
    assert set(i_rollen(svar(rader))) == {"fast"}


def test_a_vacant_role_is_filled_by_its_deputy_and_said_to_be_vacant() -> None:
    svaret = svar([VARA])
    assert set(i_rollen(svaret)) == {"vara"}
    assert "ingen innehaver nå" in i_rollen(svaret)["vara"].grunn
    (ledig,) = [en.grunn for en in svaret.ikke_valgt if en.rolle is KOORD and en.person_id is None]
    assert ledig == "Rollen har ingen innehaver nå; vara er kalt i stedet."


def test_a_deputy_stands_in_for_one_only() -> None:
    rader = [FAST, rad(KOORD, ENHET, "ny"), VARA, rad(KOORD, ENHET, "vara", vara_for="ny")]
    svaret = svar(rader, [borte("fast"), borte("ny")])
    assert set(i_rollen(svaret)) == {"vara"}


def test_a_deputy_who_stands_in_is_no_longer_another_holders_deputy() -> None:
    rader = [FAST, rad(KOORD, ENHET, "ny"), VARA, rad(KOORD, ENHET, "vara", vara_for="ny")]
    roller = i_rollen(svar(rader, [borte("fast")]))
    assert set(roller) == {"ny", "vara"}
    assert roller["ny"].vara == ()


def test_two_who_are_each_others_deputies_are_both_called_and_wait_for_nobody() -> None:
    rader = [
        FAST,
        rad(KOORD, ENHET, "ny"),
        rad(KOORD, ENHET, "ny", vara_for="fast"),
        rad(KOORD, ENHET, "fast", vara_for="ny"),
    ]
    roller = i_rollen(svar(rader))
    assert set(roller) == {"fast", "ny"}
    assert all(not grunn.vara for grunn in roller.values())


@pytest.mark.parametrize(
    ("rader", "fravaer", "tekst"),
    [
        ([], [], "Ingen innehaver av rollen finnes i registeret."),
        ([rad(KOORD, "bydel:11", "fast")], [], "Ingen innehaver av rollen finnes i registeret."),
        ([FAST], [borte("fast")], "Alle som har rollen, er fraværende på datoen."),
        ([FAST, VARA], [borte("fast"), borte("vara")], "Alle som har rollen, er fraværende på datoen."),
        ([rad(KOORD, ENHET, "fast", har=())], [], "Ingen som har rollen, har mobil eller e-post å nås på."),
        (
            [rad(KOORD, ENHET, "fast", til=DATO - DAG)],
            [],
            "Ingen har rollen på datoen: den er utløpt eller har ikke begynt å gjelde.",
        ),
        (
            [FAST, rad(KOORD, ENHET, "ny", har=())],
            [borte("fast")],
            "Ingen som har rollen, kan nås: fraværende, har verken mobil eller e-post å nås på.",
        ),
    ],
)
def test_a_role_nobody_can_fill_is_a_shortfall_with_its_cause(
    rader: list[RolleRad], fravaer: list[Fravaer], tekst: str
) -> None:
    svaret = svar(rader, fravaer)
    assert not i_rollen(svaret)
    assert aarsak(svaret) == tekst


def test_who_is_only_informed_has_no_deputies() -> None:
    uten = beslutning(hendelse(sted="Furuset senter", maalgruppe=False), [FAST, VARA])
    assert i_rollen(uten)["fast"].vara == ()
    assert not uten.vara


def test_a_deputy_who_is_called_in_another_role_is_not_listed_as_left_out() -> None:
    rader = [FAST, rad(KOORD, ENHET, "begge", vara_for="fast"), rad(Rolle.POLITIKONTAKT, ENHET, "begge")]
    svaret = svar(rader)
    assert i_rollen(svaret)["fast"].vara == (person("begge"),)
    assert person("begge") in {en.person_id for en in svaret.mottakere}
    assert person("begge") not in {en.person_id for en in svaret.ikke_valgt}


def test_the_name_of_a_school_in_the_register_may_be_written_in_other_letters() -> None:
    svaret = beslutning(hendelse(sted="Etterstad vgs"), [rad(Rolle.REKTOR, "skole:ETTERSTAD Videregående skole")])
    assert Rolle.REKTOR in {grunn.rolle for en in svaret.mottakere for grunn in en.roller}
