"""Deputies of one who has several roles: called where there is one, told of where there is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from contracts.mobilisering import RolleGrunn
from contracts.roller import rolle_i_enhet
from services.utkalling import rules
from services.utkalling.rules_vara import Grunn
from services.utkalling.sak import Sak
from tests.utkalling.bord import NAA, START, av, med_kalte, mottaker, neste, person, rolle, svarer

FROGNER, ST_HANSHAUGEN = "bydel:05", "bydel:04"


def _faller_fra(bord: Sak, nr: int, grunn: Grunn) -> None:
    """Somebody says no, is silent till the end, or cannot be reached."""
    if grunn == "nei":
        svarer(bord, nr, "kommer_ikke")
    elif grunn == "stille":
        rules.frist_naadd(bord, av(bord, nr), "svarfrist")
    else:
        rules.kanal_feilet(bord, bord.sett(av(bord, nr), kanalstatus={"sms": "feilet", "epost": "sendt"}))


def _mangler(bord: Sak) -> list[str]:
    """The units somebody is missing in, as the tasks name them."""
    enheter = (FROGNER, ST_HANSHAUGEN)
    navn = {rolle_i_enhet(rolle().rolle, e): e for e in enheter}
    return [e for n, e in navn.items() for linje in bord.vedtak.oppgaver if linje.startswith(n)]


@pytest.mark.parametrize("grunn", ["nei", "stille", "feilet"])
@pytest.mark.parametrize("snudd", [False, True])
def test_of_two_roles_the_one_with_a_deputy_gets_one_and_the_other_is_a_shortfall(grunn: Grunn, snudd: bool) -> None:
    roller: list[RolleGrunn] = [rolle(FROGNER, vara=[50]), rolle(ST_HANSHAUGEN)]
    bord = med_kalte(mottaker(1, *(reversed(roller) if snudd else roller)))
    bord = neste(bord, naa=START if grunn == "stille" else NAA)
    _faller_fra(bord, 1, grunn)
    assert [r.enhet for r in av(bord, 50).roller] == [FROGNER]
    u = av(bord, 1)
    assert [(e.utkalling_id, e.vara, e.grunn) for e in bord.vedtak.eskalert] == [
        (u.id, (av(bord, 50).id,), grunn),
        (u.id, (), grunn),
    ]
    assert _mangler(bord) == [ST_HANSHAUGEN]
    assert (u.eskalert, u.utloept) == (True, False)


def test_the_shortfall_is_told_again_when_the_answer_becomes_no_again() -> None:
    bord = med_kalte(mottaker(1, rolle(FROGNER, vara=[50]), rolle(ST_HANSHAUGEN)))
    svarer(bord, 1, "kommer_ikke")
    bord = neste(bord)
    svarer(bord, 1, "kommer")
    svarer(bord, 1, "kommer_ikke")
    assert [e.vara for e in bord.vedtak.eskalert] == [()]
    assert _mangler(bord) == [ST_HANSHAUGEN]
    assert bord.vedtak.nye == []  # the deputy is called already


def test_one_deputy_for_both_roles_is_called_once_in_both() -> None:
    bord = med_kalte(mottaker(1, rolle(FROGNER, vara=[50]), rolle(ST_HANSHAUGEN, vara=[50])))
    svarer(bord, 1, "kommer_ikke")
    assert [r.enhet for r in av(bord, 50).roller] == [FROGNER, ST_HANSHAUGEN]
    assert [e.vara for e in bord.vedtak.eskalert] == [(av(bord, 50).id,)]
    assert len([o for o in bord.vedtak.ordre if o.kanal == "sms"]) == 1
    assert bord.vedtak.oppgaver == []


def test_two_roles_without_a_deputy_are_two_shortfalls_of_one_call_out() -> None:
    bord = med_kalte(mottaker(1, rolle(FROGNER), rolle(ST_HANSHAUGEN)))
    svarer(bord, 1, "kommer_ikke")
    assert [e.vara for e in bord.vedtak.eskalert] == [()]
    assert _mangler(bord) == [FROGNER, ST_HANSHAUGEN]


@pytest.mark.parametrize(
    ("andre", "varaer", "mangler"),
    [
        ([], {50}, [ST_HANSHAUGEN]),
        ([FROGNER], set(), [ST_HANSHAUGEN]),
        ([ST_HANSHAUGEN], {50}, []),
        ([FROGNER, ST_HANSHAUGEN], set(), []),
    ],
)
def test_a_dead_phone_matters_in_the_roles_nobody_else_covers(
    andre: Sequence[str], varaer: set[int], mangler: list[str]
) -> None:
    bord = med_kalte(
        mottaker(1, rolle(FROGNER, vara=[50]), rolle(ST_HANSHAUGEN)),
        *(mottaker(nr, rolle(enhet)) for nr, enhet in enumerate(andre, 2)),
    )
    _faller_fra(bord, 1, "feilet")
    assert {nr for nr in (50,) if bord.finn(person(nr))} == varaer
    assert _mangler(bord) == mangler


def test_the_role_one_is_only_informed_in_needs_no_deputy() -> None:
    til_orientering = rolle(ST_HANSHAUGEN).model_copy(update={"art": "orientering"})
    bord = med_kalte(mottaker(1, rolle(FROGNER, vara=[50]), til_orientering))
    svarer(bord, 1, "kommer_ikke")
    assert [e.vara for e in bord.vedtak.eskalert] == [(av(bord, 50).id,)]
    assert bord.vedtak.oppgaver == []
