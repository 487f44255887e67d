"""Which roles stand unmanned on which days: tables over demo Oslo with holes made in it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle
from services.register import filer
from services.register.rules import planlegg
from services.register.rules_mangler import KREVDE, Funn, mangler
from services.register.rules_rader import Omfang, Register

I_DAG = date(2026, 11, 21)
OM_EN_UKE = I_DAG + timedelta(days=7)
FROGNER = (Rolle.SALTO_KOORDINATOR, "bydel:05")


def demo_oslo() -> list[RolleRad]:
    innlest = filer.les((Path(filer.__file__).parent / "data" / "demo.csv").read_bytes())
    return list(planlegg(innlest.rader, Register(), Omfang.RADER, uuid4).endring.fortelles)


OSLO = demo_oslo()
HOLDER = next(r for r in OSLO if (r.rolle, r.enhet) == FROGNER and r.vara_for is None)
DEPUTY = next(r for r in OSLO if (r.rolle, r.enhet) == FROGNER and r.vara_for is not None)


def se(
    *,
    uten: tuple[RolleRad, ...] = (),
    med: tuple[RolleRad, ...] = (),
    borte: tuple[tuple[UUID, date, date], ...] = (),
    til: date = I_DAG,
) -> list[Funn]:
    roller = [r for r in OSLO if r not in uten] + list(med)
    fravaer = [Fravaer(id=uuid4(), person_id=hvem, fra=fra, til=til_) for hvem, fra, til_ in borte]
    return list(mangler(roller, fravaer, I_DAG, til, demo_naas=True))


def test_table_o_has_forty_three_places_to_man() -> None:
    assert len(KREVDE) == 15 + 1 + 1 + 1 + 1 + 1 + 1 + 3 + 3 + 15


def test_demo_oslo_is_fully_manned_with_deputies() -> None:
    assert se(til=OM_EN_UKE) == []


def test_an_empty_register_lacks_everything() -> None:
    funn = mangler([], [], I_DAG, I_DAG, demo_naas=True)
    assert len(funn) == len(KREVDE)
    assert {(f.alvor, f.aarsak) for f in funn} == {("ubemannet", "ingen er registrert")}


def test_fictitious_people_man_nothing_where_the_gateway_is_real() -> None:
    funn = mangler(OSLO, [], I_DAG, I_DAG, demo_naas=False)
    assert {(f.alvor, f.aarsak) for f in funn} == {("ubemannet", "bare demopersoner, og de varsles aldri for alvor")}


@pytest.mark.parametrize(
    ("uten", "med", "borte", "alvor", "aarsak"),
    [
        ((HOLDER, DEPUTY), (), False, "ubemannet", "ingen er registrert"),
        ((HOLDER,), (), False, "bare_vara", "ingen er registrert"),
        ((DEPUTY,), (), False, "uten_vara", "ingen er registrert"),
        ((), (), True, "bare_vara", "alle er borte"),
        ((DEPUTY,), (), True, "ubemannet", "alle er borte"),
        ((HOLDER,), ({"har": ()},), False, "bare_vara", "ingen har mobil eller e-post som kan brukes"),
        ((HOLDER,), ({"gyldig_til": I_DAG - timedelta(days=1)},), False, "bare_vara", "ingen er gyldig i perioden"),
        ((HOLDER,), ({"gyldig_fra": I_DAG + timedelta(days=1)},), False, "bare_vara", "ingen er gyldig i perioden"),
    ],
)
def test_a_hole_is_found_with_its_gravity_and_reason(
    uten: tuple[RolleRad, ...], med: tuple[dict[str, object], ...], *, borte: bool, alvor: str, aarsak: str
) -> None:
    nye = tuple(HOLDER.model_copy(update=felt) for felt in med)
    (funn,) = se(uten=uten, med=nye, borte=((HOLDER.person_id, I_DAG, I_DAG),) if borte else ())
    assert (funn.rolle, funn.enhet, funn.alvor, funn.aarsak) == (*FROGNER, alvor, aarsak)


def test_absence_to_come_is_told_with_its_days() -> None:
    fra, til = I_DAG + timedelta(days=2), I_DAG + timedelta(days=4)
    borte = tuple((hvem.person_id, fra, til) for hvem in (HOLDER, DEPUTY))
    assert se(borte=borte) == []
    assert [(f.alvor, f.fra, f.til) for f in se(borte=borte, til=OM_EN_UKE)] == [("ubemannet", fra, til)]


def test_a_role_that_runs_out_is_seen_until_the_last_day_asked_for() -> None:
    siste = HOLDER.model_copy(update={"gyldig_til": I_DAG + timedelta(days=3)})
    (funn,) = se(uten=(HOLDER,), med=(siste,), til=OM_EN_UKE)
    assert (funn.alvor, funn.fra, funn.til) == ("bare_vara", I_DAG + timedelta(days=4), OM_EN_UKE)


def test_the_gravest_come_first() -> None:
    ff = next(r for r in OSLO if r.rolle is Rolle.FF)
    assert [f.alvor for f in se(uten=(DEPUTY, ff))] == ["ubemannet", "uten_vara"]


def test_uteseksjonen_may_be_written_under_either_of_its_units() -> None:
    ute = tuple(r for r in OSLO if r.rolle is Rolle.UTESEKSJONEN)
    assert se(uten=ute, med=(ute[0].model_copy(update={"enhet": "sentrum"}),)) == []
