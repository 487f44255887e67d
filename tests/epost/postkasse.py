"""A mail server that does as it is told: refuses, hangs, or hangs up after it has taken the message."""

from __future__ import annotations

import asyncio
import warnings
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


class Postkasse:
    """Receives real SMTP on loopback. `brev` is what it has taken, in order."""

    def __init__(self) -> None:
        self.brev: list[EmailMessage] = []
        self.mottakere: list[str] = []
        self.rcpt_svar: dict[str, list[str]] = {}
        """What RCPT is answered for an address, one reply each time, then 250."""
        self.data_svar: list[str] = []
        self.brudd_etter_data = False
        self.slipper = asyncio.Event()
        """While it is cleared, a message is taken and no reply is given."""
        self.slipper.set()
        self.krever: tuple[str, str] | None = None
        """The only login that is let in; None: nobody has to say who they are."""
        self.forbindelser = 0
        self.forsoek = 0
        self.samtidige = 0
        self.flest_samtidige = 0
        self._tjener: asyncio.Server | None = None
        self.port = 0

    def url(self, bruker: str = "") -> str:
        """As SALTO_SMTP_URL names it, with `user:password` when given."""
        return f"smtp://{bruker + '@' if bruker else ''}127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tjener = await loop.create_server(self._ny, "127.0.0.1", self.port)
        self.port = self._tjener.sockets[0].getsockname()[1]

    async def stopp(self) -> None:
        if self._tjener:
            self._tjener.close()
            await self._tjener.wait_closed()
            self._tjener = None

    def _ny(self) -> Any:
        self.forbindelser += 1
        with warnings.catch_warnings(action="ignore"):  # it does not like a login in the clear, and neither do we
            return SMTP(
                self,
                hostname="postkasse.example",
                authenticator=self._innlogging,
                auth_require_tls=False,
                auth_required=self.krever is not None,
                loop=asyncio.get_running_loop(),
            )

    def _innlogging(self, server: Any, session: Any, envelope: Any, mekanisme: str, data: Any) -> AuthResult:
        gitt = (data.login.decode(), data.password.decode())
        return AuthResult(success=gitt == self.krever, handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, valg: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.forsoek += 1
        if svar := self.rcpt_svar.get(address):
            return svar.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data_svar:
            return self.data_svar.pop(0)
        self.brev.append(message_from_bytes(envelope.content, policy=default))
        self.mottakere += envelope.rcpt_tos
        self.samtidige += 1
        self.flest_samtidige = max(self.flest_samtidige, self.samtidige)
        await self.slipper.wait()
        self.samtidige -= 1
        if self.brudd_etter_data:
            server.transport.abort()
        return "250 OK"
