"""The words people get: what, where, when, why you, and by when. Roles, never people; place, never the free title."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.hendelse import Alvorlighet, Hendelse, HendelseType
from contracts.mobilisering import RolleGrunn
from contracts.roller import BYDELER, rolle_i_enhet
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


def sted(hendelse: Hendelse) -> str:
    """The place as people say it: its name, or its bydeler."""
    s = hendelse.sted
    if s is None:
        return "Oslo"
    if s.navn:
        return s.navn
    navn = [BYDELER[b] for b in s.bydeler if b in BYDELER]
    return ", ".join(navn[:2]) + (" m.fl." if len(navn) > 2 else "") if navn else "Oslo"


def hva(hendelse: Hendelse, naa: datetime) -> str:
    """«Demonstrasjon, Eidsvolls plass lør 28.11 kl 14»; «nå» when it is under way."""
    naar = ""
    if hendelse.start:
        naar = " nå" if hendelse.start <= naa else f" {_naar(hendelse.start)}"
    return f"{_TYPENAVN[hendelse.type]}, {sted(hendelse)}{naar}"


def _naar(tid: datetime) -> str:
    lokal = tid.astimezone(OSLO)
    return f"{_DAGER[lokal.weekday()]} {lokal.day}.{lokal.month} {klokke(tid)}"


def hode(hendelse: Hendelse, merke: str = "") -> str:
    """«SaLTo ELG:», «ØVELSE SaLTo ELG HASTER:»."""
    return f"{'ØVELSE ' if hendelse.oevelse else ''}SaLTo {hendelse.kodeord}{f' {merke}' if merke else ''}:"


def som(roller: Sequence[RolleGrunn], *, kort: bool = True) -> str:
    """«SaLTo-koordinator Frogner (sentrumsbydel)»; two roles are named, a third is «m.m.»."""
    navn = [
        rolle_i_enhet(r.rolle, r.enhet) + (f" ({r.kort})" if kort and r.kort else "")
        for r in roller[: 2 if len(roller) < 3 else 1]
    ]
    return " og ".join(navn) + (" m.m." if len(roller) > 2 else "")


def _haster(hendelse: Hendelse) -> bool:
    return hendelse.alvorlighet is Alvorlighet.AKUTT


def _spoersmaal(hendelse: Hendelse) -> str:
    return f" Spørsmål: {hendelse.vakttelefon}." if hendelse.vakttelefon else ""


def utkalling(
    hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime, naa: datetime, *, kort: bool
) -> str:
    """The call-out itself, ordinary or acute (API.md §4)."""
    hvem, frist = som(roller, kort=kort), dag_og_klokke(svarfrist, naa)
    if _haster(hendelse):
        return (
            f"{hode(hendelse, 'HASTER')} {hva(hendelse, naa)}. Kan du komme som {hvem}? "
            f"Svar JA 20 (framme om 20 min) eller NEI innen {frist}.{_spoersmaal(hendelse)} Fare for liv: 112."
        )
    return f"{hode(hendelse)} {hva(hendelse, naa)}. Kan du stille som {hvem}? Svar JA eller NEI innen {frist}."


def vara(hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime, naa: datetime, *, kort: bool) -> str:
    """The call-out of a deputy says that it is as a deputy."""
    vanlig = utkalling(hendelse, roller, svarfrist, naa, kort=kort)
    return vanlig.replace(" som ", " som vara for ", 1)


def orientering(hendelse: Hendelse, roller: Sequence[RolleGrunn], naa: datetime, *, kort: bool) -> str:
    """For information: nobody is asked."""
    return (
        f"{hode(hendelse)} Til orientering: {hva(hendelse, naa)}. "
        f"Du får denne som {som(roller, kort=kort)} og trenger ikke svare."
    )


def purring(hendelse: Hendelse, svarfrist: datetime, naa: datetime) -> str:
    return (
        f"{hode(hendelse, 'PURRING')} {hva(hendelse, naa)}. Vi mangler svar fra deg. "
        f"Svar JA eller NEI innen {dag_og_klokke(svarfrist, naa)}, ellers spør vi vara."
    )


def avlysning(hendelse: Hendelse, naa: datetime) -> str:
    return f"{hode(hendelse, 'AVLYST')} {hva(hendelse, naa)}. Du skal ikke møte og trenger ikke svare."


def endring(hendelse: Hendelse, naa: datetime) -> str:
    moete = f" Oppmøte: {hendelse.oppmoete}." if hendelse.oppmoete else ""
    naa_gjelder = f"{hode(hendelse, 'ENDRET')} Nå gjelder: {hva(hendelse, naa)}.{moete}"
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


def info(hendelse: Hendelse, kommer: Sequence[tuple[str, int]], naa: datetime) -> str:
    """Place, time, who to call, how many come, by role."""
    moete = f" Oppmøte: {hendelse.oppmoete}." if hendelse.oppmoete else ""
    antall = ", ".join(f"{rolle} {n}" for rolle, n in kommer) or "ingen har svart ja ennå"
    return f"{hode(hendelse)} {hva(hendelse, naa)}.{moete}{_spoersmaal(hendelse)} Kommer: {antall}. {HJELP[:23]}"


def hvilken(aapne: Sequence[Hendelse]) -> str:
    """Which one? Nothing is guessed (API.md §4)."""
    gjelder = " eller ".join(f"{h.kodeord} ({sted(h)})" for h in aapne)
    return f"Gjelder svaret {gjelder}? Svar bare {' eller '.join(h.kodeord for h in aapne)}."


UKLART = "Vi forsto ikke svaret ditt, så et menneske ser på det. Svar gjerne bare JA eller NEI, eller INFO for mer."
HVILKET_TALL = "Mener du antall, timer eller minutter? Svar for eksempel JA 20 (framme om 20 min), eller bare JA."
BARE_KODEORD = "Hva er svaret ditt? Svar JA, NEI, JA 20 (framme om 20 min), FRAMME, FERDIG eller INFO."
UKLART_HASTER = "Vi har sagt fra om at du trenger hjelp. Fare for liv: ring 112."
INGEN_AAPNE = "Du har ingen åpne forespørsler fra SaLTo nå. Fare for liv: ring 112."
STARTET = "Du får SMS fra SaLTo igjen."


def lukket(kodeord: str) -> str:
    return f"SaLTo {kodeord}: Saken er avsluttet, og du trenger ikke gjøre noe. Fare for liv: ring 112."


def sms(utkast: Sequence[str], ref: str) -> tuple[str, str, int]:
    """The first of the drafts (longest first) that fits two segments with its reference, the last cut if none does.

    Returns:
        The text with reference, the encoding, and the number of segments.
    """
    hale = f" #{ref}"
    for tekst in utkast:
        ferdig = normaliser(tekst) + hale
        vekt = vei(ferdig)
        if vekt.segmenter <= SEGMENTER_MAKS:
            return ferdig, vekt.koding, vekt.segmenter
    kuttet = normaliser(utkast[-1])
    while vei(f"{kuttet}...{hale}").segmenter > SEGMENTER_MAKS:
        kuttet = kuttet[:-1]
    ferdig = f"{kuttet}...{hale}"
    vekt = vei(ferdig)
    return ferdig, vekt.koding, vekt.segmenter


def epost_om_utkalling(
    hendelse: Hendelse, roller: Sequence[RolleGrunn], svarfrist: datetime | None, naa: datetime
) -> str:
    """The longer text of an e-mail: the same, with the reasons and «Grunnlag i Oslostandarden»."""
    linjer = [f"{hva(hendelse, naa)}.", ""]
    if svarfrist:
        linjer += [f"Kan du stille som {som(roller, kort=False)}? Svar innen {dag_og_klokke(svarfrist, naa)}.", ""]
    else:
        linjer += [f"Du får denne til orientering som {som(roller, kort=False)} og trenger ikke svare.", ""]
    for r in roller:
        linjer.append(f"Hvorfor du: {r.grunn} Grunnlag i Oslostandarden: {r.hjemmel}.")
    if hendelse.oppmoete:
        linjer.append(f"Oppmøte: {hendelse.oppmoete}.")
    if hendelse.vakttelefon:
        linjer.append(f"Spørsmål: {hendelse.vakttelefon}.")
    return "\n".join([*linjer, "", "Fare for liv: ring 112."])


def emne(hendelse: Hendelse, naa: datetime, merke: str = "") -> str:
    """The subject line of an e-mail."""
    return f"{hode(hendelse, merke)} {hva(hendelse, naa)}"
