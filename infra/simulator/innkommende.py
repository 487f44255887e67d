"""Phones that answer: the message is stored, listed, and posted to the service as Twilio posts it."""

from __future__ import annotations

import uuid
from sqlite3 import Row

from infra.simulator.deler import Deler
from infra.simulator.segmenter import segmenter
from infra.simulator.sms_store import NySms
from infra.simulator.twilio import VERSJON

_NAVNEROM = uuid.UUID("5a170000-0000-4000-8000-000000000000")


class Telefonnett:
    """Every phone there is."""

    def __init__(self, deler: Deler) -> None:
        self._deler = deler

    async def svar(self, nummer: str, tekst: str, noekkel: str | None = None) -> str:
        """The phone sends a text to whoever wrote to it last; stored when this returns. Gives the message's SID.

        With a `noekkel`, a second call is the same message, not another one.
        """
        sid = f"SM{(uuid.uuid5(_NAVNEROM, noekkel) if noekkel else uuid.uuid4()).hex}"
        siste = self._deler.sms.siste_ut(nummer)
        vaart = siste["fra"] if siste else None
        ny = NySms(
            sid=sid,
            retning="inn",
            til=vaart or self._deler.regler.innstillinger.nummer,
            fra=nummer,
            tjeneste=siste["tjeneste"] if siste else None,
            tekst=tekst,
            segmenter=segmenter(tekst),
            status="received",
            opprettet=self._deler.naa(),
            aapen=self._deler.regler.innstillinger.innkommende_url is not None,
        )
        await self._deler.sms.legg_til(ny, *self._deler.regler.stopp_eller_start(nummer, tekst))
        if rad := self._deler.sms.finn(sid):
            self.lever(rad)
        return sid

    def lever(self, rad: Row) -> None:
        """Posts an inbound message that is not yet posted, in the background."""
        url = self._deler.regler.innstillinger.innkommende_url
        if rad["aapen"] and url:
            self._deler.bakgrunn.start(self._post(url, rad))

    async def _post(self, url: str, rad: Row) -> None:
        for _ in range(self._deler.regler.innstillinger.svar_ganger):
            await self._deler.varsler.send(url, self._skjema(rad))
        self._deler.sms.varslet(rad["sid"], 1, aapen=False)  # taken or given up: it can still be fetched

    def _skjema(self, rad: Row) -> dict[str, str]:
        skjema = dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), str(rad["sid"])) | {
            "AccountSid": self._deler.konto,
            "From": rad["fra"],
            "To": rad["til"],
            "Body": rad["tekst"],
            "NumMedia": "0",
            "NumSegments": str(rad["segmenter"]),
            "SmsStatus": "received",
            "ApiVersion": VERSJON,
            "FromCountry": "NO",
            "ToCountry": "NO",
        }
        tomme = dict.fromkeys((f"{ende}{del_}" for ende in ("From", "To") for del_ in ("State", "City", "Zip")), "")
        tjeneste = {"MessagingServiceSid": rad["tjeneste"]} if rad["tjeneste"] else {}
        return skjema | tomme | tjeneste
