"""Local accounts and their sessions: who has logged in to the portal, and for how long."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row, delete, insert, select, update

from infra.clock import Clock
from infra.db import Database, sett_inn_ny, tabell
from infra.web.bruker import Bruker, avtrykk
from infra.web.tables import BrukerRow, OektRow

BRUKER, OEKT = tabell(BrukerRow), tabell(OektRow)
HVILE = timedelta(hours=2)
"""A session that is not used for so long has ended."""
LEVETID = timedelta(hours=12)
"""A session ends after so long, used or not: a long shift, and no more."""
NOTER_BRUK = timedelta(minutes=1)
PASSORD_MINST = 12
PASSORD_MAKS = 200
_hasher = PasswordHasher()
_INGENS = _hasher.hash("ingen")
"""Checked where there is no account, so that the answer takes as long as where there is one."""
_samtidige = asyncio.Semaphore(2)
"""A hash takes 64 MB and a core: so many at a time."""


async def ny_bruker(
    db: Database, *, brukernavn: str, passord: str | None, rolle: str, enhet: str | None, naa: datetime,
    demo: bool = False,
) -> None:  # fmt: skip
    """Makes an account. Raises IntegrityError when the name is taken; with `demo` one that is there is left alone."""
    rad = BrukerRow(
        id=secrets.token_hex(6),
        brukernavn=brukernavn.casefold(),
        passord=await _hash(passord) if passord else None,
        rolle=rolle,
        enhet=enhet,
        demo=demo,
        opprettet=naa,
    ).model_dump()
    async with db.skriv() as tx:
        if demo:
            await sett_inn_ny(tx, BrukerRow, [rad])
        else:
            await tx.execute(insert(BRUKER), [rad])


async def brukere(db: Database, *, demo: bool | None = None) -> Sequence[Row[Any]]:
    """Every account, by name; with `demo` only those that are, or are not, a demo's."""
    sporring = select(BRUKER).order_by(BRUKER.c.brukernavn)
    async with db.les() as tx:
        return (await tx.execute(sporring if demo is None else sporring.where(BRUKER.c.demo.is_(demo)))).all()


async def nytt_passord(db: Database, brukernavn: str, passord: str) -> bool:
    """Sets a password and ends the account's sessions; False when there is no such account."""
    return await _endre(db, brukernavn, passord=await _hash(passord))


async def sperr(db: Database, brukernavn: str, naa: datetime | None) -> bool:
    """Closes an account (or opens it again: None) and ends its sessions; False when there is no such account."""
    return await _endre(db, brukernavn, sperret=naa)


async def _endre(db: Database, brukernavn: str, **felt: Any) -> bool:
    async with db.skriv() as tx:
        skriv = update(BRUKER).where(BRUKER.c.brukernavn == brukernavn.casefold()).values(**felt)
        bruker_id = (await tx.execute(skriv.returning(BRUKER.c.id))).scalar()
        await tx.execute(delete(OEKT).where(OEKT.c.bruker_id == bruker_id))
    return bruker_id is not None


class Oekter:
    """Opens, finds and ends sessions. Only with `demo` do a demo's accounts get in, and stay in."""

    def __init__(self, db: Database, clock: Clock, *, demo: bool = False) -> None:
        self.db = db
        self._clock = clock
        self._synlige = BRUKER.c.sperret.is_(None) if demo else BRUKER.c.sperret.is_(None) & BRUKER.c.demo.is_(False)

    async def logg_inn(self, brukernavn: str, passord: str) -> str | None:
        """The cookie of a new session; None when name and password do not belong together, or the account is closed."""
        rad = await self._konto(BRUKER.c.brukernavn == brukernavn.casefold())
        stemmer = await _stemmer(rad.passord if rad and rad.passord else _INGENS, passord)
        return await self._aapne(rad) if rad and rad.passord and stemmer else None

    async def logg_inn_demo(self, brukernavn: str) -> str | None:
        """The cookie of a new session for a demo account, which needs no password."""
        rad = await self._konto((BRUKER.c.brukernavn == brukernavn) & BRUKER.c.demo.is_(True))
        return await self._aapne(rad) if rad else None

    async def bruker(self, kapsel: str) -> Bruker | None:
        """Whose session it is; None when it has ended. Being used keeps it alive, up to `LEVETID`."""
        naa, sha256 = self._clock.now(), avtrykk(kapsel)
        sporring = (
            select(BRUKER, OEKT.c.sist_brukt)
            .join(OEKT, OEKT.c.bruker_id == BRUKER.c.id)
            .where(OEKT.c.sha256 == sha256, self._synlige)
            .where(OEKT.c.opprettet > naa - LEVETID, OEKT.c.sist_brukt > naa - HVILE)
        )
        async with self.db.les() as tx:
            rad = (await tx.execute(sporring)).one_or_none()
        if rad is None:
            return None
        if naa - rad.sist_brukt > NOTER_BRUK:
            async with self.db.skriv() as tx:
                await tx.execute(update(OEKT).where(OEKT.c.sha256 == sha256).values(sist_brukt=naa))
        return Bruker(rad.id, rad.rolle, rad.enhet)

    async def logg_ut(self, kapsel: str) -> None:
        """Ends a session, and clears away those that have ended by themselves."""
        async with self.db.skriv() as tx:
            gamle = OEKT.c.opprettet < self._clock.now() - LEVETID
            await tx.execute(delete(OEKT).where((OEKT.c.sha256 == avtrykk(kapsel)) | gamle))

    async def _konto(self, hvilken: Any) -> Row[Any] | None:
        async with self.db.les() as tx:
            return (await tx.execute(select(BRUKER).where(hvilken, self._synlige))).one_or_none()

    async def _aapne(self, rad: Row[Any]) -> str:
        kapsel, naa = secrets.token_urlsafe(32), self._clock.now()
        ny = OektRow(sha256=avtrykk(kapsel), bruker_id=rad.id, opprettet=naa, sist_brukt=naa)
        async with self.db.skriv() as tx:
            await tx.execute(insert(OEKT), [ny.model_dump()])
        return kapsel


async def _hash(passord: str) -> str:
    async with _samtidige:
        return await asyncio.to_thread(_hasher.hash, passord)


async def _stemmer(hashet: str, passord: str) -> bool:
    def sjekk() -> bool:
        try:
            return _hasher.verify(hashet, passord[:PASSORD_MAKS])
        except (VerificationError, InvalidHashError):
            return False

    async with _samtidige:
        return await asyncio.to_thread(sjekk)
