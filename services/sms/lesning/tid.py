"""When: a length of time, a time of day or a bare number in a reply, as minutes from now."""

import re
from collections.abc import Sequence
from datetime import datetime

from services.sms.lesning.klokke import LENGST_MINUTTER, Funn, er_klokke_uten_kl, klokke, muntlig
from services.sms.lesning.ord import ARTIKKEL, TALL
from services.sms.lesning.slag import Slag
from services.sms.lesning.varighet import varighet

MINST_BARE_TALL = 5
MEST_BARE_TALL = 180
NOEDNUMRE = frozenset({110, 112, 113})

_KLOKKEFORM = re.compile(r"[0-9]{1,2}[:.][0-9]{2}|[0-9]{4}")
_OM = frozenset({"om"})
_OMTRENT = frozenset({"ca", "cirka", "omtrent"})
_INNEN = frozenset({"innen", "maks", "max", "senest", "seinest"})
_MED_ENHET = frozenset({"rundt", "omkring", "bruker", "brukar", "eta"})
"""«rundt 20» and «innen 20» may be a time of day; «rundt 20 min» and «innen kl 20» are what they say."""
_FORAN = _OM | _OMTRENT | _INNEN | _MED_ENHET
_MEST_LEDD = 4
_KLOKKE_ORD = frozenset({"kl", "klokka", "klokken", "klokke"})


def finn(ord_: Sequence[str], i: int, naa: datetime) -> Funn | None:
    """The time that starts at word `i`, if one does. `naa` is aware; clock times are Oslo's."""
    j, ledet = i, set[str]()
    while j < min(i + _MEST_LEDD, len(ord_)) and ord_[j] in _FORAN:
        ledet.add(ord_[j])
        j += 1
    funn = _etter_ledd(ord_, j, naa, ledet) if j < len(ord_) else None
    if funn is None:
        return None
    slutt = j + funn.lengde
    slutt += slutt < len(ord_) and ord_[slutt] in {"tid", "unna"}
    return funn._replace(lengde=slutt - i, med_om="om" in ledet)


def _etter_ledd(ord_: Sequence[str], j: int, naa: datetime, ledet: set[str]) -> Funn | None:
    if ord_[j] in _KLOKKE_ORD:
        return None if "om" in ledet else klokke(ord_, j + 1, naa, 1)
    if (lengde_i_tid := varighet(ord_, j)) is not None:
        minutter, lengde = lengde_i_tid
        return Funn(Slag.VARIGHET, minutter if minutter <= LENGST_MINUTTER else None, lengde)
    if "om" not in ledet and (paa_klokka := muntlig(ord_, j, naa)):
        return paa_klokka
    return _bare_tall(ord_, j, naa, ledet)


def _bare_tall(ord_: Sequence[str], j: int, naa: datetime, ledet: set[str]) -> Funn | None:
    """`20` is minutes, `19:30` and `1930` are times of day; a number word counts only after «om» and its like."""
    form = ord_[j]
    if "om" not in ledet and _KLOKKEFORM.fullmatch(form):
        return klokke(ord_, j, naa, 0) if er_klokke_uten_kl(form) else None
    if ledet & (_INNEN | _MED_ENHET) - {"eta", "maks", "max"}:
        return None
    if form.isdecimal() and len(form) <= 3:
        verdi = int(form)
        return None if verdi in NOEDNUMRE or verdi > MEST_BARE_TALL else Funn(Slag.TALL, verdi, 1)
    if form in TALL and form not in ARTIKKEL:
        return Funn(Slag.TALL, TALL[form], 1)
    return None
