"""What a reading means for the open call-outs: tables, no fixtures."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lesning import Betydning, Lesning
from services.utkalling.tolkning import Aapen, Utfall, Venter, tolk

NAA = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
ELG, HEGRE = UUID(int=1), UUID(int=2)


def _elg(svar: Betydning | None = None) -> Aapen:
    return Aapen(ELG, "ELG", svar)


def _hegre(svar: Betydning | None = None) -> Aapen:
    return Aapen(HEGRE, "HEGRE", svar)


JA, JA_20 = Lesning(svar=Betydning.KOMMER), Lesning(svar=Betydning.KOMMER, eta_minutter=20)
BARE_ELG = Lesning(svar=None, kodeord=("ELG",))


@pytest.mark.parametrize("svar", [Betydning.KOMMER, Betydning.KOMMER_IKKE, Betydning.INFO])
def test_with_one_open_and_no_kodeord_the_answer_is_about_that_one(svar: Betydning) -> None:
    tolkning = tolk(Lesning(svar=svar), [_elg()], None, NAA)
    assert (tolkning.betydning, tolkning.gjelder, tolkning.utfall) == (svar, (ELG,), Utfall.FORSTAATT)


def test_the_eta_follows_the_answer() -> None:
    assert tolk(JA_20, [_elg()], None, NAA).eta_minutter == 20


@pytest.mark.parametrize(
    "svar",
    [Betydning.KOMMER, Betydning.KOMMER_IKKE, Betydning.FRAMME, Betydning.FERDIG, Betydning.INFO, Betydning.SPOER],
)
def test_with_two_open_and_no_kodeord_nothing_is_guessed(svar: Betydning) -> None:
    tolkning = tolk(Lesning(svar=svar), [_elg(Betydning.KOMMER), _hegre()], None, NAA)
    assert (tolkning.betydning, tolkning.utfall) == (Betydning.SPOER, Utfall.HVILKEN)
    assert tolkning.gjelder == (ELG, HEGRE)


@pytest.mark.parametrize("svar", [Betydning.HJELP, Betydning.STOPP, Betydning.START])
@pytest.mark.parametrize("aapne", [[], [_elg()], [_elg(), _hegre()]])
def test_help_stop_and_start_are_about_every_open_call_out(svar: Betydning, aapne: list[Aapen]) -> None:
    tolkning = tolk(Lesning(svar=svar), aapne, None, NAA)
    assert (tolkning.betydning, tolkning.gjelder) == (svar, tuple(a.id for a in aapne))


def test_a_kodeord_says_which() -> None:
    tolkning = tolk(Lesning(svar=Betydning.KOMMER_IKKE, kodeord=("HEGRE",)), [_elg(), _hegre()], None, NAA)
    assert (tolkning.betydning, tolkning.gjelder) == (Betydning.KOMMER_IKKE, (HEGRE,))


@pytest.mark.parametrize(
    ("lesning", "lukkede", "utfall"),
    [
        (Lesning(svar=Betydning.KOMMER, kodeord=("TIUR",)), ("TIUR",), Utfall.LUKKET),
        (BARE_ELG.model_copy(update={"kodeord": ("TIUR",)}), ("TIUR",), Utfall.LUKKET),
        (Lesning(svar=Betydning.INFO, kodeord=("TIUR",)), (), Utfall.UKJENT_KODEORD),
        (Lesning(svar=Betydning.KOMMER, kodeord=("ELG", "HEGRE")), (), Utfall.FLERE_KODEORD),
        (Lesning(svar=None, kodeord=("ELG", "HEGRE")), (), Utfall.FLERE_KODEORD),
        (BARE_ELG, (), Utfall.BARE_KODEORD),
    ],
)
def test_a_kodeord_that_points_nowhere_is_said_so(lesning: Lesning, lukkede: tuple[str, ...], utfall: Utfall) -> None:
    tolkning = tolk(lesning, [_elg(), _hegre()], None, NAA, lukkede)
    assert (tolkning.betydning, tolkning.utfall) == (Betydning.UKLART, utfall)
    assert tolkning.grunn


def test_a_kodeord_is_open_before_it_is_closed() -> None:
    assert (
        tolk(Lesning(svar=Betydning.KOMMER, kodeord=("ELG",)), [_elg()], None, NAA, ("ELG",)).betydning
        is Betydning.KOMMER
    )


@pytest.mark.parametrize(
    ("aapne", "kreves", "betydning", "gjelder"),
    [
        ([_elg(), _hegre()], True, Betydning.KOMMER, (HEGRE,)),
        ([_hegre()], False, Betydning.KOMMER, (HEGRE,)),
        ([_elg()], True, Betydning.UKLART, (ELG,)),
        ([_elg()], False, Betydning.KOMMER, (ELG,)),
        ([], True, Betydning.UKLART, ()),
    ],
)
def test_a_misspelt_kodeord_is_taken_only_for_an_open_one(
    aapne: list[Aapen], kreves: bool, betydning: Betydning, gjelder: tuple[UUID, ...]
) -> None:
    lesning = Lesning(svar=Betydning.KOMMER, kodeord_naer=("HEGRE",), naer_kreves=kreves)
    tolkning = tolk(lesning, aapne, None, NAA)
    assert (tolkning.betydning, tolkning.gjelder) == (betydning, gjelder)


def test_a_word_near_two_open_kodeord_is_taken_for_neither() -> None:
    lesning = Lesning(svar=Betydning.KOMMER, kodeord_naer=("ELG", "HEGRE"), naer_kreves=True)
    assert tolk(lesning, [_elg(), _hegre()], None, NAA).utfall is Utfall.UKJENT_KODEORD


@pytest.mark.parametrize(
    ("minutter", "betydning", "eta"),
    [(0, Betydning.KOMMER, 20), (12, Betydning.KOMMER, 8), (30, Betydning.KOMMER, 0), (31, Betydning.UKLART, None)],
)
def test_a_bare_kodeord_completes_the_answer_that_waits_for_thirty_minutes(
    minutter: int, betydning: Betydning, eta: int | None
) -> None:
    venter = Venter(JA_20, NAA - timedelta(minutes=minutter))
    tolkning = tolk(BARE_ELG, [_elg(), _hegre()], venter, NAA)
    assert (tolkning.betydning, tolkning.eta_minutter, tolkning.gjelder) == (betydning, eta, (ELG,))


def test_a_misspelt_kodeord_completes_too() -> None:
    lesning = Lesning(svar=None, kodeord_naer=("HEGRE",), naer_kreves=True)
    assert tolk(lesning, [_elg(), _hegre()], Venter(JA, NAA), NAA).gjelder == (HEGRE,)


def test_a_whole_answer_counts_over_the_one_that_waits() -> None:
    nei = Lesning(svar=Betydning.KOMMER_IKKE, kodeord=("ELG",))
    assert tolk(nei, [_elg(), _hegre()], Venter(JA_20, NAA), NAA).betydning is Betydning.KOMMER_IKKE


@pytest.mark.parametrize("svar", [Betydning.FRAMME, Betydning.FERDIG])
@pytest.mark.parametrize(
    ("foer", "forstaatt"),
    [
        (None, False),
        (Betydning.KOMMER_IKKE, False),
        (Betydning.FERDIG, False),
        (Betydning.KOMMER, True),
        (Betydning.FRAMME, True),
    ],
)
def test_there_and_done_only_after_coming_or_there(svar: Betydning, foer: Betydning | None, forstaatt: bool) -> None:
    tolkning = tolk(Lesning(svar=svar), [_elg(foer)], None, NAA)
    assert tolkning.betydning is (svar if forstaatt else Betydning.UKLART)
    assert (tolkning.utfall is Utfall.FEIL_REKKEFOELGE) is not forstaatt


@pytest.mark.parametrize(
    ("foer", "svar"),
    [
        (Betydning.KOMMER, Betydning.KOMMER_IKKE),
        (Betydning.KOMMER_IKKE, Betydning.KOMMER),
        (Betydning.FRAMME, Betydning.KOMMER),
    ],
)
def test_a_person_may_change_the_answer(foer: Betydning, svar: Betydning) -> None:
    assert tolk(Lesning(svar=svar), [_elg(foer)], None, NAA).betydning is svar


@pytest.mark.parametrize(
    "svar", [Betydning.KOMMER, Betydning.KOMMER_IKKE, Betydning.FRAMME, Betydning.INFO, Betydning.SPOER]
)
def test_with_nothing_open_there_is_nothing_to_answer(svar: Betydning) -> None:
    tolkning = tolk(Lesning(svar=svar), [], None, NAA)
    assert (tolkning.betydning, tolkning.utfall, tolkning.gjelder) == (Betydning.UKLART, Utfall.INGEN_AAPNE, ())


def test_a_number_that_is_asked_about_says_so() -> None:
    tolkning = tolk(Lesning(svar=Betydning.SPOER, antall_uklart=True, grunn="Tall."), [_elg()], None, NAA)
    assert (tolkning.betydning, tolkning.utfall, tolkning.grunn) == (Betydning.SPOER, Utfall.HVILKET_TALL, "Tall.")


def test_an_unclear_text_stays_unclear_and_keeps_its_reason() -> None:
    lesning = Lesning(svar=Betydning.UKLART, kodeord=("HEGRE",), grunn="To ting.")
    tolkning = tolk(lesning, [_elg(), _hegre()], Venter(JA, NAA), NAA)
    assert (tolkning.betydning, tolkning.gjelder, tolkning.grunn) == (Betydning.UKLART, (HEGRE,), "To ting.")


_LESNINGER = st.builds(
    Lesning,
    svar=st.none() | st.sampled_from(Betydning),
    eta_minutter=st.none() | st.integers(0, 720),
    kodeord=st.lists(st.sampled_from(["ELG", "HEGRE", "TIUR"]), max_size=2, unique=True).map(tuple),
    kodeord_naer=st.lists(st.sampled_from(["HEGRE", "TIUR"]), max_size=2, unique=True).map(tuple),
    naer_kreves=st.booleans(),
)
_AAPNE = st.lists(
    st.builds(Aapen, st.uuids(), st.sampled_from(["ELG", "HEGRE"]), st.none() | st.sampled_from(Betydning)),
    max_size=3,
    unique_by=lambda a: a.kodeord,
)


@given(_LESNINGER, _AAPNE, st.none() | st.builds(Venter, _LESNINGER, st.just(NAA)))
def test_a_definite_answer_is_always_about_exactly_one_open_call_out(
    lesning: Lesning, aapne: list[Aapen], venter: Venter | None
) -> None:
    tolkning = tolk(lesning, aapne, venter, NAA)
    assert set(tolkning.gjelder) <= {a.id for a in aapne}
    if tolkning.betydning in {
        Betydning.KOMMER,
        Betydning.KOMMER_IKKE,
        Betydning.FRAMME,
        Betydning.FERDIG,
        Betydning.INFO,
    }:
        assert len(tolkning.gjelder) == 1
        assert tolkning.utfall is Utfall.FORSTAATT
    if len(aapne) > 1 and not (lesning.kodeord or lesning.kodeord_naer):
        assert tolkning.betydning in {
            Betydning.SPOER,
            Betydning.UKLART,
            Betydning.HJELP,
            Betydning.STOPP,
            Betydning.START,
        }
