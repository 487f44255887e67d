"""A mail server that does as it is told: refuses, hangs, or hangs up, at whatever stage of the conversation."""

from __future__ import annotations

import asyncio
import warnings
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult

from tests.harness.porter import ledig_port

Sted = Literal["hilsen", "mottaker", "data", "innhold", "svar"]
"""When EHLO, RCPT or DATA has come, when 354 is said, and when the message is taken but not answered."""


class _Samtale(SMTP):
    """A conversation that can be stopped, or cut off, at DATA itself."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        postkasse: Postkasse = self.event_handler
        await postkasse.naadd(self, "data")
        if postkasse.brudd_ved == "innhold":
            await self.push("354 Go on")
            await postkasse.naadd(self, "innhold")
        if self.transport and not self.transport.is_closing():
            await super().smtp_DATA(arg)


class Postkasse:
    """Receives real SMTP on loopback. `brev` is what it has taken, in order."""

    def __init__(self) -> None:
        self.brev: list[EmailMessage] = []
        self.mottakere: list[str] = []
        self.rcpt_svar: dict[str, list[str]] = {}
        """What RCPT is answered for an address, one reply each time, then 250."""
        self.data_svar: list[str] = []
        self.brudd_ved: Sted | None = None
        """Where it hangs up."""
        self.holder_ved: Sted | None = None
        """Where it says nothing more until `slipper` is set."""
        self.holdt = 0
        """How many conversations stand there now."""
        self.brudd = 0
        """How many it has hung up on."""
        self.nullstilt = 0
        """How many messages were given up between RCPT and DATA."""
        self.mottatt_rcpt = 0
        self._samtaler: set[_Samtale] = set()
        self.slipper = asyncio.Event()
        self.slipper.set()
        self.krever: tuple[str, str] | None = None
        """The only login that is let in; None: nobody has to say who they are."""
        self.forbindelser = 0
        self.forsoek = 0
        self.samtidige = 0
        self.flest_samtidige = 0
        self._tjener: asyncio.Server | None = None
        self.port = ledig_port()

    def url(self, bruker: str = "") -> str:
        """As SALTO_SMTP_URL names it, with `user:password` when given."""
        return f"smtp://{bruker + '@' if bruker else ''}127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tjener = await loop.create_server(self._ny, "127.0.0.1", self.port)

    async def stopp(self) -> None:
        if self._tjener:
            self._tjener.close()
            await self._tjener.wait_closed()
            self._tjener = None

    def _ny(self) -> Any:
        self.forbindelser += 1
        with warnings.catch_warnings(action="ignore"):  # it does not like a login in the clear, and neither do we
            samtale = _Samtale(
                self,
                hostname="postkasse.example",
                authenticator=self._innlogging,
                auth_require_tls=False,
                auth_required=self.krever is not None,
                loop=asyncio.get_running_loop(),
            )
        self._samtaler.add(samtale)
        return samtale

    def _innlogging(self, server: Any, session: Any, envelope: Any, mekanisme: str, data: Any) -> AuthResult:
        gitt = (data.login.decode(), data.password.decode())
        return AuthResult(success=gitt == self.krever, handled=False)

    @property
    def aapne(self) -> int:
        """How many connections there are."""
        return sum(s.transport is not None for s in self._samtaler)

    def legg_paa(self) -> None:
        """Hangs up on everybody."""
        for samtale in self._samtaler:
            if samtale.transport:
                cast("asyncio.Transport", samtale.transport).abort()

    def gaa_videre(self) -> None:
        """Nothing stands still any more."""
        self.holder_ved = None
        self.slipper.set()

    def hold(self, sted: Sted) -> None:
        """From now on every conversation stands still here."""
        self.holder_ved = sted
        self.slipper.clear()

    async def naadd(self, server: SMTP, sted: Sted) -> None:
        """A conversation has come this far."""
        if sted == self.holder_ved:
            self.holdt += 1
            await self.slipper.wait()
            self.holdt -= 1
        if sted == self.brudd_ved and server.transport:
            self.brudd += 1
            cast("asyncio.Transport", server.transport).abort()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, svar: list[str]
    ) -> list[str]:
        session.host_name = hostname
        await self.naadd(server, "hilsen")
        return svar

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, valg: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.forsoek += 1
        await self.naadd(server, "mottaker")
        if svar := self.rcpt_svar.get(address):
            return svar.pop(0)
        envelope.rcpt_tos.append(address)
        self.mottatt_rcpt += 1
        return "250 OK"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.nullstilt += 1
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data_svar:
            return self.data_svar.pop(0)
        self.brev.append(message_from_bytes(envelope.content, policy=default))
        self.mottakere += envelope.rcpt_tos
        self.samtidige += 1
        self.flest_samtidige = max(self.flest_samtidige, self.samtidige)
        await self.naadd(server, "svar")
        self.samtidige -= 1
        return "250 OK"
