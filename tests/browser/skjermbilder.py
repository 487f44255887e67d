"""`./salto skjermbilder`: the pictures of the README and the user guide, taken of the running system."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from infra import log
from infra.clock import OSLO
from tests.harness.by import By, Hendelse, by_i
from tests.harness.mellomledd import mellomledd
from tests.harness.skjerm import STORRELSER, Skjerm, nettleseren, skjerm_i

MAPPE = Path(__file__).parent.parent.parent / "docs" / "bilder"
KOORDINATOR = "salto_koordinator"
STEMMER: tuple[tuple[str, str, str], ...] = (
    (KOORDINATOR, "bydel:05", "JA 20"),
    (KOORDINATOR, "bydel:04", "nei, er bortreist"),
    ("salto_sentrum", "sentrum", "eg kjem"),
    ("politikontakt", "bydel:04", "kanskje, hvis jeg rekker det"),
)
"""A yes with an arrival time, a no whose deputy is called, a yes in nynorsk, and an answer nobody can read."""
Gjoer = Callable[[Skjerm], Awaitable[None]]


@dataclass(frozen=True)
class Bilde:
    """One picture: whose screen, how wide and high, where, what is done first, and what is cut out."""

    navn: str
    rolle: str
    sti: str
    enhet: str | None = None
    storrelse: str = "bred"
    gjoer: Gjoer | None = None
    hoeyde: int = 900
    utsnitt: str = ""
    """The part of the page that is shown; empty for what one sees first."""


TITTEL = "Markering foran Stortinget"


async def fyll_ut_ny_hendelse(skjerm: Skjerm, *, tittel: str = TITTEL, trykk: bool = True) -> None:
    """The form of a new hendelse, filled in as the sekretariat would, and the preview asked for.

    There is nothing to tick before the last field is filled in: its own preview is the one that is seen.
    """
    dag = skjerm.by.om(days=7)
    await skjerm.side.get_by_label("Demonstrasjon").check()
    await skjerm.fyll("Tittel", tittel)
    await skjerm.side.get_by_label("Sted", exact=True).fill("Eidsvolls plass")
    await skjerm.fyll("Starter, dato", dag.date().isoformat())
    await skjerm.fyll("Starter, klokka", "14:00")
    if trykk:
        await se_hvem(skjerm)
        await skjerm.ser("Blir spurt")


async def se_hvem(skjerm: Skjerm) -> None:
    """Asks for the preview by the button; what the page showed by itself before is gone."""
    async with skjerm.side.expect_navigation():
        await skjerm.side.get_by_role("button", name="Se hvem som kalles ut").last.click()


async def _fra_toppen(skjerm: Skjerm) -> None:
    """The filled form, and who would be called."""
    await fyll_ut_ny_hendelse(skjerm)
    await skjerm.side.evaluate("window.scrollTo(0, 0)")


async def _siste_steg(skjerm: Skjerm) -> None:
    """Who is called and what they will read has been seen; one press is left."""
    await fyll_ut_ny_hendelse(skjerm)
    await skjerm.side.get_by_label("Jeg har sett hvem som kalles ut").check()
    await skjerm.side.locator(".siste-steg").evaluate("e => e.scrollIntoView({block: 'end'})")


async def _ta_imot_svar(skjerm: Skjerm) -> None:
    """From the coordinator's own row to the form of an answer taken by phone."""
    await skjerm.side.get_by_role("link", name="Ta imot svar").first.click()
    await skjerm.side.get_by_label("Kommer", exact=True).check()


async def _aapne_telefonen(skjerm: Skjerm) -> None:
    """From the table of phones to one of them."""
    await skjerm.side.locator(".telefon h2 a").first.click()
    await skjerm.ser("Postkassen")


