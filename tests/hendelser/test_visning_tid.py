"""When something is, as people say it."""

from __future__ import annotations

from datetime import datetime

import pytest

from infra.clock import OSLO
from services.hendelser.visning_tid import Tid, tid

NAA = datetime(2026, 11, 28, 12, 0, tzinfo=OSLO)
"""A Saturday at noon."""


def _kl(dag: int, time: int, minutt: int = 0, *, maaned: int = 11, aar: int = 2026) -> datetime:
    return datetime(aar, maaned, dag, time, minutt, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("start", "slutt", "sagt"),
    [
        (None, None, ("Uten tidspunkt", "")),
        (_kl(28, 14), None, ("i dag kl. 14", "om 2 timer")),
        (_kl(28, 14), _kl(28, 17), ("i dag kl. 14–17", "om 2 timer")),
        (_kl(28, 12, 20), _kl(28, 13, 45), ("i dag kl. 12.20–13.45", "om 20 minutter")),
        (_kl(28, 9), _kl(28, 17), ("i dag kl. 09–17", "pågår nå")),
        (_kl(28, 11), None, ("i dag kl. 11", "begynte for 1 time siden")),
        (_kl(28, 8), _kl(28, 10), ("i dag kl. 08–10", "ferdig for 2 timer siden")),
        (_kl(28, 23), _kl(29, 2), ("i dag kl. 23 – i morgen kl. 02", "om 11 timer")),
        (_kl(29, 0), None, ("i morgen kl. 00", "om 12 timer")),
        (_kl(27, 23), None, ("i går kl. 23", "begynte for 13 timer siden")),
        (_kl(5, 14, maaned=12), _kl(5, 17, maaned=12), ("lør 5.12. kl. 14–17", "om 7 dager")),
        (_kl(20, 14, maaned=12), None, ("søn 20.12. kl. 14", "")),
        (_kl(1, 14, maaned=10), _kl(1, 17, maaned=10), ("tor 1.10. kl. 14–17", "")),
        (_kl(2, 9, maaned=1, aar=2027), None, ("lør 2.1.2027 kl. 09", "")),
        (_kl(28, 14), _kl(28, 14), ("i dag kl. 14", "om 2 timer")),
        (_kl(1, 14), _kl(30, 14), ("søn 1.11. kl. 14 – man 30.11. kl. 14", "pågår nå")),
    ],
)
def test_a_time_is_said_as_people_say_it(start: datetime | None, slutt: datetime | None, sagt: tuple[str, str]) -> None:
    assert tid(start, slutt, NAA) == Tid(*sagt)


def test_the_night_the_clock_is_turned_back_has_the_hour_that_the_clock_shows() -> None:
    naa = datetime(2026, 10, 24, 23, 0, tzinfo=OSLO)
    sagt = tid(datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=OSLO), None, naa)
    assert sagt.naar == "i morgen kl. 02.30"
