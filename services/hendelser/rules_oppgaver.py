"""Who sees which tasks, what they are to do about them, and which of them a person may close."""

from __future__ import annotations

from contracts.event import Aktoer
from contracts.hendelse import Hendelse
from services.hendelser.rules import OVERALT, kan_handle

SER_ALT = OVERALT | {"gransker"}
SER_SVAR = frozenset({"sekretariat", "salto_sentrum"})
"""Who may read the words of an unclear answer, and close a task."""
GRUPPER: dict[str, tuple[str, ...]] = {
    "Les svaret, og avgjør hva det betyr": ("uklart_svar",),
    "Ring": ("taus", "uviss", "feilet"),
    "Finn noen som kan ta rollen": ("mangel",),
    "Vurder": ("vurdering",),
    "Finn en annen vei enn SMS": ("stoppet",),
}
"""What there is to do, and the kinds of task it is done about; in the order they are shown."""


def ser(av: Aktoer, enhet: str | None, hendelse: Hendelse | None) -> bool:
    """Whether somebody sees a task: everything, or what is about the own unit or a hendelse one may act on.

    Args:
        av: who looks.
        enhet: the unit the task is about, if it is about one.
        hendelse: the hendelse the task is about, if it is about one.
    """
    if av.rolle in SER_ALT:
        return True
    if av.enhet is not None and av.enhet == enhet:
        return True
    return hendelse is not None and kan_handle(av, hendelse)


def kan_lukkes(slag: str) -> bool:
    """An assessment is answered with a reason (architecture law 7); everything else a person may call dealt with."""
    return slag != "vurdering"


def gruppe(slag: str) -> str:
    """What is to be done about a task of this kind."""
    return next((navn for navn, slagene in GRUPPER.items() if slag in slagene), "Annet")
