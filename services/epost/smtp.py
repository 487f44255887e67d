"""One SMTP connection: opened when needed, used for many messages, and honest about what it does not know."""

from __future__ import annotations

from contextlib import suppress

import structlog
from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPResponseException

from services.epost.brev import Brev
from services.epost.rules import IGJEN, IKKE_SLUPPET_INN, UVISS, Resultat, svar_fra_tjener
from services.epost.tjener import Tjener

logg = structlog.get_logger("epost")
KOMMANDO_SEKUNDER = 10.0
DATA_SEKUNDER = 60.0
"""Mail servers read and judge a message before they answer; giving up early makes doubt of what went well."""
AVSKJED_SEKUNDER = 2.0
BREV_PER_FORBINDELSE = 50
"""Many servers end a connection after a hundred messages; we end it first, between two of them."""


class TjenerNede(ConnectionError):
    """There is no way in to the mail server now: nothing was begun, and nothing is lost."""


class SlippesIkkeInn(Exception):
    """The server says that it will never take our login."""


class Forbindelse:
    """One way to the server. Used by one worker at a time."""

    def __init__(self, tjener: Tjener, navn: str) -> None:
        self._tjener = tjener
        self._navn = navn
        self._klient: SMTP | None = None
        self._brukt = 0

    async def send(self, brev: Brev) -> Resultat:
        """Sends one message, once: after DATA began nothing but a reply counts as knowing.

        Raises:
            TjenerNede: the connection could not be opened, so the message was never begun.
        """
        try:
            klient = await self._aapen()
        except SlippesIkkeInn:
            return IKKE_SLUPPET_INN
        self._brukt += 1
        try:
            await klient.mail(brev.avsender)
            await klient.rcpt(brev.mottaker)
        except SMTPResponseException as feil:
            return await self._avvist(klient, feil.code, etter_data=False)
        except (SMTPException, OSError) as feil:
            return self._brutt(feil, IGJEN)
        try:
            svar = await klient.data(brev.innhold, timeout=DATA_SEKUNDER)
        except SMTPDataError as feil:
            return await self._avvist(klient, feil.code, etter_data=True)
        except Exception as feil:  # noqa: BLE001 - whatever it is, the message may have been taken
            return self._brutt(feil, UVISS)
        return svar_fra_tjener(svar.code, etter_data=True)

    async def lukk(self) -> None:
        """Says goodbye, if anybody is there."""
        klient, self._klient = self._klient, None
        if klient is None:
            return
        with suppress(SMTPException, OSError):
            await klient.quit(timeout=AVSKJED_SEKUNDER)
        klient.close()

    async def _aapen(self) -> SMTP:
        if self._brukt >= BREV_PER_FORBINDELSE:
            await self.lukk()
        if self._klient is None or not self._klient.is_connected:
            self._klient = await self._aapne()
            self._brukt = 0
        return self._klient

    async def _aapne(self) -> SMTP:
        tjener = self._tjener
        klient = SMTP(
            hostname=tjener.vert,
            port=tjener.port,
            username=tjener.bruker or None,
            password=tjener.passord or None,
            use_tls=tjener.sikring == "tls",
            start_tls=tjener.sikring == "starttls",
            local_hostname=self._navn,  # the default asks the DNS for our own name
            timeout=KOMMANDO_SEKUNDER,
        )
        try:
            await klient.connect()
        except (SMTPException, OSError, ValueError) as feil:
            klient.close()
            kode = feil.code if isinstance(feil, SMTPResponseException) else None
            aarsak = type(feil.__cause__ or feil).__name__
            logg.warning("epost_ingen_forbindelse", feil=type(feil).__name__, aarsak=aarsak, kode=kode)
            if isinstance(feil, SMTPAuthenticationError) and feil.code >= 500:
                raise SlippesIkkeInn from feil
            raise TjenerNede(type(feil).__name__) from feil
        return klient

    async def _avvist(self, klient: SMTP, kode: int, *, etter_data: bool) -> Resultat:
        """A reply that says no; the connection is made ready for the next message."""
        logg.info("epost_avvist", kode=kode, etter_data=etter_data)
        try:
            await klient.rset()
        except (SMTPException, OSError):
            self._kast()
        return svar_fra_tjener(kode, etter_data=etter_data)

    def _brutt(self, feil: Exception, resultat: Resultat) -> Resultat:
        logg.warning("epost_brutt", feil=type(feil).__name__, slag=resultat.slag)
        self._kast()
        return resultat

    def _kast(self) -> None:
        if self._klient is not None:
            self._klient.close()
            self._klient = None
