"""What a change of a hendelse does: who comes in addition, who is stood down, and what others changed meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.roller import BYDELER
from services.hendelser.skjema_ny import JA, Skjema
from services.hendelser.skjemafeil import ETIKETTER
from services.hendelser.skjemavalg import VALG
from services.hendelser.visning_ny import Gruppe, grupper, stor

_AVKRYSSING = frozenset({"varslet", "stor", "oevelse"})


@dataclass(frozen=True)
class Forskjell:
    """Against those who are called already."""

    nye: tuple[Gruppe, ...]
    nye_personer: frozenset[str]
    ute: tuple[tuple[str, int], ...]
    """Roles that are stood down, and how many people in each."""
    blir: int

    @property
    def antall_ute(self) -> int:
        return sum(antall for _, antall in self.ute)


@dataclass(frozen=True)
class Felt:
    """A field that somebody else changed, as it is now and as it was written here."""

    navn: str
    etikett: str
    naa: str
    ditt: str


def forskjell(vist: Mapping[str, Any], kalte: Mapping[str, str]) -> Forskjell:
    """Who comes in addition, and the roles of those who are stood down.

    Args:
        vist: the preview of the hendelse as it becomes.
        kalte: those who are called already: what as, by id.
    """
    nye = [m for m in vist["mottakere"] if str(m["person"]) not in kalte]
    med = {str(m["person"]) for m in vist["mottakere"]}
    ute = Counter(stor(rolle) for person, rolle in kalte.items() if person not in med)
    nye_personer = frozenset(str(m["person"]) for m in nye)
    return Forskjell(grupper(nye), nye_personer, tuple(sorted(ute.items())), len(med & set(kalte)))


def felt(navn: Iterable[str], naa: Skjema, ditt: Skjema) -> tuple[Felt, ...]:
    """Fields by their labels, in the order of the form."""
    valgte = set(navn)
    return tuple(Felt(n, e, lesbar(n, naa), lesbar(n, ditt)) for n, e in ETIKETTER.items() if n in valgte)


def lesbar(navn: str, skjema: Skjema) -> str:
    """What a field says, in words."""
    verdi: str | Sequence[str] = getattr(skjema, navn)
    if navn in _AVKRYSSING:
        return "ja" if verdi == JA else "nei"
    if navn in {"bydeler", "hjembydeler"}:
        return ", ".join(BYDELER.get(b, b) for b in verdi) or "ingen"
    tekster = {v: tekst for v, tekst, *_ in VALG.get(navn, ())}
    if isinstance(verdi, str):
        return tekster.get(verdi, verdi) or "tomt"
    return ", ".join(tekster.get(v, v) for v in verdi) or "ingen"
