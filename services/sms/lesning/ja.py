"""The yes, with or without a time: every word in it is known, or it is no yes."""

from collections.abc import Sequence

from contracts.lesning import Betydning, Lesning
from services.sms.lesning.ledd import Ledd
from services.sms.lesning.slag import Slag
from services.sms.lesning.tid import MINST_BARE_TALL
from services.sms.lesning.utsagn import ALLTID, JA, TID, klart, slag_i

SISTE_TIME = 23
"""«kommer 19» may be a time of day; «kommer 30» is not."""
_TALL_ETTER = frozenset({"takk", "hei", "naa", "da", "ca", "cirka", "omtrent", "dessverre", "beklager", "sorry", "her"})


def ja(ledd: Sequence[Ledd]) -> Lesning | None:
    """`kommer` with the minutes it promises, `spoer` for a number under five; None when it is no clear yes."""
    slag = slag_i(ledd)
    tider = [x for x in ledd if x.slag in TID | {Slag.FOERST}]
    if len(tider) > 1 or not (slag & JA or tider):
        return None
    lov = JA | ALLTID | {Slag.SNART, Slag.TAKK_FOR, Slag.DRAR_NAA}
    lov |= _lov_med_tid(ledd, tider[0]) if tider else {Slag.AVREISE}
    if slag & JA:
        lov |= {Slag.ROS}
    if Slag.KAN in slag:
        lov |= {Slag.MEDVERB}
    if not tider and (slag & {Slag.JA, Slag.KAN} or any(x.form == "stiller" for x in ledd)):
        lov |= {Slag.DAG}
    if tider and tider[0].slag is Slag.FOERST and tider[0].form.startswith("ikke") and not slag & (JA - {Slag.FOERST}):
        return None
    if slag - lov or _bare_kvittert(ledd) or (tider and not _tid_er_ankomst(ledd, tider[0])):
        return None
    if tider and tider[0].slag is Slag.TALL:
        return _bare_tall(ledd, tider[0])
    return klart(Betydning.KOMMER, ledd, minutter=tider[0].minutter if tider else None)


def _lov_med_tid(ledd: Sequence[Ledd], tid: Ledd) -> set[Slag]:
    """A time makes «framme» and «er der» a promise; «men» may stand before «kommer ikke før …» alone."""
    lov = {tid.slag, Slag.FRAMME, Slag.DER}
    if slag_i(ledd) & {Slag.FRAMME, Slag.DER}:
        lov |= {Slag.AVREISE}
    i = ledd.index(tid)
    if tid.slag is Slag.TALL and i + 1 < len(ledd) and ledd[i + 1].slag is Slag.PERSONER:
        lov |= {Slag.PERSONER}
    if tid.slag is Slag.FOERST and i and all(x.slag is not Slag.MEN for x in (*ledd[: i - 1], *ledd[i:])):
        lov |= {Slag.MEN}
    return lov


def _bare_kvittert(ledd: Sequence[Ledd]) -> bool:
    """«ok, takk for beskjed» says that it was read; «ja så» and «ja ja» say nothing."""
    slag = slag_i(ledd)
    if Slag.TAKK_FOR in slag and not slag & (JA - {Slag.OKEI}):
        return True
    if slag & JA <= {Slag.OKEI} and not slag & TID and (Slag.ROS in slag or any(x.form == "takk" for x in ledd)):
        return True
    ord_ = [x.form for x in ledd if x.slag is not Slag.UTROP]
    return ord_ in (["ja", "ja"], ["ja", "saa"], ["ok", "saa"], ["ja", "ja", "ja"], ["ja", "ja", "da"])


def _tid_er_ankomst(ledd: Sequence[Ledd], tid: Ledd) -> bool:
    """Whether the time says when the sender is there, not when the sender leaves or came, or a line or a crowd."""
    i = ledd.index(tid)
    foran = ledd[i - 1] if i else None
    if tid.slag is Slag.KLOKKE:
        lover = slag_i(ledd) & (JA | {Slag.FRAMME, Slag.DER})
        kom = slag_i(ledd) & {Slag.FRAMME, Slag.DER} and tid.minutter is None
        return bool(lover) and not kom and not (foran and foran.slag is Slag.PAA_VEI and not tid.skille)
    if foran is None or tid.skille or tid.slag is Slag.FOERST:
        return True
    if foran.form.startswith("tar ") or (tid.slag is Slag.VARIGHET and _er_opphold(foran, tid)):
        return False
    return not (foran.slag in {Slag.PAA_VEI, Slag.DRAR_NAA} and tid.form == "om")


def _er_opphold(foran: Ledd, tid: Ledd) -> bool:
    """«kan stille 2 timer» is how long, «kommer 20 min» how soon."""
    if tid.form == "om" or foran.slag not in {Slag.KAN, Slag.KOMMER, Slag.DER, Slag.FRAMME}:
        return False
    return foran.form != "kommer" or (tid.minutter or 0) >= 60


def _bare_tall(ledd: Sequence[Ledd], tall: Ledd) -> Lesning | None:
    """`ja 20` is minutes. Under five: people, hours or minutes? (API §4). `kommer 19` may be a time of day."""
    i, verdi = ledd.index(tall), tall.minutter or 0
    etter = ledd[i + 1] if i + 1 < len(ledd) else None
    if etter and etter.slag is Slag.PERSONER:
        return klart(Betydning.KOMMER, ledd) if slag_i(ledd[:i]) & {Slag.JA, Slag.KOMMER, Slag.KAN} else None
    if (
        etter
        and not etter.skille
        and tall.form != "om"
        and etter.slag not in {Slag.KODEORD, Slag.NAER, Slag.FYLL, Slag.UTROP}
    ):
        return None
    if verdi < MINST_BARE_TALL:
        lesning = klart(Betydning.SPOER, ledd)
        grunn = "Tallet kan være personer, timer eller minutter."
        return lesning.model_copy(update={"antall_uklart": True, "grunn": grunn})
    return klart(Betydning.KOMMER, ledd, minutter=verdi) if _tall_er_minutter(ledd, i, verdi) else None


def _tall_er_minutter(ledd: Sequence[Ledd], i: int, verdi: int) -> bool:
    foran = ledd[i - 1] if i else None
    if foran is None or ledd[i].form == "om" or foran.slag in {Slag.JA, Slag.OKEI, Slag.KODEORD, Slag.NAER}:
        return True
    if foran.slag is Slag.UTROP or (foran.slag is Slag.FYLL and foran.form in _TALL_ETTER):
        return True
    return foran.slag in {Slag.KOMMER, Slag.PAA_VEI, Slag.FRAMME} and foran.form != "stiller" and verdi > SISTE_TIME
