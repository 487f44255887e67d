"""The mail server as `SALTO_SMTP_URL` names it: smtp(s)://user:pw@host:port?starttls=1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.settings import Innstillingsfeil

Sikring = Literal["ingen", "starttls", "tls"]
PORTER: dict[Sikring, int] = {"ingen": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class Tjener:
    """Where e-mail is handed over, and how."""

    vert: str
    port: int
    sikring: Sikring = "ingen"
    bruker: str = ""
    passord: str = field(default="", repr=False)


def les_tjener(url: str) -> Tjener | None:
    """The server of a URL; None when there is none.

    Raises:
        Innstillingsfeil: the URL is not one; the text names the setting and never the URL, which holds a password.
    """
    if not url:
        return None
    try:
        deler = urlsplit(url)
        port, vert = deler.port, deler.hostname
        valg = dict(parse_qsl(deler.query, strict_parsing=bool(deler.query)))
    except ValueError as feil:
        raise _feil() from feil
    if deler.scheme not in {"smtp", "smtps"} or not vert or deler.path.strip("/") or not _kjente(deler.scheme, valg):
        raise _feil()
    sikring: Sikring = "tls" if deler.scheme == "smtps" else "starttls" if valg.get("starttls") == "1" else "ingen"
    return Tjener(vert, port or PORTER[sikring], sikring, unquote(deler.username or ""), unquote(deler.password or ""))


def _kjente(skjema: str, valg: dict[str, str]) -> bool:
    """Only `starttls`, and not on top of TLS: a misspelt option must not turn encryption off."""
    return not valg or (set(valg) == {"starttls"} and valg["starttls"] in {"0", "1"} and skjema == "smtp")


def _feil() -> Innstillingsfeil:
    return Innstillingsfeil("SALTO_SMTP_URL må være smtp(s)://bruker:passord@vert:port, med ?starttls=1 for STARTTLS")
