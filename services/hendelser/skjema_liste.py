"""What somebody wrote in the filters of the list, as a selection; what cannot be read is told at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as klokkeslett
from urllib.parse import urlencode

from contracts.hendelse import Status
from contracts.roller import BYDELER
from infra.clock import OSLO
from services.hendelser.store_utvalg import Utvalg

PER_SIDE = 50
TEKST_MAKS, SIDE_MAKS = 100, 10_000
FELT = ("tekst", "status", "bydel", "fra", "til")


@dataclass(frozen=True)
class Filter:
    """The filters as they were written, what they choose, and what is wrong with them."""

    skrevet: Mapping[str, str]
    utvalg: Utvalg
    feil: Mapping[str, str]
    side: int

    @property
    def brukt(self) -> bool:
        """Whether anything is chosen away."""
        return any(self.skrevet.values())

    def sti(self, side: int) -> str:
        """The address of another page of the same."""
        felt = {k: v for k, v in self.skrevet.items() if v}
        return f"/hendelser?{urlencode({**felt, 'side': side})}"


def les_filter(sporring: Mapping[str, str]) -> Filter:
    """Reads a query; a day is a day in Oslo, the last one included."""
    skrevet = {navn: " ".join(sporring.get(navn, "").split())[:TEKST_MAKS] for navn in FELT}
    feil: dict[str, str] = {}
    fra, til = (_dag(navn, skrevet[navn], feil) for navn in ("fra", "til"))
    if fra and til and til < fra:
        feil["til"] = "Til-datoen er før fra-datoen."
    utvalg = Utvalg(
        status=_kjent(skrevet["status"], {s.value for s in Status}),
        bydel=_kjent(skrevet["bydel"], set(BYDELER)),
        fra=_midnatt(fra),
        til=_midnatt(til + timedelta(days=1)) if til else None,
        tekst=skrevet["tekst"],
    )
    return Filter(skrevet, utvalg, feil, _side(sporring.get("side", "")))


def _dag(navn: str, skrevet: str, feil: dict[str, str]) -> date | None:
    if not skrevet:
        return None
    try:
        dag = date.fromisoformat(skrevet)
    except ValueError:
        dag = None
    if dag is None or not 2000 <= dag.year <= 2100:
        feil[navn] = "Skriv datoen som år-måned-dag, for eksempel 2026-11-28."
        return None
    return dag


def _midnatt(dag: date | None) -> datetime | None:
    return datetime.combine(dag, klokkeslett.min, OSLO) if dag else None


def _kjent(verdi: str, kjente: set[str]) -> str:
    """A choice that is not on the list chooses nothing away."""
    return verdi if verdi in kjente else ""


def _side(skrevet: str) -> int:
    return min(max(int(skrevet), 1), SIDE_MAKS) if skrevet.isascii() and skrevet.isdigit() and len(skrevet) < 9 else 1
