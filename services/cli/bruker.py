"""`salto bruker`: the local accounts of the portal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.exc import IntegrityError

from contracts.roller import DRIFTSENHETER, EGNE_BYDELER
from infra.clock import OSLO, Clock
from infra.db import Database
from infra.web import oekter
from infra.web.bruker import VISNING
from services.cli import innstillinger

T = TypeVar("T")
ROLLER = tuple(rolle for rolle in VISNING if rolle != "system")
"""The roles of people; `system` is for tokens alone."""
_BYDELER = tuple(f"bydel:{nr}" for nr in EGNE_BYDELER)
ENHETER: dict[str, tuple[str, ...]] = {
    "salto_koordinator": _BYDELER,
    "politi": tuple(f"driftsenhet:{navn}" for navn in DRIFTSENHETER),
    "linjeleder": _BYDELER,
}
"""The roles that must have a unit, and which; the others have none."""
BRUKERNAVN_MAKS = 64
app = typer.Typer(no_args_is_help=True)
Data = Annotated[Path | None, typer.Option("--data", help="Datamappen, når det ikke er den vanlige")]
Navn = Annotated[str, typer.Argument(metavar="NAVN", help="Brukernavnet")]
FraStdin = Annotated[bool, typer.Option("--passord-fra-stdin", help="Les passordet fra første linje på stdin")]


@app.callback()
def _bruker() -> None:
    """Brukere av portalen."""


@app.command("ny")
def ny(
    brukernavn: Annotated[str, typer.Option(help="For eksempel en e-postadresse eller et ansattnummer")],
    rolle: Annotated[str, typer.Option(help=f"En av: {', '.join(ROLLER)}")],
    enhet: Annotated[str | None, typer.Option(help="For eksempel bydel:05 eller driftsenhet:sentrum")] = None,
    passord_fra_stdin: FraStdin = False,
    data: Data = None,
) -> None:
    """Lager en bruker. Passordet spørres det etter to ganger."""
    if grunn := feil_i_bruker(brukernavn, rolle, enhet):
        _avvis(grunn)
    passord = _passord(fra_stdin=passord_fra_stdin)

    async def lag(db: Database) -> bool:
        try:
            await oekter.ny_bruker(
                db, brukernavn=brukernavn, passord=passord, rolle=rolle, enhet=enhet, naa=Clock().now()
            )
        except IntegrityError:
            return False
        return True

    if not _kjoer(data, lag):
        _avvis(f"brukernavn: {brukernavn} er tatt")
    typer.echo(f"{brukernavn} er laget.")


@app.command("liste")
def liste(som_json: Annotated[bool, typer.Option("--json", help="Skriv JSON")] = False, data: Data = None) -> None:
    """Viser alle brukere."""
    rader = [
        {
            "brukernavn": r.brukernavn,
            "rolle": r.rolle,
            "enhet": r.enhet,
            "demo": r.demo,
            "opprettet": r.opprettet.astimezone(OSLO).isoformat(timespec="seconds"),
            "sperret": r.sperret.astimezone(OSLO).isoformat(timespec="seconds") if r.sperret else None,
        }
        for r in _kjoer(data, oekter.brukere)
    ]
    if som_json:
        typer.echo(json.dumps(rader, ensure_ascii=False, indent=2))
        return
    for rad in rader:
        merker = [*(["demo"] if rad["demo"] else []), *(["sperret"] if rad["sperret"] else [])]
        typer.echo("  ".join([str(rad["brukernavn"]), rad["rolle"], rad["enhet"] or "", *merker]).rstrip())
    if not rader:
        typer.echo("Ingen brukere ennå.")


@app.command("sperr")
def sperr(navn: Navn, data: Data = None) -> None:
    """Sperrer en bruker og avslutter øktene."""
    _finn(_kjoer(data, lambda db: oekter.sperr(db, navn, Clock().now())), navn)
    typer.echo(f"{navn} er sperret.")


@app.command("aapne")
def aapne(navn: Navn, data: Data = None) -> None:
    """Åpner en sperret bruker igjen."""
    _finn(_kjoer(data, lambda db: oekter.sperr(db, navn, None)), navn)
    typer.echo(f"{navn} er åpnet.")


@app.command("passord")
def nytt_passord(navn: Navn, passord_fra_stdin: FraStdin = False, data: Data = None) -> None:
    """Setter nytt passord og avslutter øktene."""
    passord = _passord(fra_stdin=passord_fra_stdin)
    _finn(_kjoer(data, lambda db: oekter.nytt_passord(db, navn, passord)), navn)
    typer.echo(f"{navn} har fått nytt passord.")


def feil_i_bruker(brukernavn: str, rolle: str, enhet: str | None) -> str:
    """What is wrong with a new account, in bokmål; empty when nothing is."""
    if not brukernavn.strip() or brukernavn != brukernavn.strip() or len(brukernavn) > BRUKERNAVN_MAKS:
        return f"brukernavn: må ha fra 1 til {BRUKERNAVN_MAKS} tegn, uten mellomrom først og sist"
    if rolle not in ROLLER:
        return f"rolle: må være en av {', '.join(ROLLER)}"
    lovlige = ENHETER.get(rolle, ())
    if enhet is None and lovlige:
        return f"enhet: {rolle} må ha en enhet, for eksempel {lovlige[0]}"
    if enhet is not None and enhet not in lovlige:
        return f"enhet: {rolle} kan ha {_spenn(lovlige)}" if lovlige else f"enhet: {rolle} har ingen enhet"
    return ""


def _spenn(enheter: tuple[str, ...]) -> str:
    return " eller ".join(enheter) if len(enheter) < 5 else f"{enheter[0]} til {enheter[-1]}"


def _passord(*, fra_stdin: bool) -> str:
    if fra_stdin:
        passord = sys.stdin.readline(oekter.PASSORD_MAKS + 2).rstrip("\r\n")
    elif sys.stdin.isatty():
        passord = typer.prompt("Passord", hide_input=True, confirmation_prompt="Passord en gang til")
    else:
        _avvis("passord: kjør i en terminal, eller bruk --passord-fra-stdin")
    if not oekter.PASSORD_MINST <= len(passord) <= oekter.PASSORD_MAKS:
        _avvis(f"passord: må ha fra {oekter.PASSORD_MINST} til {oekter.PASSORD_MAKS} tegn")
    return str(passord)


def _kjoer(data: Path | None, arbeid: Callable[[Database], Awaitable[T]]) -> T:
    settings = innstillinger.les()
    if data:
        settings = settings.model_copy(update={"data_dir": data})

    async def alt() -> T:
        db = Database(settings.hoveddatabase)
        try:
            return await arbeid(db)
        finally:
            await db.lukk()

    return asyncio.run(alt())


def _finn(funnet: Any, navn: str) -> None:
    if not funnet:
        _avvis(f"navn: ingen heter {navn}", kode=1)


def _avvis(grunn: str, kode: int = 2) -> Any:
    typer.echo(grunn, err=True)
    raise typer.Exit(kode)
