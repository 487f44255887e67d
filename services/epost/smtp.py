"""One SMTP connection: opened when needed, used for many messages, and honest about what it does not know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPResponseException

from services.epost.brev import Brev
from services.epost.rules import IGJEN, IKKE_SLUPPET_INN, INGEN_VEI, TILBAKE, UVISS, Resultat, svar_fra_tjener
from services.epost.tjener import Tjener

logg = structlog.get_logger("epost")
KOMMANDO_SEKUNDER = 10.0
DATA_SEKUNDER = 60.0
"""Mail servers read and judge a message before they answer; giving up early makes doubt of what went well."""
AVSKJED_SEKUNDER = 2.0
BREV_PER_FORBINDELSE = 50
"""Many servers end a connection after a hundred messages; we end it first, between two of them."""


class TjenerNede(ConnectionError):
    """There is no way in to the mail server now."""


class SlippesIkkeInn(Exception):
    """The server says that it will never take our login."""


class Forbindelse:
    """One way to the server. Used by one worker at a time."""

    def __init__(self, tjener: Tjener, navn: str) -> None:
        self._tjener = tjener
        self._navn = navn
        self._klient: SMTP | None = None
        self._brukt = 0

    async def send(self, brev: Brev, begynn: Callable[[], Awaitable[bool]]) -> Resultat:
        """Sends one message, once.

        Args:
            brev: what to send.
            begynn: asked when the recipient is accepted, right before DATA. Only when it says yes does DATA begin, and
                from then on nothing but a reply counts as knowing.
        """
        try:
            klient = await self._aapen()
        except SlippesIkkeInn:
            return IKKE_SLUPPET_INN
        except TjenerNede:
            return INGEN_VEI
        self._brukt += 1
        nei = await self._konvolutt(klient, brev)
        if nei:
            return nei
        if not await begynn():
            await self._nullstill(klient)
            return TILBAKE
        if not klient.is_connected:  # it hung up while the answer was found: DATA cannot be said, and was not
            return self._brutt("hengte opp", IGJEN)
        return await self._data(klient, brev)

    async def _konvolutt(self, klient: SMTP, brev: Brev) -> Resultat | None:
        """Says who it is from and to; None = accepted. Whatever happens, nothing is sent yet."""
        try:
            await klient.mail(brev.avsender)
            await klient.rcpt(brev.mottaker)
        except SMTPResponseException as feil:
            return await self._avvist(klient, feil, etter_data=False)
        except (SMTPException, OSError) as feil:
            return self._brutt(type(feil).__name__, IGJEN)
        return None

    async def _data(self, klient: SMTP, brev: Brev) -> Resultat:
        try:
            svar = await klient.data(brev.innhold, timeout=DATA_SEKUNDER)
        except SMTPDataError as feil:
            if feil.code // 100 in {4, 5}:
                return await self._avvist(klient, feil, etter_data=True)
            return self._brutt(str(feil.code), UVISS)
        except Exception as feil:  # noqa: BLE001 - whatever it is, the message may have been taken
            return self._brutt(type(feil).__name__, UVISS)
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

    async def _avvist(self, klient: SMTP, feil: SMTPResponseException, *, etter_data: bool) -> Resultat:
        """A reply that says no."""
        logg.info("epost_avvist", kode=feil.code, etter_data=etter_data)
        await self._nullstill(klient)
        return svar_fra_tjener(feil.code, feil.message, etter_data=etter_data)

    async def _nullstill(self, klient: SMTP) -> None:
        """Makes the connection ready for the next message."""
        try:
            await klient.rset()
        except (SMTPException, OSError):
            self.kast()

    def _brutt(self, feil: str, resultat: Resultat) -> Resultat:
        logg.warning("epost_brutt", feil=feil, slag=resultat.slag)
        self.kast()
        return resultat

    def kast(self) -> None:
        """Closes without a word: nobody knows where in the conversation we are."""
        if self._klient is not None:
            self._klient.close()
            self._klient = None
