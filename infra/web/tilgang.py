"""Who knocks: API tokens by role, and what a role may do."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import insert, select

from contracts.event import Aktoer
from infra.db import Database, tabell
from infra.web.problem import Problem
from infra.web.tables import TokenRow
from infra.web.takt import Takt

Tokenrolle = Literal["sekretariat", "salto_sentrum", "salto_koordinator", "politi", "linjeleder", "gransker", "system"]
TOKENROLLER: tuple[str, ...] = get_args(Tokenrolle)
TOKEN = tabell(TokenRow)
_baerer = HTTPBearer(auto_error=False, description="API-token fra `salto token ny`")


@dataclass(frozen=True)
class Bruker:
    """A caller as the doors know it. `enhet` binds a coordinator to a bydel and police to a driftsenhet."""

    id: str
    rolle: str
    enhet: str | None = None

    @property
    def aktoer(self) -> Aktoer:
        """The caller as events tell it: role and id, never a name."""
        return Aktoer(rolle=self.rolle, enhet=self.enhet, id=self.id)


def avtrykk(token: str) -> str:
    """The digest a token is stored and looked up by."""
    return hashlib.sha256(token.encode()).hexdigest()


async def nytt_token(db: Database, *, rolle: str, navn: str, enhet: str | None, naa: datetime) -> str:
    """Makes a token and returns it: the only time it can be seen."""
    token = f"salto_{secrets.token_urlsafe(24)}"
    rad = TokenRow(id=secrets.token_hex(6), sha256=avtrykk(token), rolle=rolle, enhet=enhet, navn=navn, opprettet=naa)
    async with db.skriv() as tx:
        await tx.execute(insert(TOKEN), [rad.model_dump()])
    return token


class Tilgang:
    """Looks tokens up; the bootstrap token of the settings is a sekretariat's."""

    def __init__(self, db: Database, oppstartstoken: str = "", takt: Takt | None = None) -> None:
        self._db = db
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


async def innlogget(
    request: Request, baerer: Annotated[HTTPAuthorizationCredentials | None, Depends(_baerer)]
) -> Bruker:
    """The caller; 401 when nobody is known by that token."""
    tilgang: Tilgang = request.app.state.tilgang
    bruker = await tilgang.bruker(baerer.credentials) if baerer else None
    if bruker is None:
        tilgang.takt.feil(request.client.host if request.client else "")
        raise Problem(401, "Du må være logget inn", "Send et gyldig token: Authorization: Bearer …")
    tilgang.takt.kall(bruker.id)
    return bruker


Innlogget = Annotated[Bruker, Depends(innlogget)]


def krev(*roller: str) -> Callable[[Bruker], Awaitable[Bruker]]:
    """A dependency that lets only these roles through; 403 for the others."""

    async def _krev(bruker: Innlogget) -> Bruker:
        if bruker.rolle not in roller:
            raise Problem(403, "Du har ikke tilgang til dette", f"Rollen {bruker.rolle} kan ikke gjøre dette.")
        return bruker

    return _krev
