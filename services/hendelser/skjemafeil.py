"""What is wrong in the form of a hendelse: each error at its own field, in words that name what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from contracts.spoersmaal import Feltfeil

ETIKETTER: dict[str, str] = {
    "type": "Type",
    "tittel": "Tittel",
    "sted": "Sted",
    "bydeler": "Bydeler",
    "start_dato": "Start",
    "start_tid": "Start, klokkeslett",
    "slutt_dato": "Slutt",
    "slutt_tid": "Slutt, klokkeslett",
    "alvorlighet": "Alvorlighet",
    "varslet": "Varslet",
    "stor": "Stor hendelse",
    "forventet_antall": "Forventet antall",
    "tema": "Tema",
    "maalgruppe": "Målgruppen",
    "maalgruppe_grunn": "Begrunnelsen om målgruppen",
    "hjembydeler": "Hjembydeler",
    "andre_kommuner": "Andre kommuner",
    "oppmoete": "Oppmøtested",
    "vakttelefon": "Vakttelefon",
    "minst": "Bemanning",
    "svarfrist_dato": "Svarfrist",
    "svarfrist_tid": "Svarfrist, klokkeslett",
    "kilde": "Kilde",
    "sentrum": "Oslo sentrum",
    "beskrivelse": "Beskrivelse",
    "oevelse": "Øvelse",
    "bekreft": "Bekreftelsen",
}
"""The fields of the form in the order they stand, and what they are called there."""
_I_SKJEMAET = {
    "start": "start_dato",
    "slutt": "slutt_dato",
    "svarfrist": "svarfrist_dato",
    "bemanning": "minst",
    "sted.bydeler": "bydeler",
    "sted.sentrum": "sentrum",
}
_HELE = {
    ("sted", "må fylles ut"): "Skriv et sted, eller kryss av for bydel.",
    ("sted", "må ha navn, koordinater eller bydeler"): "Skriv et sted, eller kryss av for bydel.",
    ("tittel", "må fylles ut"): "Skriv en tittel.",
    ("start_dato", "må fylles ut"): "Skriv når det starter.",
    ("andre_kommuner", "er ikke gyldig"): "Andre kommuner må være kommunenummer med fire sifre, for eksempel 3201.",
    ("vakttelefon", "er ikke et gyldig telefonnummer"): "Vakttelefon er ikke et gyldig telefonnummer.",
}
_FOLKELIG = (
    (re.compile(r" Du kan også oppgi koordinater.*"), " Du kan også krysse av for bydel."),
    (re.compile(r": skriv bydeler: \[.*\]\.?"), ". Velg et av forslagene, eller kryss av for bydelen."),
    (re.compile(r"«andre_kommuner»"), "«Andre kommuner»"),
    (re.compile(r"Oppgi koordinater eller et kjent sted"), "Skriv et kjent sted"),
    (re.compile(r"oppgi bydelen selv"), "kryss av for bydelen selv"),
    (re.compile(r"'(\w+)'"), r"\1"),
)
"""The doors' texts name fields as programs know them; here is what people see instead."""


class Skjemafeil(Exception):
    """Fields that are wrong, by their names in the form."""

    def __init__(self, feil: Mapping[str, str]) -> None:
        super().__init__("skjemaet har feil")
        rekke = list(ETIKETTER)
        self.feil = dict(sorted(feil.items(), key=lambda f: rekke.index(f[0]) if f[0] in rekke else len(rekke)))


def i_skjemaet(feil: Iterable[Feltfeil]) -> dict[str, str]:
    """The doors' errors as the form shows them: one whole sentence per field, the first of each."""
    ut: dict[str, str] = {}
    for en in feil:
        navn = _feltnavn(en.felt)
        ut.setdefault(navn, _setning(navn, en.tekst))
    return ut


def _feltnavn(felt: str) -> str:
    """`sted.navn` is `sted` in the form, `tema.0` is `tema`, `bemanning.minst` is `minst`."""
    for i in range(len(deler := felt.split(".")), 0, -1):
        sti = ".".join(deler[:i])
        if navn := _I_SKJEMAET.get(sti) or (sti if sti in ETIKETTER else None):
            return navn
    return "tittel"


def _setning(navn: str, tekst: str) -> str:
    for moenster, folkelig in _FOLKELIG:
        tekst = moenster.sub(folkelig, tekst)
    hel = _HELE.get((navn, tekst)) or (tekst if not tekst[:1].islower() else f"{ETIKETTER[navn]} {tekst}")
    return hel if hel.endswith((".", "?", "!")) else f"{hel}."
