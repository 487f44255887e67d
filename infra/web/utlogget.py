"""What is kept of a form whose sender was logged out while writing it: everything, to be sent again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from fastapi import Request
from starlette.exceptions import HTTPException

CSRF = "csrftoken"
FELT_MAKS = 300
TEGN_MAKS = 100_000
_SKJEMA = "application/x-www-form-urlencoded"


async def skrevet(request: Request) -> Sequence[tuple[str, str]]:
    """The fields as they were posted, in their order, passwords left out; none when they cannot be kept.

    Only a form of our own page is handed back: it carries the token of the browser's cookie. From elsewhere a
    browser sends no cookies of ours, and the fields are a stranger's words, which nobody shall be led to send.
    """
    if not request.headers.get("content-type", "").startswith(_SKJEMA):
        return ()
    try:
        async with request.form(max_fields=FELT_MAKS, max_files=0) as form:
            felt = form.multi_items()
            token = str(form.get(CSRF) or "")
    except HTTPException:  # more fields than a page of ours has
        return ()
    tekst = [(navn, str(verdi)) for navn, verdi in felt if "passord" not in navn]
    if len(felt) > FELT_MAKS or sum(len(n) + len(v) for n, v in tekst) > TEGN_MAKS or not _vaar(request, token):
        return ()
    return tekst


def _vaar(request: Request, token: str) -> bool:
    gi = request.scope.get(CSRF)
    return gi is not None and secrets.compare_digest(token.encode(), gi().encode())
