"""A row as the log shows it: to programs as one JSON object, to people as one line in bokmål."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.audit.rules import Rad
from services.audit.rules_gjennomgang import Feil, Resultat
from services.audit.tid import dato, klokka, tidspunkt

_HENDELSER = {
    "hendelse.meldt": "Hendelse meldt",
    "hendelse.sendt": "Utkast sendt ut",
    "hendelse.endret": "Hendelse endret",
    "hendelse.avlyst": "Hendelse avlyst",
    "hendelse.avsluttet": "Hendelse avsluttet",
    "hendelse.overfoert": "Eierskap overført",
    "hendelse.vurdert": "Sekretariatets rolle vurdert",
    "hendelse.sentrum_bestemt": "Sentrum bestemt",
    "hendelse.utvidet": "Hendelse utvidet",
    "mobilisering.besluttet": "Mobilisering besluttet",
    "utkalling.opprettet": "Utkallinger opprettet",
    "utkalling.kvittert": "Svar registrert",
    "utkalling.purret": "Purret",
    "utkalling.eskalert": "Eskalert",
    "utkalling.utloept": "Svarfrist ute",
    "utkalling.avlyst": "Utkallinger avlyst",
    "utkalling.bemannet": "Bemannet",
    "melding.bestilt": "Meldinger bestilt",
    "melding.trukket": "Meldinger trukket",
    "melding.sendt": "Meldinger sendt",
    "melding.levert": "Meldinger levert",
    "melding.feilet": "Meldinger feilet",
    "melding.uviss": "Meldinger uvisse",
    "melding.avgjort": "Uviss melding avgjort",
    "svar.mottatt": "Svar mottatt",
    "svar.uklart": "Uklart svar",
    "frist.naadd": "Frist nådd",
    "kanal.stoppet": "Kanal stoppet",
    "kanal.startet": "Kanal åpnet igjen",
    "register.endret": "Register endret",
    "webhook.avvist": "Webhook avvist",
    "feilkoe.kjoert": "Feilkø kjørt",
    "innsyn.gitt": "Innsyn gitt",
    "audit.epoke_aapnet": "Ny epoke i arkivet",
    "oppgave.loest": "Oppgave ferdig behandlet",
}


class Loggrad(BaseModel):
    """One row of the event log (API §8). `tid` is when the journal had it; `data` is what the event says."""

    sekvens: int
    id: UUID | None
    type: str
    tid: datetime
    hendelse_id: UUID | None
    data: Any
    hash: str


def loggrad(rad: Rad) -> dict[str, Any]:
    """A row as JSON. Bytes that are no event come whole, as base64, under `ulesbar`."""
    return {
        "sekvens": rad.sekvens,
        "id": str(rad.event_id) if rad.event_id else None,
        "type": rad.type,
        "tid": tidspunkt(rad.tid).isoformat(),
        "hendelse_id": str(rad.hendelse_id) if rad.hendelse_id else None,
        "data": _data(rad.data),
        "hash": rad.hash.hex(),
    }


def _data(data: bytes | None) -> Any:
    if data is None:
        return None
    try:
        return json.loads(data)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"ulesbar": base64.b64encode(data).decode()}


def som_json(rader: Sequence[Rad]) -> bytes:
    """The rows as a JSON list. Many rows take a while: call it outside the event loop."""
    return json.dumps([loggrad(r) for r in rader], ensure_ascii=False, separators=(",", ":")).encode()


def linje(rad: Mapping[str, Any]) -> str:
    """A log row (as `loggrad` makes it) for people: when in Oslo, which, and what."""
    tid = datetime.fromisoformat(rad["tid"])
    hendelse = f"  hendelse {str(rad['hendelse_id'])[:8]}" if rad["hendelse_id"] else ""
    return f"{dato(tid)} {klokka(tid)}  #{rad['sekvens']:<6} {hva(rad['type'])}{omfang(rad['data'])}{hendelse}"


def hva(slag: str) -> str:
    """What an event type is called; the type itself when it has no name here."""
    emne = slag.removeprefix("no.oslo.salto.").rpartition(".v")[0]
    return _HENDELSER.get(emne, emne or "Ulesbar melding")


def omfang(data: Any) -> str:
    """How many it is about, when it carries a list."""
    if not isinstance(data, dict):
        return ""
    for felt in ("utkallinger", "meldinger", "kvitteringer", "mottakere", "svar", "roller", "frister"):
        if isinstance(data.get(felt), list):
            return f" ({len(data[felt])})"
    return ""


def resultat_json(resultat: Resultat, skade: Feil | None = None) -> dict[str, Any]:
    """What `verifiser` answers (API §8): `foerste_feil` only when there is one. Nothing is sealed yet.

    Args:
        resultat: what the walk found.
        skade: what the database itself says is wrong with its file.
    """
    feil = resultat.foerste_feil or skade
    ut: dict[str, Any] = {"hel": feil is None, "rader": resultat.rader}
    if feil:
        ut["foerste_feil"] = asdict(feil)
    ut["hull"] = [asdict(h) for h in resultat.hull]
    return {**ut, "epoker": resultat.epoker, "forseglet_til": None}
