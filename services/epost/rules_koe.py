"""Whose turn it is: places in the queue, so that hendelser of one priority take turns."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

Koe = tuple[UUID | None, int]
"""A hendelse's own queue: the hendelse and a priority."""


class Plasser:
    """Gives out places. Of two hendelser of one priority, each sends its first before either sends its second.

    Args:
        opptatt: for each queue where something waits, its first and its last place.
    """

    def __init__(self, opptatt: Mapping[Koe, tuple[int, int]]) -> None:
        self._ledige = {koe: sist + 1 for koe, (_, sist) in opptatt.items()}
        self._gulv: dict[int, int] = {}
        for (_, prioritet), (foerst, _) in opptatt.items():
            self._gulv[prioritet] = min(foerst, self._gulv.get(prioritet, foerst))

    def neste(self, hendelse_id: UUID | None, prioritet: int) -> int:
        """The next place of this hendelse: a newcomer begins at the lowest that waits, not before everyone."""
        koe = (hendelse_id, prioritet)
        nr = max(self._ledige.get(koe, 0), self._gulv.get(prioritet, 0))
        self._ledige[koe] = nr + 1
        return nr
