"""Who knocks: an API token or the portal's session, and what a role may do."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import insert, select

from infra.clock import Clock
from infra.db import Database, tabell
from infra.web.bruker import Bruker, avtrykk
from infra.web.oekter import Oekter
from infra.web.problem import Problem
from infra.web.tables import TokenRow
from infra.web.takt import Takt

__all__ = ["Bruker", "Innlogget", "Tilgang", "avtrykk", "baerer", "innlogget", "krev", "nytt_token"]

Tokenrolle = Literal["sekretariat", "salto_sentrum", "salto_koordinator", "politi", "linjeleder", "gransker", "system"]
TOKENROLLER: tuple[str, ...] = get_args(Tokenrolle)
TOKEN = tabell(TokenRow)
KAPSEL = "salto_oekt"
"""The name of the session's cookie."""
baerer = HTTPBearer(auto_error=False, description="API-token fra `salto token ny`")


async def nytt_token(db: Database, *, rolle: str, navn: str, enhet: str | None, naa: datetime) -> str:
    """Makes a token and returns it: the only time it can be seen."""
    token = f"salto_{secrets.token_urlsafe(24)}"
    rad = TokenRow(id=secrets.token_hex(6), sha256=avtrykk(token), rolle=rolle, enhet=enhet, navn=navn, opprettet=naa)
    async with db.skriv() as tx:
        await tx.execute(insert(TOKEN), [rad.model_dump()])
    return token


class Tilgang:
    """Looks tokens and sessions up; the bootstrap token of the settings is a sekretariat's."""

    def __init__(
        self, db: Database, oppstartstoken: str = "", takt: Takt | None = None, oekter: Oekter | None = None
    ) -> None:
        self._db = db
        self.oekter = oekter or Oekter(db, Clock())
        self.takt = takt or Takt(per_sekund=300)
        self._oppstart = avtrykk(oppstartstoken) if oppstartstoken else ""

    async def bruker(self, token: str) -> Bruker | None:
        """The holder of a token, or None."""
        digest = avtrykk(token)
        if self._oppstart and secrets.compare_digest(digest, self._oppstart):
            return Bruker("oppstart", "sekretariat")
        async with self._db.les() as tx:
            sporring = select(TOKEN).where(TOKEN.c.sha256 == digest, TOKEN.c.tilbakekalt.is_(None))
            rad = (await tx.execute(sporring)).one_or_none()
        return Bruker(rad.id, rad.rolle, rad.enhet) if rad else None


async def innlogget(request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(baerer)]) -> Bruker:
    """The caller, by token or by the portal's session; 401 when nobody is known by it."""
    tilgang: Tilgang = request.app.state.tilgang
    if token:
        bruker = await tilgang.bruker(token.credentials)
    else:
        kapsel = request.cookies.get(KAPSEL, "")
        bruker = await tilgang.oekter.bruker(kapsel) if kapsel else None
    if bruker is None:
        if token:
            tilgang.takt.feil(request.client.host if request.client else "")
        raise Problem(401, "Du må være logget inn", "Send et gyldig token: Authorization: Bearer …")
    tilgang.takt.kall(bruker.id)
    request.state.bruker = bruker
    return bruker


Innlogget = Annotated[Bruker, Depends(innlogget)]


def krev(*roller: str) -> Callable[[Bruker], Awaitable[Bruker]]:
    """A dependency that lets only these roles through; 403 for the others."""

    async def _krev(bruker: Innlogget) -> Bruker:
        if bruker.rolle not in roller:
            raise Problem(403, "Du har ikke tilgang til dette", f"{bruker.visning} kan ikke gjøre dette.")
        return bruker

    return _krev
