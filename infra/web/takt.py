"""How often somebody may knock: so many calls a second for a token, so many wrong tokens a minute for an address."""

from __future__ import annotations

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from infra.web.problem import Problem

FEIL_PER_MINUTT = 30


class Takt:
    """Counts in this process's memory; replicas count for themselves."""

    def __init__(self, per_sekund: int) -> None:
        self._grenser = FixedWindowRateLimiter(MemoryStorage())
        self._kall = RateLimitItemPerSecond(per_sekund)
        self._feil = RateLimitItemPerMinute(FEIL_PER_MINUTT)

    def kall(self, bruker_id: str) -> None:
        """Counts a call; raises Problem 429 when it is one too many."""
        if not self._grenser.hit(self._kall, "kall", bruker_id):
            raise _for_mange(1)

    def feil(self, adresse: str) -> None:
        """Counts a wrong token; raises Problem 429 when there are too many from one address."""
        if not self._grenser.hit(self._feil, "feil", adresse):
            raise _for_mange(60)


def _for_mange(sekunder: int) -> Problem:
    vent = {"Retry-After": str(sekunder)}
    return Problem(429, "For mange forespørsler", f"Vent {sekunder} sekund(er) og prøv igjen.", headers=vent)
