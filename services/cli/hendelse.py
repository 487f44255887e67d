"""`salto hendelse`: the life cycle of a hendelse, through the same HTTP API as everybody else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from infra.web.klient import Klient

app = typer.Typer(no_args_is_help=True)
SomJson = Annotated[bool, typer.Option("--json", help="Skriv JSON")]
Fil = Annotated[Path | None, typer.Option("--fil", help="JSON som i API-et; «-» er standard inn")]
Noekkel = Annotated[str | None, typer.Option(help="Idempotency-Key: samme nøkkel er samme hendelse")]


@app.command("meld")
def meld(
    fil: Fil = None,
    type_: Annotated[str | None, typer.Option("--type")] = None,
    tittel: Annotated[str | None, typer.Option()] = None,
    sted: Annotated[str | None, typer.Option(help="Navn på stedet")] = None,
    start: Annotated[str | None, typer.Option(help="2026-11-28T14:00:00+01:00")] = None,
    slutt: Annotated[str | None, typer.Option()] = None,
    alvorlighet: Annotated[str | None, typer.Option()] = None,
    varslet: Annotated[bool, typer.Option("--varslet")] = False,
    stor: Annotated[bool, typer.Option("--stor")] = False,
    utkast: Annotated[bool, typer.Option("--utkast")] = False,
    noekkel: Noekkel = None,
    som_json: SomJson = False,
) -> None:
    """Melder en hendelse: de rette blir kalt ut."""
    valg: dict[str, Any] = {
        "type": type_, "tittel": tittel, "sted": {"navn": sted} if sted else None, "start": start, "slutt": slutt,
        "alvorlighet": alvorlighet, "varslet": varslet or None, "stor": stor or None, "utkast": utkast or None,
    }  # fmt: skip
    kropp = _kropp(fil, valg)
    svar = Klient().post("/hendelser", json=kropp, headers={"Idempotency-Key": noekkel or str(uuid4())}).json()
    _vis(svar, som_json)


@app.command("forhaandsvis")
def forhaandsvis(fil: Annotated[Path, typer.Option("--fil")], som_json: SomJson = False) -> None:
    """Viser hvem som ville blitt kalt, og hvorfor. Ingenting lagres eller sendes."""
    svar = Klient().post("/hendelser/forhaandsvis", json=_kropp(fil, {})).json()
    if som_json:
        typer.echo(json.dumps(svar, ensure_ascii=False))
        return
    s = svar["sum"]
    typer.echo(f"Eier: {svar['eier']['rolle']} {svar['eier']['enhet']}")
    for m in svar["mottakere"]:
        typer.echo(f"  {m['art']:12} {m['rolle']} {m['enhet']}: {m['grunn']} ({m['hjemmel']})")
    for m in svar["mangler"]:
        typer.echo(f"  MANGLER      {m['rolle']} {m['enhet']}: {m['aarsak']}")
    typer.echo(f"{s['mottakere']} mottakere, {s['sms']} SMS, {s['segmenter']} segmenter, {s['kroner']} kr")


@app.command("vis")
def vis(hendelse_id: Annotated[str, typer.Argument(metavar="ID")], som_json: SomJson = False) -> None:
    """Viser en hendelse og utkallingene."""
    klient = Klient()
    svar = klient.get(f"/hendelser/{hendelse_id}").json()
    utkallinger = klient.get(f"/hendelser/{hendelse_id}/utkallinger").json()["utkallinger"]
    if som_json:
        typer.echo(json.dumps({**svar, "utkallinger": utkallinger}, ensure_ascii=False))
        return
    _vis(svar, som_json=False)
    for u in utkallinger:
        rolle = ", ".join(f"{r['rolle']} {r['enhet']}" for r in u["roller"])
        typer.echo(f"  {u['status']:12} {rolle}{' (vara)' if 'vara_for' in u else ''}")


@app.command("liste")
def liste(status: Annotated[str | None, typer.Option()] = None, som_json: SomJson = False) -> None:
    """Lister hendelser, nyeste start først."""
    hendelser = Klient().get("/hendelser", status=status).json()["hendelser"]
    if som_json:
        typer.echo(json.dumps(hendelser, ensure_ascii=False))
        return
    for h in hendelser:
        _vis(h, som_json=False)


@app.command("avlys")
def avlys(
    hendelse_id: Annotated[str, typer.Argument(metavar="ID")],
    grunn: Annotated[str, typer.Option()],
    som_json: SomJson = False,
) -> None:
    """Avlyser: nøyaktig de som er spurt, får beskjed."""
    _vis(Klient().post(f"/hendelser/{hendelse_id}/avlys", json={"grunn": grunn}).json(), som_json)


@app.command("avslutt")
def avslutt(
    hendelse_id: Annotated[str, typer.Argument(metavar="ID")],
    oppsummering: Annotated[str, typer.Option()] = "",
    som_json: SomJson = False,
) -> None:
    """Avslutter: ingen purres mer."""
    _vis(Klient().post(f"/hendelser/{hendelse_id}/avslutt", json={"oppsummering": oppsummering}).json(), som_json)


def _kropp(fil: Path | None, valg: dict[str, Any]) -> dict[str, Any]:
    raa = (sys.stdin.read() if str(fil) == "-" else fil.read_text(encoding="utf-8")) if fil else "{}"
    try:
        innhold = json.loads(raa)
    except ValueError as feil:
        typer.echo(f"{fil}: er ikke gyldig JSON ({feil})", err=True)
        raise typer.Exit(2) from None
    return {**innhold, **{k: v for k, v in valg.items() if v is not None}}


def _vis(h: dict[str, Any], som_json: bool) -> None:
    if som_json:
        typer.echo(json.dumps(h, ensure_ascii=False))
        return
    sted = (h.get("sted") or {}).get("navn") or "uten sted"
    typer.echo(f"{h['kodeord']:8} {h['status']:9} {h['type']}, {sted}, {h.get('start') or 'uten tid'}  {h['id']}")
