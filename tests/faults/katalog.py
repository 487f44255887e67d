"""Every fault there is, in the order of the table."""

from __future__ import annotations

import itertools

from tests.faults.disk import DISK
from tests.faults.drap import DRAP
from tests.faults.feil import Feil, like
from tests.faults.gateway import GATEWAY
from tests.faults.journalen import JOURNALEN
from tests.faults.klokka import KLOKKA
from tests.faults.klokkeverk import KLOKKEVERK
from tests.faults.nett import NETT

ALLE: tuple[Feil, ...] = (*DRAP, *NETT, *GATEWAY, *DISK, *JOURNALEN, *KLOKKA, *KLOKKEVERK)


def grupper() -> list[tuple[Feil, ...]]:
    """The faults that can follow each other in one deployment, together: the short form starts fewer of them."""
    return [tuple(alike) for _, alike in itertools.groupby((f for f in ALLE if not f.bare_lang), key=like)]
