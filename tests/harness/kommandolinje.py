"""`salto …` as a person at a terminal has it: a process of its own, with its own settings."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Utfall:
    """How it ended, and what it said."""

    kode: int
    ut: str
    feil: str


async def salto(*ord_: str, **miljoe: str) -> Utfall:
    """Runs one command with these `SALTO_*` settings and no others."""
    arvet = {k: v for k, v in os.environ.items() if not k.startswith("SALTO_")}
    prosess = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services",
        *ord_,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROT,
        env=arvet | {f"SALTO_{navn.upper()}": verdi for navn, verdi in miljoe.items()},
    )
    ut, feil = await prosess.communicate()
    return Utfall(prosess.returncode or 0, ut.decode(), feil.decode())
