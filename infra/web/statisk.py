"""Static files: addresses that carry the file's digest, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

MAPPE = Path(__file__).with_name("static")
STI = "/static"


class Statisk:
    """The folder, and the address of each file in it."""

    def __init__(self, mappe: Path = MAPPE) -> None:
        self.mappe = mappe
        self.adresse = cache(self._adresse)

    def _adresse(self, navn: str) -> str:
        """`/static/salto.css?v=…`; FileNotFoundError when there is no such file."""
        return f"{STI}/{navn}?v={hashlib.sha256((self.mappe / navn).read_bytes()).hexdigest()[:12]}"


class Statiskefiler(StaticFiles):
    """Starlette's, with a year's keeping for addresses that carry a digest."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        svar = await super().get_response(path, scope)
        if svar.status_code in {200, 304} and scope["query_string"].startswith(b"v="):
            svar.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return svar
