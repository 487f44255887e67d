"""What `salto doktor` looks at: the journal, the database, the gateway and the clock."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import aiohttp
import nats as nats_py

from infra.clock import Clock
from infra.db import Database
from infra.journal.journal import adresser
from infra.settings import Settings
from infra.web.helse import Proeve
from services.rettigheter import kan_endre_arkivet

AVVIK_SEKUNDER = 5


def sjekker(settings: Settings) -> dict[str, Proeve]:
    """Each dependency with a check that raises when it is not well."""

    async def database() -> None:
        db = Database(settings.hoveddatabase)
        try:
            await db.ping()
        finally:
            await db.lukk()

    async def nats() -> None:
        if not settings.nats_url:
            return await _tjeneste(settings)
        nc = await nats_py.connect(
            adresser(settings.nats_url), token=settings.nats_token.get_secret_value() or None, allow_reconnect=False
        )
        await nc.jetstream().account_info()
        await nc.close()
        return None

    async def gateway() -> None:
        if settings.har_twilio:
            await _dato(settings.twilio_base_url)

    async def klokke() -> None:
        """Our clock against somebody else's: the gateway's, or at least the running program's."""
        adresse = settings.twilio_base_url if settings.har_twilio else f"{settings.url}/helse/live"
        _sjekk_klokke(await _dato(adresse))

    return {"nats": nats, "database": database, "gateway": gateway, "klokke": klokke}


def advarsler(settings: Settings) -> dict[str, Proeve]:
    """What is allowed, and should be otherwise where the service is used for real."""
    if not settings.database_url.startswith("postgresql"):
        return {}

    async def arkivvern() -> None:
        db = Database(settings.auditdatabase)
        try:
            if await kan_endre_arkivet(db):
                raise RuntimeError(f"rollen «{db.url.username}» kan endre loggarkivet. Se SALTO_MIGRERING_URL")
        finally:
            await db.lukk()

    return {"loggarkivets vern": arkivvern}


async def _dato(adresse: str) -> str | None:
    async with aiohttp.ClientSession() as http, http.get(adresse, allow_redirects=False) as svar:
        return svar.headers.get("Date")


async def _tjeneste(settings: Settings) -> None:
    """The embedded journal belongs to a running `up`: that one is asked."""
    async with aiohttp.ClientSession() as http, http.get(f"{settings.url}/helse/klar") as svar:
        deler = (await svar.json())["deler"]
        if deler["journal"] != "ok":
            raise RuntimeError(deler["journal"])


def _sjekk_klokke(dato: str | None) -> None:
    if dato and abs((parsedate_to_datetime(dato) - Clock().now()).total_seconds()) > AVVIK_SEKUNDER:
        raise RuntimeError("maskinens klokke avviker fra gatewayens")
