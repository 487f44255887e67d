"""What people call the values of a hendelse, and how near in time something is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.hendelse import Alvorlighet, HendelseType, Sted, Tema, Utvidelse
from contracts.roller import enhetsnavn, rolle_i_enhet
from infra.clock import OSLO
from infra.web.norsk import klokka, tidspunkt

TYPER: dict[str, str] = {
    HendelseType.DEMONSTRASJON: "Demonstrasjon",
    HendelseType.ARRANGEMENT: "Arrangement",
    HendelseType.HENDELSE: "Hendelse",
    HendelseType.UTVIKLINGSTREKK: "Utviklingstrekk",
}
ALVORLIGHETER: dict[str, str] = {
    Alvorlighet.LAV: "Lav",
    Alvorlighet.MIDDELS: "Middels",
    Alvorlighet.HOEY: "Høy",
    Alvorlighet.AKUTT: "Akutt",
}
TEMAER: dict[str, str] = {
    Tema.KRIMINALITET: "Kriminalitet",
    Tema.RUS: "Rus",
    Tema.HATKRIMINALITET: "Hatkriminalitet",
    Tema.RADIKALISERING: "Radikalisering",
    Tema.EKSTREMISME: "Ekstremisme",
    Tema.SKOLE: "Skole",
}
KILDER: dict[str, str] = {
    "politi": "Politiet",
    "kommune": "Kommunen",
    "skole": "En skole",
    "arrangoer": "Arrangøren",
    "annen": "Andre",
}
TIME, DOEGN = timedelta(hours=1), timedelta(days=1)


def ramse(navn: Sequence[str]) -> str:
    """«Alna, Bjerke og Frogner»."""
    return " og ".join(filter(None, [", ".join(navn[:-1]), *navn[-1:]]))


def varighet(tid: timedelta) -> str:
    """«25 minutter», «1 time og 20 minutter», «5 timer», «3 dager»: as exactly as people say it."""
    minutter = round(tid.total_seconds() / 60)
    if minutter < 60:
        return _antall(minutter, "minutt", "minutter")
    if tid < 3 * TIME:
        rest = minutter % 60
        timer = _antall(minutter // 60, "time", "timer")
        return f"{timer} og {_antall(rest, 'minutt', 'minutter')}" if rest else timer
    if tid < 2 * DOEGN:
        return _antall(round(tid / TIME), "time", "timer")
    return _antall(tid // DOEGN, "dag", "dager")


def relativ(tid: datetime, naa: datetime) -> str:
    """«om 3 timer», «for 20 minutter siden», «nå»."""
    if abs(tid - naa) < timedelta(minutes=1):
        return "nå"
    return f"om {varighet(tid - naa)}" if tid > naa else f"for {varighet(naa - tid)} siden"


def tidsrom(start: datetime | None, slutt: datetime | None) -> str:
    """«lør 28.11. kl. 14.00–17.00»; empty for what has no time."""
    if start is None or slutt is None:
        return tidspunkt(start)
    if start.astimezone(OSLO).date() == slutt.astimezone(OSLO).date():
        return f"{tidspunkt(start)}–{klokka(slutt)}"
    return f"{tidspunkt(start)} – {tidspunkt(slutt)}"


def naermer_seg(start: datetime | None, slutt: datetime | None, naa: datetime) -> str:
    """«begynner om 3 timer», «pågår, begynte for 20 minutter siden», «var over for 2 dager siden»."""
    if start is None:
        return ""
    if start > naa:
        return f"begynner {relativ(start, naa)}"
    if slutt is None:
        return f"begynte {relativ(start, naa)}"
    return f"pågår, begynte {relativ(start, naa)}" if slutt > naa else f"var over {relativ(slutt, naa)}"


def bydelsnavn(numre: Sequence[str]) -> str:
    """«Sentrum og St. Hanshaugen»."""
    return ramse([enhetsnavn(f"bydel:{nr}") for nr in numre])


def stedsnavn(sted: Sted | None) -> str:
    """The place in a line: its name, else its bydeler, else that there is none."""
    if sted is None:
        return "Uten sted"
    return sted.navn or bydelsnavn(sted.bydeler) or "Et punkt på kartet"


def utvidelse(u: Utvidelse) -> str:
    """A widening in words: «Alna og Bjerke», «regionen indre øst», «hele byen», «utøvende Alna»."""
    if u.byomfattende:
        return "hele byen"
    if u.region:
        return f"regionen {u.region}"
    if u.rolle and u.enhet:
        return rolle_i_enhet(u.rolle, u.enhet)
    return bydelsnavn(u.bydeler)


def _antall(tall: int, en: str, flere: str) -> str:
    return f"{tall} {en if tall == 1 else flere}"
