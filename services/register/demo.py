"""Demo Oslo: a whole directory of fictitious people, and as many more as a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import structlog

from contracts.event import Aktoer
from contracts.roller import EGNE_BYDELER
from infra.journal.forteller import Forteller
from infra.room import Hus
from services.register import filer, oppslag
from services.register.eksport import KOLONNER, skriv_rader
from services.register.innfoering import Innfoering
from services.register.rules_rader import Omfang

logg = structlog.get_logger("register")
FIL = Path(__file__).parent / "data" / "demo.csv"
STOERST_ANTALL = 20_000
_AV = Aktoer(rolle="system", id="demo")


async def last_demo(hus: Hus, forteller: Forteller) -> int:
    """Loads demo Oslo unless somebody flagged demo is there already; returns how many roles were added.

    Every person is flagged demo, so the real gateway never calls them. What somebody has changed or added stays.

    Raises:
        JournalNede: stored, but not confirmed told; the room tells it again.
        ValueError: the register has people who collide with the demo (its keys or numbers).
    """
    async with hus.db.les() as tx:
        if await oppslag.har_demo(tx):
            return 0
    plan = await Innfoering(forteller).innfoer(filer.les(FIL.read_bytes()).rader, Omfang.RADER, _AV)
    if plan.feil:
        raise ValueError(f"demo Oslo kan ikke lastes: linje {plan.feil[0].linje}: {plan.feil[0].tekst}")
    logg.info("demo_lastet", roller=plan.nye)
    return plan.nye


def lag_stort(antall: int, *, demo: bool = True) -> str:
    """A register file with `antall` fictitious people, each in one role, for benches and load tests.

    The first 15 are koordinatorer, the next 15 their deputies; the rest are `utoevende` and `frivillig`, evenly over
    the bydeler. Numbers are +47 900 0x xxx, one each; flagged demo unless told otherwise.

    Args:
        antall: how many people, at most `STOERST_ANTALL`.
        demo: False only where nothing but a stand-in gateway can be reached.
    """
    if not 0 < antall <= STOERST_ANTALL:
        raise ValueError(f"antall må være fra 1 til {STOERST_ANTALL}")
    rader = (
        (f"stor-{nr:05d}", f"Testperson {nr:05d}", f"900{nr:05d}", f"p{nr:05d}@stor.salto.example", *plass, "", "", "")
        for nr, plass in enumerate(_plasser(antall), 1)
    )
    return skriv_rader((*KOLONNER, "demo"), ((*rad, "ja" if demo else "nei") for rad in rader))


def _plasser(antall: int) -> Iterator[tuple[str, str, str]]:
    """Role, unit and the key of the holder, one person after the other."""
    for nr in range(antall):
        runde, plass = divmod(nr, len(EGNE_BYDELER))
        enhet = f"bydel:{EGNE_BYDELER[plass]}"
        if runde < 2:
            yield "salto_koordinator", enhet, f"stor-{plass + 1:05d}" if runde else ""
        else:
            yield ("frivillig" if runde % 5 == 0 else "utoevende"), enhet, ""
