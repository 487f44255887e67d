"""What an action will lead to, said plainly before it is done."""

from __future__ import annotations

from contracts.hendelse import Hendelse
from contracts.roller import rolle_i_enhet
from contracts.tavle import Svartall
from services.hendelser.ord import utvidelse

INGEN_VEI_TILBAKE = "Dette kan ikke angres."


def konsekvenser(kode: str, status: str, h: Hendelse, tall: Svartall | None) -> list[str]:
    """The consequences of an action, a sentence or two each."""
    match kode:
        case "avlys":
            return [_faar_beskjed(status, tall), INGEN_VEI_TILBAKE]
        case "avslutt":
            return [
                "Ingen får påminnelse eller blir kalt ut mer, og ingen får melding om at den er avsluttet.",
                *_venter(tall),
                "Oppgavene for hendelsen lukkes, og nye svar registreres ikke.",
                INGEN_VEI_TILBAKE,
            ]
        case "overfoer":
            eier = rolle_i_enhet(h.eier.rolle, h.eier.enhet)
            return [
                f"Eier nå: {eier}.",
                "Hendelsen har alltid nøyaktig én eier. Den nye eieren får ansvaret med en gang.",
                "Er den nye eieren ikke kalt ut før, skjer det nå.",
            ]
        case "sentrum":
            return [
                "Ja: SaLTo-sentrum og de andre som skal med når det skjer i Oslo sentrum, kalles ut.",
                "Nei: de som bare er kalt ut fordi stedet regnes som sentrum, får beskjed om at de ikke skal møte.",
                "Eieren følger valget, hvis hendelsen ikke er overført.",
            ]
        case "vurdering":
            return [
                "Ja: sekretariatet kalles ut sammen med de andre. Nei: ingen flere kalles ut.",
                "Eieren er den samme.",
            ]
        case _:
            return [
                "De nye får melding med en gang. De som er kalt ut fra før, beholder utkallingen sin.",
                *_utvidet(h),
            ]


def _faar_beskjed(status: str, tall: Svartall | None) -> str:
    """Who is told when it is called off: everybody asked who has not said NEI (API §4)."""
    if status == "utkast":
        return "Utkastet forkastes. Ingen er kalt ut, så ingen får melding."
    if tall is None:
        return "Alle som er spurt og ikke har svart nei, får melding om at de ikke skal møte."
    antall = tall.spurt - tall.kommer_ikke
    if antall <= 0:
        return "Ingen venter på å møte, så ingen får melding."
    hvem = "Den ene" if antall == 1 else f"{antall}"
    nei = "" if not tall.kommer_ikke else f" {_antall(tall.kommer_ikke)} har svart nei og får ingen melding."
    return f"{hvem} som er spurt og ikke har svart nei, får melding om at det er avlyst.{nei}"


def _venter(tall: Svartall | None) -> list[str]:
    antall = tall.venter if tall else 0
    return [f"{_antall(antall)} har ikke svart ennå."] if antall else []


def _antall(antall: int) -> str:
    return "Én" if antall == 1 else str(antall)


def _utvidet(h: Hendelse) -> list[str]:
    return [f"Utvidet til nå: {', '.join(utvidelse(u) for u in h.utvidelser)}."] if h.utvidelser else []
