"""Which units there are, and which roles each of them has (API §7; Oslostandarden kap. 3-4)."""

from __future__ import annotations

import re

from contracts.roller import DRIFTSENHETER, EGNE_BYDELER, SENTRALE_ENHETER, Rolle

_BYDELER = tuple(f"bydel:{nr}" for nr in EGNE_BYDELER)
_DRIFTSENHETER = tuple(f"driftsenhet:{navn}" for navn in DRIFTSENHETER)
FASTE_ENHETER = (*_BYDELER, *_DRIFTSENHETER, *SENTRALE_ENHETER)
"""Every unit that exists without being named by a row; schools and other kommuner are named by theirs."""

_SKOLE = re.compile(r"skole:\S.{0,78}\S")
_KOMMUNE = re.compile(r"kommune:(?!0301)\d{4}")
OVERALT = frozenset({Rolle.ENHETSLEDER, Rolle.UTOEVENDE, Rolle.FRIVILLIG})
"""Roles that any unit in Oslo may have."""

FAST_PLASS: dict[Rolle, tuple[str, ...]] = {
    Rolle.SALTO_KOORDINATOR: _BYDELER,
    # SaLTo-sentrum is placed in Uteseksjonen, and Uteseksjonen in Velferdsetaten (S:652): owners write either.
    Rolle.SALTO_SENTRUM: ("sentrum", "velferdsetaten"),
    Rolle.UTESEKSJONEN: ("velferdsetaten", "sentrum"),
    Rolle.SEKRETARIAT: ("velferdsetaten",),
    Rolle.UDE_SALTO_TEAM: ("utdanningsetaten",),
    Rolle.BFE: ("barne_og_familieetaten",),
    Rolle.FF: ("politi:ff",),
    Rolle.FOREBYGGENDE: _DRIFTSENHETER,
    Rolle.RADIKALISERINGSKONTAKT: _DRIFTSENHETER,
    Rolle.POLITIKONTAKT: _BYDELER,
    Rolle.BYDELSDIREKTOER: _BYDELER,
}

_HVOR = {
    _BYDELER: "bydel:01 … bydel:15 (Sentrum og Marka har ingen egen)",
    _DRIFTSENHETER: "driftsenhet:vest, driftsenhet:sentrum eller driftsenhet:ost",
}


def er_enhet(enhet: str) -> bool:
    """Whether the unit is one of those in API §7."""
    return enhet in FASTE_ENHETER or bool(_SKOLE.fullmatch(enhet) or _KOMMUNE.fullmatch(enhet))


def feil_i_enhet(rolle: Rolle, enhet: str) -> str | None:
    """Why this unit cannot have this role, in bokmål; None when it can."""
    if not er_enhet(enhet):
        return "er ikke en enhet vi kjenner (for eksempel bydel:05, sentrum, driftsenhet:vest, skole:<navn>)"
    if plasser := FAST_PLASS.get(rolle):
        return None if enhet in plasser else f"{rolle} hører til {_HVOR.get(plasser) or ' eller '.join(plasser)}"
    match rolle:
        case Rolle.REKTOR | Rolle.SKOLEKONTAKT_POLITI:
            return None if enhet.startswith("skole:") else f"{rolle} hører til skole:<navn>"
        case Rolle.SLT_ANNEN_KOMMUNE:
            return None if enhet.startswith("kommune:") else f"{rolle} hører til kommune:<nummer>"
        case _:
            return f"{rolle} hører til en enhet i Oslo" if enhet.startswith("kommune:") else None


def roller_i(enhet: str) -> tuple[Rolle, ...]:
    """Every role the unit may have."""
    return tuple(rolle for rolle in Rolle if feil_i_enhet(rolle, enhet) is None)
