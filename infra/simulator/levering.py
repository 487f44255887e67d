"""Carries out what was planned for each message, on disk step by step, so that a restart goes on where it stopped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from sqlite3 import Row

from infra.simulator.deler import Deler
from infra.simulator.innkommende import Telefonnett
from infra.simulator.plan import Plan, Steg
from infra.simulator.twilio import VERSJON

_UTE = frozenset({"sent", "delivered", "undelivered"})
_ENDELIG = frozenset({"delivered", "undelivered"})


@dataclass
class Gang:
    """One outgoing message on its way."""

    sid: str
    til: str
    fra: str | None
    tjeneste: str | None
    url: str | None
    plan: Plan
    framdrift: int = 0
    varslet: int = 0

    @property
    def aapen(self) -> bool:
        """Whether anything of the plan is still to be done."""
        return self.framdrift < len(self.plan.steg) or self.varslet < len(self.plan.varsler)

    @classmethod
    def fra_rad(cls, rad: Row) -> Gang:
        """A message as the disk knows it."""
        hvem = (rad["sid"], rad["til"], rad["fra"], rad["tjeneste"], rad["url"])
        return cls(*hvem, Plan.fra_json(rad["plan"]), rad["framdrift"], rad["varslet"])


class Levering:
    """Runs the plans side by side; callbacks of one message come one after the other."""

    def __init__(self, deler: Deler, telefonnett: Telefonnett) -> None:
        self._deler = deler
        self._telefonnett = telefonnett

    def start(self, gang: Gang) -> None:
        """Sets a message going; returns at once."""
        if gang.aapen:
            self._deler.bakgrunn.start(self._gaa(gang))

    def gjenoppta(self) -> None:
        """After a restart: every message and answer goes on from the step it had reached."""
        for rad in self._deler.sms.aapne():
            if rad["retning"] == "inn":
                self._telefonnett.lever(rad)
            else:
                self.start(Gang.fra_rad(rad))

    async def _gaa(self, gang: Gang) -> None:
        forrige: asyncio.Task[None] | None = None
        neste = gang.varslet
        for nummer, steg in enumerate(gang.plan.steg):
            if nummer >= gang.framdrift and not await self._ta_steg(gang, nummer, steg):
                return
            while neste < len(gang.plan.varsler) and gang.plan.varsler[neste] <= nummer:
                forrige = self._deler.bakgrunn.start(self._varsle(forrige, gang, neste))
                neste += 1

    async def _ta_steg(self, gang: Gang, nummer: int, steg: Steg) -> bool:
        """False: the message was cancelled or deleted meanwhile."""
        if steg.etter_ms:
            await asyncio.sleep(steg.etter_ms / 1000)
            rad = self._deler.sms.finn(gang.sid)
            if rad is None or rad["status"] == "canceled":
                return False
        if steg.svar is not None:
            await self._telefonnett.svar(gang.til, steg.svar, noekkel=f"{gang.sid}/{nummer}")
        gang.framdrift = nummer + 1
        if steg.status in _UTE:
            gang.fra = gang.fra or self._deler.regler.innstillinger.nummer
        await self._deler.sms.naadd(
            gang.sid,
            status=steg.status,
            feilkode=steg.kode,
            naa=self._deler.naa(),
            fra=gang.fra,
            framdrift=gang.framdrift,
            aapen=gang.aapen,
        )
        return True

    async def _varsle(self, forrige: asyncio.Task[None] | None, gang: Gang, nummer: int) -> None:
        if forrige is not None:
            await forrige
        await self._deler.varsler.send(gang.url or "", self._skjema(gang, gang.plan.steg[gang.plan.varsler[nummer]]))
        gang.varslet = nummer + 1
        self._deler.sms.varslet(gang.sid, gang.varslet, aapen=gang.aapen)

    def _skjema(self, gang: Gang, steg: Steg) -> dict[str, str]:
        felt = {
            "MessageSid": gang.sid,
            "SmsSid": gang.sid,
            "MessageStatus": steg.status,
            "SmsStatus": steg.status,
            "To": gang.til,
            "From": gang.fra,
            "AccountSid": self._deler.konto,
            "ApiVersion": VERSJON,
            "MessagingServiceSid": gang.tjeneste,
            "ErrorCode": str(steg.kode) if steg.kode else None,
            "RawDlrDoneDate": f"{self._deler.klokke.now():%y%m%d%H%M}" if steg.status in _ENDELIG else None,
        }
        return {navn: verdi for navn, verdi in felt.items() if verdi}
