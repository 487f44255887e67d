"""`salto register …`: the directory from the command line, through the same doors as everybody else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.roller import Rolle, rolle_i_enhet
from infra.clock import Clock
from infra.web.klient import Klient
from services.register.kommende import kommende

app = typer.Typer(help="Registeret: personer med roller i enheter.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Skriv svaret som JSON.")]
ALVOR = {"ubemannet": "ingen kan nås", "bare_vara": "bare vara kan nås", "uten_vara": "uten vara"}


@app.command()
def importer(
    fil: Annotated[Path, typer.Argument(help="CSV-fil")],
    torrkjoering: Annotated[bool, typer.Option("--torrkjoering", help="Sjekk filen, men endre ingenting.")] = False,
    erstatt: Annotated[bool, typer.Option("--erstatt", help="Fjern alt som ikke står i filen.")] = False,
    som_json: Json = False,
) -> None:
    """Leser inn en registerfil: alt eller ingenting. Rader som ikke er i filen, blir stående."""
    try:
        innhold = fil.read_bytes()
    except OSError as feil:
        typer.echo(f"Kan ikke lese {fil}", err=True)
        raise typer.Exit(1) from feil
    with _arbeider("Sjekker filen" if torrkjoering else "Leser inn", stille=som_json):
        svar = (
            Klient()
            .post(
                "/register/import",
                content=innhold,
                headers={"content-type": "text/csv"},
                params={"torrkjoering": torrkjoering, "erstatt": erstatt},
            )
            .json()
        )
    if som_json:
        _skriv_json(svar)
        return
    for merknad in svar["merknader"]:
        typer.echo(f"merk: linje {merknad['linje']}: {merknad['felt']}: {merknad['tekst']}")
    typer.echo(_oppsummert(svar))


@app.command()
def eksporter(
    ut: Annotated[Path | None, typer.Option("-o", "--ut", dir_okay=False, help="Filen det skrives til.")] = None,
) -> None:
    """Skriver hele registeret som CSV. At det ble lest ut, blir loggført."""
    innhold = Klient().get("/register/eksport").content
    if ut is None:
        sys.stdout.buffer.write(innhold)
        return
    ut.touch(mode=0o600)  # names and numbers: for whoever asked, and nobody else on the machine
    ut.write_bytes(innhold)
    typer.echo(f"Skrev {ut}", err=True)


@app.command()
def mangler(
    til: Annotated[str | None, typer.Option("--til", metavar="DATO", help="Se fram til denne dagen.")] = None,
    fra: Annotated[str | None, typer.Option("--fra", metavar="DATO", help="Se fra denne dagen (ellers i dag).")] = None,
    som_json: Json = False,
) -> None:
    """Viser roller som ingen kan nås i, koordinatorer uten vara, og hva hver kommende hendelse ville mangle."""
    klient = Klient()
    svar = klient.get("/register/mangler", fra=fra, til=til).json()
    svar["hendelser"] = kommende(klient, Clock().now(), svar["til"] if til else None)
    if som_json:
        _skriv_json(svar)
    elif svar["mangler"] or svar["hendelser"]:
        _vis_mangler(svar)
    else:
        typer.echo("Alle roller er bemannet.")


def _vis_mangler(svar: dict[str, Any]) -> None:
    if svar["mangler"]:
        tabell = Table("rolle", "alvor", "årsak", "når", box=None)
        for en in svar["mangler"]:
            naar = en["fra"] if en["fra"] == en["til"] else f"{en['fra']} – {en['til']}"
            tabell.add_row(en["navn"], ALVOR[en["alvor"]], en["aarsak"], naar)
        Console().print(tabell)
    for hendelse in svar["hendelser"]:
        typer.echo(f"{hendelse['kodeord']}, {hendelse['start']}:")
        for en in hendelse["mangler"]:
            typer.echo(f"  {rolle_i_enhet(Rolle(en['rolle']), en['enhet'])}: {en['aarsak']}")


def _oppsummert(svar: dict[str, Any]) -> str:
    tall = f"{svar['nye']} nye, {svar['endret']} endret, {svar['uendret']} uendret, {svar['fjernet']} fjernet"
    if svar["torrkjoering"]:
        return f"Tørrkjøring, ingenting er endret. Filen ville gitt: {tall}."
    return f"Lest inn {svar['rader']} rader: {tall}."


def _skriv_json(svar: Any) -> None:
    typer.echo(json.dumps(svar, ensure_ascii=False))


@contextmanager
def _arbeider(tekst: str, *, stille: bool) -> Iterator[None]:
    """Shows that work goes on: a bar with the time on a terminal, one plain line otherwise."""
    if stille:
        yield
    elif not sys.stderr.isatty():
        typer.echo(f"{tekst} …", err=True)
        yield
    else:
        kolonner = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*kolonner, console=Console(stderr=True), transient=True) as framdrift:
            framdrift.add_task(tekst, total=None)
            yield
