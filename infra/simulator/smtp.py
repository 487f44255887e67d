"""Receives mail: stored before 250 is said, refused or dropped where an address is told to."""

from __future__ import annotations

import asyncio
import socket
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.clock import Clock
from infra.simulator.epost_store import Brev, EpostStore, adresse
from infra.simulator.regler_store import Regler

_BRUDD = "X-BRUDD-ETTER-DATA"
_MAKS_BYTE = 2_000_000
_TEKST = {450: "450 4.2.1 Mailbox temporarily unavailable", 550: "550 5.1.1 No such mailbox"}


class Postkontor:
    """The handler that aiosmtpd calls at each command."""

    def __init__(self, epost: EpostStore, regler: Regler, klokke: Clock) -> None:
        self._epost = epost
        self._regler = regler
        self._klokke = klokke

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes the recipient, or refuses it as its rule says."""
        regel, brukt = self._regler.bruk_epost(adresse(address))
        await self._epost.bare(brukt)
        if regel.kode is not None:
            return _TEKST.get(regel.kode, f"{regel.kode} {regel.kode // 100}.0.0 Refused")
        envelope.rcpt_tos.append(adresse(address))
        if regel.brudd_etter_data:
            envelope.rcpt_options.append(_BRUDD)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Stores the mail, then answers, or drops the line if any recipient's rule says so."""
        innhold = envelope.original_content or b""
        brev = Brev.les(envelope.mail_from or "", innhold)
        naa = self._klokke.now().isoformat(timespec="microseconds")
        await self._epost.legg_til(brev, envelope.rcpt_tos, naa)
        if _BRUDD in envelope.rcpt_options:
            cast("asyncio.Transport", server.transport).abort()  # uvloop's transports do not inherit from asyncio's
        return "250 OK"


async def lytt(kontor: Postkontor, kontakt: socket.socket) -> asyncio.Server:
    """Serves SMTP on a bound socket."""
    loop = asyncio.get_running_loop()

    def ny() -> SMTP:
        return SMTP(kontor, hostname="localhost", data_size_limit=_MAKS_BYTE, enable_SMTPUTF8=True, loop=loop)

    return await loop.create_server(ny, sock=kontakt)
