"""What every part of the simulator works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from infra.clock import Clock
from infra.simulator.bakgrunn import Bakgrunn
from infra.simulator.callbacks import Varsler
from infra.simulator.regler_store import Regler
from infra.simulator.sms_store import SmsStore


@dataclass(frozen=True)
class Deler:
    """Made once, at start."""

    sms: SmsStore
    regler: Regler
    varsler: Varsler
    bakgrunn: Bakgrunn
    klokke: Clock
    konto: str

    def naa(self, *, siden: timedelta = timedelta()) -> str:
        """Now (or so long ago), as stored: ISO 8601 in UTC, to the microsecond so that text order is time order."""
        return (self.klokke.now() - siden).isoformat(timespec="microseconds")
