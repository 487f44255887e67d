"""The report as people get it: one plain HTML file with nothing outside it, or rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.audit.rapport.kort import kort_fortalt
from services.audit.rapport.kurve import kurve_av, tabell
from services.audit.rapport.kurve_svg import tegn_kurve
from services.audit.rapport.modell import Rapport, Spurt
from services.audit.rapport.ord import stor
from services.audit.tid import dato_tid, klokka, minutt, varighet

_MALER = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MALER.filters.update(stor=stor, dato_tid=dato_tid, klokka=klokka, minutt=minutt, varighet=varighet)
_KOLONNER = (
    "oevelse",
    "spurt",
    "hvem",
    "art",
    "roller",
    "grunnlag",
    "grunn",
    "kalt",
    "sendt",
    "levert",
    "foerste_svar",
    "siste_svar",
    "svar",
    "svartid_sekunder",
    "purret",
    "merknader",
)
_FORMELTEGN = ("=", "+", "-", "@", "\t", "\r")


def som_html(rapport: Rapport) -> str:
    """The report as a page that can be kept, mailed and printed on A4; no script, nothing fetched."""
    return _MALER.get_template("rapport.html").render(r=rapport, innhold=som_innhold(rapport))


def som_innhold(rapport: Rapport) -> Markup:
    """What the file and the page have in common: everything between their heads and what each has at its end."""
    kurve = kurve_av(rapport)
    felt: dict[str, object] = {"kort": kort_fortalt(rapport), "kurve": kurve}
    if kurve:
        felt |= {"tegning": tegn_kurve(kurve), "punkter": tabell(kurve)}
    return Markup(_MALER.get_template("rapport_innhold.html").render(r=rapport, **felt))  # noqa: S704 - escaped there


def som_csv(rapport: Rapport) -> str:
    """One row for each who was called, and one for each who was not; `;` and a byte-order mark, as Excel wants it."""
    ut = io.StringIO()
    skriver = csv.DictWriter(ut, _KOLONNER, delimiter=";", restval="", lineterminator="\r\n")
    skriver.writeheader()
    for rad in _rader(rapport):
        skriver.writerow({navn: _trygg(verdi) for navn, verdi in rad.items()})
    return "\ufeff" + ut.getvalue()


def _rader(rapport: Rapport) -> Iterator[dict[str, str]]:
    merke = "ja" if rapport.hode.oevelse else "nei"
    for s in rapport.spurt:
        yield {"oevelse": merke, "spurt": "ja", **_spurt(s)}
    for ikke in rapport.ikke_spurt:
        yield {"oevelse": merke, "spurt": "nei", "hvem": ikke.hvem, "grunn": ikke.grunn}


def _spurt(s: Spurt) -> dict[str, str]:
    tider = {"kalt": s.kalt, "sendt": s.sendt, "levert": s.levert}
    if s.svar:
        tider |= {"foerste_svar": s.svar[0].tid, "siste_svar": s.svar[-1].tid}
    return {
        "hvem": s.hvem,
        "art": s.art,
        "roller": " | ".join(r.rolle for r in s.roller),
        "grunnlag": " | ".join(r.grunnlag for r in s.roller),
        "grunn": " | ".join(r.grunn for r in s.roller),
        **{navn: tid.isoformat() for navn, tid in tider.items() if tid},
        "svar": s.svar[-1].svar if s.svar else "",
        "svartid_sekunder": "" if s.svartid_sekunder is None else str(s.svartid_sekunder),
        "purret": str(s.purret),
        "merknader": " | ".join(s.merknader),
    }


def _trygg(verdi: str) -> str:
    """A cell that a spreadsheet shows and never runs: a reason may begin with «=»."""
    return f"'{verdi}" if verdi.startswith(_FORMELTEGN) else verdi
