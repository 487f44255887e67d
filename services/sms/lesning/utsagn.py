"""What every rule is made of: the kinds of pieces that go together, and the two ways to answer."""

from collections.abc import Callable, Sequence

from contracts.lesning import Betydning, Lesning
from services.sms.lesning.ledd import Ledd
from services.sms.lesning.slag import Slag

Regel = Callable[[Sequence[Ledd]], Lesning | None]
"""Reads the pieces, or has no opinion."""

TID = frozenset({Slag.VARIGHET, Slag.KLOKKE, Slag.TALL, Slag.UKLAR_TID})
JA = frozenset({Slag.JA, Slag.KOMMER, Slag.KAN, Slag.OKEI, Slag.PAA_VEI, Slag.FOERST})
NEI = frozenset({Slag.NEI_ORD, Slag.NEI, Slag.OPPTATT})
ALLTID = frozenset({Slag.FYLL, Slag.KODEORD, Slag.NAER, Slag.UTROP})
"""Pieces that change nothing, wherever they stand."""

UKJENTE_ORD = "Svaret har ord vi ikke kjenner."
TO_TING = "Svaret sier to ting."


def uklart(grunn: str, ledd: Sequence[Ledd] = (), *, haster: bool = False) -> Lesning:
    """Not guessed: a person sees it, with the reason."""
    return Lesning(svar=Betydning.UKLART, kodeord=kodeord(ledd), grunn=grunn, haster=haster)


def kodeord(ledd: Sequence[Ledd]) -> tuple[str, ...]:
    """The kodeord written in full, each once, in the order they stand."""
    return tuple(dict.fromkeys(k for x in ledd if x.slag is Slag.KODEORD for k in x.kodeord))


def klart(svar: Betydning | None, ledd: Sequence[Ledd], *, minutter: int | None = None) -> Lesning:
    """A definite reading; a word one edit from a kodeord must then be that kodeord."""
    naer = [x for x in ledd if x.slag is Slag.NAER]
    skrevet = kodeord(ledd)
    if len(naer) > 1 or (naer and skrevet):
        return uklart(UKJENTE_ORD, ledd)
    return Lesning(
        svar=svar,
        eta_minutter=minutter,
        kodeord=skrevet,
        kodeord_naer=naer[0].kodeord if naer else (),
        naer_kreves=bool(naer),
    )


def slag_i(ledd: Sequence[Ledd]) -> set[Slag]:
    """The kinds of pieces in a reply."""
    return {x.slag for x in ledd}
