"""Named points in the program at which a process kills itself, planted from outside: the program knows nothing of them.

A point is a place between two things that must not be torn apart: a commit and what it leads to. Each is planted by
putting a SIGKILL in front of, or behind, the function that stands there.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from aiosmtplib import SMTP
from nats.aio.msg import Msg

from infra.journal import hukommelse
from infra.journal.forteller import Forteller
from infra.journal.journal import Journal
from services.audit import store as auditstore
from services.audit.handlers import Arkivar
from services.sms.leverandoer import Http
from services.sms.utfall import Utfall
from services.sms.utsending import Utsending

Plante = Callable[["Doedsoeyeblikk"], None]
PAA_TRAADEN_SEKUNDER = 0.01


class Doedsoeyeblikk:
    """Counts passages of a point; the last one is the end."""

    def __init__(self, gang: int) -> None:
        self._igjen = gang

    def passer(self) -> None:
        """SIGKILL to ourselves, when it is time: nothing after this is done."""
        self._igjen -= 1
        if self._igjen <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @property
    def naa(self) -> bool:
        return self._igjen <= 1


def _foer(klasse: Any, navn: str) -> Plante:
    """Dies as the function is called."""

    def plant(doed: Doedsoeyeblikk) -> None:
        ekte = getattr(klasse, navn)

        def drept(*a: Any, **kw: Any) -> Any:
            doed.passer()
            return ekte(*a, **kw)

        setattr(klasse, navn, drept)

    return plant


def _etter(klasse: Any, navn: str) -> Plante:
    """Dies as the function has done its work and has not yet returned."""

    def plant(doed: Doedsoeyeblikk) -> None:
        ekte = getattr(klasse, navn)

        async def drept(*a: Any, **kw: Any) -> Any:
            svar = await ekte(*a, **kw)
            doed.passer()
            return svar

        setattr(klasse, navn, drept)

    return plant


def _under(klasse: Any, navn: str, metode: str | None = None) -> Plante:
    """Dies a moment after the call has begun, and before it has an answer."""

    def plant(doed: Doedsoeyeblikk) -> None:
        ekte = getattr(klasse, navn)

        async def drept(selv: Any, *a: Any, **kw: Any) -> Any:
            if metode and a[0] != metode:
                return await ekte(selv, *a, **kw)
            if not doed.naa:
                doed.passer()
                return await ekte(selv, *a, **kw)
            kall = asyncio.ensure_future(ekte(selv, *a, **kw))
            await asyncio.wait({kall}, timeout=PAA_TRAADEN_SEKUNDER)
            doed.passer()
            return await kall

        setattr(klasse, navn, drept)

    return plant


PUNKTER: dict[str, Plante] = {
    "før commit": _etter(hukommelse, "husk"),
    "etter commit, før det fortelles": _foer(Forteller, "fortell"),
    "midt i fortellingen": _under(Journal, "publiser"),
    "fortalt, før kvittering til journalen": _foer(Msg, "ack"),
    "arkivet: før commit": _etter(auditstore, "legg_til"),
    "arkivet: etter commit": _etter(Arkivar, "_legg_til"),
    "etter intensjon, før anropet": _foer(Utsending, "start"),
    "anropet på tråden": _under(Http, "request", "POST"),
    "etter gatewayens ja": _etter(Utsending, "_anrop"),
    "før utfallet skrives": _foer(Utfall, "_skriv"),
    "e-post: før DATA": _foer(SMTP, "data"),
    "e-post: under DATA": _under(SMTP, "data"),
    "e-post: etter serverens ja": _etter(SMTP, "data"),
}
UTGANG = ("før commit", "etter commit, før det fortelles", "midt i fortellingen")
INNGANG = (*UTGANG, "fortalt, før kvittering til journalen")
SENDING = ("etter intensjon, før anropet", "anropet på tråden", "etter gatewayens ja", "før utfallet skrives")
VED_ROM: dict[str, tuple[str, ...]] = {
    "sms": (
        *INNGANG,
        "etter intensjon, før anropet",
        "anropet på tråden",
        "etter gatewayens ja",
        "før utfallet skrives",
    ),
    "epost": (*INNGANG, "e-post: før DATA", "e-post: under DATA", "e-post: etter serverens ja"),
    "routing": INNGANG,
    "utkalling": INNGANG,
    "hendelser": ("før commit", "fortalt, før kvittering til journalen"),
    "audit": ("arkivet: før commit", "arkivet: etter commit"),
    "web": ("midt i fortellingen",),
}
"""Where each process can be made to die; a point that it never comes to kills nobody."""


def plant(navn: str, gang: int) -> None:
    """Makes this process die the `gang`th time it comes to a point."""
    PUNKTER[navn](Doedsoeyeblikk(gang))
