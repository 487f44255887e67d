"""How long: «en halvtime», «1 time og 20 min», «halvannen time», «20 min», «et kvarter», in minutes."""

from collections.abc import Sequence

from services.sms.lesning.ord import ARTIKKEL, MINUTT, TALL, TIME

_HALVTIME = frozenset({"halvtime", "halvtimes", "halvtimen"})
_KVARTER = frozenset({"kvarter", "kvarters", "kvart"})
_MEST_M, _MEST_T = 60, 12
"""«500 m» is metres, and «20 t» is a slip; spelt out they are what they say."""
_DESIMALER = {"5": 0.5, "25": 0.25, "75": 0.75}


def varighet(ord_: Sequence[str], j: int) -> tuple[int, int] | None:
    """Minutes and words of «en halvtime», «1 time og 20 min», «halvannen time», «20 min», «et kvarter»."""
    k = j + (ord_[j] in ARTIKKEL)
    rest = ord_[k : k + 6]
    if not rest:
        return None
    fast = _fast_varighet(rest, artikkel=k > j) or _tall_og_enhet(rest)
    if fast is None and k > j:
        fast, k = _tall_og_enhet(ord_[j : j + 6]), j
    if fast is None:
        return None
    minutter, lengde = fast
    if minutter % 60 == 0 and minutter:
        tillegg, mer = _tillegg(ord_, k + lengde)
        minutter, lengde = minutter + tillegg, lengde + mer
    return minutter, k - j + lengde


def _fast_varighet(rest: Sequence[str], *, artikkel: bool) -> tuple[int, int] | None:
    foerste, andre = rest[0], rest[1] if len(rest) > 1 else ""
    if foerste in _HALVTIME:
        return 30, 1
    if foerste == "halv" and andre in TIME:
        return 30, 2
    if foerste in {"kvarter", "kvarters"}:
        return 15, 1
    if foerste == "trekvart" and andre in TIME:
        return 45, 2
    if foerste in {"tre", "3"} and andre in _KVARTER and rest[2:3] != ["over"]:
        return 45, 2 + (len(rest) > 2 and rest[2] in TIME)
    if foerste in {"halvannen", "halvanna", "halvtanna"} and andre in TIME:
        return 90, 2
    if artikkel and foerste in {"time", "times"}:
        return 60, 1
    return None


def _tall_og_enhet(rest: Sequence[str]) -> tuple[int, int] | None:
    """«20 min», «1,5 t», «to timer», «to og en halv time»."""
    antall = _tallverdi(rest[0])
    if antall is None or len(rest) < 2:
        return None
    if rest[1] in MINUTT and antall == int(antall):
        return None if rest[1] == "m" and (antall > _MEST_M or rest[2:3] == ["unna"]) else (int(antall), 2)
    if rest[1] in TIME:
        return None if rest[1] in {"t", "h"} and antall > _MEST_T else (int(antall * 60), 2)
    if list(rest[1:4]) == ["og", "en", "halv"] and len(rest) > 4 and rest[4] in TIME:
        return int(antall * 60) + 30, 5
    return None


def _tallverdi(form: str) -> float | None:
    if form in TALL:
        return TALL[form]
    hele, skille, desimal = form.replace(".", ",").partition(",")
    if not hele.isdecimal() or len(hele) > 3 or (skille and desimal not in _DESIMALER):
        return None
    return int(hele) + (_DESIMALER[desimal] if skille else 0)


def _tillegg(ord_: Sequence[str], i: int) -> tuple[int, int]:
    """The minutes after a whole number of hours: «og 20 min», «30», «og et kvarter», «og en halv»."""
    k = i + (i < len(ord_) and ord_[i] == "og")
    rest = ord_[k : k + 3]
    if list(rest[:2]) == ["en", "halv"] and k > i:
        return 30, k - i + 2
    if k > i and rest and rest[0] in ARTIKKEL:
        rest, k = rest[1:], k + 1
    if rest and (fast := _fast_varighet(rest, artikkel=False) or _tall_og_enhet(rest)) and fast[0] < 60:
        return fast[0], k - i + fast[1]
    if rest and rest[0].isdecimal() and len(rest[0]) == 2 and int(rest[0]) < 60 and ord_[i - 1] in {"t", "h"}:
        return int(rest[0]), k - i + 1
    return 0, 0
