"""What the report calls things, in bokmål."""

from __future__ import annotations

from contracts.event import Aktoer
from contracts.hendelse import Hendelse, Sted, Utvidelse
from contracts.roller import BYDELER, DRIFTSENHETER, ROLLENAVN, Rolle, enhetsnavn, rolle_i_enhet

TYPE = {
    "demonstrasjon": "Demonstrasjon",
    "arrangement": "Arrangement",
    "hendelse": "Hendelse",
    "utviklingstrekk": "Utviklingstrekk",
}
ALVORLIGHET = {"lav": "lav", "middels": "middels", "hoey": "høy", "akutt": "akutt"}
KANAL = {"sms": "SMS", "epost": "e-post", "telefon": "telefon", "portal": "portalen"}
SVAR = {"kommer": "kommer", "kommer_ikke": "kommer ikke", "framme": "framme", "ferdig": "ferdig"}
FORMAAL = {
    "utkalling": "utkalling",
    "orientering": "orientering",
    "purring": "purring",
    "endring": "melding om endring",
    "avlysning": "avlysning",
    "bekreftelse": "bekreftelse",
    "spoersmaal": "spørsmål tilbake",
    "info": "opplysninger",
    "hjelp": "hjelpetekst",
    "lukket": "beskjed om at hendelsen er lukket",
    "uklart": "beskjed om at svaret var uklart",
    "oppgave": "oppgave",
    "ukjent": "svar til ukjent nummer",
}
MELDINGSTATUS = {
    "bestilt": "bestilt, ikke sendt",
    "trukket": "trukket før sending",
    "sendt": "sendt",
    "levert": "levert",
    "feilet": "feilet",
    "uviss": "uvisst om den gikk ut",
}
ESKALERT_FORDI = {
    "nei": "svarte nei",
    "stille": "svarte ikke",
    "feilet": "kunne ikke nås",
    "stoppet": "vil ikke ha SMS",
}
_AKTOERER = {"politi": "politiet", "linjeleder": "linjeleder", "gransker": "gransker", "system": "systemet"}


def stor(tekst: str) -> str:
    """The text with a capital first letter."""
    return tekst[:1].upper() + tekst[1:]


def rolle(hvilken: Rolle, enhet: str) -> str:
    """A role in a unit, as the first words of a sentence."""
    return stor(rolle_i_enhet(hvilken, enhet))


def aktoer(hvem: Aktoer) -> str:
    """Who did it, by role and unit: «SaLTo-koordinator Frogner», «politiet Oslo sentrum»."""
    try:
        kjent = Rolle(hvem.rolle)
    except ValueError:
        navn = _AKTOERER.get(hvem.rolle, hvem.rolle)
        return stor(f"{navn} {enhetsnavn(hvem.enhet)}" if hvem.enhet else navn)
    return rolle(kjent, hvem.enhet) if hvem.enhet else stor(ROLLENAVN[kjent])


def sted(hvor: Sted | None) -> str:
    """The place: its name, its bydeler, or that there is none."""
    if hvor is None:
        return "uten sted"
    bydeler = liste([BYDELER.get(b, b) for b in (hvor.bydeler or ((hvor.bydel,) if hvor.bydel else ()))])
    deler = [hvor.navn or "", f"bydel {bydeler}" if bydeler else "", "utenfor Oslo" if hvor.utenfor_oslo else ""]
    return ", ".join(d for d in deler if d) or "uten navn"


def sentrum(hvor: Sted | None) -> str:
    """Whether it counts as Oslo sentrum, and who said so."""
    if hvor is None:
        return "ikke vurdert"
    svar = "Ja" if hvor.sentrum else "Nei"
    if hvor.sentrum_kilde == "forslag":
        return f"{svar} (kartets forslag, ikke overprøvd)"
    return f"{svar} (bestemt av et menneske)" + (f": {hvor.sentrum_grunn}" if hvor.sentrum_grunn else "")


def maalgruppe(h: Hendelse) -> str:
    """Whether the target group takes part; not known is treated as yes (API §3)."""
    svar = {True: "Ja", False: "Nei", None: "Ikke kjent, behandlet som ja"}[h.maalgruppe]
    return f"{svar}: {h.maalgruppe_grunn}" if h.maalgruppe_grunn else svar


def utvidelse(u: Utvidelse) -> str:
    """What the scope was widened to."""
    deler = []
    if u.byomfattende:
        deler.append("hele byen")
    if u.region:
        deler.append(f"region {u.region}")
    if u.bydeler:
        deler.append("bydel " + liste([BYDELER.get(b, b) for b in u.bydeler]))
    if u.rolle:
        deler.append(rolle_i_enhet(u.rolle, u.enhet or "").strip())
    elif u.enhet:
        deler.append(DRIFTSENHETER.get(u.enhet, enhetsnavn(u.enhet)))
    return liste(deler) or "ingen"


def antall(hvor_mange: int, ett: str, flere: str) -> str:
    """«1 person», «3 personer»."""
    return f"{hvor_mange} {ett if hvor_mange == 1 else flere}"


def liste(deler: list[str], *, hoeyst: int = 12) -> str:
    """«a, b og c»; a long one is cut and says by how many."""
    if len(deler) > hoeyst:
        return f"{', '.join(deler[:hoeyst])} og {len(deler) - hoeyst} til"
    return " og ".join(d for d in (", ".join(deler[:-1]), *deler[-1:]) if d)


def resten(antall: int, nevnt: int) -> tuple[str, ...]:
    """«og 4 til», when not all are named."""
    return (f"og {antall - nevnt} til",) if antall > nevnt else ()
