"""`python -m infra.simulator`: the simulator as a process of its own."""

from __future__ import annotations

import argparse
import gc
import os
from pathlib import Path

import uvloop
from pydantic import ValidationError

from infra.simulator.innstillinger import KONTO, Oppstart
from infra.simulator.server import doe_med_forelder, kjoer

_SOEPPELGRENSE = 20_000
"""Thousands of messages wait at a time; looking for cycles every 700 objects costs a third of the speed."""


def les_oppstart(argumenter: list[str] | None = None) -> Oppstart:
    """The command line as a value; what is not given is as stored, or as `Innstillinger` has it."""
    leser = argparse.ArgumentParser(prog="python -m infra.simulator", description=__doc__)
    leser.add_argument("--data", type=Path, required=True, metavar="DIR", help="mappe for databasen og simulator.json")
    leser.add_argument("--port", type=int, default=0, help="0 = en ledig port")
    leser.add_argument("--smtp-port", type=int, default=0, help="0 = en ledig port")
    leser.add_argument("--sid", default=KONTO, help="kontoens SID")
    leser.add_argument("--token", default=os.environ.get("SIMULATOR_TOKEN") or None, help="kontoens token")
    leser.add_argument("--latens-ms", type=int, help="tid fra en SMS kommer til den er besvart")
    leser.add_argument("--innkommende-url", help="hit sendes det telefonene svarer")
    leser.add_argument("--nummer", help="vårt eget nummer")
    leser.add_argument("--ingen-leveranse", action="store_true", help="ta imot, men lever aldri")
    leser.add_argument("--dor-med-forelder", action="store_true", help="stopp når prosessen som startet, dør (Linux)")
    gitt = leser.parse_args(argumenter)
    endringer = {
        navn: verdi for navn in ("latens_ms", "innkommende_url", "nummer") if (verdi := getattr(gitt, navn)) is not None
    }
    endringer["leveranse"] = not gitt.ingen_leveranse
    return Oppstart(
        gitt.data,
        gitt.port,
        gitt.smtp_port,
        gitt.sid,
        gitt.token,
        gitt.dor_med_forelder,
        endringer=tuple(endringer.items()),
    )


def main() -> None:
    """Runs until told to stop."""
    oppstart = les_oppstart()
    if oppstart.doer_med_forelder:
        doe_med_forelder()
    gc.freeze()
    gc.set_threshold(_SOEPPELGRENSE, 50, 100)
    try:
        uvloop.run(kjoer(oppstart))
    except (OSError, ValidationError) as grunn:
        raise SystemExit(f"Simulatoren kan ikke kjøre: {grunn}") from grunn


if __name__ == "__main__":
    main()
