"""`salto feilkoe`: dead letters: see, inspect, hand to the failed room again."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.web.klient import Klient

app = typer.Typer(no_args_is_help=True)
SomJson = Annotated[bool, typer.Option("--json", help="Skriv JSON")]
Id = Annotated[int, typer.Argument(metavar="ID")]


@app.command("liste")
def liste(som_json: SomJson = False) -> None:
    """Alle meldinger som er lagt til side."""
    rader = Klient().get("/feilkoe").json()["feilkoe"]
    if som_json:
        typer.echo(json.dumps(rader, ensure_ascii=False))
        return
    if not rader:
        typer.echo("Feilkøen er tom.")
    for r in rader:
        typer.echo(f"{r['id']:6} {r['tid']} {r['rom']:10} {r['subjekt']} {r['feil']}")


@app.command("vis")
def vis(feil_id: Id, som_json: SomJson = False) -> None:
    """Én melding med innhold."""
    typer.echo(
        json.dumps(Klient().get(f"/feilkoe/{feil_id}").json(), ensure_ascii=False, indent=None if som_json else 2)
    )


@app.command("kjoer")
def kjoer(feil_id: Id, som_json: SomJson = False) -> None:
    """Gir meldingen til rommet som feilet, på nytt, og bare til det."""
    svar = Klient().post(f"/feilkoe/{feil_id}/kjoer").json()
    typer.echo(json.dumps(svar, ensure_ascii=False) if som_json else f"{svar['utfall']}: {svar['rom']}")
    raise typer.Exit(0 if svar["utfall"] == "behandlet" else 1)
