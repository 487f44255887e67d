"""Which verbs an «ikke» belongs to: «kan dessverre ikke komme» is a no, «er ikke hjemme» is not."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.sms.lesning import tid
from services.sms.lesning.klokke import Funn
from services.sms.lesning.slag import Slag

INNSKUDD = frozenset(
    {
        "jeg",
        "vi",
        "det",
        "dette",
        "da",
        "bare",
        "dessverre",
        "altsaa",
        "heller",
        "likevel",
        "allikevel",
        "jo",
        "egentlig",
        "virkelig",
        "meg",
        "naa",
        "den",
    }
)
_SLENG = frozenset({"dessverre", "heller", "likevel", "allikevel", "det", "dette", "naa"})
_HALE = frozenset(
    {
        "komme",
        "moete",
        "stille",
        "delta",
        "bidra",
        "hjelpe",
        "rekker",
        "opp",
        "dit",
        "hit",
        "bli",
        "med",
        "vaere",
        "der",
        "det",
        "dette",
        "likevel",
    }
)
_MEDVERB = frozenset(
    {"komme", "moete", "stille", "delta", "bidra", "hjelpe", "rekker", "vaere", "bli", "klare", "kunne"}
)
_FRIE = frozenset(
    {"kan", "kommer", "stiller", "moeter", "deltar", "rekker", "gaar", "passer", "passar", "klarer", "orker"}
)
_FRIE_VIL = frozenset({"vil", "oensker"})
_FOERST = frozenset({"kan", "kommer", "stiller", "moeter", "rekker"})
_FOERST_HALER: dict[str, tuple[tuple[str, ...], ...]] = {
    "er": (("framme",), ("der",), ("paa", "plass"), ("her",)),
    "": ((), ("framme",)),
}
_DAGER = "i dag|idag|i kveld|ikveld|i natt|denne gangen"
_BUNDNE = {
    "har": "mulighet|anledning|tid|kapasitet|folk|barnevakt|ledig|sjanse|mulighet til det|anledning til det",
    "er": "ledig|tilgjengelig|mulig|aktuelt|i byen|i oslo|anledning",
    "faar": "til|til det|det til|kommet|fri|moett|stilt|deltatt|kommet meg|tatt meg fri|tatt fri",
    "blir": "med|aktuelt|mulig|med i dag|noe av",
    "": f"mulig|mulighet|anledning|tid|kapasitet|aktuelt|tilgjengelig|ledig|i byen|i oslo|{_DAGER}",
    "jeg": "kan|kommer|rekker|har mulighet|har anledning|har tid|kan komme|kan stille|kan moete",
}
_SVAKE = {
    "har": "bil|lyst|fri|nok folk|skyss",
    "er": "hjemme|paa jobb|paa vakt|frisk|i form|klar|paa kontoret",
    "": "naa|hjemme|paa jobb|paa vakt|frisk|i form",
}
"""Not a no, but the reason of one: «nei, er ikke på jobb»."""


def _haler(tabell: dict[str, str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    delt = {verb: [tuple(h.split()) for h in haler.split("|")] for verb, haler in tabell.items()}
    return {verb: tuple(sorted(haler, key=len, reverse=True)) for verb, haler in delt.items()}


BUNDNE, SVAKE = _haler(_BUNDNE), _haler(_SVAKE)


class Nekting(NamedTuple):
    """A no that a verb carries, or a `FOERST`: a yes with minutes; and how many words it took."""

    slag: Slag
    lengde: int
    minutter: int | None = None


def nekting(ord_: Sequence[str], i: int, naa: datetime) -> Nekting | None:
    """The negated verb that starts at word `i`, if one does."""
    verb = ord_[i]
    if verb == "ikke":
        return _bundet(ord_, i, i, "", naa)
    if verb not in _FRIE | _FRIE_VIL and verb not in BUNDNE:
        return None
    k = _forbi(ord_, i + 1, INNSKUDD, 4)
    if verb in {"kan", "vil"} and k < len(ord_) and ord_[k] in _MEDVERB:
        k = _forbi(ord_, k + 1, INNSKUDD | {"med", "der"}, 3)
    if k >= len(ord_) or ord_[k] != "ikke":
        return None
    if verb in BUNDNE:
        return _bundet(ord_, i, k, verb, naa)
    return _fritt(ord_, i, k + 1, naa, verb)


def _fritt(ord_: Sequence[str], i: int, k: int, naa: datetime, verb: str) -> Nekting:
    k = _forbi(ord_, k, _SLENG, 3)
    for ledd in (("til", "aa"), ("aa",)):
        if tuple(ord_[k : k + len(ledd)]) == ledd and k + len(ledd) < len(ord_) and ord_[k + len(ledd)] in _MEDVERB:
            k += len(ledd) + 1
            break
    k = _forbi(ord_, k, _HALE, 5)
    return (_foer(ord_, i, k, naa) if verb in _FOERST else None) or Nekting(Slag.NEI, k - i)


def _ikke_foer(ord_: Sequence[str], i: int, k: int, verb: str, naa: datetime) -> Nekting | None:
    """«er ikke framme før kl 19», «ja, men ikke før om 30 min»."""
    for hale in _FOERST_HALER[verb]:
        if tuple(ord_[k : k + len(hale)]) == hale and (foerst := _foer(ord_, i, k + len(hale), naa)):
            return foerst
    return None


def _foer(ord_: Sequence[str], i: int, k: int, naa: datetime) -> Nekting | None:
    """The `FOERST` that «før» and a time make; «før 20» may be minutes or a time of day, and makes none."""
    if k >= len(ord_) or ord_[k] != "foer":
        return None
    funn = tid.finn(ord_, k + 1, naa)
    if funn and (funn.slag in {Slag.VARIGHET, Slag.KLOKKE} or (funn.slag is Slag.TALL and funn.med_om)):
        return _foerst(funn, k + 1 + funn.lengde - i)
    return None


def _foerst(funn: Funn, lengde: int) -> Nekting:
    faa = funn.slag is Slag.TALL and (funn.minutter or 0) < tid.MINST_BARE_TALL
    return Nekting(Slag.TALL if faa else Slag.FOERST, lengde, funn.minutter)


def _bundet(ord_: Sequence[str], i: int, ikke: int, verb: str, naa: datetime) -> Nekting | None:
    k = _forbi(ord_, ikke + 1, _SLENG | {"noen", "noe"}, 3)
    if verb in _FOERST_HALER and (foerst := _ikke_foer(ord_, i, k, verb, naa)):
        return foerst
    for slag, haler in ((Slag.NEI, BUNDNE[verb]), (Slag.GRUNN, SVAKE.get(verb, ()))):
        for hale in haler:
            if tuple(ord_[k : k + len(hale)]) == hale:
                return Nekting(slag, _forbi(ord_, k + len(hale), _HALE, 3) - i)
    return None


def _forbi(ord_: Sequence[str], k: int, lov: frozenset[str], mest: int) -> int:
    slutt = k + mest
    while k < min(slutt, len(ord_)) and ord_[k] in lov:
        k += 1
    return k
