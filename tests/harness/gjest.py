"""Somebody with an account, and the way in that everybody has: the login page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import httpx2

from infra.web.oekter import ny_bruker
from tests.harness.by import By
from tests.harness.nettleser import Side

PASSORD = "et passord for testen"
_adresser = (f"2001:db8::{nr:x}" for nr in count(1))


@dataclass
class Gjest:
    """Somebody who is not logged in yet, with a browser of their own."""

    http: httpx2.AsyncClient

    async def logg_inn(self, brukernavn: str, passord: str, neste: str = "/tilgjengelighet") -> Side:
        return await self.send("/logg-inn", brukernavn=brukernavn, passord=passord, neste=neste)

    async def send(self, sti: str, **felt: str) -> Side:
        """Sends a form with the token of the login page."""
        token = Side(await self.http.get("/logg-inn")).skjult["csrftoken"]
        return Side(await self.http.post(sti, data={"csrftoken": token, **felt}))

    async def er_inne(self) -> bool:
        return (await self.http.get("/api/v1/hendelser")).status_code == 200


@asynccontextmanager
async def gjest(by: By, **valg: object) -> AsyncIterator[Gjest]:
    """Somebody behind the proxy, at an address of their own: tries at a password are counted by address."""
    felles = {"base_url": by.program.hus.settings.public_url, "headers": {"X-Forwarded-For": next(_adresser)}}
    async with httpx2.AsyncClient(timeout=30, follow_redirects=True, **felles, **valg) as http:  # type: ignore[arg-type] # handed on
        yield Gjest(http)


async def konto(by: By, navn: str, *, rolle: str = "sekretariat", enhet: str | None = None) -> str:
    """An account of this name; gives the name."""
    db, naa = by.program.hus.db, by.klokke.now()
    await ny_bruker(db, brukernavn=navn, passord=PASSORD, rolle=rolle, enhet=enhet, naa=naa)
    return navn
