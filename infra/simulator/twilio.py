"""Twilio's shapes: what a send asks for, what a Message and a list look like in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from sqlite3 import Row
from urllib.parse import urlencode, urlsplit

from infra.simulator.feil import Feil, feil, leveringsfeil
from infra.simulator.nummer import UgyldigNummer, e164
from infra.simulator.sms_store import Utvalg

VERSJON = "2010-04-01"
_TJENESTE = re.compile(r"MG[0-9a-fA-F]{32}")
_MAKS_TEGN = 1600
_MAKS_GYLDIGHET = 36_000
_MAKS_SIDE = 1000


@dataclass(frozen=True)
class Bestilling:
    """A send that could be accepted."""

    til: str
    fra: str | None
    tjeneste: str | None
    tekst: str
    url: str | None


def les_bestilling(skjema: Mapping[str, str]) -> Bestilling | Feil:
    """The form of a create request, or why Twilio would refuse it."""
    if not skjema.get("To"):
        return feil(21604)
    try:
        til = e164(skjema["To"])
    except UgyldigNummer:
        return feil(21211, skjema["To"])
    return _foerste_feil(skjema) or Bestilling(
        til=til,
        fra=skjema.get("From") or None,
        tjeneste=skjema.get("MessagingServiceSid") or None,
        tekst=skjema["Body"],
        url=skjema.get("StatusCallback") or None,
    )


def _foerste_feil(skjema: Mapping[str, str]) -> Feil | None:
    tjeneste = skjema.get("MessagingServiceSid", "")
    url = urlsplit(skjema.get("StatusCallback") or "http://localhost")
    gyldighet = skjema.get("ValidityPeriod", "1")
    proever = (
        (21603, not (skjema.get("From") or tjeneste)),
        (20422, bool(tjeneste) and not _TJENESTE.fullmatch(tjeneste)),
        (21602, not skjema.get("Body")),
        (21617, len(skjema.get("Body", "")) > _MAKS_TEGN),
        (21609, url.scheme not in {"http", "https"} or not url.hostname),
        (20422, not (gyldighet.isdecimal() and 1 <= int(gyldighet) <= _MAKS_GYLDIGHET)),
    )
    return next((feil(kode) for kode, gjelder in proever if gjelder), None)


def rfc2822(tid: str | None) -> str | None:
    """A stored time as Twilio writes it."""
    return format_datetime(datetime.fromisoformat(tid)) if tid else None


def melding(rad: Row | Mapping[str, object], konto: str) -> dict[str, object]:
    """A Message resource: the twenty fields of Twilio's OpenAPI document."""
    sti = f"/{VERSJON}/Accounts/{konto}/Messages/{rad['sid']}"
    return {
        "body": rad["tekst"],
        "num_segments": str(rad["segmenter"]) if rad["fra"] else "0",
        "direction": "outbound-api" if rad["retning"] == "ut" else "inbound",
        "from": rad["fra"],
        "to": rad["til"],
        "date_updated": rfc2822(_tekst(rad["endret"])),
        "price": None,
        "error_message": leveringsfeil(_tall(rad["feilkode"])),
        "uri": f"{sti}.json",
        "account_sid": konto,
        "num_media": "0",
        "status": rad["status"],
        "messaging_service_sid": rad["tjeneste"],
        "sid": rad["sid"],
        "date_sent": rfc2822(_tekst(rad["sendt"])),
        "date_created": rfc2822(_tekst(rad["opprettet"])),
        "error_code": rad["feilkode"],
        "price_unit": "USD",
        "api_version": VERSJON,
        "subresource_uris": {"media": f"{sti}/Media.json"},
    }


@dataclass(frozen=True)
class Liste:
    """What a list request asks for."""

    utvalg: Utvalg
    side: int
    stoerrelse: int
    filtre: tuple[tuple[str, str], ...]

    @property
    def hopp(self) -> int:
        """Rows to skip; none when a page token says where to go on."""
        return 0 if self.utvalg.foer_sid else self.side * self.stoerrelse


def les_liste(sporring: Mapping[str, str]) -> Liste | Feil:
    """The query of a list request. A message not yet sent has no DateSent and falls outside any such filter."""
    try:
        stoerrelse = int(sporring.get("PageSize", "50"))
        side = int(sporring.get("Page", "0"))
        utvalg = _utvalg(sporring)
    except ValueError as grunn:
        return feil(20422, str(grunn))
    if not 1 <= stoerrelse <= _MAKS_SIDE or side < 0:
        return feil(20422, "PageSize")
    filtre = tuple((k, v) for k, v in sporring.items() if not k.startswith("Page"))
    return Liste(utvalg, side, stoerrelse, filtre)


def _utvalg(sporring: Mapping[str, str]) -> Utvalg:
    paa_dagen = sporring.get("DateSent", "")[: len("2026-11-21")] or None
    fra_tid, til_tid = sporring.get("DateSent>", paa_dagen), sporring.get("DateSent<", paa_dagen)
    merke = sporring.get("PageToken", "")
    return Utvalg(
        til=_nummer(sporring.get("To")),
        fra=_nummer(sporring.get("From")),
        fra_tid=_grense(fra_tid, time.min) if fra_tid else None,
        til_tid=_grense(til_tid, time.max) if til_tid else None,
        foer_sid=merke.removeprefix("PA") or None,
    )


def _nummer(tekst: str | None) -> str | None:
    if not tekst:
        return None
    try:
        return e164(tekst)
    except UgyldigNummer:
        return tekst  # an alphanumeric sender, or nothing that will match


def _grense(tekst: str, klokka: time) -> str:
    """A date means all of that day (GMT); a time means all of that second, as Twilio keeps no finer one."""
    if len(tekst) == len("2026-11-21"):
        tid = datetime.combine(date.fromisoformat(tekst), klokka, UTC)
    else:
        gitt = datetime.fromisoformat(tekst)
        tid = gitt.replace(microsecond=klokka.microsecond, tzinfo=gitt.tzinfo or UTC).astimezone(UTC)
    return tid.isoformat(timespec="microseconds")


def side(rader: list[Row], sti: str, liste: Liste, konto: str, *, flere: bool) -> dict[str, object]:
    """One page of a list, with the address of the next."""

    def adresse(nummer: int, merke: str = "") -> str:
        sporring = [*liste.filtre, ("PageSize", str(liste.stoerrelse)), ("Page", str(nummer))]
        return f"{sti}?{urlencode([*sporring, ('PageToken', merke)] if merke else sporring)}"

    start = liste.side * liste.stoerrelse
    neste = adresse(liste.side + 1, f"PA{rader[-1]['sid']}") if flere else None
    return {
        "first_page_uri": adresse(0),
        "end": start + max(len(rader) - 1, 0),
        "previous_page_uri": adresse(liste.side - 1) if liste.side else None,
        "messages": [melding(r, konto) for r in rader],
        "uri": adresse(liste.side),
        "page_size": liste.stoerrelse,
        "start": start,
        "next_page_uri": neste,
        "page": liste.side,
    }


def _tekst(verdi: object) -> str | None:
    return verdi if isinstance(verdi, str) else None


def _tall(verdi: object) -> int | None:
    return verdi if isinstance(verdi, int) else None
