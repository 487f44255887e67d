"""The ledger is the queue: claim, send, write down what happened, and never send again what is in doubt.

An attempt is committed before anything goes out. A worker that dies between that commit and its outcome may have been
on either side of DATA, and a mail server cannot be asked: its rows become `uviss`, which a person decides about. That
is why batches are small: `VINDU` is the most that one kill can leave in doubt.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import structlog

from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller, Transaksjon
from infra.web.tilgang import avtrykk
from services.epost import rules, store
from services.epost.leie import leid
from services.epost.maalinger import SPERRET
from services.epost.rules import LEIE, LENKE_LEVETID, STATUS, TILBAKE, UVISS, Oppdrag, Resultat, Slag
from services.epost.utfall import fortell
from services.epost.utsending import Sending, Utsending

logg = structlog.get_logger("epost")
VINDU = 16
PAUSE_FOERST_SEKUNDER = 0.5
PAUSE_MAKS_SEKUNDER = 15.0
STOPPFRIST_SEKUNDER = 12.0


class Ledger:
    """The sending side of the room. Any number of replicas may run one.

    Args:
        utsending: None when no mail server is set up: then every order fails at once, with the reason.
        domene: of our Message-IDs.
    """

    def __init__(self, forteller: Forteller, utsending: Utsending | None, domene: str) -> None:
        self._forteller = forteller
        self._db = forteller.db
        self._clock = forteller.clock
        self._utsending = utsending
        self._domene = domene
        self._noe = asyncio.Event()
        self._stopp = asyncio.Event()
        self._pause = PAUSE_FOERST_SEKUNDER
        self._oppgave: asyncio.Task[None] | None = None

    def vekk(self) -> None:
        """There may be something to send."""
        self._noe.set()

    async def tikk(self) -> None:
        """The tick: what was put off may be due."""
        self.vekk()

    async def start(self) -> None:
        if self._utsending is None:
            logg.error("epost_ikke_satt_opp", mangler="SALTO_SMTP_URL")
        self.vekk()
        self._oppgave = asyncio.create_task(self._loep(), name="epost-ledger")

    async def stopp(self) -> None:
        """Finishes what is under way, hands back the rest, and ends."""
        self._stopp.set()
        self.vekk()
        if self._utsending:
            self._utsending.avbryt()
        if self._oppgave:
            await asyncio.wait({self._oppgave}, timeout=STOPPFRIST_SEKUNDER)
            self._oppgave.cancel()
            with suppress(asyncio.CancelledError):
                await self._oppgave

    async def _loep(self) -> None:
        while not self._stopp.is_set():
            await self._noe.wait()
            self._noe.clear()
            try:
                while not self._stopp.is_set() and await self.runde():
                    pass
                if self._utsending:
                    await self._utsending.hvil()
            except Exception as feil:  # noqa: BLE001 - the queue must outlive whatever one round meets
                logg.error("epost_runde_feilet", feil=type(feil).__name__)
                await self._hvil(PAUSE_FOERST_SEKUNDER)
                self.vekk()

    async def runde(self) -> bool:
        """One batch, from claim to outcome. Returns whether there may be more."""
        async with self._db.les() as tx:
            if not await store.har_arbeid(tx, self._clock.now()):
                return False
        sendinger = await self._ta()
        if not sendinger or self._utsending is None:
            return True
        oppdrag = [s.oppdrag for s in sendinger]
        async with leid(self._db, self._clock, [o.id for o in oppdrag]):
            resultater = await self._send(self._utsending, sendinger)
            await self._avslutt(oppdrag, resultater)
        await self._pust(resultater)
        return True

    async def _ta(self) -> list[Sending]:
        """Claims a batch, settles what needs no sending, and commits the attempts and the links of the rest."""
        naa = self._clock.now()
        async with self._forteller.transaksjon() as t:
            fortell(t, [(o, UVISS) for o in await store.forlatte(t.tx, naa)], naa, domene=self._domene)
            tatt = await store.ta(t.tx, naa, naa + LEIE, VINDU)
            trukne = await store.trukne(t.tx, [o.id for o in tatt])
            har_tjener = self._utsending is not None
            funn = {o.id: rules.foer_sending(o, naa, trukket=o.id in trukne, har_tjener=har_tjener) for o in tatt}
            avgjort = {i: r for i, r in funn.items() if r}
            await self._noter(t, [o for o in tatt if o.id in avgjort], avgjort, naa)
            sendinger = [Sending(o, _token(o)) for o in tatt if o.id not in avgjort]
            await store.lagre_lenker(t.tx, [_lenke(s.oppdrag, s.token) for s in sendinger if s.token])
        return sendinger

    async def _send(self, utsending: Utsending, sendinger: Sequence[Sending]) -> dict[UUID, Resultat]:
        try:
            return await utsending.send(sendinger)
        except JournalNede as feil:
            logg.warning("epost_uten_register", feil=str(feil))
            return {s.oppdrag.id: TILBAKE for s in sendinger}

    async def _avslutt(self, oppdrag: Sequence[Oppdrag], resultater: Mapping[UUID, Resultat]) -> None:
        """Commits what is known, however long the database is away: forgotten knowledge would become doubt."""
        while True:
            naa = self._clock.now()
            try:
                async with self._forteller.transaksjon() as t:
                    await self._noter(t, oppdrag, resultater, naa)
            except NEDE as feil:
                logg.warning("epost_utfall_venter", feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_FOERST_SEKUNDER)
            else:
                return

    async def _noter(
        self, t: Transaksjon, oppdrag: Sequence[Oppdrag], resultater: Mapping[UUID, Resultat], naa: datetime
    ) -> None:
        mine = await store.mine(t.tx, oppdrag)
        par = [(o, resultater[o.id]) for o in oppdrag if o.id in mine]
        await store.noter(t.tx, [_rad(o, r, naa) for o, r in par])
        fortell(t, par, naa, domene=self._domene)

    async def _pust(self, resultater: Mapping[UUID, Resultat]) -> None:
        """When nothing could be begun, waits longer each time; the most urgent go first when there is a way again."""
        sperret = all(r is TILBAKE for r in resultater.values()) and not self._stopp.is_set()
        SPERRET.set(sperret)
        if not sperret:
            self._pause = PAUSE_FOERST_SEKUNDER
            return
        logg.error("epost_kan_ikke_sendes", sekunder=self._pause, venter=len(resultater))
        await self._hvil(self._pause)
        self._pause = min(self._pause * 2, PAUSE_MAKS_SEKUNDER)

    async def _hvil(self, sekunder: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopp.wait(), sekunder)


def _rad(oppdrag: Oppdrag, resultat: Resultat, naa: datetime) -> dict[str, object]:
    return {
        "id": oppdrag.id,
        "status": STATUS[resultat.slag],
        "neste": rules.neste_gang(resultat, oppdrag, naa),
        "feilkode": resultat.feil.kode if resultat.feil else None,
        "fratrekk": int(resultat.slag is Slag.TILBAKE),
    }


def _token(oppdrag: Oppdrag) -> str | None:
    return secrets.token_urlsafe(32) if oppdrag.svarlenke and oppdrag.utkalling_id else None


def _lenke(oppdrag: Oppdrag, token: str) -> dict[str, object]:
    return {
        "sha256": avtrykk(token),
        "melding_id": oppdrag.id,
        "utkalling_id": oppdrag.utkalling_id,
        "person_id": oppdrag.person_id,
        "hendelse_id": oppdrag.hendelse_id,
        "utloeper": oppdrag.send_foer + LENKE_LEVETID,
        "antall_svar": 0,
    }
