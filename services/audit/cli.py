"""The room's words on the command line: `logg` and `rapport` through the API, `audit` where it can be done offline."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import typer
from sqlalchemy.exc import SQLAlchemyError

from infra.db import Database
from infra.settings import Settings
from infra.web.klient import Klient
from services.audit.framdrift import framdrift
from services.audit.logg import linje, resultat_json
from services.audit.rules_gjennomgang import Resultat
from services.audit.utdrag import IkkeUtdrag, kontroller_utdrag
from services.audit.verifisering import databasefeil, verifiser_arkivet

HEL, BRUTT, IKKE_KONTROLLERT = 0, 1, 2
BUNT = 500
FOELG_SEKUNDER = 0.5
SomJson = Annotated[bool, typer.Option("--json", help="Skriv JSON")]
audit = typer.Typer(no_args_is_help=True, help="Arkivet: kontroller, hent utdrag, åpne ny epoke.")


def logg(
    hendelse: Annotated[UUID | None, typer.Option(help="Bare denne hendelsen")] = None,
    foelg: Annotated[bool, typer.Option("--foelg", help="Vent på nye rader, til du trykker Ctrl-C")] = False,
    som_json: SomJson = False,
) -> None:
    """Viser hendelsesloggen: hele, eller for én hendelse."""
    try:
        for rad in _rader(Klient(), hendelse, foelg=foelg):
            print(json.dumps(rad, ensure_ascii=False) if som_json else linje(rad), flush=True)  # noqa: T201
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _rader(klient: Klient, hendelse: UUID | None, *, foelg: bool) -> Iterator[dict[str, Any]]:
    neste = 0
    while True:
        nye = _hent(klient, hendelse, neste)
        yield from nye
        if nye:
            neste = nye[-1]["sekvens"] + 1
        ferdig = hendelse is not None or len(nye) < BUNT
        if ferdig and not foelg:
            return
        if ferdig:
            time.sleep(FOELG_SEKUNDER)


def _hent(klient: Klient, hendelse: UUID | None, fra: int) -> list[dict[str, Any]]:
    if hendelse is not None:
        svar = klient.get(f"/hendelser/{hendelse}/logg", fra=fra)
    else:
        svar = klient.get("/logg", fra=fra, antall=BUNT)
    rader: list[dict[str, Any]] = svar.json()
    return rader


def rapport(
    hendelse_id: Annotated[UUID, typer.Argument(metavar="ID")],
    ut: Annotated[Path, typer.Option("-o", "--ut", help="Filen den skrives til")],
    form: Annotated[Literal["html", "json", "csv", "pdf"], typer.Option("--format")] = "html",
) -> None:
    """Skriver rapporten om én hendelse til en fil."""
    ut.write_bytes(Klient().get(f"/hendelser/{hendelse_id}/rapport", format=form).content)
    typer.echo(f"Rapporten er skrevet til {ut}")


@audit.command()
def verifiser(
    fil: Annotated[Path | None, typer.Option(help="Et utdrag fra `salto audit eksporter`")] = None,
    som_json: SomJson = False,
) -> None:
    """Kontrollerer kjeden. Avslutter med 0 når den er hel, 1 når den er brutt, 2 når den ikke kunne kontrolleres."""
    try:
        svar = _av_fil(fil) if fil else asyncio.run(_av_databasen(Settings()))
    except (OSError, SQLAlchemyError, IkkeUtdrag, UnicodeDecodeError) as feil:
        grunn = str(feil).splitlines()[0] if str(feil) else type(feil).__name__
        if som_json:
            typer.echo(json.dumps({"hel": False, "rader": 0, "forseglet_til": None, "ikke_kontrollert": grunn}))
        typer.echo(f"Kunne ikke kontrollere: {grunn}", err=True)
        raise typer.Exit(IKKE_KONTROLLERT) from None
    if som_json:
        typer.echo(json.dumps(svar, ensure_ascii=False))
    else:
        _fortell(svar)
    raise typer.Exit(HEL if svar["hel"] else BRUTT)


def _av_fil(fil: Path) -> dict[str, Any]:
    with fil.open(encoding="utf-8", newline="\n") as linjer:
        return resultat_json(kontroller_utdrag(linjer))


async def _av_databasen(settings: Settings) -> dict[str, Any]:
    db = Database(settings.auditdatabase)
    if db.sqlite and not Path(db.url.database or "").exists():
        raise FileNotFoundError(f"finner ikke {db.url.database}")
    try:
        with framdrift("Kontrollerer") as vis:
            resultat: Resultat = await verifiser_arkivet(db, vis)
        return resultat_json(resultat, await databasefeil(db) if resultat.hel else None)
    finally:
        await db.lukk()


def _fortell(svar: dict[str, Any]) -> None:
    for hull in svar["hull"]:
        typer.echo(
            f"ADVARSEL: sekvens {hull['fra']}–{hull['til']} (epoke {hull['epoke']}) manglet i journalen", err=True
        )
    if svar["hel"]:
        typer.echo(f"Hel: {svar['rader']} rader, {svar['epoker']} epoke(r). Ikke forseglet utenfor huset ennå.")
        return
    feil = svar["foerste_feil"]
    typer.echo(f"BRUTT ved rad {feil['sekvens']} (epoke {feil['epoke']}): {feil['grunn']}")
    typer.echo(f"{svar['rader']} rader foran den er hele.")


@audit.command()
def eksporter(
    hendelse_id: Annotated[UUID, typer.Argument(metavar="ID")],
    ut: Annotated[Path, typer.Option("-o", "--ut", help="Filen det skrives til")],
) -> None:
    """Skriver et utdrag av én hendelse som `verifiser --fil` kan kontrollere uten oss."""
    ut.write_bytes(Klient().get(f"/audit/utdrag/{hendelse_id}").content)
    typer.echo(f"Utdraget er skrevet til {ut}", file=sys.stderr)


@audit.command("ny-epoke")
def ny_epoke(grunn: Annotated[str, typer.Option(help="Hvorfor journalen er en annen enn før")]) -> None:
    """Lar arkivet gå videre fra en journal det ikke kjenner. Grunnen blir stående i loggen."""
    svar = Klient().post("/audit/epoke", json={"grunn": grunn}).json()
    typer.echo(f"Epoke {svar['epoke']} er åpnet fra sekvens {svar['fra_sekvens']}")
