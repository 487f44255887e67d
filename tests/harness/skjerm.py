"""Somebody at a real browser: opens, reads, fills in, presses, and is told of everything that went wrong behind it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from infra.web.oekter import ny_bruker
from infra.web.tilgang import KAPSEL
from tests.harness.by import By

VENT_MS = 45_000
STORRELSER = {"bred": (1280, 900), "telefon": (360, 780)}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
FLAGG = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=en-US",
)  # fmt: skip
"""The language of the browser's own date fields must be known: a test types into them."""
PROGRAMMER = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
INGEN = (
    "INGEN NETTLESER: installer chromium (apt install chromium) eller sett CHROMIUM_PATH. Nettlesertestene hoppes over."
)


def finn_nettleser() -> str:
    """Where a browser of this machine is; skips the test when there is none, and fails it under CI."""
    steder = [os.environ.get("CHROMIUM_PATH"), *(shutil.which(p) for p in PROGRAMMER), MAC]
    funnet = next((sted for sted in steder if sted and Path(sted).exists()), None)
    if funnet:
        return funnet
    if os.environ.get("CI"):
        pytest.fail(INGEN)
    pytest.skip(INGEN)


@asynccontextmanager
async def nettleseren() -> AsyncIterator[Browser]:
    """A running browser, without a window."""
    sti = finn_nettleser()
    flagg = [*FLAGG, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as p:
        browser = await p.chromium.launch(executable_path=sti, args=flagg)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Skjerm:
    """One person's browser window."""

    by: By
    kontekst: BrowserContext
    side: Page
    feil: list[str] = field(default_factory=list)
    """What the browser complained about, and every request that would have left the house."""

    @property
    def rot(self) -> str:
        return self.by.program.hus.settings.public_url

    async def logg_inn(self, rolle: str, enhet: str | None = None) -> Skjerm:
        """Is logged in as somebody of this role, without passing the form."""
        hus, navn = self.by.program.hus, f"skjerm-{rolle}-{enhet or 'alle'}"
        await ny_bruker(hus.db, brukernavn=navn, passord=None, rolle=rolle, enhet=enhet, naa=hus.clock.now(), demo=True)
        kapsel = await self.by.program.app.state.tilgang.oekter.logg_inn_demo(navn)
        await self.kontekst.add_cookies([{"name": KAPSEL, "value": kapsel, "url": self.rot, "httpOnly": True}])
        return self

    async def gaa(self, sti: str) -> Skjerm:
        await self.side.goto(f"{self.rot}{sti}")
        return self

    async def fyll(self, etikett: str, verdi: str) -> None:
        """Writes in the field with this label."""
        await self.side.get_by_label(etikett, exact=False).first.fill(verdi)

    async def trykk(self, tekst: str) -> None:
        """Presses the button, or follows the link, that says this."""
        await self._knapp(tekst).first.click()

    async def ser(self, tekst: str, *, innen_ms: int = VENT_MS) -> Locator:
        """Waits until this can be read on the page."""
        funnet = self.side.get_by_text(tekst).locator("visible=true").first
        await expect(funnet).to_be_visible(timeout=innen_ms)
        return funnet

    async def ser_ikke(self, tekst: str) -> None:
        """Waits until this can be read no more."""
        await expect(self.side.get_by_text(tekst).locator("visible=true")).to_have_count(0, timeout=VENT_MS)

    async def forbindelsen(self, tilstand: str) -> None:
        """Waits until the page knows that it is connected (`oppe`), or that it is not (`mistet`)."""
        await expect(self.side.locator("body")).to_have_attribute("data-forbindelse", tilstand, timeout=VENT_MS)

    async def brudd(self) -> list[str]:
        """WCAG 2.1 A/AA violations on the page as it stands, with where they are."""
        svar = await Axe().run(self.side, options={"runOnly": {"type": "tag", "values": WCAG}})
        funn: list[dict[str, Any]] = svar.response["violations"]
        return [f"{v['id']}: {n['html'][:160]}" for v in funn for n in v["nodes"]]

    async def rulles_sidelengs(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(await self.side.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def _knapp(self, tekst: str) -> Locator:
        return self.side.get_by_role("button", name=tekst).or_(self.side.get_by_role("link", name=tekst))


@asynccontextmanager
async def skjerm_i(browser: Browser, by: By, storrelse: str = "bred", *, skript: bool = True) -> AsyncIterator[Skjerm]:
    """A window of its own: `bred` or `telefon`, with or without scripts."""
    bredde, hoeyde = STORRELSER[storrelse]
    kontekst = await browser.new_context(
        viewport={"width": bredde, "height": hoeyde}, locale="nb-NO", timezone_id="Europe/Oslo",
        java_script_enabled=skript, reduced_motion="reduce",
    )  # fmt: skip
    kontekst.set_default_timeout(VENT_MS)
    try:
        skjerm = Skjerm(by, kontekst, await kontekst.new_page())
        _lytt(skjerm)
        yield skjerm
    finally:
        await kontekst.close()


def _lytt(skjerm: Skjerm) -> None:
    side, rot = skjerm.side, skjerm.rot
    side.on("pageerror", lambda feil: skjerm.feil.append(str(feil)))
    side.on("console", lambda m: skjerm.feil.append(m.text) if m.type == "error" else None)
    side.on("request", lambda r: None if r.url.startswith((rot, "data:")) else skjerm.feil.append(f"utenfor: {r.url}"))
