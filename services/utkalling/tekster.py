"""The words people get: what, where, when, why you, and by when. Roles, never people; place, never the free title."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.hendelse import Alvorlighet, Hendelse, HendelseType
from contracts.mobilisering import RolleGrunn
from contracts.roller import BYDELER, ROLLENAVN, rolle_i_enhet
from services.utkalling.septett import normaliser, vei

OSLO = ZoneInfo("Europe/Oslo")
_DAGER = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
_REF_TEGN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TYPENAVN = {
    HendelseType.DEMONSTRASJON: "Demonstrasjon",
    HendelseType.ARRANGEMENT: "Arrangement",
    HendelseType.HENDELSE: "Hendelse",
    HendelseType.UTVIKLINGSTREKK: "Utviklingstrekk",
}
SEGMENTER_MAKS = 2
OEVELSE = "ØVELSE"
STED_MAKS, OPPMOETE_MAKS = 45, 60
"""How much of a long name an SMS has room for; the e-mail has it all."""
TRINN = (0, 1, 2, 3)
"""How sparingly a text is written until it fits: with short reasons, without, with one role, with names cut.

What to answer, by when, and 112 are never what is cut.
"""
_KNAPT_NAVN, _HELE = 24, 120
STEDSLENGDER = (STED_MAKS, _KNAPT_NAVN, 15)
"""How long the place names of a question may be, until four of them fit."""
HJELP = "Fare for liv: ring 112. Svar JA, NEI, JA 20 (framme om 20 min), FRAMME, FERDIG eller INFO."


def referanse(melding_id: UUID) -> str:
    """The five characters an SMS ends with; the same for every attempt at the same message."""
    tall = int.from_bytes(hashlib.sha256(melding_id.bytes).digest()[:4])
    return "".join(_REF_TEGN[(tall >> (5 * i)) & 31] for i in range(5))


def klokke(tid: datetime) -> str:
    """«kl 14» or «kl 14.30», Oslo time."""
    lokal = tid.astimezone(OSLO)
    return f"kl {lokal:%H}" if lokal.minute == 0 else f"kl {lokal:%H.%M}"


def dag_og_klokke(tid: datetime, naa: datetime) -> str:
    """«lør 28.11 kl 14»; only the hour when it is within the coming half day."""
    lokal = tid.astimezone(OSLO)
    if timedelta() <= tid - naa < timedelta(hours=12):
        return klokke(tid)
    return f"{_DAGER[lokal.weekday()]} {lokal.day}.{lokal.month} {klokke(tid)}"


def kutt(navn: str, maks: int) -> str:
    """A name of at most `maks` characters; one that was longer ends with dots."""
    return navn if len(navn) <= maks else navn[: maks - 3].rstrip(" ,.-") + "..."


def sted(hendelse: Hendelse, maks: int = STED_MAKS) -> str:
    """The place as people say it: its name, or its bydeler."""
    s = hendelse.sted
    if s is None:
        return "Oslo"
    if s.navn:
        return kutt(s.navn, maks)
    navn = [BYDELER[b] for b in s.bydeler if b in BYDELER]
    return ", ".join(navn[:2]) + (" m.fl." if len(navn) > 2 else "") if navn else "Oslo"


def hva(hendelse: Hendelse, naa: datetime, maks: int = STED_MAKS) -> str:
    """«Demonstrasjon, Eidsvolls plass lør 28.11 kl 14»; «nå» when it is under way."""
    naar = ""
    if hendelse.start:
        naar = " nå" if hendelse.start <= naa else f" {_naar(hendelse.start)}"
    return f"{_TYPENAVN[hendelse.type]}, {sted(hendelse, maks)}{naar}"


def _naar(tid: datetime) -> str:
    lokal = tid.astimezone(OSLO)
    return f"{_DAGER[lokal.weekday()]} {lokal.day}.{lokal.month} {klokke(tid)}"


def merk(tekst: str, *, oevelse: bool) -> str:
    """Every text of a drill begins with ØVELSE, once."""
    return f"{OEVELSE} {tekst}" if oevelse and not tekst.startswith(OEVELSE) else tekst


def hode(hendelse: Hendelse, merke: str = "") -> str:
    """«SaLTo ELG:», «ØVELSE SaLTo ELG HASTER:»."""
    return merk(f"SaLTo {hendelse.kodeord}{f' {merke}' if merke else ''}:", oevelse=hendelse.oevelse)


def som(roller: Sequence[RolleGrunn], trinn: int = 0) -> str:
    """«SaLTo-koordinator Frogner (sentrumsbydel)»; two roles are named, a third is «m.m.»."""
    nevnt = roller if len(roller) < 3 and trinn < 2 else roller[:1]
    return " og ".join(_rolle(r, trinn) for r in nevnt) + (" m.m." if len(roller) > len(nevnt) else "")


def _rolle(r: RolleGrunn, trinn: int) -> str:
    navn = rolle_i_enhet(r.rolle, r.enhet)
    if trinn == 0 and r.kort:
        return f"{navn} ({r.kort})"
    return navn if trinn < 3 else kutt(navn, len(ROLLENAVN[r.rolle]) + _KNAPT_NAVN)


def _haster(hendelse: Hendelse) -> bool:
    return hendelse.alvorlighet is Alvorlighet.AKUTT


def _spoersmaal(hendelse: Hendelse) -> str:
    return f" Spørsmål: {hendelse.vakttelefon}." if hendelse.vakttelefon else ""


def _oppmoete(hendelse: Hendelse) -> str:
    return f" Oppmøte: {kutt(hendelse.oppmoete, OPPMOETE_MAKS)}." if hendelse.oppmoete else ""


def utkalling(
    hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime, naa: datetime, trinn: int = 0
) -> str:
    """The call-out itself, ordinary or acute (API §4)."""
    return _kall(hendelse, som(roller, trinn), svarfrist, naa, trinn)


def vara(hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime, naa: datetime, trinn: int = 0) -> str:
    """The call-out of a deputy says that it is as a deputy."""
    return _kall(hendelse, f"vara for {som(roller, trinn)}", svarfrist, naa, trinn)


def _kall(hendelse: Hendelse, hvem: str, svarfrist: datetime, naa: datetime, trinn: int) -> str:
    frist, hva_ = dag_og_klokke(svarfrist, naa), hva(hendelse, naa, _maks(trinn))
    if _haster(hendelse):
        return (
            f"{hode(hendelse, 'HASTER')} {hva_}. Kan du komme som {hvem}? "
            f"Svar JA 20 (framme om 20 min) eller NEI innen {frist}.{_spoersmaal(hendelse)} Fare for liv: 112."
        )
    return f"{hode(hendelse)} {hva_}. Kan du stille som {hvem}? Svar JA eller NEI innen {frist}."


def _maks(trinn: int) -> int:
    return STED_MAKS if trinn < 3 else _KNAPT_NAVN


def orientering(hendelse: Hendelse, roller: Sequence[RolleGrunn], naa: datetime, trinn: int = 0) -> str:
    """For information: nobody is asked."""
    return (
        f"{hode(hendelse)} Til orientering: {hva(hendelse, naa, _maks(trinn))}. "
        f"Du får denne som {som(roller, trinn)} og trenger ikke svare."
    )


def purring(hendelse: Hendelse, svarfrist: datetime, naa: datetime, *, har_vara: bool = True) -> str:
    """A reminder; that the deputy will be asked is said where there is one."""
    ellers = ", ellers spør vi vara" if har_vara else ""
    return (
        f"{hode(hendelse, 'PURRING')} {hva(hendelse, naa)}. Vi mangler svar fra deg. "
        f"Svar JA eller NEI innen {dag_og_klokke(svarfrist, naa)}{ellers}."
    )


def avlysning(hendelse: Hendelse, gjelder: str) -> str:
    """The stand-down of what somebody was called to: `gjelder` as `hva` said it then."""
    return f"{hode(hendelse, 'AVLYST')} {gjelder}. Du skal ikke møte og trenger ikke svare."


def endring(hendelse: Hendelse, naa: datetime, svarfrist: datetime | None = None) -> str:
    """What is new. `svarfrist`: to one who has not answered yet, and whose deadline is ahead."""
    moete = _oppmoete(hendelse)
    naa_gjelder = f"{hode(hendelse, 'ENDRET')} Nå gjelder: {hva(hendelse, naa)}.{moete}"
    if svarfrist:
        return f"{naa_gjelder} Svar JA eller NEI innen {dag_og_klokke(svarfrist, naa)}."
    return f"{naa_gjelder} Svaret ditt står. Svar NEI om du ikke kan."


def bekreftelse(hendelse: Hendelse, svar: str, eta: datetime | None) -> str:
    """What was understood, and what to do when it was wrong."""
    match svar:
        case "kommer":
            naar = f" (framme ca. {klokke(eta)})" if eta else ""
            forstaatt = f"Takk, vi har notert at du kommer{naar}. Svar NEI om noe endrer seg."
        case "kommer_ikke":
            forstaatt = "Takk for svaret, vi har notert at du ikke kommer. Svar JA om du likevel kan."
        case "framme":
            forstaatt = "Vi har notert at du er framme. Svar FERDIG når du er ferdig."
        case _:
            forstaatt = "Vi har notert at du er ferdig. Takk for innsatsen!"
    return f"{hode(hendelse)} {forstaatt}"


def info(hendelse: Hendelse, kommer: Sequence[tuple[str, int]], naa: datetime, trinn: int = 0) -> str:
    """Place, time, who to call, how many come: by role, or in all where the roles are too many for two segments."""
    moete = _oppmoete(hendelse)
    per_rolle = ", ".join(f"{rolle} {n}" for rolle, n in kommer) or "ingen har svart ja ennå"
    antall = per_rolle if trinn == 0 or not kommer else str(sum(n for _, n in kommer))
    return f"{hode(hendelse)} {hva(hendelse, naa)}.{moete}{_spoersmaal(hendelse)} Kommer: {antall}. {HJELP[:23]}"


def hvilken(aapne: Sequence[Hendelse], maks: int = STED_MAKS) -> str:
    """Which one? Nothing is guessed (API §4)."""
    gjelder = " eller ".join(f"{h.kodeord} ({sted(h, maks)})" for h in aapne)
    return f"Gjelder svaret {gjelder}? Svar bare {' eller '.join(h.kodeord for h in aapne)}."


UKLART = "Vi forsto ikke svaret ditt, så et menneske ser på det. Svar gjerne bare JA eller NEI, eller INFO for mer."
HVILKET_TALL = "Mener du antall, timer eller minutter? Svar for eksempel JA 20 (framme om 20 min), eller bare JA."
BARE_KODEORD = "Hva er svaret ditt? Svar JA, NEI, JA 20 (framme om 20 min), FRAMME, FERDIG eller INFO."
UKLART_HASTER = "Vi har sagt fra om at du trenger hjelp. Fare for liv: ring 112."
INGEN_AAPNE = "Du har ingen åpne forespørsler fra SaLTo nå. Fare for liv: ring 112."
STARTET = "Du får SMS fra SaLTo igjen."


def lukket(kodeord: str) -> str:
    return f"SaLTo {kodeord}: Saken er avsluttet, og du trenger ikke gjøre noe. Fare for liv: ring 112."


def sms(utkast: Iterable[str], ref: str) -> tuple[str, str, int]:
    """The first of the drafts (longest first) that fits two segments with its reference.

    Should none do, the last is cut: the drafts are made so that none is (`tests/utkalling/test_tekster.py`).

    Returns:
        The text with reference, the encoding, and the number of segments.
    """
    hale, kuttet = f" #{ref}", ""
    for tekst in utkast:
        kuttet = normaliser(tekst)
        ferdig = kuttet + hale
        vekt = vei(ferdig)
        if vekt.segmenter <= SEGMENTER_MAKS:
            return ferdig, vekt.koding, vekt.segmenter
    while vei(f"{kuttet}...{hale}").segmenter > SEGMENTER_MAKS:
        kuttet = kuttet[:-1]
    ferdig = f"{kuttet}...{hale}"
    vekt = vei(ferdig)
    return ferdig, vekt.koding, vekt.segmenter


def epost_om_utkalling(
    hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime | None, naa: datetime
) -> str:
    """The longer text of an e-mail: the same, with the reasons and «Grunnlag i Oslostandarden»."""
    linjer = [f"{hva(hendelse, naa, _HELE)}.", ""]
    if svarfrist:
        linjer += [f"Kan du stille som {som(roller, trinn=1)}? Svar innen {dag_og_klokke(svarfrist, naa)}.", ""]
    else:
        linjer += [f"Du får denne til orientering som {som(roller, trinn=1)} og trenger ikke svare.", ""]
    for r in roller:
        grunnlag = r.hjemmel.removeprefix("Oslostandarden ")
        linjer.append(f"Hvorfor du: {r.grunn} Grunnlag i Oslostandarden: {grunnlag}.")
    if hendelse.oppmoete:
        linjer.append(f"Oppmøte: {hendelse.oppmoete}.")
    if hendelse.vakttelefon:
        linjer.append(f"Spørsmål: {hendelse.vakttelefon}.")
    return "\n".join([*linjer, "", "Fare for liv: ring 112."])


def emne(hendelse: Hendelse, naa: datetime, merke: str = "", gjelder: str = "") -> str:
    """The subject line of an e-mail; `gjelder` where it is about what was said before, not about how it is now."""
    return f"{hode(hendelse, merke)} {gjelder or hva(hendelse, naa, _HELE)}"
