"""The simulator as a service of its own (`salto run simulator`), and the settings of those who send through it."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from infra.settings import Innstillingsfeil, Settings
from infra.simulator.innstillinger import KONTO, Oppstart, Vei
from infra.simulator.server import kjoer as server
from services.oppe import SIMULATOR_NUMMER

PORT, SMTP_PORT = 8010, 8025
"""Where it listens; nobody but the other services should reach it."""
INNKOMMENDE = "http://127.0.0.1/webhooks/twilio/sms#rc=5&rp=all"


async def kjoer(settings: Settings) -> None:
    """Serves until told to stop; phones' answers and statuses go to the doors at SALTO_URL.

    Raises:
        Innstillingsfeil: Twilio is configured, so nobody must think that this is the gateway; or it cannot start.
    """
    if settings.har_twilio:
        raise Innstillingsfeil("Twilio er satt opp, så simulatoren skal ikke kjøre")
    vei = Vei(innenfra=settings.url.rstrip("/"), utenfra=settings.public_url.rstrip("/"))
    endringer = {"innkommende_url": INNKOMMENDE, "nummer": SIMULATOR_NUMMER}
    try:
        await server(
            Oppstart(
                settings.data_dir / "simulator",
                PORT,
                SMTP_PORT,
                token=_token(settings),
                vert=settings.host,
                vei=vei,
                endringer=tuple(endringer.items()),
            )
        )
    except (OSError, ValidationError) as feil:
        raise Innstillingsfeil(f"Simulatoren kan ikke kjøre: {feil}") from feil


def med_simulator(settings: Settings) -> Settings:
    """Settings that send through the simulator at `simulator_url`, and say that they do."""
    felt = {
        "simulator": True,
        "twilio_account_sid": KONTO,
        "twilio_auth_token": SecretStr(_token(settings)),
        "twilio_from": SIMULATOR_NUMMER,
        "twilio_base_url": settings.simulator_url.rstrip("/"),
    }
    if not settings.smtp_url.get_secret_value():
        felt["smtp_url"] = SecretStr(f"smtp://{urlsplit(settings.simulator_url).hostname}:{SMTP_PORT}")
    return settings.model_copy(update=felt)


def _token(settings: Settings) -> str:
    """The account's token, the same in every process: made of the key they share."""
    nokkel = settings.med_hemmelighet().secret_key.get_secret_value()
    return hmac.new(nokkel.encode(), b"simulator", hashlib.sha256).hexdigest()
