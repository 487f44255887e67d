"""The settings as the CLI reads them: wrong ones end the program with a clear word."""

from __future__ import annotations

import typer
from pydantic import ValidationError

from infra.settings import Settings


def les() -> Settings:
    """The settings; a half-configured gateway or a wrong value is named, and the exit code is 2."""
    try:
        return Settings()
    except ValidationError as feil:
        for en in feil.errors():
            grunn = str(en.get("ctx", {}).get("error", en["msg"]))
            navn = "_".join(["SALTO", *map(str, en["loc"])]).upper() + ": " if en["loc"] else ""
            typer.echo(f"Innstillingene må rettes. {navn}{grunn}", err=True)
        raise typer.Exit(2) from None
