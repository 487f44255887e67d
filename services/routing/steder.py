"""What a place is: its bydel, who answers for it, the police unit, and whether it counts as Oslo sentrum."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

from contracts.hendelse import HendelseType, Sted
from contracts.roller import BYDELER, EGNE_BYDELER
from contracts.spoersmaal import Feltfeil, StedInn
from services.routing.kart import DATA, MARKA, SENTRUM, Kart, punkt
from services.routing.politi import Driftsenheter
from services.routing.sentrum import Sentrumsforslag
from services.routing.stedsnavn import Kjent, Stedsnavn, brett

_UTENFOR = (
    "Tjenesten kaller ikke ut der: ta kontakt med SLT-koordinatoren i kommunen det gjelder. "
    "Berører hendelsen også Oslo, oppgi et sted i Oslo og den andre kommunens nummer i «andre_kommuner»."
)

Stedfesting = tuple[Sted | None, tuple[Feltfeil, ...]]


class Steder:
    """Resolves places. Everything is read once at start; a lookup touches no file and no network."""

    def __init__(self, navn: Stedsnavn, kart: Kart, politi: Driftsenheter, sentrum: Sentrumsforslag) -> None:
        self.navn = navn
        self.kart = kart
        self.politi = politi
        self._sentrum = sentrum

    @classmethod
    def les(cls, mappe: Path = DATA) -> Steder:
        """Everything about places from the files of the room, ready for lookups."""
        navn, politi = Stedsnavn.les(mappe), Driftsenheter.les(mappe)
        kart = Kart.les(politi.delbydeler, mappe)
        return cls(navn, kart, politi, Sentrumsforslag.les(navn, kart, mappe))

    def stedfest(self, inn: StedInn | None, slag: HendelseType) -> Stedfesting:
        """The place as the sender wrote it, resolved, or what is wrong with it field by field.

        Coordinates win over a name and are never moved; outside Oslo is an error (API §3, domene O row 11).
        Only an utviklingstrekk may have no place: it then resolves to None without errors (row 12).
        """
        inn = _ryddet(inn or StedInn())
        if feil := (*_punktfeil(inn), *_bydelsfeil(inn)):
            return None, feil
        kjent = self.navn.finn(inn.navn) if inn.navn else None
        if inn.lat is not None and inn.lon is not None:
            return self._med_punkt(inn, kjent, inn.lat, inn.lon)
        if kjent:
            return self._med_punkt(inn, kjent, kjent.lat, kjent.lon)
        if inn.bydeler:
            return self._med_bydeler(inn)
        if inn.navn:
            return None, (self._ukjent(inn.navn),)
        return self._uten_sted(inn, slag)

    def _med_punkt(self, inn: StedInn, kjent: Kjent | None, lat: float, lon: float) -> Stedfesting:
        sted = punkt(lat, lon)
        treff = self.kart.finn(sted)
        if treff is None:
            return None, (_utenfor(inn),)
        egen = treff.ansvarlig or treff.bydel
        bydeler = tuple(dict.fromkeys((egen, *_med_bein(inn.bydeler), *treff.naere)))
        politi = self.politi.for_punkt(egen, sted, self.kart)
        valg = self._sentrum.velg(inn.sentrum, bydeler, sted)
        return Sted(
            navn=_visning(inn, kjent),
            lat=lat,
            lon=lon,
            bydel=treff.bydel,
            bydeler=bydeler,
            ansvarlig=treff.ansvarlig,
            driftsenhet=politi.enhet,
            medvarsles=politi.medvarsles,
            sentrum=valg.sentrum,
            sentrum_kilde=valg.kilde,
            sentrum_grunn=valg.grunn,
            skole=kjent.navn if kjent and kjent.skole else None,
            presisjon_m=kjent.presisjon_m if kjent and inn.lat is None else None,
        ), ()

    def _med_bydeler(self, inn: StedInn) -> Stedfesting:
        """A place given as whole bydeler: the first named leads (domene O row 4)."""
        bydeler = _med_bein(inn.bydeler)
        if not bydeler:
            tekst = (
                "Marka (17) har ingen egen SaLTo-koordinator. Oppgi koordinater eller et kjent sted, "
                "så finner vi nærmeste bydel, eller oppgi bydelen selv."
            )
            return None, (Feltfeil(felt="sted.bydeler", tekst=tekst),)
        valg = self._sentrum.velg(inn.sentrum, bydeler)
        return Sted(
            navn=inn.navn,
            bydeler=bydeler,
            ansvarlig=next((nummer for nummer in bydeler if nummer in EGNE_BYDELER), None),
            driftsenhet=self.politi.for_bydel(bydeler[0]).enhet,
            sentrum=valg.sentrum,
            sentrum_kilde=valg.kilde,
            sentrum_grunn=valg.grunn,
        ), ()

    def _uten_sted(self, inn: StedInn, slag: HendelseType) -> Stedfesting:
        if slag is not HendelseType.UTVIKLINGSTREKK:
            tekst = "Oppgi et sted: et kjent stedsnavn, koordinater (lat og lon) eller bydeler."
            return None, (Feltfeil(felt="sted", tekst=tekst),)
        # A trend «i sentrum» without a point is still a place: the one number that means it.
        return self._med_bydeler(inn.model_copy(update={"bydeler": (SENTRUM,)})) if inn.sentrum else (None, ())

    def _ukjent(self, navn: str) -> Feltfeil:
        bydel = next((nummer for nummer, kjent in BYDELER.items() if brett(kjent) == brett(navn)), None)
        if bydel:
            return Feltfeil(felt="sted.navn", tekst=f'«{navn}» er en bydel: skriv bydeler: ["{bydel}"].')
        forslag = self.navn.forslag(navn)
        mente = f" Mente du {_eller(forslag)}?" if forslag else ""
        tekst = f"Vi kjenner ikke stedet «{navn}».{mente} Du kan også oppgi koordinater (lat og lon) eller bydeler."
        return Feltfeil(felt="sted.navn", tekst=tekst)


def _ryddet(inn: StedInn) -> StedInn:
    navn = " ".join(inn.navn.split()) if inn.navn else None
    return inn.model_copy(update={"navn": navn or None})


def _visning(inn: StedInn, kjent: Kjent | None) -> str | None:
    # With coordinates the place may be elsewhere than the known one («Bygdøy» is known as Huk): show the sender's word.
    return inn.navn if inn.lat is not None or kjent is None else kjent.navn


def _med_bein(bydeler: tuple[str, ...]) -> tuple[str, ...]:
    """The named bydeler that can have a leg, in the sender's order: Marka has nobody to call."""
    return tuple(nummer for nummer in dict.fromkeys(bydeler) if nummer != MARKA)


