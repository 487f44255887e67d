"""The response curve as numbers: how many had answered, and how many were coming, so long after the call-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from services.audit.rapport.modell import Rapport, Spurt

_STILLER = {"kommer", "framme", "ferdig"}
_STEG_SEKUNDER = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800)
_DAGER_PER_STEG = 7 * 86400
_KORTEST_SEKUNDER = 10.0
_MELLOMROM = 5
"""At most so many steps on an axis."""
_FRIST_GANGER = 4
"""A deadline so many times further out than the last answer would press the curve together: it is told in words."""
_RADER_MAKS = 12


@dataclass(frozen=True)
class Steg:
    """From `sekunder` after the call-out on, it is `antall`."""

    sekunder: float
    antall: int


@dataclass(frozen=True)
class Merke:
    """A moment on the time axis that has a name."""

    navn: str
    tid: datetime
    sekunder: float


@dataclass(frozen=True)
class Punkt:
    """A row of the table that says the same as the curve."""

    tid: datetime
    sekunder: float
    svart: int
    kommer: int


@dataclass(frozen=True)
class Kurve:
    """`slutt` is the end of the time axis and `vet_til` how far the log goes, both in seconds after `utkalt`."""

    utkalt: datetime
    spurte: int
    svart: tuple[Steg, ...]
    kommer: tuple[Steg, ...]
    slutt: float
    steg: float
    vet_til: float
    merker: tuple[Merke, ...]

    @property
    def innenfor(self) -> tuple[Merke, ...]:
        """The marks that can be drawn."""
        return tuple(m for m in self.merker if 0 <= m.sekunder <= self.slutt)

    @property
    def utenfor(self) -> tuple[Merke, ...]:
        """The marks that lie outside the figure."""
        return tuple(m for m in self.merker if m not in self.innenfor)


def kurve_av(rapport: Rapport) -> Kurve | None:
    """The curve of a report; None when nobody was asked."""
    h = rapport.hode
    merker = [("Svarfrist", h.svarfrist), ("Start", h.start)]
    kjente = [(navn, tid) for navn, tid in merker if tid]
    return kurve(rapport.spurt, kjente, rapport.kilde.siste_tid, aapen=h.aapen)


def kurve(
    alle: Sequence[Spurt], merker: Sequence[tuple[str, datetime]], lest_til: datetime, *, aapen: bool = True
) -> Kurve | None:
    """The curve of those who were asked (not those only informed), counted from the first call-out.

    Args:
        alle: everyone who was called.
        merker: names and moments to mark; one called «Svarfrist» may make the axis longer.
        lest_til: the time of the last thing that is known.
        aapen: more can come. A deadline after the end of it all is not waited for.
    """
    spurte = [s for s in alle if s.art == "foresporsel" and s.kalt]
    if not spurte:
        return None
    utkalt = min(t for s in spurte if (t := s.sendt or s.kalt))
    svart = _loepende([(s.svar[0].tid, 1) for s in spurte if s.svar], utkalt)
    kommer = _loepende([endring for s in spurte for endring in _endringer(s)], utkalt)
    merkene = tuple(Merke(navn, tid, (tid - utkalt).total_seconds()) for navn, tid in merker)
    vet_til = max(0.0, (lest_til - utkalt).total_seconds())
    frist = next((m.sekunder for m in merkene if m.navn == "Svarfrist"), 0.0)
    siste = max((s.sekunder for s in (*svart, *kommer)), default=0.0)
    slutt, steg = _akse(siste, frist if aapen else min(frist, vet_til))
    return Kurve(utkalt, len(spurte), svart, kommer, slutt, steg, vet_til, merkene)


def _endringer(s: Spurt) -> list[tuple[datetime, int]]:
    """When this one began to be coming (+1), and stopped (-1): the newest answer counts."""
    ut: list[tuple[datetime, int]] = []
    foer = False
    for svar in s.svar:
        naa = svar.svar in _STILLER
        if naa != foer:
            ut.append((svar.tid, 1 if naa else -1))
        foer = naa
    return ut


def _loepende(endringer: Sequence[tuple[datetime, int]], utkalt: datetime) -> tuple[Steg, ...]:
    """The running sum; what came at the same moment is one step."""
    ut: list[Steg] = []
    sum_ = 0
    for tid, gruppe in groupby(sorted(endringer), key=lambda e: e[0]):
        sum_ += sum(n for _, n in gruppe)
        if sum_ != (ut[-1].antall if ut else 0):
            ut.append(Steg(max(0.0, (tid - utkalt).total_seconds()), sum_))
    return tuple(ut)


def _akse(siste: float, frist: float) -> tuple[float, float]:
    """The end of the axis and its step: the last answer, and the deadline when it is near enough to be seen with it."""
    lengst = siste * 1.1
    if not siste or frist <= siste * _FRIST_GANGER:
        lengst = max(lengst, frist)
    lengst = max(lengst, _KORTEST_SEKUNDER)
    steg = next((s for s in _STEG_SEKUNDER if lengst / s <= _MELLOMROM), None)
    steg = steg or ceil(lengst / _MELLOMROM / _DAGER_PER_STEG) * _DAGER_PER_STEG
    return float(ceil(lengst / steg) * steg), float(steg)


def ved(steg: Sequence[Steg], sekunder: float) -> int:
    """How many it was at this moment."""
    return next((s.antall for s in reversed(steg) if s.sekunder <= sekunder), 0)


def tabell(k: Kurve) -> tuple[Punkt, ...]:
    """The curve in rows: every change while they are few, else where the axis has a number, and the last change."""
    endret = sorted({s.sekunder for s in (*k.svart, *k.kommer)})
    tider = [0.0, *endret]
    if len(endret) > _RADER_MAKS:
        paa_aksen = [i * k.steg for i in range(round(k.slutt / k.steg) + 1)]
        tider = [*(t for t in paa_aksen if t < endret[-1]), endret[-1]]
    return tuple(
        Punkt(k.utkalt + timedelta(seconds=t), t, ved(k.svart, t), ved(k.kommer, t)) for t in sorted(set(tider))
    )
