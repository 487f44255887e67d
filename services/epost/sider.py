"""The answer pages as HTML: plain, without scripts, and shut to everything that is not ours."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra.clock import OSLO
from infra.web.norsk import UKEDAGER
from services.epost.brev import MALER, avsnitt
from services.epost.rules import ETA_MAKS_MINUTTER, Lenke

SVARTEKST = {
    "kommer": "Ja, jeg kommer",
    "kommer_ikke": "Nei, jeg kan ikke komme",
    "framme": "Jeg er framme",
    "ferdig": "Jeg er ferdig",
}
_BESKJEDER = {
    403: ("Svaret ble ikke tatt imot", "Skjemaet kom fra en annen side enn vår. Åpne lenken i e-posten og svar der."),
    404: ("Vi finner ikke lenken", "Lenken er ikke gyldig. Sjekk at hele adressen fra e-posten er med."),
    410: ("Lenken er utløpt", "Det er for sent å svare her. Ta kontakt med den som sendte deg utkallingen."),
    413: ("Svaret ble ikke tatt imot", "Innsendingen er for stor. Åpne lenken i e-posten og svar der."),
    429: ("For mange forsøk", "Vent ett minutt og prøv igjen."),
    503: ("Svaret er ikke bekreftet", "Noe er midlertidig nede hos oss. Prøv igjen om litt: det er alltid trygt."),
}


class Sider:
    """Renders the pages. `simulator`: each of them says so."""

    def __init__(self, *, simulator: bool) -> None:
        css = (MALER / "side.css").read_text(encoding="utf-8")
        self._miljoe = Environment(
            loader=FileSystemLoader(MALER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._miljoe.globals = {"css": Markup(css), "simulator": simulator}  # noqa: S704 - our own file
        self._hode = _hode(css)

    def skjema(self, lenke: Lenke, *, feil: str = "", eta: str = "") -> HTMLResponse:
        """What it is about, and the buttons; with what was wrong, and the minutes as they were written."""
        felt = {
            "emne": lenke.emne,
            "avsnitt": avsnitt(lenke.tekst),
            "foer": _foer(lenke),
            "underveis": lenke.svar in {"kommer", "framme", "ferdig"},
            "svartekst": SVARTEKST,
            "eta_maks": ETA_MAKS_MINUTTER,
            "feil": feil,
            "eta": eta[:10],
        }
        return self._side("skjema.html", 422 if feil else 200, oevelse=lenke.oevelse, **felt)

    def takk(self, lenke: Lenke, svar: str, eta_minutter: int | None) -> HTMLResponse:
        """What was registered."""
        registrert = svartekst(svar, eta_minutter)
        return self._side("takk.html", 200, oevelse=lenke.oevelse, emne=lenke.emne, registrert=registrert)

    def beskjed(self, status: int) -> HTMLResponse:
        """A refusal a person can read."""
        tittel, tekst = _BESKJEDER[status]
        side = self._side("beskjed.html", status, oevelse=False, tittel=tittel, tekst=tekst)
        if status in {429, 503}:
            side.headers["Retry-After"] = "60" if status == 429 else "5"
        return side

    def _side(self, mal: str, status: int, **felt: Any) -> HTMLResponse:
        return HTMLResponse(self._miljoe.get_template(mal).render(felt), status, headers=self._hode)


def svartekst(svar: str, eta_minutter: int | None) -> str:
    """An answer in words: «Ja, jeg kommer, framme om 20 minutter»."""
    if eta_minutter is None:
        return SVARTEKST[svar]
    return f"{SVARTEKST[svar]}, framme om {eta_minutter} {'minutt' if eta_minutter == 1 else 'minutter'}"


def _foer(lenke: Lenke) -> str:
    if lenke.svar is None or lenke.brukt is None:
        return ""
    return f"{svartekst(lenke.svar, lenke.eta_minutter)} ({_tid(lenke.brukt)})"


def _tid(tid: datetime) -> str:
    lokal = tid.astimezone(OSLO)
    return f"{UKEDAGER[lokal.weekday()]} {lokal.day}.{lokal.month}. kl. {lokal:%H.%M}"


def _hode(css: str) -> dict[str, str]:
    avtrykk = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{avtrykk}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",  # the address is the secret
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
    }
