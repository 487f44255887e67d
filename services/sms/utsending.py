"""The calls themselves: each in a task of its own, each ending in a verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from infra.clock import Clock
from infra.oppgave import avslutt
from services.sms.leverandoer import FRAGMENT, Leverandoer, doem
from services.sms.rules import Rad, Tider
from services.sms.rules_feil import IKKE_SENDT, SENDT, TVIL, Dom
from services.sms.rules_koe import gyldig_sekunder
from services.sms.utfall import Anrop

logg = structlog.get_logger("sms")
STATUS_STI = "/webhooks/twilio/status"


@dataclass(frozen=True, slots=True)
class Forsoek:
    """A claimed and committed attempt."""

    rad: Rad
    nr: int
    til: str
    avtrykk: str
    leie_til: datetime
    sekund: float
    """The loop's clock just before the claim: it goes on when the wall clock is set back."""


class Utsending:
    """Makes the calls that the ledger has claimed, all at once; the ledger bounds how many."""

    def __init__(
        self,
        leverandoer: Leverandoer | None,
        offentlig_url: str,
        tider: Tider,
        clock: Clock,
        meld: Callable[[Anrop], None],
    ) -> None:
        self._leverandoer = leverandoer
        self._tilbakekall = f"{offentlig_url.rstrip('/')}{STATUS_STI}"
        self._tider = tider
        self._clock = clock
        self._meld = meld
        self._oppgaver: set[asyncio.Task[None]] = set()

    def start(self, forsoek: Iterable[Forsoek]) -> None:
        """Begins these calls."""
        for ett in forsoek:
            oppgave = asyncio.create_task(self._utfoer(ett))
            self._oppgaver.add(oppgave)
            oppgave.add_done_callback(self._oppgaver.discard)

    async def stopp(self, sekunder: float) -> None:
        """Waits this long for the calls under way; those that are not done then are cut off, and in doubt."""
        if self._oppgaver:
            await asyncio.wait(set(self._oppgaver), timeout=sekunder)
        await avslutt(*self._oppgaver)

    async def _utfoer(self, f: Forsoek) -> None:
        dom, sid = await self._anrop(f)
        self._meld(Anrop(f.rad.id, f.nr, f.avtrykk, dom, sid))

    async def _anrop(self, f: Forsoek) -> tuple[Dom, str | None]:
        naa = self._clock.now()
        if self._leverandoer is None or self._for_sent_ute(f, naa):
            return IKKE_SENDT, None
        try:
            sid = await self._leverandoer.send(
                til=f.til,
                tekst=f.rad.tekst,
                tilbakekall=f"{self._tilbakekall}?m={f.rad.id}&f={f.nr}{FRAGMENT}",
                gyldig_sekunder=gyldig_sekunder(f.rad.send_foer, naa),
            )
        except asyncio.CancelledError:
            return TVIL, None  # cut off while we stop: it may have gone out
        except Exception as feil:  # noqa: BLE001 - whatever it is, it is judged; what is not certain is doubt
            dom = doem(feil)
            logg.info(
                "sms_ikke_bekreftet", melding_id=str(f.rad.id), forsoek=f.nr, slag=dom.slag, feil=type(feil).__name__
            )
            return dom, None
        return SENDT, sid

    def _for_sent_ute(self, f: Forsoek, naa: datetime) -> bool:
        """Whether too little of the lease is left to call: somebody else may soon believe that we are dead."""
        slakk = self._tider.leie - self._tider.anrop
        staatt = asyncio.get_running_loop().time() - f.sekund
        return staatt > slakk or naa > f.leie_til - timedelta(seconds=self._tider.anrop)