def _punktfeil(inn: StedInn) -> tuple[Feltfeil, ...]:
    if (inn.lat is None) != (inn.lon is None):
        mangler, har = ("lat", "lon") if inn.lat is None else ("lon", "lat")
        return (
            Feltfeil(felt=f"sted.{mangler}", tekst=f"«{mangler}» mangler: oppgi både lat og lon, ikke bare {har}."),
        )
    grenser = (("lat", inn.lat, 90), ("lon", inn.lon, 180))
    return tuple(
        Feltfeil(felt=f"sted.{felt}", tekst=f"«{felt}» må være et tall mellom -{grense} og {grense}.")
        for felt, verdi, grense in grenser
        if verdi is not None and not (isfinite(verdi) and abs(verdi) <= grense)
    )


def _bydelsfeil(inn: StedInn) -> tuple[Feltfeil, ...]:
    ukjente = [nummer for nummer in inn.bydeler if nummer not in BYDELER]
    if not ukjente:
        return ()
    tekst = f"Ukjent bydel: {', '.join(f'«{nummer}»' for nummer in ukjente)}. Bruk numrene «01» til «17»."
    return (Feltfeil(felt="sted.bydeler", tekst=tekst),)


def _utenfor(inn: StedInn) -> Feltfeil:
    if inn.lat is None or inn.lon is None:
        return Feltfeil(felt="sted.navn", tekst=f"«{inn.navn}» ligger utenfor Oslo. {_UTENFOR}")
    # Oslo lies at 59.8-60.2 north, 10.4-11.0 east: the two are easily swapped.
    byttet = " Er lat og lon byttet om?" if 59 < inn.lon < 61 and 10 < inn.lat < 12 else ""
    return Feltfeil(felt="sted", tekst=f"Punktet {inn.lat:.5f}, {inn.lon:.5f} ligger utenfor Oslo.{byttet} {_UTENFOR}")


def _eller(navn: tuple[str, ...]) -> str:
    sitert = [f"«{ett}»" for ett in navn]
    return " eller ".join(filter(None, (", ".join(sitert[:-1]), sitert[-1])))
