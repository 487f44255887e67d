"""Puts the simulator together: one database, one gateway, one post office, one admin API."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from infra.clock import Clock
from infra.simulator.admin import Admin, ugyldig
from infra.simulator.bakgrunn import Bakgrunn
from infra.simulator.callbacks import Varsler
from infra.simulator.database import Database
from infra.simulator.deler import Deler
from infra.simulator.epost_store import EpostStore
from infra.simulator.gateway import Gateway
from infra.simulator.innkommende import Telefonnett
from infra.simulator.innstillinger import Oppstart
from infra.simulator.levering import Levering
from infra.simulator.nummer import UgyldigNummer
from infra.simulator.regler_store import Regler
from infra.simulator.skjema import SKJEMA
from infra.simulator.sms_store import SmsStore
from infra.simulator.smtp import Postkontor, lytt

_MAKS_BYTE = 64 * 1024


@dataclass(frozen=True)
class Simulator:
    """A simulator that is up."""

    app: Starlette
    token: str


@asynccontextmanager
async def simulator(oppstart: Oppstart, smtp_kontakt: socket.socket) -> AsyncIterator[Simulator]:
    """Opens the store, resumes what was unfinished and receives mail, until the block ends."""
    oppstart.mappe.mkdir(parents=True, exist_ok=True)
    klokke, bakgrunn = Clock(), Bakgrunn()
    database = Database(oppstart.mappe / "simulator.db", SKJEMA)
    regler = Regler(database)
    await regler.start(oppstart)
    epost = EpostStore(database)
    varsler = Varsler(regler.token, oppstart.vei)
    deler = Deler(SmsStore(database), regler, varsler, bakgrunn, klokke, oppstart.konto)
    nett = Telefonnett(deler)
    levering = Levering(deler, nett)
    post = await lytt(Postkontor(epost, regler, klokke), smtp_kontakt)
    levering.gjenoppta()
    try:
        yield Simulator(_app(Gateway(deler, levering), Admin(database, deler, epost, nett)), regler.token)
    finally:
        post.close()
        await bakgrunn.stopp()
        await varsler.steng()
        await database.steng()


def _app(gateway: Gateway, admin: Admin) -> Starlette:
    return Starlette(
        routes=[*gateway.ruter(), *admin.ruter()],
        middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=_MAKS_BYTE)],
        exception_handlers={ValidationError: ugyldig, UgyldigNummer: ugyldig},
    )
