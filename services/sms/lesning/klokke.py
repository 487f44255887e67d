"""What time: «kl 19», «19:30», «halv åtte», as minutes from now in Oslo."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.sms.lesning.ord import ARTIKKEL, TALL
from services.sms.lesning.slag import Slag

OSLO = ZoneInfo("Europe/Oslo")
LENGST_MINUTTER = 12 * 60
"""More than twelve hours ahead is no ETA (API §4)."""

_KLOKKETALL = re.compile(r"(?P<t>[0-9]{1,2})(?:[.:,]?(?P<m>[0-9]{2}))?")


class Funn(NamedTuple):
    """A time in the text: what kind, the minutes (None: too far ahead), how many words, and whether «om» led it."""

    slag: Slag
    minutter: int | None
    lengde: int
    med_om: bool = False


def er_klokke_uten_kl(form: str) -> bool:
    """`12.11` may be a date and `2026` a year; `19.30`, `14.00`, `12:11` and `1930` are times of day."""
    if ":" in form:
        return True
    timer, minutt = form[:-2].rstrip("."), int(form[-2:])
    return int(timer) < 24 and minutt % 5 == 0 and ("." not in form or minutt == 0 or minutt > 12)


def klokke(ord_: Sequence[str], j: int, naa: datetime, foran: int) -> Funn | None:
    """The time of day written at word `j`; `foran` words before it («kl») belong to it."""
    if j >= len(ord_):
        return None
    if (sagt := muntlig(ord_, j, naa)) is not None:
        return sagt._replace(lengde=sagt.lengde + foran)
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


def muntlig(ord_: Sequence[str], j: int, naa: datetime) -> Funn | None:
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
