"""`./salto skjermbilder`: the pictures of the README and the user guide, taken of the running system."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from infra import log
from tests.harness.by import By, Hendelse, by_i
from tests.harness.skjerm import Skjerm, nettleseren, skjerm_i

MAPPE = Path(__file__).parent.parent.parent / "docs" / "bilder"
Gjoer = Callable[[Skjerm], Awaitable[None]]


@dataclass(frozen=True)
class Bilde:
    """One picture: whose screen, how wide, where, and what is done there before it is taken."""

    navn: str
    rolle: str
    sti: str
    enhet: str | None = None
    storrelse: str = "bred"
    gjoer: Gjoer | None = None


async def fyll_ut_ny_hendelse(skjerm: Skjerm, *, trykk: bool = True) -> None:
    """The form of a new hendelse, filled in as the sekretariat would, and the preview asked for."""
    dag = skjerm.by.om(days=7)
    await skjerm.side.get_by_label("Demonstrasjon").check()
    await skjerm.fyll("Tittel", "Markering foran Stortinget")
    await skjerm.side.get_by_label("Sted", exact=True).fill("Eidsvolls plass")
    await skjerm.fyll("Starter, dato", dag.date().isoformat())
    await skjerm.fyll("Starter, klokka", "14:00")
    if trykk:
        await skjerm.side.get_by_role("button", name="Se hvem som kalles ut").last.click()
        await skjerm.ser("Blir spurt")


BILDER = (
    Bilde("oversikt", "sekretariat", "/"),
    Bilde("ny-hendelse", "sekretariat", "/hendelser/ny", gjoer=fyll_ut_ny_hendelse),
    Bilde("hendelse", "sekretariat", "/hendelser/{id}"),
    Bilde("hendelse-telefon", "salto_koordinator", "/hendelser/{id}", "bydel:05", "telefon"),
    Bilde("oppgaver", "sekretariat", "/oppgaver"),
    Bilde("ringeliste", "salto_sentrum", "/hendelser/{id}/ringeliste"),
    Bilde("rapport", "gransker", "/hendelser/{id}/rapport"),
    Bilde("simulator", "sekretariat", "/simulator?hendelse={id}"),
)


async def spill(by: By) -> Hendelse:
    """One demonstration with a yes, a no with its deputy, an arrival time, and an answer nobody can read."""
    hendelse = await by.sekretariat.varsler()
    for rolle, enhet, svar in (
        ("salto_koordinator", "bydel:05", "JA 20"),
        ("salto_koordinator", "bydel:04", "nei, er bortreist"),
        ("salto_sentrum", "sentrum", "eg kjem"),
        ("politikontakt", "bydel:04", "kanskje, hvis jeg rekker det"),
    ):
        telefon = by.telefon(rolle, enhet)
        await telefon.forventer(hendelse.kodeord)
        await telefon.svarer(svar)
        await by.stille()
    return hendelse


async def ta(mappe: Path = MAPPE) -> list[Path]:
    """Takes every picture anew, and says where they are."""
    mappe.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="salto-bilder-") as rot:
        async with by_i(Path(rot)) as by, nettleseren() as browser:
            hendelse = await spill(by)
            tatt = []
            for bilde in BILDER:
                async with skjerm_i(browser, by, bilde.storrelse) as skjerm:
                    await (await skjerm.logg_inn(bilde.rolle, bilde.enhet)).gaa(bilde.sti.format(id=hendelse.id))
                    if bilde.gjoer:
                        await bilde.gjoer(skjerm)
                    await skjerm.side.wait_for_load_state("networkidle") if not await _foelger(skjerm) else None
                    tatt.append(mappe / f"{bilde.navn}.png")
                    await skjerm.side.screenshot(path=tatt[-1])
            return tatt


async def _foelger(skjerm: Skjerm) -> bool:
    """Whether the page is live; it is then waited for until it is connected."""
    live = bool(await skjerm.side.evaluate("!!document.body.dataset.strom"))
    if live:
        await skjerm.forbindelsen("oppe")
    return live


def main() -> int:
    """Prints the name of each picture."""
    log.sett_opp("console", "WARNING")
    for sti in asyncio.run(ta()):
        sys.stdout.write(f"{sti.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
