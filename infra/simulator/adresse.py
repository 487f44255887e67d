"""Where a running simulator is, as it tells those who look in its data folder (`simulator.json`)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

_FIL = "simulator.json"


class SimulatorFeil(Exception):
    """The simulator did not understand, or cannot be found."""


@dataclass(frozen=True)
class Adresse:
    """Where a simulator is, and the account that may use it."""

    port: int
    smtp_port: int
    pid: int
    sid: str
    token: str

    @property
    def url(self) -> str:
        """What Twilio's SDK takes as `client.api.base_url`."""
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    def les(cls, mappe: Path) -> Self:
        """The address in the folder; raises SimulatorFeil when there is none."""
        try:
            return cls(**json.loads((mappe / _FIL).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as grunn:
            raise SimulatorFeil(f"Fant ingen simulator i {mappe}. Er den startet?") from grunn

    def skriv(self, mappe: Path) -> None:
        """Replaces the file in one step, readable by its owner only: it holds the token."""
        ny = mappe / f"{_FIL}.ny"
        ny.unlink(missing_ok=True)
        with os.fdopen(os.open(ny, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as ut:
            json.dump(asdict(self), ut)
        ny.replace(mappe / _FIL)

    @staticmethod
    def slett(mappe: Path) -> None:
        """Nobody is there any more."""
        (mappe / _FIL).unlink(missing_ok=True)
