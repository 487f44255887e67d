"""What the overview shows: what needs a person, what goes on, what comes, what is over, and the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from contracts.tavle import Svartall
from services.hendelser.visning_bydeler import Bydelsrad, bydelsrader, stille_bydeler
from services.hendelser.visning_oppgaver import Oppgavelinje
from services.hendelser.visning_rad import Hendelsesrad

SNART = timedelta(hours=24)
"""What begins within this is shown with what goes on."""
KOMMENDE = timedelta(days=14)
OPPGAVER_VIST, NAA_VIST, KOMMENDE_VIST, LUKKET_VIST = 3, 20, 10, 5


@dataclass(frozen=True)
class Kartdel:
    """The map, and the same in words. `kart` is None when the room that draws it is not here."""

    kart: Markup | None
    rader: Sequence[Bydelsrad]
    stille: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Oversikt:
    """The whole page. `flere_aapne`: how many more are open than are shown."""

    oppgaver: Sequence[Oppgavelinje]
    flere_oppgaver: bool
    naa: Sequence[Hendelsesrad]
    kommende: Sequence[Hendelsesrad]
    flere_aapne: int
    lukket: Sequence[Hendelsesrad]
    utkast: int
    kartdel: Kartdel
    journalen_svarer: bool
    kan_melde: bool


def i_rekkefoelge(rader: Sequence[Hendelsesrad]) -> list[Hendelsesrad]:
    """Urgent first, then by start; those that should be over come after, those without a time last."""
    return sorted(rader, key=lambda r: (_plass(r), r.start.timestamp() if r.start else 0))


def _plass(rad: Hendelsesrad) -> int:
    if rad.start is None:
        return 3
    if rad.over:
        return 2
    return 0 if rad.akutt else 1


def kartdel(kart: Markup | None, tall: Mapping[str, Svartall]) -> Kartdel:
    """The map and its list."""
    return Kartdel(kart, bydelsrader(tall), stille_bydeler(tall))
