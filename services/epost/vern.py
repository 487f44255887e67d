"""How often the answer page may be asked: strict with those who guess links, patient with those who have one.

All of Oslo kommune may come from one address, so an address is counted for the links it did not know, and each link for
its own traffic.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

Doer = Literal["vis", "svar"]
I_MINUTTET: dict[Doer, RateLimitItem] = {
    "vis": RateLimitItemPerMinute(120, namespace="vis"),
    "svar": RateLimitItemPerMinute(30, namespace="svar"),
}


class Vern:
    """Counts in this process' memory over the last minute."""

    def __init__(self) -> None:
        self._teller = MovingWindowRateLimiter(MemoryStorage())

    def slipper_inn(self, doer: Doer, adresse: str) -> bool:
        """Whether this address may still try: it has not guessed too often."""
        return self._teller.test(I_MINUTTET[doer], "adresse", _nett(adresse))

    def gjettet(self, doer: Doer, adresse: str) -> None:
        """This address asked for a link that is not there."""
        self._teller.hit(I_MINUTTET[doer], "adresse", _nett(adresse))

    def bruk(self, doer: Doer, sha256: str) -> bool:
        """Counts one use of a link; False when it is used too often."""
        return self._teller.hit(I_MINUTTET[doer], "lenke", sha256)


def _nett(adresse: str) -> str:
    """The address, or the /64 that one IPv6 subscriber has to choose from."""
    try:
        ip = ip_address(adresse)
    except ValueError:
        return adresse
    return str(int(ip) >> 64) if isinstance(ip, IPv6Address) else adresse
