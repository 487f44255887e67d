"""The form of an answer taken by phone: what was filled in, the body of the API it becomes, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from pydantic import ValidationError
from starlette.datastructures import FormData

from contracts.event import NAVNEROM
from infra.web.problem import fra_pydantic
from infra.web.tilgang import Bruker
from services.utkalling.kvittering import KvitteringInn

FELT = ("svar", "eta_minutter", "antall", "merknad")
SVAR = (
    ("kommer", "Kommer"),
    ("kommer_ikke", "Kommer ikke", "Varaen kalles ut med en gang, om det finnes en."),
    ("framme", "Er framme"),
    ("ferdig", "Er ferdig"),
)
_FEIL = {
    "svar": "Velg hva svaret er.",
    "eta_minutter": "Skriv minutter til framme som et helt tall fra 1 til 720.",
    "antall": "Skriv antall personer som et helt tall fra 1 til 500.",
}
_HOERER_TIL = {"eta_minutter": {"kommer"}, "antall": {"kommer", "framme"}}
"""Numbers that mean something together with some answers only; with the others they are left out."""
_LENGDE = 600


class SkjemaFeil(Exception):
    """The form must be filled in better: a sentence for each field that is wrong."""

    def __init__(self, feil: Mapping[str, str]) -> None:
        super().__init__("skjemaet har feil")
        self.feil = dict(feil)


def tomt() -> dict[str, str]:
    """A form nobody has written in, with the key that makes a double click one answer."""
    return {**dict.fromkeys(FELT, ""), "noekkel": uuid4().hex}


def utfylt(felter: FormData) -> dict[str, str]:
    """What was written, no longer than we care to read."""
    return {f: str(felter.get(f, ""))[:_LENGDE].strip() for f in (*FELT, "noekkel")}


def kropp(skjema: Mapping[str, str]) -> KvitteringInn:
    """The answer; raises SkjemaFeil."""
    felt: dict[str, Any] = {f: v for f in FELT if (v := skjema[f])}
    for tall, svar in _HOERER_TIL.items():
        if felt.get("svar") not in svar and felt.get("svar") in {verdi for verdi, *_ in SVAR}:
            felt.pop(tall, None)
    try:
        return KvitteringInn.model_validate(felt)
    except ValidationError as feil:
        raise SkjemaFeil(
            {f.felt: _FEIL.get(f.felt, _om_merknaden(f.tekst)) for f in fra_pydantic(feil.errors())}
        ) from feil


def _om_merknaden(tekst: str) -> str:
    """The door's words about a text name another form's field."""
    return f"Merknaden {tekst.replace('Bruk feltet vakttelefon, og skriv', 'Skriv')}."


def svar_id(bruker: Bruker, utkalling_id: UUID, noekkel: str, inn: KvitteringInn) -> UUID:
    """The same form sent twice is one answer; a form gone back to and changed is another."""
    return uuid5(NAVNEROM, f"{bruker.id}/{utkalling_id}/{noekkel}/{inn.model_dump_json()}")
