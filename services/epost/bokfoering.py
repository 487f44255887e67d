"""What is written while e-mail goes out: that DATA begins, and what came of it, for all connections in one transaction.

What is handed over first is written first. A connection hands over the outcome of one mail before it begins the next,
so it never has more than one mail that is past DATA without an outcome: one kill leaves at most as many in doubt as
there are connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from contracts.register import Kontakt
from infra.db import NEDE
from infra.journal.forteller import Forteller
from infra.samler import Samler
from infra.web.tilgang import avtrykk
from services.epost import store
from services.epost.rules import LEIE, LENKE_LEVETID, Oppdrag, Resultat, kan_avslutte, kan_begynne
from services.epost.utfall import noter

logg = structlog.get_logger("epost")
PAUSE_SEKUNDER = 0.5
FORSOEK_MAKS = 3
Nr = tuple[UUID, int]
"""An attempt: the message and the attempt's number."""


@dataclass(frozen=True)
class Sending:
    """A claimed order, whom it is for, and the answer link's token, which lives in memory until it is in the mail."""

    oppdrag: Oppdrag
    kontakt: Kontakt | None
    token: str | None


@dataclass(eq=False)
class _Begynnelse:
    oppdrag: Oppdrag
    token: str | None
    leie_til: datetime | None = None
    """Until when the attempt is ours; empty while that is not committed."""


@dataclass(frozen=True)
class _Slutt:
    oppdrag: Oppdrag
    resultat: Resultat


class Bok:
    """One worker's book. Nothing that is known is forgotten while the database is away."""

    def __init__(self, forteller: Forteller, domene: str) -> None:
        self.arbeider = uuid4()
        self.domene = domene
        self.skrevet: Callable[[Collection[Nr]], None] = lambda _: None
        """Told, after the commit, which attempts are over."""
        self._forteller = forteller
        self._clock = forteller.clock
        self._samler: Samler[_Begynnelse | _Slutt] = Samler(self._lagre)
        self._fortelles: set[asyncio.Task[None]] = set()

    async def begynn(self, sending: Sending) -> bool:
        """Commits that DATA begins for this attempt, with its answer link.

        Returns:
            Whether it may. When not, the row is no longer ours, or we have stood still for so long that it may not be.
        """
        sak = _Begynnelse(sending.oppdrag, sending.token)
        await self._samler.legg(sak)
        return sak.leie_til is not None and self._clock.now() < sak.leie_til

    def slutt(self, oppdrag: Oppdrag, resultat: Resultat) -> None:
        """Hands over what an attempt came to."""
        self._samler.legg(_Slutt(oppdrag, resultat))

    async def tom(self) -> None:
        """Waits until everything handed over is written and told."""
        await self._samler.tom()
        if self._fortelles:
            await asyncio.wait(self._fortelles)

    async def _lagre(self, saker: Sequence[_Begynnelse | _Slutt]) -> None:
        slutter = [s for s in saker if isinstance(s, _Slutt)]
        feilet = 0
        while feilet < FORSOEK_MAKS:
            try:
                await self._til_lagret([s for s in saker if isinstance(s, _Begynnelse)], slutter)
                break
            except NEDE as feil:
                logg.warning("epost_utfall_venter", antall=len(saker), feil=type(feil).__name__)
                await asyncio.sleep(PAUSE_SEKUNDER)
            except Exception as feil:
                feilet += 1
                logg.error("epost_utfall_feilet", antall=len(saker), exc_info=feil)
        # Given up, they are left as they are: the leases run out, and what had begun is in doubt.
        self.skrevet([(s.oppdrag.id, s.oppdrag.forsoek) for s in slutter])

    async def _til_lagret(self, begynner: Sequence[_Begynnelse], slutter: Sequence[_Slutt]) -> None:
        """Waits for the commit alone: nobody should wait with DATA until the journal has confirmed other outcomes."""
        lagret = asyncio.Event()
        skriving = asyncio.create_task(self._skriv(begynner, slutter, lagret), name="epost-bok")
        self._fortelles.add(skriving)
        skriving.add_done_callback(self._fortalt)
        venting = asyncio.create_task(lagret.wait())
        await asyncio.wait({skriving, venting}, return_when=asyncio.FIRST_COMPLETED)
        venting.cancel()
        if not lagret.is_set():
            await skriving

    def _fortalt(self, skriving: asyncio.Task[None]) -> None:
        self._fortelles.discard(skriving)
        if not skriving.cancelled() and (feil := skriving.exception()):
            logg.warning(
                "epost_bok_avbrutt", feil=type(feil).__name__
            )  # not written: tried again; not told: told again

    async def _skriv(self, begynner: Sequence[_Begynnelse], slutter: Sequence[_Slutt], lagret: asyncio.Event) -> None:
        naa = self._clock.now()
        ider = {b.oppdrag.id for b in begynner} | {s.oppdrag.id for s in slutter}
        async with self._forteller.transaksjon() as t:
            hold = await store.laas(t.tx, ider, self.arbeider)
            vaare = [b for b in begynner if kan_begynne(hold.get(b.oppdrag.id), b.oppdrag, naa)]
            await store.begynn(t.tx, [b.oppdrag.id for b in vaare], naa, naa + LEIE)
            await store.lagre_lenker(t.tx, [_lenke(b.oppdrag, b.token) for b in vaare if b.token])
            par = [(s.oppdrag, s.resultat) for s in slutter if kan_avslutte(hold.get(s.oppdrag.id), s.oppdrag)]
            await noter(t, par, naa, self.domene)
            t.etter_commit(lambda: _er_vaare(vaare, naa + LEIE))
            t.etter_commit(lagret.set)


def _er_vaare(begynner: Sequence[_Begynnelse], leie_til: datetime) -> None:
    """Only now: until it is committed nobody may send."""
    for begynnelse in begynner:
        begynnelse.leie_til = leie_til


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
