"""The response curve as a drawing: a pure function from its numbers to SVG; how it looks is in the style sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.audit.rapport.kurve import Kurve, Merke, Steg
from services.audit.tid import minutt, varighet

_BREDDE, _VENSTRE, _HOEYRE = 640, 62, 622
_OVERSKRIFT, _MERKELINJE, _HOEYDE, _UNDER = 46, 30, 190, 74
"""In units of the drawing: the line of the legend, a line for each mark's name, the curve, and the axis below it."""
_Y_STEG = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)
_ENHETER = ((86400, "døgn"), (3600, "timer"), (60, "minutter"), (1, "sekunder"))


@dataclass(frozen=True)
class _Flate:
    """Where a moment and a number lie, in whole units of the drawing."""

    slutt: float
    hoeyest: int
    topp: int

    @property
    def bunn(self) -> int:
        return self.topp + _HOEYDE

    def x(self, sekunder: float) -> int:
        return _VENSTRE + round((_HOEYRE - _VENSTRE) * min(sekunder, self.slutt) / self.slutt)

    def y(self, antall: int) -> int:
        return self.bunn - round(_HOEYDE * antall / self.hoeyest)


def tegn_kurve(k: Kurve) -> Markup:
    """The drawing; the same numbers stand in a table beside it. Under 10 kB, however many have answered."""
    steg = next((s for s in _Y_STEG if k.spurte <= s * 5), k.spurte)
    hoeyest = -(-k.spurte // steg) * steg
    flate = _Flate(k.slutt, hoeyest, _OVERSKRIFT + _MERKELINJE * len(k.innenfor))
    boks = f"0 0 {_BREDDE} {flate.bunn + _UNDER}"
    deler = [
        f'<svg class="kurve" viewBox="{boks}" role="img" aria-labelledby="kurve-tittel kurve-tekst">',
        f'<title id="kurve-tittel">Svar over tid</title><desc id="kurve-tekst">{beskrivelse(k)}</desc>',
        *_forklaring(),
        *_y_akse(flate, steg),
        *_x_akse(flate, k.steg),
        *(del_ for nr, merke in enumerate(k.innenfor) for del_ in _merke(flate, merke, nr)),
        f'<path class="linje" d="{_sti(k.svart, flate, k.vet_til)}"/>',
        f'<path class="linje linje--kommer" d="{_sti(k.kommer, flate, k.vet_til)}"/>',
        "</svg>",
    ]
    return Markup("".join(deler))  # noqa: S704 - numbers, times and our own words


def beskrivelse(k: Kurve) -> str:
    """The curve in one sentence or two, for who does not see it."""
    if not k.svart:
        return f"Ingen av {k.spurte} spurte har svart."
    kommer = k.kommer[-1].antall if k.kommer else 0
    foerste, siste = (varighet(s.sekunder) for s in (k.svart[0], k.svart[-1]))
    naar = f"Første svar kom etter {foerste}" + (f", siste etter {siste}." if len(k.svart) > 1 else ".")
    return f"{k.svart[-1].antall} av {k.spurte} spurte har svart, og {kommer} kommer. {naar}"


def _forklaring() -> Iterator[str]:
    yield '<text class="v" x="0" y="24">Antall personer</text>'
    yield '<path class="linje" d="M262 17h40"/><text class="v" x="310" y="24">har svart</text>'
    yield '<path class="linje linje--kommer" d="M462 17h40"/><text class="v" x="510" y="24">kommer</text>'


def _y_akse(flate: _Flate, steg: int) -> Iterator[str]:
    for antall in range(0, flate.hoeyest + 1, steg):
        y = flate.y(antall)
        if antall:
            yield f'<line class="rute" x1="{_VENSTRE}" x2="{_HOEYRE}" y1="{y}" y2="{y}"/>'
        yield f'<text class="y" x="{_VENSTRE - 10}" y="{y + 5}">{antall}</text>'


def _x_akse(flate: _Flate, steg: float) -> Iterator[str]:
    enhet, navn = next((sek, navn) for sek, navn in _ENHETER if steg >= sek)
    for nr in range(round(flate.slutt / steg) + 1):
        x = flate.x(nr * steg)
        tall = f"{nr * steg / enhet:g}".replace(".", ",")
        yield f'<path class="akse" d="M{x} {flate.bunn}v6"/><text class="x" x="{x}" y="{flate.bunn + 30}">{tall}</text>'
    yield f'<path class="akse" d="M{_VENSTRE} {flate.topp}V{flate.bunn}H{_HOEYRE}"/>'
    yield f'<text class="h" x="{_HOEYRE}" y="{flate.bunn + 62}">{navn} etter utkallingen</text>'


def _merke(flate: _Flate, merke: Merke, nr: int) -> Iterator[str]:
    """A mark is a line with its name above; each name has a line of its own, so that two never meet."""
    x, y = flate.x(merke.sekunder), _OVERSKRIFT + _MERKELINJE * nr + 14
    til_venstre = x > (_VENSTRE + _HOEYRE) / 2
    klasse, tekst_x = ("h", x - 6) if til_venstre else ("v", x + 6)
    yield f'<path class="frist frist--{merke.navn.lower()}" d="M{x} {y - 12}V{flate.bunn}"/>'
    yield f'<text class="{klasse}" x="{tekst_x}" y="{y}">{merke.navn} kl. {minutt(merke.tid)}</text>'


def _sti(steg: Sequence[Steg], flate: _Flate, vet_til: float) -> str:
    """A step line. What falls in one column is one step, so its length has a bound and its shape is the same."""
    kolonner = {flate.x(s.sekunder): flate.y(s.antall) for s in steg}
    x, y = _VENSTRE, flate.y(0)
    ut = [f"M{x} {y}"]
    for ny_x, ny_y in kolonner.items():
        if ny_y != y:
            ut.append((f"h{ny_x - x}" if ny_x != x else "") + f"v{ny_y - y}")
            x, y = ny_x, ny_y
    rest = flate.x(vet_til) - x
    return "".join([*ut, f"h{rest}"] if rest > 0 else ut)
