"""How fast, and when again: back-off with a jitter that the message's id decides, tokens per second, the window."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

GRUNNPAUSE_SEKUNDER = 0.5
PAUSE_MAKS_SEKUNDER = 30.0
STANS_FOERST_SEKUNDER = 5.0
STANS_MAKS_SEKUNDER = 60.0
KRYMP_HVERT_SEKUND = 0.25
STILT_TILBAKE_SEKUNDER = 5.0


def pause_sekunder(melding_id: UUID, forsoek: int) -> float:
    """Doubles with every attempt up to 30 s; ±20 %, always the same for the same message and attempt."""
    fullt: float = min(PAUSE_MAKS_SEKUNDER, GRUNNPAUSE_SEKUNDER * 2 ** min(forsoek - 1, 10))
    terning = hashlib.sha256(melding_id.bytes + forsoek.to_bytes(4)).digest()[0] / 255
    return fullt * (0.8 + 0.4 * terning)


def neste_forsoek(melding_id: UUID, forsoek: int, naa: datetime, *, minst: float = 0) -> datetime:
    """When a message that was certainly not accepted is tried again."""
    return naa + timedelta(seconds=max(minst, pause_sekunder(melding_id, forsoek)))


@dataclass
class Boette:
    """Tokens: at most `per_sekund` sends a second, with a second's worth saved up. 0 = no limit.

    Times are seconds of one clock, or of several that show nearly the same: what one of them has filled is not filled
    again by another that is a little behind. One that is far behind has been set back, and counts from where it is.
    """

    per_sekund: float
    sist: float = 0.0
    innhold: float = 1.0

    def _rommer(self) -> float:
        return max(1.0, self.per_sekund)

    def ledig(self, naa: float) -> int:
        """How many may go now."""
        if not self.per_sekund:
            return 1_000_000
        self.innhold = min(self._rommer(), self.innhold + max(0.0, naa - self.sist) * self.per_sekund)
        self.sist = naa if self.sist - naa > STILT_TILBAKE_SEKUNDER else max(naa, self.sist)
        return int(self.innhold + 1e-9)

    def ta(self, antall: int) -> None:
        if self.per_sekund:
            self.innhold -= antall

    def rett(self, felles: Boette, naa: float) -> None:
        """Counts on from what all of them have left."""
        self.innhold, self.sist = felles.innhold, naa

    def vent(self) -> float:
        """Seconds until the next one may go."""
        return max(0.0, (1 - self.innhold) / self.per_sekund) if self.per_sekund else 0.0


@dataclass
class Vindu:
    """How many sends may be under way: halved when the provider asks for air, grown by every send it takes.

    An eighth is kept for `akutt`: a provider that hangs on ordinary messages does not keep those waiting.
    """

    maks: int
    naa: float = 0.0
    underveis: int = 0
    krympet: float = float("-inf")

    def __post_init__(self) -> None:
        self.naa = float(self.maks)

    def ledig(self) -> int:
        return max(0, int(self.naa) - self.underveis)

    def ledig_vanlig(self) -> int:
        """Room for what is not akutt."""
        return max(0, self.ledig() - int(self.naa) // 8)

    def ta(self, antall: int) -> None:
        self.underveis += antall

    def ferdig(self, antall: int) -> None:
        self.underveis -= antall

    def krymp(self, sekund: float) -> None:
        """Halves, once for all that is refused within a quarter of a second."""
        if sekund - self.krympet >= KRYMP_HVERT_SEKUND:
            self.naa, self.krympet = max(1.0, self.naa / 2), sekund

    def voks(self, antall: int) -> None:
        self.naa = min(float(self.maks), self.naa + antall)


@dataclass
class Linje:
    """Whether the line is stopped because the account is refused, and until when. Doubles from 5 s to a minute."""

    stanset_til: datetime | None = None
    pause: float = STANS_FOERST_SEKUNDER

    def stans(self, naa: datetime) -> None:
        if self._stanset(naa):
            return  # the others of the same window say the same
        self.stanset_til = naa + timedelta(seconds=self.pause)
        self.pause = min(STANS_MAKS_SEKUNDER, self.pause * 2)

    def gaar(self) -> None:
        """Something was accepted: the account works."""
        self.stanset_til, self.pause = None, STANS_FOERST_SEKUNDER

    def ledig(self, naa: datetime) -> int | None:
        """How many may go: none while stopped, one to try with afterwards, no limit (None) when it runs."""
        if self.stanset_til is None:
            return None
        return 0 if self._stanset(naa) else 1

    def _stanset(self, naa: datetime) -> bool:
        """Whether it is yet. A time further off than any pause is a clock's that was ahead, and set back."""
        maks = timedelta(seconds=STANS_MAKS_SEKUNDER)
        return self.stanset_til is not None and naa < self.stanset_til <= naa + maks
