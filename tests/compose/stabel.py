"""A running stack as its operator reaches it: `docker compose`, the API at the published port, the simulator inside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
INNEN_SEKUNDER = 240.0
_I_SIMULATOREN = """
import sys, urllib.request as u
svar = u.urlopen(u.Request('http://127.0.0.1:8010/simulator' + sys.argv[2], sys.stdin.buffer.read() or None,
                           {'Content-Type': 'application/json'}, method=sys.argv[1]), timeout=30)
sys.stdout.buffer.write(svar.read())
"""


class IkkeSkjedd(AssertionError):
    """What was waited for did not come in time."""


def compose(*ord_: str, inn: str | None = None) -> str:
    """Runs `docker compose …`; gives what it wrote, and raises with its complaint when it fails."""
    ferdig = subprocess.run(["docker", "compose", *ord_], input=inn, capture_output=True, text=True, check=False)  # noqa: S603, S607
    if ferdig.returncode:
        raise RuntimeError(f"docker compose {' '.join(ord_)}: {ferdig.stderr.strip()[-800:]}")
    return ferdig.stdout


def salto(tjeneste: str, *ord_: str, inn: str | None = None) -> str:
    """The program's own command line, in the container of a service."""
    return compose("exec", "-T", tjeneste, "python", "-m", "services", *ord_, inn=inn)


def vent(spoer: Callable[[], T | None], hva: str, innen_sekunder: float = INNEN_SEKUNDER, pause: float = 0.3) -> T:
    """The first answer that is not None; a part that is away meanwhile is no answer."""
    frist, sist = time.monotonic() + innen_sekunder, ""
    while time.monotonic() < frist:
        try:
            if (svar := spoer()) is not None:
                return svar
        except (OSError, RuntimeError) as feil:
            sist = f" ({feil})"
        time.sleep(pause)
    raise IkkeSkjedd(f"{hva} skjedde ikke innen {innen_sekunder:.0f} s{sist}")


def api(metode: str, sti: str, kropp: Mapping[str, Any] | None = None, noekkel: str = "") -> Any:
    """One call of the API; a refusal raises urllib's HTTPError, which is an OSError."""
    hode = {"Authorization": f"Bearer {_innstilling('SALTO_API_TOKEN')}", "Content-Type": "application/json"}
    data = json.dumps(kropp).encode() if kropp is not None else None
    port = _innstilling("SALTO_PORT") or "8000"
    spoersmaal = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1{sti}", data, hode, method=metode)
    if noekkel:
        spoersmaal.add_header("Idempotency-Key", noekkel)
    with urllib.request.urlopen(spoersmaal, timeout=30) as svar:  # noqa: S310 - the address above
        return json.load(svar)


def simulator(metode: str, sti: str, kropp: Mapping[str, Any] | None = None) -> Any:
    """One call of the simulator's own API, from inside its container: nobody else reaches it."""
    inn = json.dumps(kropp) if kropp is not None else ""
    svar = compose("exec", "-T", "simulator", "python", "-S", "-c", _I_SIMULATOREN, metode, sti, inn=inn)
    return json.loads(svar) if svar else None


def drep(tjeneste: str) -> None:
    """SIGKILL to the first container of a service, from the machine: a crash, that its restart policy must answer."""
    beholder = compose("ps", "-q", tjeneste).split()[0]
    foer = _prosess(beholder)
    os.kill(foer, signal.SIGKILL)
    vent(lambda: _prosess(beholder) not in {0, foer} or None, f"{tjeneste} er startet igjen")


def friske(*tjenester: str) -> None:
    """Waits until every container of these services (or of all) is up and healthy, or has done its one thing."""

    def alle() -> bool | None:
        rader = [json.loads(linje) for linje in compose("ps", "-a", "--format", "json", *tjenester).splitlines()]
        ferdig = [r["Health"] == "healthy" or (r["State"] == "exited" and r["ExitCode"] == 0) for r in rader]
        return True if ferdig and all(ferdig) else None

    vent(alle, f"{', '.join(tjenester) or 'alt'} er friskt", pause=1)


def _prosess(beholder: str) -> int:
    """The container's first process as the machine knows it; 0 when there is none."""
    svar = subprocess.run(  # noqa: S603
        ["docker", "inspect", "-f", "{{.State.Pid}}", beholder],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return int(svar.stdout)


def _innstilling(navn: str) -> str:
    if navn in os.environ:
        return os.environ[navn]
    linjer = (linje.partition("=") for linje in Path(".env").read_text().splitlines())
    return next((verdi for nokkel, _, verdi in linjer if nokkel == navn), "")
