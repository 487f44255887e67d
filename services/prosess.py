"""`salto run`: some rooms in this process, against a journal and a database that run elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from infra.journal.journal import NEDE_FEIL
from infra.settings import Innstillingsfeil, Settings
from services import migrering, simulatortjeneste
from services.oppe import eneste, la_programmet_ligge, simulator, til_signal, web
from services.program import ROM, Program, bygg

logg = structlog.get_logger("prosess")
WEB, ALT, SIMULATOR = "web", "all", "simulator"
STARTFRIST_SEKUNDER = 30
EKSEMPEL = "bytt-meg"
"""How the secrets of `.env.example` begin."""


def velg(tjenester: Sequence[str]) -> tuple[list[str], bool]:
    """The rooms to build, and whether only their doors are wanted.

    Raises:
        Innstillingsfeil: an unknown service, or one that must stand alone together with others.
    """
    ukjente = set(tjenester) - set(ROM) - {WEB, ALT, SIMULATOR}
    if ukjente:
        raise Innstillingsfeil(
            f"Ukjent tjeneste: {', '.join(sorted(ukjente))}. Velg blant {', '.join(ROM)}, web, simulator, all."
        )
    for alene in {WEB, SIMULATOR} & set(tjenester):
        if len(set(tjenester)) > 1:
            raise Innstillingsfeil(f"«{alene}» startes i en prosess for seg")
    alle = {WEB, ALT} & set(tjenester)
    return [navn for navn in ROM if alle or navn in tjenester], WEB in tjenester


async def kjoer(settings: Settings, tjenester: Sequence[str]) -> None:
    """Runs until told to stop. `web` is every room's doors and no consumers; `all` is everything but the simulator.

    Raises:
        Innstillingsfeil: a service, a setting, the schema, the database or the journal is not as it must be.
    """
    if list(tjenester) == [SIMULATOR]:
        return await simulatortjeneste.kjoer(settings)
    rom, bare_doerer = velg(tjenester)
    settings = settings.model_copy(update={"demo": False})  # accounts without a password are for `demo` alone
    await migrering.sjekk(settings)
    _se_etter_hemmeligheter(settings)
    async with _gateway(settings, ALT in tjenester) as ferdig:
        token = ferdig.nats_token.get_secret_value()
        program = bygg(ferdig, nats_url=ferdig.nats_url, nats_token=token, rom=rom, bare_doerer=bare_doerer)
        try:
            await _start(program)
            la_programmet_ligge()
            async with web(program.app, ferdig.port, ferdig.host, program.strom) as port:
                logg.info("oppe", tjenester=list(tjenester), port=port)
                await til_signal()
                logg.info("stopper")
        finally:
            await program.stopp()


async def _start(program: Program) -> None:
    try:
        async with asyncio.timeout(STARTFRIST_SEKUNDER):  # the client itself would try for ever, without a word
            await program.start()
    except NEDE_FEIL as feil:
        raise Innstillingsfeil(f"NATS på SALTO_NATS_URL svarer ikke som ventet: {type(feil).__name__} {feil}") from feil


@asynccontextmanager
async def _gateway(settings: Settings, alt: bool) -> AsyncIterator[Settings]:
    """Without Twilio, the simulator: the one that runs by itself, or for one process with everything one of its own."""
    if settings.har_twilio:
        yield settings
    elif settings.simulator_url:
        logg.warning("simulator_er_gateway", mangler="SALTO_TWILIO_ACCOUNT_SID")
        yield simulatortjeneste.med_simulator(settings)
    elif alt:
        logg.warning("simulator_er_gateway", mangler="SALTO_TWILIO_ACCOUNT_SID")
        with eneste(settings.data_dir):
            async with simulator(settings) as ferdig:
                yield ferdig
    else:
        yield settings.model_copy(update={"simulator": True})


def _se_etter_hemmeligheter(settings: Settings) -> None:
    """Replicas must have the same key: answer links and the digests of numbers are made with it."""
    if not settings.secret_key.get_secret_value():
        logg.warning("noekkel_fra_datamappen", mangler="SALTO_SECRET_KEY")
    for navn in ("secret_key", "api_token", "nats_token"):
        if getattr(settings, navn).get_secret_value().startswith(EKSEMPEL):
            logg.warning("hemmelighet_er_eksempelets", innstilling=f"SALTO_{navn.upper()}")
