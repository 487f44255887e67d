"""A walk along the chain: what holds, what does not, and which row is the first that does not."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.audit.rules import Hode, Ledd, Rad, avtrykk, hendelse_av, kjede, peker


@dataclass(frozen=True, slots=True)
class Feil:
    """The first row that does not hold, and why, in bokmål."""

    epoke: int
    sekvens: int
    grunn: str


@dataclass(frozen=True, slots=True)
class Hull:
    """Sequences that the journal never gave: the chain holds over them, but something was not archived."""

    epoke: int
    fra: int
    til: int


@dataclass(frozen=True, slots=True)
class Resultat:
    """What a walk found. `rader`: how many rows held. `epoker`: the last epoch seen."""

    hel: bool
    rader: int
    foerste_feil: Feil | None = None
    hull: tuple[Hull, ...] = ()
    epoker: int = 1


@dataclass
class Gjennomgang:
    """A walk, link by link: `ta` each, then ask `ferdig`. Judges nothing after the first fault."""

    staar: Hode = field(default_factory=Hode)
    rader: int = 0
    feil: Feil | None = None
    hull: list[Hull] = field(default_factory=list)

    def ta(self, ledd: Ledd) -> None:
        """Judges the next link."""
        if not self.feil:
            self.feil = self._feil(ledd)
        if self.feil:
            return
        if ledd.epoke == self.staar.epoke and ledd.sekvens > self.staar.sekvens + 1:
            self.hull.append(Hull(ledd.epoke, self.staar.sekvens + 1, ledd.sekvens - 1))
        self.staar = Hode(ledd.epoke, ledd.sekvens, ledd.hash)
        self.rader += 1

    def ulesbar(self) -> None:
        """The next row is there and cannot be read as it was written."""
        self.feil = self.feil or Feil(
            self.staar.epoke, self.staar.sekvens + 1, "raden kan ikke leses som den ble skrevet"
        )

    def ferdig(self, hode: Hode) -> Resultat:
        """The verdict, once the walk has come to the end: it must be where the head says."""
        feil = self.feil or self._feil_ved_hodet(hode)
        return Resultat(feil is None, self.rader, feil, tuple(self.hull), self.staar.epoke)

    def _feil(self, ledd: Ledd) -> Feil | None:
        naa = self.staar
        ny_epoke = ledd.epoke == naa.epoke + 1
        if not ny_epoke and (ledd.epoke != naa.epoke or ledd.sekvens <= naa.sekvens):
            return Feil(ledd.epoke, ledd.sekvens, "raden står ikke i rekkefølge")
        if isinstance(ledd, Rad) and (grunn := _innholdsfeil(ledd)):
            return Feil(ledd.epoke, ledd.sekvens, grunn)
        if _kjedet(naa, ledd) == ledd.hash:
            return None
        if not ny_epoke and ledd.sekvens > naa.sekvens + 1:
            grunn = f"raden mangler: neste rad, {ledd.sekvens}, bygger ikke på rad {naa.sekvens}"
            return Feil(naa.epoke, naa.sekvens + 1, grunn)
        return Feil(ledd.epoke, ledd.sekvens, "kjeden er brutt: raden bygger ikke på den forrige")

    def _feil_ved_hodet(self, hode: Hode) -> Feil | None:
        naa = self.staar
        if hode.epoke == naa.epoke + 1 and hode.hash == naa.hash:
            return None  # a new epoch is open and has no row yet
        if (hode.epoke, hode.sekvens) > (naa.epoke, naa.sekvens):
            return Feil(naa.epoke, naa.sekvens + 1, f"raden mangler: hodet står på rad {hode.sekvens}")
        if (hode.epoke, hode.sekvens) < (naa.epoke, naa.sekvens):
            return Feil(hode.epoke, hode.sekvens + 1, f"raden ligger utenfor kjeden: hodet står på rad {hode.sekvens}")
        return None if hode.hash == naa.hash else Feil(hode.epoke, hode.sekvens, "hodet stemmer ikke med siste rad")


def _kjedet(forrige: Hode, ledd: Ledd) -> bytes | None:
    """The hash the link should have; None for numbers that no honest row can have."""
    try:
        return kjede(forrige.hash, ledd.epoke, ledd.sekvens, ledd.tid, ledd.digest)
    except struct.error:
        return None


def _innholdsfeil(rad: Rad) -> str | None:
    if rad.data is None:
        return "innholdet er borte uten registrert vedtak"
    if avtrykk(rad.subjekt, rad.data) != rad.digest:
        return "innholdet er endret: det stemmer ikke med avtrykket"
    if (*peker(rad.data), hendelse_av(rad.subjekt)) != (rad.event_id, rad.type, rad.hendelse_id):
        return "oppslagskolonnene stemmer ikke med innholdet"
    return None


def verifiser(rader: Iterable[Ledd], hode: Hode, fra: Hode | None = None) -> Resultat:
    """Walks rows in order from `fra` (default: the very beginning) and judges them against the head."""
    gang = Gjennomgang(fra or Hode())
    for ledd in rader:
        gang.ta(ledd)
    return gang.ferdig(hode)
