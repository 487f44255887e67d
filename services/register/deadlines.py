"""The look that is due every few minutes: how many roles stand unmanned today, as a metric (law 8)."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from prometheus_client import Gauge

from infra.clock import OSLO
from infra.room import Hus
from services.register.bemanning import finn_mangler
from services.register.rules_mangler import Alvor

UBEMANNET = Gauge("salto_register_mangler", "Roller som ikke er bemannet som de skal i dag", ["alvor"])


class Mangelmaaler:
    """Measures the vacancies."""

    def __init__(self, hus: Hus) -> None:
        self._hus = hus

    async def maal(self) -> None:
        """Counts today's vacancies by gravity; changes nothing."""
        i_dag = self._hus.clock.now().astimezone(OSLO).date()
        antall = Counter(funn.alvor for funn in await finn_mangler(self._hus, i_dag, i_dag))
        for alvor in get_args(Alvor):
            UBEMANNET.labels(alvor).set(antall[alvor])
