"""An order as an e-mail: plain text and HTML from the same words, with the answer link filled in here and only here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mjml import mjml2html

from infra.settings import Innstillingsfeil
from services.epost.rules import Oppdrag

MALER = Path(__file__).parent / "templates"
AVSENDERNAVN = "SaLTo Oslo"


class UbrukeligAdresse(ValueError):
    """No mail can be addressed like this."""


@dataclass(frozen=True)
class Brev:
    """A message as it goes over the wire."""

    avsender: str
    mottaker: str = field(repr=False)
    innhold: bytes = field(repr=False)


class Brevskriver:
    """Writes e-mails from our address.

    Args:
        avsender: `SALTO_EMAIL_FROM`, with or without a name.
        public_url: where answer links lead.
        simulator: every message says so.
    """

    def __init__(self, avsender: str, public_url: str, *, simulator: bool) -> None:
        navn, adresse = parseaddr(avsender)
        try:
            self._fra = lag_adresse(adresse, navn or AVSENDERNAVN)
        except UbrukeligAdresse as feil:
            raise Innstillingsfeil("SALTO_EMAIL_FROM må være en e-postadresse") from feil
        self.domene = self._fra.domain
        self._svar = f"{public_url.rstrip('/')}/svar/"
        self._simulator = simulator
        self._tekst = _maler(".txt", autoescape=False).get_template("brev.txt")
        self._html = _maler(".mjml", autoescape=True).get_template("brev.mjml")

    def skriv(self, oppdrag: Oppdrag, adresse: str, token: str | None, naa: datetime) -> Brev:
        """The e-mail of an order.

        Raises:
            UbrukeligAdresse: nothing can be sent to `adresse`.
        """
        til = lag_adresse(adresse)
        emne = emnelinje(oppdrag)
        felt = {
            "emne": emne,
            "avsnitt": avsnitt(oppdrag.tekst),
            "lenke": f"{self._svar}{token}" if token else None,
            "oevelse": oppdrag.oevelse,
            "simulator": self._simulator,
        }
        post = EmailMessage(policy=SMTP)
        post["From"] = self._fra
        post["To"] = til
        post["Subject"] = emne
        post["Date"] = format_datetime(naa)
        post["Message-ID"] = self.meldingsid(oppdrag)
        post["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot answers a robot
        post["X-Auto-Response-Suppress"] = "All"  # the same, as Exchange wants it said
        if oppdrag.prioritet == 0:
            post["Importance"] = "high"
        post.set_content(self._tekst.render(felt), cte="quoted-printable")
        html = mjml2html(self._html.render(felt), fonts={}, disable_comments=False)
        post.add_alternative(html, subtype="html", cte="quoted-printable")
        return Brev(self._fra.addr_spec, til.addr_spec, post.as_bytes())

    def meldingsid(self, oppdrag: Oppdrag) -> str:
        """The same for every attempt: a server that keeps count drops the second."""
        return f"<{oppdrag.id}@{self.domene}>"


def emnelinje(oppdrag: Oppdrag) -> str:
    """The subject on one line; drills say so first."""
    emne = " ".join(oppdrag.emne.split()) or "Melding fra SaLTo"
    return f"ØVELSE {emne}" if oppdrag.oevelse and not emne.upper().startswith("ØVELSE") else emne


def avsnitt(tekst: str) -> list[list[str]]:
    """Paragraphs of lines, with nothing in them that XML and old mail programs cannot take."""
    ren = "".join(tegn if tegn == "\n" or tegn.isprintable() else " " for tegn in tekst)
    return [del_.strip().split("\n") for del_ in ren.split("\n\n") if del_.strip()]


def lag_adresse(adresse: str, navn: str = "") -> Address:
    """An address that can stand in a header and an envelope. Raises UbrukeligAdresse."""
    try:
        ferdig = Address(navn, addr_spec=adresse.strip())
    except (ValueError, IndexError, MessageError) as feil:
        raise UbrukeligAdresse from feil
    if not (ferdig.username and ferdig.domain and ferdig.addr_spec.isascii()):
        raise UbrukeligAdresse
    return ferdig


def _maler(endelse: str, *, autoescape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(MALER),
        autoescape=autoescape,  # noqa: S701 - off for the plain text alone, which nothing interprets
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
