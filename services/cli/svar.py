"""`salto svar`: tries a corpus of replies against the reading and the meaning (API §8)."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from contracts.kodeord import KODEORD
from contracts.lesning import Betydning, Lesning
from services.sms.lesning import les
from services.utkalling.tolkning import Aapen, Tolkning, Venter, tolk

OSLO = ZoneInfo("Europe/Oslo")
_DAG = datetime(2026, 11, 21, 12, 0, tzinfo=OSLO)
_FOERST = ("ELG", "HEGRE", "TIUR")
"""The first three open call-outs, the kodeord the contract prints."""
_UBESTEMT = frozenset({Betydning.INFO, Betydning.HJELP, Betydning.SPOER, Betydning.UKLART})
_PLASS = re.compile(r"\{kodeord([0-9]+)\}")

Rad = Mapping[str, str]


class Feil(TypedDict):
    """One reply that was read as something else than its author meant."""

    svar: str
    ventet: str
    fikk: str


class Dom(TypedDict):
    """How a corpus went: read right, asked about, and read wrong."""

    treff: int
    spurt: int
    feil: list[Feil]


app = typer.Typer(help="Prøver hvordan svar på SMS blir forstått.", no_args_is_help=True)


@app.callback()
def svar() -> None:
    """Prøver hvordan svar på SMS blir forstått."""


@app.command()
def proev(
    fil: Annotated[Path, typer.Option("--fil", help="CSV med svar,aapne,foer,betydning,eta_minutter,klokka.")],
    *,
    som_json: Annotated[bool, typer.Option("--json", help="Skriv ett JSON-objekt.")] = False,
) -> None:
    """Prøver et svarkorpus. Utgang 1 om noe svar blir forstått som noe annet enn det er ment."""
    try:
        with fil.open(encoding="utf-8-sig", newline="") as aapnet:
            dom = proev_rader(csv.DictReader(aapnet))
    except (OSError, ValueError) as feil:
        typer.echo(f"Kan ikke prøve {fil.name}: {feil}", err=True)
        raise typer.Exit(2) from feil
    typer.echo(json.dumps(dom, ensure_ascii=False) if som_json else _for_mennesker(dom))
    if dom["feil"]:
        raise typer.Exit(1)


def proev_rader(rader: Iterable[Rad]) -> Dom:
    """Judges each row as API §8 says.

    A question, or `info hjelp spoer uklart`, where a definite meaning was expected is `spurt`; any other
    difference, a wrong ETA too, is `feil`.

    Raises:
        ValueError: a row is not one of the contract (its number is in the message).
    """
    dom = Dom(treff=0, spurt=0, feil=[])
    for nummer, rad in enumerate(rader, 1):
        try:
            _doem(rad, dom)
        except (KeyError, ValueError) as feil:
            raise ValueError(f"rad {nummer} kan ikke leses ({feil})") from feil
    return dom


def _doem(rad: Rad, dom: Dom) -> None:
    ventet = Betydning(rad["betydning"].strip())
    ventet_eta = int(eta) if (eta := (rad.get("eta_minutter") or "").strip()) else None
    fikk = _proev_svar(rad)
    if fikk.betydning is ventet and (ventet in _UBESTEMT or fikk.eta_minutter == ventet_eta):
        dom["treff"] += 1
    elif ventet not in _UBESTEMT and fikk.betydning in _UBESTEMT:
        dom["spurt"] += 1
    else:
        dom["feil"].append(
            Feil(
                svar=rad["svar"],
                ventet=_vis(ventet, ventet_eta),
                fikk=_vis(fikk.betydning, fikk.eta_minutter),
            )
        )


def _proev_svar(rad: Rad) -> Tolkning:
    """The row through reading and meaning, with as many open call-outs as it says."""
    naa = _naa((rad.get("klokka") or "").strip())
    antall = int((rad.get("aapne") or "").strip() or 1)
    foer = (rad.get("foer") or "").strip()
    lest_foer = _foer(foer, naa) if foer else None
    foer_svar = lest_foer.svar if lest_foer else None
    aapne = [Aapen(UUID(int=n + 1), kodeord, foer_svar) for n, kodeord in enumerate(_kodeord(antall))]
    # A bare kodeord after an answer, with several open, completes that answer: it was asked which.
    venter = Venter(lest_foer, naa) if lest_foer and antall > 1 else None
    return tolk(les(_fyll(rad["svar"]), naa), aapne, venter, naa)


def _foer(foer: str, naa: datetime) -> Lesning:
    """The answer before, written as a meaning or as the words themselves."""
    return Lesning(svar=Betydning(foer)) if foer in set(Betydning) else les(foer, naa)


def _naa(klokka: str) -> datetime:
    if not klokka:
        return _DAG
    time, _, minutt = klokka.replace(".", ":").partition(":")
    return _DAG.replace(hour=int(time), minute=int(minutt or 0))


def _kodeord(antall: int) -> list[str]:
    return [*_FOERST, *(k for k in KODEORD if k not in _FOERST)][:antall]


def _fyll(svar: str) -> str:
    alle = _kodeord(len(KODEORD))
    return _PLASS.sub(lambda m: alle[(int(m[1]) - 1) % len(alle)], svar)


def _vis(betydning: Betydning, eta_minutter: int | None) -> str:
    return betydning if eta_minutter is None else f"{betydning} {eta_minutter}"


def _for_mennesker(dom: Dom) -> str:
    alle = dom["treff"] + dom["spurt"] + len(dom["feil"])
    linjer = [f"{alle} svar: {dom['treff']} forstått, {dom['spurt']} spurt om, {len(dom['feil'])} feil."]
    linjer += [f"  {f['svar']!r}: ventet {f['ventet']}, fikk {f['fikk']}" for f in dom["feil"]]
    return "\n".join(linjer)
