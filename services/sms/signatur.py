"""Whether a call at our doors is Twilio's: the SDK's own validator over the public address and every field."""

from __future__ import annotations

from typing import Literal

from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from services.sms.leverandoer import FRAGMENT

Grunn = Literal["ingen nøkkel er satt opp", "signatur mangler", "signaturen stemmer ikke"]


class Signatur:
    """Checks `X-Twilio-Signature`. Without a token nobody comes in.

    Args:
        offentlig_url: `SALTO_PUBLIC_URL`: Twilio signs the address it called, not the one a proxy passes on.
        token: the account's auth token.
    """

    def __init__(self, offentlig_url: str, token: str) -> None:
        self._rot = offentlig_url.rstrip("/")
        self._validator = RequestValidator(token) if token else None

    def avslag(self, sti: str, sporring: str, skjema: FormData, signatur: str | None) -> Grunn | None:
        """Why the call is refused, or None.

        Args:
            sti: the path of the door.
            sporring: the query string as it was received.
            skjema: the form as it was received, repeated fields and all.
            signatur: the header.
        """
        if self._validator is None:
            return "ingen nøkkel er satt opp"
        if not signatur:
            return "signatur mangler"
        url = f"{self._rot}{sti}{f'?{sporring}' if sporring else ''}"
        # A fragment is never sent, but a stand-in may sign the address as it was given. Both need the token.
        if any(self._validator.validate(u, skjema, signatur) for u in (url, url + FRAGMENT)):
            return None
        return "signaturen stemmer ikke"
