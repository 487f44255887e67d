"""Places in the queue, as tables."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.epost.rules_koe import Koe, Plasser

STOR, LITEN = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("opptatt", "rekke", "plasser"),
    [
        ({}, [(STOR, 2)] * 3, [0, 1, 2]),
        ({}, [(STOR, 2), (LITEN, 2), (STOR, 2), (LITEN, 2)], [0, 0, 1, 1]),
        ({}, [(STOR, 2), (STOR, 0), (STOR, 2)], [0, 0, 1]),
        ({(STOR, 2): (40, 99)}, [(STOR, 2), (LITEN, 2), (LITEN, 2)], [100, 40, 41]),
        ({(STOR, 2): (40, 99), (LITEN, 2): (3, 5)}, [(None, 2), (LITEN, 2)], [3, 6]),
        ({(STOR, 0): (7, 9)}, [(LITEN, 2)], [0]),
    ],
    ids=[
        "one after another",
        "by turns",
        "each priority its own",
        "a newcomer begins where the queue is",
        "at the lowest that waits",
        "another priority is another queue",
    ],
)
def test_hendelser_of_one_priority_take_turns(
    opptatt: dict[Koe, tuple[int, int]], rekke: list[Koe], plasser: list[int]
) -> None:
    gir = Plasser(opptatt)
    assert [gir.neste(*koe) for koe in rekke] == plasser
