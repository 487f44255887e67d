"""A browser without a screen: keeps cookies, fills in the forms' hidden fields, and reads pages as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self

import httpx2

from infra.web.oekter import ny_bruker
from infra.web.tilgang import KAPSEL
from tests.harness.by import By

_USYNLIG = frozenset({"script", "style", "head"})


class _Leser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tekst: list[str] = []
        self.skjult: dict[str, str] = {}
        self._utenfor = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        felt = dict(attrs)
        if tag in _USYNLIG:
            self._utenfor += 1
        if tag == "input" and felt.get("type") == "hidden":
            self.skjult.setdefault(str(felt.get("name")), felt.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _USYNLIG:
            self._utenfor -= 1

    def handle_data(self, data: str) -> None:
        if not self._utenfor:
            self.tekst.append(data)


class Side:
    """What came back."""

    def __init__(self, svar: httpx2.Response) -> None:
        self.status = svar.status_code
        self.html = svar.text
        self.hoder = svar.headers
        self.adresse = str(svar.url)
        leser = _Leser()
        leser.feed(self.html)
        self.tekst = re.sub(r"\s+", " ", " ".join(leser.tekst)).strip()
        self.skjult = leser.skjult
        """The first hidden field of each name."""


class Nettleser:
    """One person at a screen; `async with Nettleser(by) as n:`."""

    def __init__(self, by: By) -> None:
        self._by = by
        url = by.program.hus.settings.public_url
        self._http = httpx2.AsyncClient(base_url=url, timeout=30, follow_redirects=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, slag: type[BaseException] | None, feil: BaseException | None, spor: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def logg_inn(self, rolle: str, enhet: str | None = None) -> Self:
        """Logs in as somebody of this role."""
        navn = f"test-{rolle}-{enhet or 'alle'}"
        hus = self._by.program.hus
        await ny_bruker(hus.db, brukernavn=navn, passord=None, rolle=rolle, enhet=enhet, naa=hus.clock.now(), demo=True)
        kapsel = await self._by.program.app.state.tilgang.oekter.logg_inn_demo(navn)
        assert kapsel
        self._http.cookies.set(KAPSEL, kapsel)
        return self

    @property
    def kapsler(self) -> dict[str, str]:
        """The cookies, by name."""
        return dict(self._http.cookies)

    async def hent(self, sti: str, *, htmx: bool = False, **sporring: Any) -> Side:
        """Opens a page; with `htmx` asks for a part of one."""
        hode = {"HX-Request": "true"} if htmx else {}
        return Side(await self._http.get(sti, params=sporring or None, headers=hode))

    async def send(self, sti: str, **felt: Any) -> Side:
        """Sends a form, with the token our own pages carry; follows to the page it leads to."""
        token = (await self.hent("/tilgjengelighet")).skjult.get("csrftoken", "")
        return Side(await self._http.post(sti, data={"csrftoken": token, **felt}))
