"""Twilio's doors: signed forms in, and yes only when what they say is durable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from infra.clock import Clock
from infra.db import NEDE
from infra.journal.feil import JournalNede
from infra.web.problem import Problem
from services.sms.avvisning import Avvisninger
from services.sms.innkommende import Innkommende
from services.sms.maalinger import INNKOMMET
from services.sms.mistede import Mistede
from services.sms.rules_svar import Sms
from services.sms.signatur import Signatur
from services.sms.status import Ord, Statusmottak

INNHOLD_MAKS = 64 * 1024
FELT_MAKS = 300
TEKST_MAKS = 20_000
SVARFRIST_SEKUNDER = 8.0
"""Twilio waits 15 s at most for an answer: what is not durable by now is told so, and comes again."""
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True)
class Doer:
    """What both doors need: who may come in, and whom it is handed to."""

    clock: Clock
    signatur: Signatur
    avvisninger: Avvisninger
    innkommende: Innkommende
    statusmottak: Statusmottak
    mistede: Mistede

    async def skjema(self, navn: str, request: Request) -> FormData:
        """The form, once it is certain that Twilio sent it. 413 when it is too large, 403 when it is not Twilio's."""
        skjema = _les_skjema(await _kropp(request))
        sporring = request.scope["query_string"].decode("latin-1")
        signatur = request.headers.get("X-Twilio-Signature")
        grunn = self.signatur.avslag(request.url.path, sporring, skjema, signatur)
        if grunn:
            await self.avvisninger.noter(navn, grunn)
            raise Problem(403, "Ikke godkjent", "Kallet er ikke signert av leverandøren.")
        return skjema

    async def ta_imot_sms(self, sms: Sms) -> None:
        """Takes an answer in, or remembers that answers may be missing."""
        try:
            async with asyncio.timeout(SVARFRIST_SEKUNDER):
                await self.innkommende.ta_imot(sms)
        except (*NEDE, JournalNede):
            self.mistede.snart()
            raise
        INNKOMMET.labels("webhook").inc()

    async def ta_imot_status(self, ord_: Ord) -> None:
        """Takes a word about one of our own messages in."""
        try:
            async with asyncio.timeout(SVARFRIST_SEKUNDER):
                await self.statusmottak.ta_imot(ord_)
        except NEDE:
            self.mistede.snart()
            raise


def ruter(doer: Doer) -> APIRouter:
    """`/webhooks/twilio/sms` and `/webhooks/twilio/status`, at the root."""
    r = APIRouter(prefix="/webhooks/twilio", tags=["webhooks"])

    @r.post("/sms", summary="Innkommende SMS", response_class=Response)
    async def sms(request: Request) -> Response:
        """Et svar fra en telefon. 200 når det er trygt lagret; ellers 503, og Twilio prøver igjen."""
        skjema = await doer.skjema("sms", request)
        sid = _felt(skjema, "MessageSid") or _felt(skjema, "SmsSid")
        if not (0 < len(sid) <= 64 and sid.isalnum() and sid.isascii()):
            raise Problem.felt("MessageSid", "må fylles ut")
        tekst = _felt(skjema, "Body")[:TEKST_MAKS].replace("\x00", "")
        await doer.ta_imot_sms(Sms(sid, _felt(skjema, "From"), _felt(skjema, "To"), tekst, doer.clock.now()))
        return Response(TWIML, media_type="text/xml")

    @r.post("/status", summary="Leveringsstatus", response_class=Response)
    async def status(request: Request) -> Response:
        """Hvordan det gikk med en SMS vi sendte. Kan komme to ganger og i feil rekkefølge. 200 når det er lagret."""
        skjema = await doer.skjema("status", request)
        ord_ = Ord(
            sid=_felt(skjema, "MessageSid") or _felt(skjema, "SmsSid"),
            status=(_felt(skjema, "MessageStatus") or _felt(skjema, "SmsStatus")).lower(),
            feilkode=_tall(_felt(skjema, "ErrorCode")),
            mottatt=doer.clock.now(),
            melding_id=_uuid(request.query_params.get("m")),
            forsoek=_tall(request.query_params.get("f")),
        )
        if not ord_.lovlig:
            raise Problem.felt("MessageSid", "må fylles ut, sammen med MessageStatus")
        await doer.ta_imot_status(ord_)
        return Response(TWIML, media_type="text/xml")

    return r


async def _kropp(request: Request) -> bytes:
    """The body; 413 as soon as it is more than a form of Twilio's ever is."""
    kropp = bytearray()
    async for bit in request.stream():
        kropp += bit
        if len(kropp) > INNHOLD_MAKS:
            raise Problem(413, "Innsendingen er for stor")
    return bytes(kropp)


def _les_skjema(kropp: bytes) -> FormData:
    try:
        tekst = kropp.decode("ascii")
        return FormData([*parse_qsl(tekst, keep_blank_values=True, max_num_fields=FELT_MAKS)])
    except ValueError:  # not a form: nothing that a signature could fit
        return FormData()


def _felt(skjema: FormData, navn: str) -> str:
    verdi = skjema.get(navn, "")
    return verdi if isinstance(verdi, str) else ""


def _tall(tekst: str | None) -> int | None:
    return int(tekst) if tekst and tekst.isascii() and tekst.isdigit() and len(tekst) < 10 else None


def _uuid(tekst: str | None) -> UUID | None:
    try:
        return UUID(tekst or "")
    except ValueError:
        return None
