"""Roles and units of the SaLTo model, and what people call them."""

from __future__ import annotations

from enum import StrEnum


class Rolle(StrEnum):
    """A function in the SaLTo work (Oslostandarden kap. 3-4). Never a person."""

    SALTO_KOORDINATOR = "salto_koordinator"
    SALTO_SENTRUM = "salto_sentrum"
    UTESEKSJONEN = "uteseksjonen"
    SEKRETARIAT = "sekretariat"
    UDE_SALTO_TEAM = "ude_salto_team"
    BFE = "bfe"
    FF = "ff"
    FOREBYGGENDE = "forebyggende"
    RADIKALISERINGSKONTAKT = "radikaliseringskontakt"
    POLITIKONTAKT = "politikontakt"
    BYDELSDIREKTOER = "bydelsdirektoer"
    ENHETSLEDER = "enhetsleder"
    REKTOR = "rektor"
    SKOLEKONTAKT_POLITI = "skolekontakt_politi"
    UTOEVENDE = "utoevende"
    FRIVILLIG = "frivillig"
    SLT_ANNEN_KOMMUNE = "slt_annen_kommune"


ROLLENAVN: dict[Rolle, str] = {
    Rolle.SALTO_KOORDINATOR: "SaLTo-koordinator",
    Rolle.SALTO_SENTRUM: "SaLTo-sentrum",
    Rolle.UTESEKSJONEN: "Uteseksjonen",
    Rolle.SEKRETARIAT: "SaLTo-sekretariatet",
    Rolle.UDE_SALTO_TEAM: "SaLTo-teamet i Utdanningsetaten",
    Rolle.BFE: "Barne- og familieetaten",
    Rolle.FF: "Felles enhet for forebygging",
    Rolle.FOREBYGGENDE: "forebyggende avsnitt",
    Rolle.RADIKALISERINGSKONTAKT: "radikaliseringskontakt",
    Rolle.POLITIKONTAKT: "politikontakt",
    Rolle.BYDELSDIREKTOER: "bydelsdirektør",
    Rolle.ENHETSLEDER: "enhetsleder",
    Rolle.REKTOR: "rektor",
    Rolle.SKOLEKONTAKT_POLITI: "skolens primærkontakt i politiet",
    Rolle.UTOEVENDE: "utøvende",
    Rolle.FRIVILLIG: "frivillig",
    Rolle.SLT_ANNEN_KOMMUNE: "SLT-koordinator",
}

POLITI = frozenset(
    {
        Rolle.FF,
        Rolle.FOREBYGGENDE,
        Rolle.RADIKALISERINGSKONTAKT,
        Rolle.POLITIKONTAKT,
        Rolle.SKOLEKONTAKT_POLITI,
    }
)
"""The police side of a mobilisation; every other role is the municipal side (domene A1)."""

BYDELER: dict[str, str] = {
    "01": "Gamle Oslo",
    "02": "Grünerløkka",
    "03": "Sagene",
    "04": "St. Hanshaugen",
    "05": "Frogner",
    "06": "Ullern",
    "07": "Vestre Aker",
    "08": "Nordre Aker",
    "09": "Bjerke",
    "10": "Grorud",
    "11": "Stovner",
    "12": "Alna",
    "13": "Østensjø",
    "14": "Nordstrand",
    "15": "Søndre Nordstrand",
    "16": "Sentrum",
    "17": "Marka",
}
"""01-15 have a SaLTo-koordinator of their own; Sentrum (16) and Marka (17) have none (domene B17, M7)."""

EGNE_BYDELER = tuple(nummer for nummer in BYDELER if nummer <= "15")
DRIFTSENHETER: dict[str, str] = {"vest": "enhet vest", "sentrum": "enhet sentrum", "ost": "enhet øst"}
_ENHETER = {
    "sentrum": "Oslo sentrum",
    "velferdsetaten": "Velferdsetaten",
    "utdanningsetaten": "Utdanningsetaten",
    "barne_og_familieetaten": "Barne- og familieetaten",
    "politi:ff": "Oslo politidistrikt",
}
SENTRALE_ENHETER = tuple(_ENHETER)


def enhetsnavn(enhet: str) -> str:
    """What people call a unit: `bydel:05` is Frogner. An unknown unit is returned as it is written."""
    slag, _, navn = enhet.partition(":")
    match slag:
        case "bydel":
            return BYDELER.get(navn, enhet)
        case "driftsenhet":
            return DRIFTSENHETER.get(navn, enhet)
        case "skole":
            return navn
        case "kommune":
            return f"kommune {navn}"
        case _:
            return _ENHETER.get(enhet, enhet)


_UTEN_ENHET = frozenset(
    {
        Rolle.SALTO_SENTRUM,
        Rolle.UTESEKSJONEN,
        Rolle.SEKRETARIAT,
        Rolle.UDE_SALTO_TEAM,
        Rolle.BFE,
        Rolle.FF,
    }
)


def rolle_i_enhet(rolle: Rolle, enhet: str) -> str:
    """A role as an SMS names it: «SaLTo-koordinator Frogner», «SaLTo-sentrum», «politikontakt Alna»."""
    navn = ROLLENAVN[rolle]
    return navn if rolle in _UTEN_ENHET else f"{navn} {enhetsnavn(enhet)}"
