"""A mother with the whole program imported: for each line on stdin a child that runs some rooms, to be killed.

Run as `python -m tests.faults.mor`. A child is up in a tenth of a second, where a new interpreter needs two.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

import uvloop

from infra import log
from infra.settings import Settings
from services.prosess import kjoer
from tests.faults import klokkefil, punkter
from tests.harness.prosesser import doe_med_forelder


def barn(hva: dict[str, Any]) -> None:
    """Runs rooms as `salto run` does, until told to stop, or until it dies at the point that was asked for."""
    doe_med_forelder()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    ut = os.open(hva["logg"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(ut, 1)
    os.dup2(ut, 2)
    os.environ.update(hva["miljoe"])
    if hva.get("klokke"):
        klokkefil.plant(Path(hva["klokke"]))
    if hva.get("punkt"):
        punkter.plant(hva["punkt"], hva["gang"])
    settings = Settings()
    log.sett_opp("json", settings.log_level)
    uvloop.run(kjoer(settings, hva["tjenester"]))


def mor() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children: the kernel buries them
    for navn in [n for n in os.environ if n.startswith("SALTO_")]:
        del os.environ[navn]
    for linje in sys.stdin:
        pid = os.fork()
        if not pid:
            kode = 1
            try:
                barn(json.loads(linje))
                kode = 0
            finally:
                sys.stderr.flush()
                os._exit(kode)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    doe_med_forelder()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    mor()
