"""The numbers of a report: how many, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from contracts.utkalling import UtkallingBemannet, UtkallingOpprettet
from services.audit.rapport.fortelling import Fortelling
from services.audit.rapport.meldinger import Ordre
from services.audit.rapport.modell import Eskalering, Mangel, Spurt, Svartider, Tall, Uklart, ubesvart
from services.audit.tid import varighet


def tall(
    fortelling: Fortelling,
    spurte: Sequence[Spurt],
    ordre: Sequence[Ordre],
    svartider: Svartider,
    andre: tuple[Sequence[Mangel], Sequence[Uklart], Sequence[Eskalering]],
) -> tuple[Tall, ...]:
    """Every number of the table, in the order it is read."""
    mangler, uklare, eskaleringer = andre
    par = [
        *_folk(spurte, aapen=fortelling.aapen),
        *_meldinger(ordre),
        ("Purringer", sum(s.purret for s in spurte)),
        ("Eskaleringer", len(eskaleringer)),
        ("Vara kalt", sum(bool(s.vara_for) for s in spurte)),
        ("Roller som manglet", len(mangler)),
        ("Uklare svar", len(uklare)),
        *_tider(fortelling, ordre, svartider),
    ]
    return tuple(Tall(navn=navn, verdi=str(verdi)) for navn, verdi in par)


def _folk(spurte: Sequence[Spurt], *, aapen: bool) -> Iterator[tuple[str, int]]:
    forespurt = [s for s in spurte if s.art == "foresporsel"]
    yield "Forespurt", len(forespurt)
    yield "Bare orientert", len(spurte) - len(forespurt)
    siste = Counter(s.svar[-1].svar for s in spurte if s.svar)
    for svar in ("kommer", "kommer ikke", "framme", "ferdig"):
        yield f"Siste svar «{svar}»", siste[svar]
    yield ubesvart(aapen=aapen), sum(not s.svar for s in forespurt)


def _meldinger(ordre: Sequence[Ordre]) -> Iterator[tuple[str, int]]:
    yield "Meldinger bestilt", len(ordre)
    for tilstand in ("sendt", "levert", "feilet", "uviss", "trukket"):
        yield f"Meldinger {tilstand if tilstand != 'uviss' else 'uvisse'}", sum(tilstand in o.tider for o in ordre)
    yield "SMS-segmenter sendt", sum(o.bestilling.segmenter for o in ordre if "sendt" in o.tider)


def _tider(fortelling: Fortelling, ordre: Sequence[Ordre], svartider: Svartider) -> Iterator[tuple[str, str]]:
    start = fortelling.livsloep()[0].tid
    vara = {u.id for i in fortelling.av(UtkallingOpprettet) for u in i.event.data.utkallinger if u.vara_for}
    egne = [o for o in ordre if o.bestilling.formaal == "utkalling" and o.bestilling.utkalling_id not in vara]
    sendt = sorted(o.tider["sendt"] for o in egne if "sendt" in o.tider)
    bemannet = next((i.tid for i in fortelling.av(UtkallingBemannet)), None)
    fra = partial(_fra, start, aapen=fortelling.aapen)
    yield "Fra meldt til første utkalling sendt", fra(sendt[0] if sendt else None)
    yield "Fra meldt til siste utkalling sendt, uten vara", fra(sendt[-1] if sendt else None)
    yield "Fra meldt til første svar", fra(svartider.foerste_svar)
    if bemannet or fortelling.hendelse.bemanning:
        yield "Fra meldt til bemannet", fra(bemannet)
    if svartider.median_sekunder is not None:
        yield "Svartid, median", varighet(svartider.median_sekunder)


def _fra(start: datetime, slutt: datetime | None, *, aapen: bool) -> str:
    ikke = "ikke ennå" if aapen else "skjedde ikke"
    return varighet((slutt - start).total_seconds()) if slutt else ikke
