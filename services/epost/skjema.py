"""The answer form as a browser sends it: bounded, from our own page, and read strictly."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from services.epost.rules import ETA_MAKS_MINUTTER
from services.epost.sider import SVARTEKST

INNSENDING_MAKS = 2048
_UGYLDIG_SVAR = "Velg en av knappene."
_UGYLDIG_ETA = f"Skriv minutter som et tall fra 1 til {ETA_MAKS_MINUTTER}, eller la feltet stå tomt."
_FELT: dict[str, Any] = {
    "type": "object",
    "required": ["svar"],
    "properties": {
        "svar": {"type": "string", "enum": list(SVARTEKST)},
        "eta_minutter": {"type": "integer", "minimum": 1, "maximum": ETA_MAKS_MINUTTER},
    },
}
INNSENDING = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FELT}}}
"""The form as OpenAPI tells it."""


class ForStor(ValueError):
    """More than a form of ours could hold."""


async def les_felt(request: Request) -> dict[str, str]:
    """The form's fields. Raises ForStor before the rest is read."""
    innhold = b""
    async for bit in request.stream():
        innhold += bit
        if len(innhold) > INNSENDING_MAKS:
            raise ForStor
    return dict(parse_qsl(innhold.decode("utf-8", "replace")))


def les_svar(felt: dict[str, str]) -> tuple[str, int | None, str]:
    """The answer, the minutes (with a yes only), and what is wrong with them in bokmål, if anything is."""
    svar, eta = felt.get("svar", ""), felt.get("eta_minutter", "").strip()
    if svar not in SVARTEKST:
        return "", None, _UGYLDIG_SVAR
    if svar != "kommer" or not eta:
        return svar, None, ""
    if not (eta.isascii() and eta.isdigit() and len(eta) <= 4 and 1 <= int(eta) <= ETA_MAKS_MINUTTER):
        return svar, None, _UGYLDIG_ETA
    return svar, int(eta), ""


def fra_annen_side(request: Request, public_url: str) -> bool:
    """Whether the browser says that the form came from another site.

    Our own page sends no referrer, and its `Origin` is therefore «null»: `Sec-Fetch-Site` is what tells.
    """
    fra = request.headers.get("sec-fetch-site")
    if fra is not None:
        return fra not in {"same-origin", "none"}
    opphav = request.headers.get("origin", "null")
    egne = {urlsplit(public_url).netloc, request.headers.get("host", "")}
    return opphav != "null" and urlsplit(opphav).netloc not in egne
