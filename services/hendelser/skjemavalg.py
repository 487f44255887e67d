"""What one may choose between in the form of a hendelse, and which fields are folded together."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import fields

from contracts.roller import BYDELER, EGNE_BYDELER
from services.hendelser.skjema_ny import JA, NEI, Skjema

VALG: dict[str, tuple[tuple[str, ...], ...]] = {
    "type": (
        ("demonstrasjon", "Demonstrasjon"),
        ("arrangement", "Arrangement", "Konsert, festival, idrett, feiring"),
        ("hendelse", "Hendelse", "Noe som skjer nå eller nettopp har skjedd"),
        ("utviklingstrekk", "Utviklingstrekk", "Noe som er i ferd med å endre seg. Trenger ikke sted eller tid"),
    ),
    "alvorlighet": (
        ("lav", "Lav"),
        ("middels", "Middels"),
        ("hoey", "Høy"),
        ("akutt", "Akutt", "SMS-en sier HASTER, og de som spørres får 30 minutter"),
    ),
    "tema": (
        ("kriminalitet", "Kriminalitet"),
        ("rus", "Rus"),
        ("hatkriminalitet", "Hatkriminalitet"),
        ("radikalisering", "Radikalisering"),
        ("ekstremisme", "Ekstremisme"),
        ("skole", "Skole"),
    ),
    "maalgruppe": (("", "Vet ikke", "Da regner vi med at det kan gjelde dem"), (JA, "Ja"), (NEI, "Nei")),
    "kilde": (
        ("politi", "Politiet"),
        ("kommune", "Kommunen"),
        ("skole", "Skole"),
        ("arrangoer", "Arrangør"),
        ("annen", "Annen"),
    ),
    "sentrum": (
        ("", "Kartet foreslår", "Du ser forslaget før noe sendes"),
        (JA, "Ja, regnes som Oslo sentrum"),
        (NEI, "Nei, regnes ikke som Oslo sentrum"),
    ),
    "bydeler": tuple((nr, navn) for nr, navn in BYDELER.items() if nr != "17"),
    "hjembydeler": tuple((nr, BYDELER[nr]) for nr in EGNE_BYDELER),
}
"""The choices of each field: value, text, and perhaps a word of help. Marka has nobody to call."""
_FOLDET: dict[str, tuple[str, ...]] = {
    "omraade": ("bydeler", "sentrum"),
    "unge": ("maalgruppe", "maalgruppe_grunn", "hjembydeler", "andre_kommuner"),
    "oppmoete": ("oppmoete", "vakttelefon", "minst", "svarfrist_dato", "svarfrist_tid"),
    "mer": ("kilde", "beskrivelse", "oevelse"),
}


def aapne(skjema: Skjema, feil: Container[str]) -> Mapping[str, bool]:
    """Which folded parts stand open: those where something is filled in, or wrong."""
    tom = {f.name: f.default for f in fields(Skjema)}
    return {
        del_: any(n in feil or getattr(skjema, n) not in {tom[n], ""} for n in navn) for del_, navn in _FOLDET.items()
    }