BILDER = (
    Bilde("oversikt", "sekretariat", "/", hoeyde=1100),
    Bilde("ny-hendelse", "sekretariat", "/hendelser/ny", gjoer=_fra_toppen, hoeyde=800),
    Bilde("siste-steg", "sekretariat", "/hendelser/ny", gjoer=_siste_steg),
    Bilde("hendelse", "sekretariat", "/hendelser/{id}", hoeyde=1100),
    Bilde("handlinger", "sekretariat", "/hendelser/{id}", utsnitt="#handlinger"),
    Bilde("hendelse-telefon", KOORDINATOR, "/hendelser/{id}", "bydel:02", "telefon", hoeyde=1050),
    Bilde("ta-imot-svar", KOORDINATOR, "/hendelser/{id}", "bydel:02", "telefon", _ta_imot_svar, 1100),
    Bilde("oppgaver", "sekretariat", "/oppgaver", hoeyde=640),
    Bilde("ringeliste", "salto_sentrum", "/hendelser/{id}/ringeliste", hoeyde=760),
    Bilde("rapport", "gransker", "/hendelser/{id}/rapport", hoeyde=1250),
    Bilde("simulator", "sekretariat", "/simulator?hendelse={id}", hoeyde=1250),
    Bilde("sms", "sekretariat", "/simulator?sok=Frogner", gjoer=_aapne_telefonen, utsnitt=".telefon"),
    Bilde("svarlenke", "-", "{svarlenke}", storrelse="telefon", hoeyde=1200),
)


async def spill(by: By, *, minutter: float = 0, **felt: Any) -> Hendelse:
    """One demonstration, with fields changed, and answers of four kinds, so many minutes apart."""
    hendelse = await by.sekretariat.varsler(**felt)
    for rolle, enhet, svar in STEMMER:
        telefon = by.telefon(rolle, enhet)
        await telefon.forventer(hendelse.kodeord)
        await telefon.svarer(svar)
        await by.stille()
        by.klokke.frem(minutes=minutter)
    return hendelse


async def ta(mappe: Path = MAPPE) -> list[Path]:
    """Takes every picture anew, and says where they are."""
    mappe.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="salto-bilder-") as rot:
        async with by_i(Path(rot)) as by, nettleseren() as browser:
            start = by.om(days=7).astimezone(OSLO).replace(hour=14, minute=0, second=0)
            slutt = start + timedelta(hours=3)
            hendelse = await spill(by, minutter=6, start=start.isoformat(), slutt=slutt.isoformat())
            steder = {"id": hendelse.id, "svarlenke": await _svarlenke(by)}
            tatt = [await _ta_ett(browser, by, bilde, steder, mappe) for bilde in BILDER]
            return [*tatt, await _mistet_kontakt(browser, by, mappe)]


async def _ta_ett(browser: Browser, by: By, bilde: Bilde, steder: dict[str, str], mappe: Path) -> Path:
    sti = mappe / f"{bilde.navn}.png"
    async with skjerm_i(browser, by, bilde.storrelse) as skjerm:
        bredde, _ = STORRELSER[bilde.storrelse]
        await skjerm.side.set_viewport_size({"width": bredde, "height": bilde.hoeyde})
        if bilde.rolle != "-":
            await skjerm.logg_inn(bilde.rolle, bilde.enhet)
        await skjerm.gaa(bilde.sti.format(**steder))
        if bilde.gjoer:
            await bilde.gjoer(skjerm)
        await skjerm.side.wait_for_load_state("networkidle") if not await _foelger(skjerm) else None
        hva = skjerm.side.locator(bilde.utsnitt).first if bilde.utsnitt else skjerm.side
        await hva.screenshot(path=sti)
    return sti


async def _mistet_kontakt(browser: Browser, by: By, mappe: Path) -> Path:
    """What the board says when its line has been cut."""
    sti = mappe / "mistet-kontakten.png"
    async with mellomledd(by.program.hus.settings.port) as linje, skjerm_i(browser, by, "telefon") as skjerm:
        await skjerm.logg_inn("sekretariat")
        await skjerm.side.goto(f"http://127.0.0.1:{linje.port}/")
        await skjerm.forbindelsen("oppe")
        await linje.kutt()
        await skjerm.forbindelsen("mistet")
        await (await skjerm.ser("Mistet kontakten")).screenshot(path=sti)
    return sti


async def _svarlenke(by: By) -> str:
    """The way to the answer page, from the e-mail that SaLTo-sentrum got."""
    brev = await by.postkasse("salto_sentrum", "sentrum").forventer("/svar/")
    funnet = re.search(r"/svar/[\w-]+", brev["tekst"])
    assert funnet
    return funnet[0]


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
