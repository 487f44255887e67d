"""`salto token`: API tokens, shown once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from infra.clock import Clock
from infra.db import Database
from infra.web.tilgang import TOKENROLLER, nytt_token
from services.cli import innstillinger

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _token() -> None:
    """API-tokener."""


@app.command("ny")
def ny(
    rolle: Annotated[str, typer.Option(help=f"En av: {', '.join(TOKENROLLER)}")],
    navn: Annotated[str, typer.Option(help="Hva tokenet er til")],
    enhet: Annotated[str | None, typer.Option(help="Binder til en enhet, for eksempel bydel:05")] = None,
    data: Annotated[Path | None, typer.Option("--data")] = None,
) -> None:
    """Lager et token og viser det én gang."""
    if rolle not in TOKENROLLER:
        typer.echo(f"rolle: må være en av {', '.join(TOKENROLLER)}", err=True)
        raise typer.Exit(2)
    settings = innstillinger.les()
    if data:
        settings = settings.model_copy(update={"data_dir": data})
    typer.echo(asyncio.run(_lag(settings.hoveddatabase, rolle, navn, enhet)))


async def _lag(url: str, rolle: str, navn: str, enhet: str | None) -> str:
    db = Database(url)
    try:
        return await nytt_token(db, rolle=rolle, navn=navn, enhet=enhet, naa=Clock().now())
    finally:
        await db.lukk()
