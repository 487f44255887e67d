"""From plain text to pieces: each piece a phrase, a time, a kodeord or a word we do not know."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.kodeord import kanonisk, naere
from services.sms.lesning import tid
from services.sms.lesning.fraser import FRASER
from services.sms.lesning.klokke import Funn
from services.sms.lesning.nekting import INNSKUDD, nekting
from services.sms.lesning.ord import TALL, kanon
from services.sms.lesning.slag import Slag

_TEGN = re.compile(r"[0-9]+(?:[.,:][0-9]+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[?!+%<>*=$€£]|\d|[^\w\s]|\n|_")
_FORKORTET = re.compile(r"\b(kl|ca)\.")
_GJENTATT = re.compile(r"(.)\1{2,}")
_USIKRE_TEGN = frozenset("+%<>*$€£")
_KAN_NEKTES = {Slag.JA, Slag.FYLL, Slag.ROS, Slag.KAN, Slag.KOMMER, Slag.PAA_VEI}
_NO_ETTER = frozenset(
    {"kommer", "framme", "plass", "hjemme", "ferdig", "ikke", "opptatt", "vei", "er", "kan", "her", "der", "drar"}
)
_KODEORD_FORAN = frozenset({"til", "for", "paa", "gjelder", "ang", "angaaende", "vedr", "vedroerende"})


class Ledd(NamedTuple):
    """One piece of the reply, what it says, its words, and whether punctuation stands before it."""

    slag: Slag
    form: str
    skille: bool = False
    minutter: int | None = None
    kodeord: tuple[str, ...] = ()


class _Tegn(NamedTuple):
    form: str
    skille: bool


def del_opp(tekst: str, naa: datetime) -> tuple[Ledd, ...]:
    """The pieces of a normalised text, in order."""
    tegn = _tegn(tekst)
    ord_ = [t.form for t in tegn]
    ledd: list[Ledd] = []
    i = 0
    while i < len(tegn):
        nytt, lengde = _neste(tegn, ord_, i, naa)
        ledd.append(nytt._replace(skille=tegn[i].skille))
        i += lengde
    return tuple(ledd)


def _tegn(tekst: str) -> list[_Tegn]:
    ut: list[_Tegn] = []
    skille = False
    for form in _TEGN.findall(_FORKORTET.sub(r"\1 ", tekst)):
        if form[0].isalnum() or form in "?!" or form in _USIKRE_TEGN:
            for o in _ord(form.replace("'", "")):
                ut.append(_Tegn(o, skille))
                skille = False
            skille = form in "?!"
        else:
            skille = True
    return ut


def _ord(form: str) -> tuple[str, ...]:
    """The canonical words, with a drawn-out spelling (`jaaaa`, `neeei`) pulled together when that is a word."""
    ord_ = _delt(form) or kanon(form)
    if ord_ != (form,) or not _GJENTATT.search(form):
        return ord_
    for kort in (_GJENTATT.sub(r"\1", form), _GJENTATT.sub(r"\1\1", form)):
        if kort in FRASER or kanon(kort) != (kort,):
            return kanon(kort)
    return ord_


def _delt(form: str) -> tuple[str, ...] | None:
    """`jaelg` and `elgja`: an answer and a kodeord with the space forgotten."""
    for svar in ("ja", "nei", "ok"):
        if form.startswith(svar) and kanonisk(form.removeprefix(svar)):
            return svar, form.removeprefix(svar)
        if form.endswith(svar) and kanonisk(form.removesuffix(svar)):
            return form.removesuffix(svar), svar
    return None


def _neste(tegn: Sequence[_Tegn], ord_: Sequence[str], i: int, naa: datetime) -> tuple[Ledd, int]:
    form = ord_[i]
    if form == "?":
        return Ledd(Slag.SPM_TEGN, form), 1
    if form == "!":
        return Ledd(Slag.UTROP, form), 1
    if nektet := nekting(ord_[i : _setningsslutt(tegn, i)], 0, naa):
        hele = " ".join(ord_[i : i + nektet.lengde])
        return Ledd(nektet.slag, hele, minutter=nektet.minutter), nektet.lengde
    if funn := _tid(ord_, i, naa):
        return Ledd(funn.slag, "om" if funn.med_om else form, minutter=funn.minutter), funn.lengde
    return _frase(tegn, ord_, i) or _enkelt(ord_, i)


def _setningsslutt(tegn: Sequence[_Tegn], i: int) -> int:
    """Where the words that hang together from `i` end: «Kan. Ikke noe problem» is not «kan ikke»."""
    return next((j for j in range(i + 1, len(tegn)) if tegn[j].skille), len(tegn))


def _tid(ord_: Sequence[str], i: int, naa: datetime) -> Funn | None:
    """A time, unless it is a number word that stands alone: «ni» may be a «nei» typed in haste."""
    funn = tid.finn(ord_, i, naa)
    if funn and funn.slag is Slag.TALL and ord_[i] in TALL and (i == 0 or not _ja_foran(ord_[i - 1])):
        return None
    return funn


def _ja_foran(form: str) -> bool:
    return form in {"ja", "ok", "om", "kommer"} or kanonisk(form) is not None


def _frase(tegn: Sequence[_Tegn], ord_: Sequence[str], i: int) -> tuple[Ledd, int] | None:
    """The longest phrase that starts here, holds no punctuation, and is not turned round by an «ikke» after it."""
    for frase, slag in FRASER.get(ord_[i], ()):
        n = len(frase)
        if tuple(ord_[i : i + n]) != frase or any(t.skille for t in tegn[i + 1 : i + n]):
            continue
        if n > 1 and slag in _KAN_NEKTES and _nektet_etter(tegn, i + n):
            continue
        return Ledd(slag, " ".join(frase)), n
    return None


def _nektet_etter(tegn: Sequence[_Tegn], i: int) -> bool:
    """Whether an «ikke» hangs on what ended at `i`: «det kan jeg dessverre ikke»."""
    for t in tegn[i : i + 3]:
        if t.skille or t.form not in INNSKUDD | {"ikke"}:
            return False
        if t.form == "ikke":
            return True
    return False


def _enkelt(ord_: Sequence[str], i: int) -> tuple[Ledd, int]:
    form = ord_[i]
    if form == "ikke":
        return Ledd(Slag.IKKE, form), 1
    if form == "no" and i and ord_[i - 1] in _NO_ETTER:
        return Ledd(Slag.FYLL, form), 1
    if form in _KODEORD_FORAN and i + 1 < len(ord_) and (kanonisk(ord_[i + 1]) or naere(ord_[i + 1])):
        return Ledd(Slag.FYLL, form), 1
    if kodeord := kanonisk(form):
        return Ledd(Slag.KODEORD, form, kodeord=(kodeord,)), 1
    if naer := naere(form):
        return Ledd(Slag.NAER, form, kodeord=naer), 1
    return Ledd(Slag.UKJENT, form), 1
