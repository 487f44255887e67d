"""The words pages have for what happens to messages and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from infra.clock import OSLO
from infra.web import norsk
from infra.web.bruker import Bruker

FORMAAL = {
    "utkalling": "Utkalling",
    "orientering": "Orientering",
    "purring": "Påminnelse",
    "endring": "Beskjed om endring",
    "avlysning": "Avlysning",
    "bekreftelse": "Bekreftelse av svaret",
    "spoersmaal": "Spørsmål tilbake",
    "info": "Svar på INFO",
    "hjelp": "Svar på HJELP",
    "uklart": "Beskjed om at svaret var uklart",
    "oppgave": "Beskjed til sekretariatet om en oppgave",
}
KANAL = {"sms": "SMS", "epost": "e-post"}
MELDINGSSTATUS = {
    "bestilt": "bestilt",
    "sendt": "sendt",
    "levert": "levert",
    "uviss": "uvisst om den gikk ut",
    "feilet": "kom ikke fram",
    "trukket": "trukket tilbake før den ble sendt",
}
SVAR = {"kommer": "Kommer", "kommer_ikke": "Kommer ikke", "framme": "Framme", "ferdig": "Ferdig"}
SVARKANAL = {
    "sms": "svarte på SMS",
    "epost": "svarte på e-post",
    "telefon": "svarte på telefon",
    "portal": "registrert i portalen",
}


def naar(tid: datetime, naa: datetime) -> str:
    """«kl. 14.20» when it is today, else «lør 28.11. kl. 14.20»."""
    i_dag = tid.astimezone(OSLO).date() == naa.astimezone(OSLO).date()
    return f"kl. {norsk.klokka(tid)}" if i_dag else norsk.tidspunkt(tid)


def melding(rad: Row[Any], naa: datetime) -> str:
    """«Utkalling på SMS: bestilt kl. 14.02, sendt kl. 14.02, levert kl. 14.03.», and why it did not arrive."""
    hva = f"{FORMAAL.get(rad.formaal, 'Melding')} på {KANAL.get(rad.kanal, rad.kanal)}"
    feil: Mapping[str, Any] = rad.feil or {}
    grunn = "" if feil.get("kode") == "trukket" else str(feil.get("tekst", ""))
    return f"{hva}: {', '.join(_tider(rad, naa))}.{f' {grunn}.' if grunn else ''}"


def _tider(rad: Row[Any], naa: datetime) -> list[str]:
    tider = sorted((datetime.fromisoformat(tid), status) for status, tid in rad.tider.items())
    ord_ = MELDINGSSTATUS | ({"sendt": "regnet som sendt"} if _regnes_som_sendt(rad) else {})
    return [f"{ord_.get(status, status)} {naar(tid, naa)}" for tid, status in tider]


def _regnes_som_sendt(rad: Row[Any]) -> bool:
    """Whether that it was sent is what a person decided."""
    return bool(rad.avgjort) and rad.avgjort["valg"] == "regn_som_sendt"


def svar(rad: Row[Any], naa: datetime, *, merknad: bool) -> str:
    """«Kommer, framme ca. kl. 14.20, svarte på SMS kl. 14.02, etter fristen.»: never the words of the answer itself."""
    deler = [SVAR[rad.svar]]
    deler += [f"framme ca. {naar(rad.eta, naa)}"] if rad.eta else []
    deler += [f"{rad.antall} personer"] if rad.antall and rad.antall > 1 else []
    av = f" av {Bruker('', rad.av_rolle, rad.av_enhet).visning}" if rad.av_rolle else ""
    deler += [f"{SVARKANAL.get(rad.kanal, rad.kanal)}{av} {naar(rad.mottatt, naa)}"]
    deler += ["etter fristen"] if rad.sen else []
    return f"{', '.join(deler)}.{f' Merknad: {rad.merknad}' if merknad and rad.merknad else ''}"
