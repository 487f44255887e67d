"""The forms of the actions: what was filled in as the bodies of the API, and its refusals as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from contracts.roller import BYDELER, DRIFTSENHETER, EGNE_BYDELER, ROLLENAVN, Rolle, enhetsnavn, rolle_i_enhet
from contracts.spoersmaal import Feltfeil
from infra.web.tilgang import Bruker
from services.hendelser.inn import (
    AvsluttKropp,
    GrunnKropp,
    Kropp,
    OverfoerKropp,
    SentrumKropp,
    UtvidKropp,
    VurderingKropp,
)
from services.hendelser.rules import OVERALT

FELT_MAKS = 5000
BYENS = {
    Rolle.SALTO_SENTRUM: "sentrum",
    Rolle.UTESEKSJONEN: "velferdsetaten",
    Rolle.SEKRETARIAT: "velferdsetaten",
    Rolle.UDE_SALTO_TEAM: "utdanningsetaten",
    Rolle.BFE: "barne_og_familieetaten",
    Rolle.FF: "politi:ff",
}
"""Roles the city has one of: their unit goes without saying."""
I_ENHETER = tuple(rolle for rolle in Rolle if rolle not in BYENS and rolle is not Rolle.SLT_ANNEN_KOMMUNE)
ENHETER = (*(f"bydel:{nr}" for nr in EGNE_BYDELER), *(f"driftsenhet:{navn}" for navn in DRIFTSENHETER))
BYDELSVALG = [(nr, BYDELER[nr]) for nr in EGNE_BYDELER]
ROLLEVALG = [(str(rolle), ROLLENAVN[rolle][:1].upper() + ROLLENAVN[rolle][1:]) for rolle in (*BYENS, *I_ENHETER)]
ENHETSVALG = [(enhet, enhetsnavn(enhet)[:1].upper() + enhetsnavn(enhet)[1:]) for enhet in ENHETER]
EIERVALG = [
    (f"{rolle}/{enhet}", rolle_i_enhet(rolle, enhet))
    for rolle, enhet in (
        (Rolle.SALTO_SENTRUM, "sentrum"),
        (Rolle.SEKRETARIAT, "velferdsetaten"),
        *((Rolle.SALTO_KOORDINATOR, f"bydel:{nr}") for nr in EGNE_BYDELER),
        *((rolle, enhet) for rolle, enhet in BYENS.items() if rolle not in {Rolle.SALTO_SENTRUM, Rolle.SEKRETARIAT}),
    )
]
JA_NEI = {"ja": True, "nei": False}
BEGRUNNELSE = {"grunn": "Begrunnelsen"}
MANGLER = {
    "grunn": "Skriv en begrunnelse.",
    "til": "Velg hvem som skal eie hendelsen.",
    "sentrum": "Velg ja eller nei.",
    "sentral_rolle": "Velg ja eller nei.",
    "omfang": "Velg hvem som skal kalles ut.",
    "bydeler": "Velg minst én bydel.",
    "region": "Velg en region.",
    "rolle": "Velg en rolle.",
    "enhet": "Velg hvilken enhet rollen er i.",
}


@dataclass(frozen=True)
class Handling:
    """One action: its body in the API, what the page is called, and what its fields are called in a sentence."""

    kode: str
    tittel: str
    knapp: str
    kropp: type[Kropp]
    ok: str
    slag: str = "primaer"
    felt: Mapping[str, str] | None = None


HANDLINGER = {
    h.kode: h
    for h in (
        Handling("avlys", "Avlys hendelsen", "Avlys hendelsen", GrunnKropp, "avlyst", "fare"),
        Handling("avslutt", "Avslutt hendelsen", "Avslutt hendelsen", AvsluttKropp, "avsluttet", "fare",
                 {"oppsummering": "Oppsummeringen"}),
        Handling("overfoer", "Overfør hendelsen til ny eier", "Overfør", OverfoerKropp, "overfoert",
                 felt={**BEGRUNNELSE, "til": "Ny eier"}),
        Handling("sentrum", "Er dette i Oslo sentrum?", "Lagre valget", SentrumKropp, "sentrum",
                 felt={**BEGRUNNELSE, "sentrum": "Valget"}),
        Handling("vurdering", "Skal sekretariatet ta en sentral rolle?", "Lagre vurderingen", VurderingKropp, "vurdert",
                 felt={**BEGRUNNELSE, "sentral_rolle": "Valget"}),
        Handling("utvid", "Kall ut flere", "Kall ut", UtvidKropp, "utvidet",
                 felt={**BEGRUNNELSE, "omfang": "Valget", "bydeler": "Bydelene", "region": "Regionen",
                       "rolle": "Rollen", "enhet": "Enheten"}),
    )
}  # fmt: skip


def fylt_ut(skjema: FormData) -> dict[str, Any]:
    """What was written, as it is drawn again when something was wrong."""
    tekst = {navn: verdi.strip()[:FELT_MAKS] for navn, verdi in skjema.items() if isinstance(verdi, str)}
    return {**tekst, "bydeler": [v for v in skjema.getlist("bydeler") if isinstance(v, str)][:20]}


def kropp_av(kode: str, fylt: Mapping[str, Any], bruker: Bruker) -> dict[str, Any]:
    """The body of the API; what was not filled in is left out."""
    grunn = {"grunn": fylt.get("grunn", "")}
    match kode:
        case "avslutt":
            return {"oppsummering": fylt.get("oppsummering", "")}
        case "overfoer":
            rolle, _, enhet = fylt.get("til", "").partition("/")
            return {**grunn, "til": {"rolle": rolle, "enhet": enhet}} if enhet else grunn
        case "sentrum" | "vurdering":
            felt = "sentrum" if kode == "sentrum" else "sentral_rolle"
            return {**grunn, **_hvis(felt, JA_NEI.get(fylt.get(felt, "")))}
        case "utvid":
            return {**grunn, **_omfang(fylt, bruker)}
        case _:
            return grunn


def _omfang(fylt: Mapping[str, Any], bruker: Bruker) -> dict[str, Any]:
    if bruker.rolle not in OVERALT:  # a coordinator calls the own bydel's own, and nobody else
        return {"rolle": str(Rolle.UTOEVENDE), "enhet": bruker.enhet}
    match fylt.get("omfang"):
        case "bydeler":
            return {"bydeler": fylt["bydeler"]}
        case "region":
            return {"region": fylt.get("region", "")}
        case "by":
            return {"byomfattende": True}
        case "rolle":
            rolle = fylt.get("rolle", "")
            enhet = next((e for r, e in BYENS.items() if r == rolle), fylt.get("enhet", ""))
            return {"rolle": rolle, "enhet": enhet}
        case _:
            return {}


def mangler(kode: str, kropp: Mapping[str, Any]) -> dict[str, str]:
    """What must be chosen and is not, before the API says it in words that are not about a form."""
    match kode:
        case "overfoer" | "sentrum" | "vurdering":
            felt = {"overfoer": "til", "sentrum": "sentrum", "vurdering": "sentral_rolle"}[kode]
            tomme = [] if felt in kropp else [felt]
        case "utvid":
            valgt = [felt for felt in ("bydeler", "region", "byomfattende", "rolle", "enhet") if felt in kropp]
            tomme = [felt for felt in valgt if not kropp[felt]] if valgt else ["omfang"]
        case _:
            tomme = []
    if kode not in {"avslutt", "utvid"} and not kropp.get("grunn"):
        tomme.append("grunn")
    return {felt: MANGLER[felt] for felt in tomme}


def setninger(handling: Handling, feil: Iterable[Feltfeil]) -> dict[str, str]:
    """The API's refusals by the field of the form, as whole sentences."""
    navn = handling.felt or BEGRUNNELSE
    ut = {}
    for en in feil:
        felt = en.felt.split(".")[0]
        felt = felt if felt in navn else next(iter(navn))
        ut[felt] = f"{navn[felt]} {en.tekst}."
    return ut


def regionvalg(regioner: Sequence[str] | None) -> list[tuple[str, str]]:
    """The regions to choose from; none when nobody here knows them."""
    return [(region, region[:1].upper() + region[1:]) for region in regioner or ()]


def _hvis(felt: str, verdi: Any) -> dict[str, Any]:
    return {} if verdi is None else {felt: verdi}
