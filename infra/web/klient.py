"""The CLI's way to the API: the same HTTP doors as everybody else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import httpx2
import typer

from infra.settings import Settings


def token_i(mappe: Path) -> Path:
    """Where `up --demo` leaves the token that the CLI on the same machine uses."""
    return mappe / "cli.token"


class Klient:
    """Calls `SALTO_URL` with `SALTO_API_TOKEN`, or with the token that a running demo left in its data folder."""

    def __init__(self, settings: Settings | None = None) -> None:
        s = settings or Settings()
        token = s.api_token.get_secret_value() or os.environ.get("SALTO_TOKEN", "")
        fil = token_i(s.data_dir)
        if not token and fil.exists():
            token = fil.read_text().strip()
        self._http = httpx2.Client(
            base_url=f"{s.url}/api/v1", headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=60
        )

    def get(self, sti: str, **params: Any) -> httpx2.Response:
        """GETs a path under `/api/v1`; prints the problem in bokmål and ends the program on an error."""
        return self._kall("GET", sti, params={k: v for k, v in params.items() if v is not None})

    def post(
        self,
        sti: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
    ) -> httpx2.Response:
        """POSTs to a path under `/api/v1`; errors as in `get`."""
        return self._kall("POST", sti, json=json, content=content, headers=headers, params=params)

    def _kall(self, metode: str, sti: str, **kw: Any) -> httpx2.Response:
        try:
            svar = self._http.request(metode, sti, **{k: v for k, v in kw.items() if v is not None})
        except httpx2.HTTPError as feil:
            _avslutt(f"Får ikke kontakt med {self._http.base_url}: {type(feil).__name__}. Kjører tjenesten?")
        if svar.status_code >= 400:
            _avslutt(_problemtekst(svar))
        return svar


def _problemtekst(svar: httpx2.Response) -> str:
    try:
        problem = svar.json()
    except ValueError:
        return f"Feil {svar.status_code} fra tjenesten"
    linjer = [f"{problem.get('title', 'Feil')} ({svar.status_code})"]
    linjer += [f"  {f['felt']}: {f['tekst']}" for f in problem.get("feil", [])]
    if len(linjer) == 1 and problem.get("detail"):
        linjer.append(f"  {problem['detail']}")
    return "\n".join(linjer)


def _avslutt(tekst: str) -> Any:
    sys.stderr.write(tekst + "\n")
    raise typer.Exit(1)
