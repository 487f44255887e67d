"""`salto run`: some rooms in this process, against a journal and a database that run elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from infra.settings import Innstillingsfeil, Settings
from services.oppe import til_signal, web
from services.program import ROM, bygg, i_drift

WEB = "web"


async def kjoer(settings: Settings, tjenester: Sequence[str]) -> None:
    """Runs until told to stop. `web` is every room's doors and no consumers; `all` is everything."""
    ukjente = set(tjenester) - set(ROM) - {WEB, "all"}
    if ukjente:
        raise Innstillingsfeil(f"Ukjent tjeneste: {', '.join(sorted(ukjente))}. Velg blant {', '.join(ROM)}, web, all.")
    rom = list(ROM) if {WEB, "all"} & set(tjenester) else list(tjenester)
    token = settings.nats_token.get_secret_value()
    program = bygg(settings, nats_url=settings.nats_url, nats_token=token, rom=rom, bare_doerer=tjenester == [WEB])
    async with i_drift(program), web(program.app, settings.port):
        await til_signal()
