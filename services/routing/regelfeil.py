"""What can be wrong with a rule set, said in bokmål with the rule and the field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from contracts.roller import BYDELER, DRIFTSENHETER, EGNE_BYDELER, SENTRALE_ENHETER
from services.routing.rules_regelsett import Kall, Regel, Regelsett, Vilkaar
from services.routing.rules_tilfelle import BYENS, VELGERE

SETT = "regelsettet"
HJEMMEL = re.compile(r"^Oslostandarden \d(?:\.\d)? \(S:(\d+)(?:-(\d+))?\)$")
"""«Grunnlag i Oslostandarden»: chapter, and the lines of the text the words stand on."""

_FASTE = frozenset(
    (
        *SENTRALE_ENHETER,
        *(f"bydel:{nummer}" for nummer in EGNE_BYDELER),
        *(f"driftsenhet:{navn}" for navn in DRIFTSENHETER),
    )
)
_PLASSHOLDER = re.compile(r"\{(?!enhet\})[^}]*\}?")


class Regelfeil(NamedTuple):
    """One thing that is wrong: in which rule, in which field, and what."""

    regel: str
    felt: str
    tekst: str

    def __str__(self) -> str:
        return f"{self.regel}, felt {self.felt}: {self.tekst}"


class RegelsettFeil(ValueError):
    """A rule set that cannot be used; `feil` has everything that is wrong with it."""

    def __init__(self, feil: Iterable[Regelfeil]) -> None:
        self.feil = tuple(feil)
        super().__init__("\n".join(map(str, self.feil)))


def formfeil(feil: ValidationError, raa: dict[str, Any]) -> Iterator[Regelfeil]:
    """What pydantic says about the shape, by rule id and field instead of by position."""
    sett = set()
    for en in feil.errors(include_url=False):
        sti = _sti(raa, en["loc"], mangler=en["type"] == "missing")
        if sti not in sett:
            sett.add(sti)
            yield Regelfeil(_regelnavn(raa, sti), _feltnavn(sti), _tekst(en["type"], en["input"], en.get("ctx")))


def _sti(raa: Any, loc: tuple[int | str, ...], *, mangler: bool) -> tuple[int | str, ...]:
    """The part of pydantic's path that is in the file: a union adds the names of its members at the end."""
    sti: list[int | str] = []
    for ledd in loc:
        finnes = isinstance(raa, list) or (isinstance(raa, dict) and ledd in raa)
        if not finnes:
            return (*sti, ledd) if mangler else tuple(sti)
        raa = raa[ledd]
        sti.append(ledd)
    return tuple(sti)


def _regelnavn(raa: dict[str, Any], sti: tuple[int | str, ...]) -> str:
    if len(sti) < 2 or not isinstance(sti[1], int):
        return SETT
    regel = raa[str(sti[0])][sti[1]]
    navn = regel.get("id") if isinstance(regel, dict) else None
    return f"regel {navn}" if navn else f"{sti[0]} nr. {sti[1] + 1}"


def _feltnavn(sti: tuple[int | str, ...]) -> str:
    egne = sti[2:] if len(sti) > 2 and isinstance(sti[1], int) else sti
    return "".join(f"[{ledd + 1}]" if isinstance(ledd, int) else f".{ledd}" for ledd in egne).lstrip(".") or "alt"


def _tekst(slag: str, verdi: Any, kontekst: dict[str, Any] | None) -> str:
    match slag:
        case "missing":
            return "feltet mangler"
        case "extra_forbidden":
            return "ukjent felt"
        case "enum" | "literal_error":
            lovlige = str((kontekst or {}).get("expected", "")).replace(" or ", ", ")
            return f"ukjent verdi «{verdi}». Lovlige verdier: {lovlige}"
        case _:
            return f"ugyldig verdi «{verdi}»"


