"""When: lengths of time, times of day and bare numbers in a reply, as minutes from now."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.sms.lesning.fraser import Slag
from services.sms.lesning.ord import ARTIKKEL, MINUTT, TALL, TIME

OSLO = ZoneInfo("Europe/Oslo")
LENGST_MINUTTER = 12 * 60
"""More than twelve hours ahead is no ETA (API.md §4)."""
MINST_BARE_TALL = 5
MEST_BARE_TALL = 180
NOEDNUMRE = frozenset({110, 112, 113})

_OM = frozenset({"om"})
_OMTRENT = frozenset({"ca", "cirka", "omtrent"})
_INNEN = frozenset({"innen", "maks", "max", "senest", "seinest"})
_KLOKKE = frozenset({"kl", "klokka", "klokken", "klokke"})
_HALVTIME = frozenset({"halvtime", "halvtimes", "halvtimen"})
_KVARTER = frozenset({"kvarter", "kvarters", "kvart"})
_DESIMALER = {"5": 0.5, "25": 0.25, "75": 0.75}
_KLOKKETALL = re.compile(r"(?P<t>[0-9]{1,2})(?:[.:,]?(?P<m>[0-9]{2}))?")
_HHMM = re.compile(r"(?P<t>[0-9]{2})(?P<m>[0-9]{2})")


class Funn(NamedTuple):
    """A time in the text: what kind, the minutes (None: too far ahead), how many words, and whether «om» led it."""

    slag: Slag
    minutter: int | None
    lengde: int
    med_om: bool = False


def finn(ord_: Sequence[str], i: int, naa: datetime) -> Funn | None:
    """The time that starts at word `i`, if one does. `naa` is aware; clock times are Oslo's."""
    j, ledet = i, set[str]()
    while j < len(ord_) and ord_[j] in _OM | _OMTRENT | _INNEN:
        ledet.add(ord_[j])
        j += 1
    funn = _etter_ledd(ord_, j, naa, ledet) if j < len(ord_) else None
    if funn is None:
        return None
    slutt = j + funn.lengde
    slutt += slutt < len(ord_) and ord_[slutt] in {"tid", "unna"}
    return funn._replace(lengde=slutt - i, med_om="om" in ledet)


def _etter_ledd(ord_: Sequence[str], j: int, naa: datetime, ledet: set[str]) -> Funn | None:
    if ord_[j] in _KLOKKE:
        return None if "om" in ledet else _klokke(ord_, j + 1, naa, 1)
    if (varighet := _varighet(ord_, j)) is not None:
        minutter, lengde = varighet
        return Funn(Slag.VARIGHET, minutter if minutter <= LENGST_MINUTTER else None, lengde)
    if "om" not in ledet and (muntlig := _muntlig(ord_, j, naa)):
        return muntlig
    return _bare_tall(ord_, j, naa, ledet)


def _bare_tall(ord_: Sequence[str], j: int, naa: datetime, ledet: set[str]) -> Funn | None:
    """`20` is minutes, `19:30` and `1930` are times of day; a number word counts only after «om» and its like."""
    form = ord_[j]
    if "om" not in ledet and (re.fullmatch(r"[0-9]{1,2}[:.][0-9]{2}", form) or _HHMM.fullmatch(form)):
        return _klokke(ord_, j, naa, 0) if _er_klokke_uten_kl(form) else None
    if form.isdecimal() and len(form) <= 3:
        verdi = int(form)
        return None if verdi in NOEDNUMRE or verdi > MEST_BARE_TALL else Funn(Slag.TALL, verdi, 1)
    if form in TALL and form not in ARTIKKEL:
        return Funn(Slag.TALL, TALL[form], 1)
    return None


def _er_klokke_uten_kl(form: str) -> bool:
    """`12.11` may be a date and `2026` a year; `19.30`, `14.00`, `12:11` and `1930` are times of day."""
    if ":" in form:
        return True
    timer, minutt = form[:-2].rstrip("."), int(form[-2:])
    return int(timer) < 24 and minutt % 5 == 0 and ("." not in form or minutt == 0 or minutt > 12)


def _klokke(ord_: Sequence[str], j: int, naa: datetime, foran: int) -> Funn | None:
    if j >= len(ord_):
        return None
    if muntlig := _muntlig(ord_, j, naa):
        return muntlig._replace(lengde=muntlig.lengde + foran)
    if ord_[j] in TALL and ord_[j] not in ARTIKKEL:
        return _paa_klokka(TALL[ord_[j]], 0, naa, 1 + foran, skrevet="")
    treff = _KLOKKETALL.fullmatch(ord_[j])
    if treff is None:
        return None
    return _paa_klokka(int(treff["t"]), int(treff["m"] or 0), naa, 1 + foran, skrevet=treff["t"])


def _paa_klokka(time: int, minutt: int, naa: datetime, lengde: int, *, skrevet: str) -> Funn | None:
    """`kl 19` is exact. `kl 7` in the evening may be tonight or tomorrow: unclear, unless written `07`."""
    if time > 24 or minutt > 59 or (time == 24 and minutt):
        return None
    til = minutter_til(naa, time % 24, minutt)
    if til is None and 1 <= time < 12 and not skrevet.startswith("0"):
        return Funn(Slag.UKLAR_TID, None, lengde)
    return Funn(Slag.KLOKKE, til, lengde)


def _muntlig(ord_: Sequence[str], j: int, naa: datetime) -> Funn | None:
    """«halv åtte», «kvart over sju», «kvart på sju»: the next one, morning or evening."""
    minutt, k = 0, j
    match ord_[j : j + 2]:
        case ["halv", _]:
            minutt, k = -30, j + 1
        case ["kvart", "over"]:
            minutt, k = 15, j + 2
        case ["kvart", "paa"]:
            minutt, k = -15, j + 2
        case _:
            return None
    time = _heltall(ord_[k]) if k < len(ord_) else None
    if time is None or not 1 <= time <= 12:
        return None
    i_dag, kl = _minutt_i_doegnet(naa), time * 60 + minutt
    return Funn(Slag.KLOKKE, (kl - i_dag) % LENGST_MINUTTER, k + 1 - j)


def _heltall(form: str) -> int | None:
    return int(form) if form.isdecimal() and len(form) <= 2 else TALL.get(form)


def _minutt_i_doegnet(naa: datetime) -> int:
    lokal = naa.astimezone(OSLO)
    return lokal.hour * 60 + lokal.minute


def minutter_til(naa: datetime, time: int, minutt: int) -> int | None:
    """Minutes from `naa` to the next `time:minutt` in Oslo, or None when that is more than twelve hours ahead."""
    fra = naa.astimezone(OSLO).replace(second=0, microsecond=0)
    til = fra.replace(hour=time, minute=minutt)
    if til.replace(tzinfo=None) < fra.replace(tzinfo=None):
        til += timedelta(days=1)
    minutter = round((til.astimezone(UTC) - fra.astimezone(UTC)).total_seconds() / 60)
    return minutter if 0 <= minutter <= LENGST_MINUTTER else None


def _varighet(ord_: Sequence[str], j: int) -> tuple[int, int] | None:
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
        return int(antall), 2
    if rest[1] in TIME:
        return int(antall * 60), 2
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