def innholdsfeil(regelsett: Regelsett) -> Iterator[Regelfeil]:
    """What is wrong with a rule set of the right shape: ids, sources, units, reasons, and the last owner rule."""
    yield from _idfeil(regelsett)
    yield from _eierfeil(regelsett)
    for regel in regelsett.regler:
        for nr, kall in enumerate(regel.kaller, start=1):
            for felt, tekst in _kallfeil(regelsett, regel, kall):
                yield Regelfeil(f"regel {regel.id}", f"kaller[{nr}].{felt}", tekst)
    for nr, vurdert in enumerate(regelsett.vurderes, start=1):
        if not _kjent_enhet(regelsett, vurdert.rolle, vurdert.enhet):
            yield Regelfeil(f"vurderes nr. {nr}", "enhet", _ukjent_enhet(vurdert.rolle, vurdert.enhet))
    yield from _bydelsfeil(regelsett)


def _idfeil(regelsett: Regelsett) -> Iterator[Regelfeil]:
    virkninger = (regelsett.ingen_kalles, regelsett.bare_orientering, regelsett.vurdering_kreves)
    forankrede = (*regelsett.eier, *virkninger, *regelsett.regler)
    for navn, antall in Counter(regel.id for regel in forankrede).items():
        if antall > 1:
            yield Regelfeil(f"regel {navn}", "id", f"brukt {antall} ganger; hver regel må ha sin egen id")
    for regel in forankrede:
        if not HJEMMEL.match(regel.hjemmel):
            yield Regelfeil(f"regel {regel.id}", "hjemmel", "må skrives som «Oslostandarden 4.2 (S:664-668)»")


def _eierfeil(regelsett: Regelsett) -> Iterator[Regelfeil]:
    for regel in regelsett.eier:
        if not _kjent_enhet(regelsett, regel.rolle, regel.enhet):
            yield Regelfeil(f"regel {regel.id}", "enhet", _ukjent_enhet(regel.rolle, regel.enhet))
    siste = regelsett.eier[-1] if regelsett.eier else None
    if siste is None or siste.naar != Vilkaar() or siste.enhet in VELGERE:
        navn = f"regel {siste.id}" if siste else SETT
        yield Regelfeil(navn, "eier", "den siste eierregelen må gjelde alltid og ha fast enhet: det er alltid én eier")


def _kallfeil(regelsett: Regelsett, regel: Regel, kall: Kall) -> Iterator[tuple[str, str]]:
    if not _kjent_enhet(regelsett, kall.rolle, kall.enhet):
        yield "enhet", _ukjent_enhet(kall.rolle, kall.enhet)
    if not HJEMMEL.match(kall.hjemmel or regel.hjemmel):
        yield "hjemmel", "må skrives som «Oslostandarden 4.2 (S:664-668)»"
    grunn = kall.grunn or regel.grunn
    if not grunn:
        yield "grunn", "mangler: den som kalles, skal få vite hvorfor"
    if ukjent := _PLASSHOLDER.search(grunn):
        yield "grunn", f"ukjent plassholder «{ukjent.group()}»; bare «{{enhet}}» fylles ut"


def _kjent_enhet(regelsett: Regelsett, rolle: str, enhet: str) -> bool:
    if rolle in {"eier", "utvidelsen"}:
        return enhet == rolle
    if enhet == BYENS:
        return rolle in regelsett.byens_roller
    return enhet in VELGERE or enhet in _FASTE or enhet.startswith(("skole:", "kommune:"))


def _ukjent_enhet(rolle: str, enhet: str) -> str:
    return f"ukjent enhet «{enhet}» for rollen {rolle}"


def _bydelsfeil(regelsett: Regelsett) -> Iterator[Regelfeil]:
    numre = {
        "sentrumsbydelene": regelsett.sentrumsbydelene,
        "sentrum_politikontakt": (regelsett.sentrum_politikontakt,),
        "regioner": tuple(nummer for bydeler in regelsett.regioner.values() for nummer in bydeler),
        "driftsenheter": tuple(nummer for bydeler in regelsett.driftsenheter.values() for nummer in bydeler),
    }
    for felt, bydeler in numre.items():
        for ukjent in sorted({*bydeler} - {*BYDELER}):
            yield Regelfeil(SETT, felt, f"ukjent bydel «{ukjent}»")
