"""`up`, `demo`, `run`, `migrate`, `doktor`: starting the system and looking after it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from infra import log
from infra.nats.server import binaer
from infra.settings import Innstillingsfeil, Settings
from infra.web.helse import Proeve, proev
from services.cli import innstillinger

DataVei = Annotated[Path | None, typer.Option("--data", help="Mappen alt lagres i (vanlig: ./data)")]
Port = Annotated[int, typer.Option("--port", help="Porten nettsidene og API-et svarer på")]
LEDIG_DISK_BYTE = 500 * 1024 * 1024
_MERKE = {"ok": "✓", "advarsel": "!"}


def koble_paa(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("up")(up)
    app.command("demo")(demo)
    app.command("run")(run)
    app.command("migrate")(migrate)
    app.command("doktor")(doktor)


def up(
    data: DataVei = None,
    port: Port = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Last demo-Oslo og spill en hendelse")] = False,
) -> None:
    """Alt i ett prosesstre på denne maskinen: nats-server, SQLite, simulator, alle rom og dører."""
    from services.demo import kjoer  # noqa: PLC0415 - the whole program: too much to load for `salto --help`

    settings = lokale(data, port)
    log.sett_opp(settings.log_format, "WARNING" if demo else settings.log_level)
    _kjoer(kjoer(settings, demo=demo))


def demo(data: DataVei = None, port: Port = 8000) -> None:
    """Hele systemet med demo-Oslo: spiller en varslet demonstrasjon, og blir stående."""
    up(data, port, demo=True)


def run(
    tjenester: Annotated[list[str], typer.Argument(metavar="TJENESTE…", help="Rom, «web» eller «all»")],
    port: Annotated[int | None, typer.Option("--port", help="Porten dørene svarer på (vanlig: SALTO_PORT)")] = None,
) -> None:
    """Bare disse rommene, mot SALTO_NATS_URL og SALTO_DATABASE_URL."""
    from services.prosess import kjoer  # noqa: PLC0415 - the whole program

    settings = innstillinger.les()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    if not settings.nats_url or not settings.database_url:
        typer.echo("Mangler SALTO_NATS_URL eller SALTO_DATABASE_URL. Bruk `salto up` på én maskin.", err=True)
        raise typer.Exit(2)
    log.sett_opp(settings.log_format, settings.log_level)
    _kjoer(kjoer(settings, tjenester))


def migrate(data: DataVei = None) -> None:
    """Bringer databasen til nyeste skjema."""
    from services.migrering import migrer  # noqa: PLC0415 - loads every room's tables

    asyncio.run(migrer(lokale(data, 8000)))
    typer.echo("Databasen har nyeste skjema.")


def doktor(som_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Sjekker innstillinger, NATS, database, gateway, klokke og disk: én linje hver."""
    settings = innstillinger.les()
    svar = asyncio.run(_undersoek(settings))
    if som_json:
        typer.echo(json.dumps(svar, ensure_ascii=False))
    else:
        for navn, utfall in svar.items():
            typer.echo(f"{_MERKE.get(utfall.partition(':')[0], '✗')} {navn}: {utfall}")
    raise typer.Exit(0 if all(v.partition(":")[0] in _MERKE for v in svar.values()) else 1)


async def _undersoek(settings: Settings) -> dict[str, str]:
    """Each thing by name: «ok», «advarsel: …» or «feil: …»."""
    from services.doktor import advarsler  # noqa: PLC0415 - loads clients of everything

    svar, bemerket = await asyncio.gather(proev(_sjekker(settings)), proev(advarsler(settings)))
    return {**svar, **{navn: utfall.replace("feil:", "advarsel:", 1) for navn, utfall in bemerket.items()}}


def _sjekker(settings: Settings) -> dict[str, Proeve]:
    from services.doktor import sjekker  # noqa: PLC0415 - loads clients of everything

    async def disk() -> None:
        ledig = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else Path()).free
        if ledig < LEDIG_DISK_BYTE:
            raise RuntimeError(f"bare {ledig // 2**20} MB ledig")

    async def program() -> None:
        binaer(settings.nats_server)

    return {"innstillinger": _ok, "nats-server": program, "disk": disk, **sjekker(settings)}


async def _ok() -> None:
    return None


def lokale(data: Path | None, port: int) -> Settings:
    """The settings of a program on this machine: a folder, a port, and addresses that follow the port."""
    s = innstillinger.les()
    adresse = f"http://127.0.0.1:{port}"
    felt: dict[str, Any] = {"port": port, "data_dir": (data or s.data_dir).resolve()}
    if "public_url" not in s.model_fields_set:
        felt["public_url"] = adresse
    return s.model_copy(update=felt)


def _kjoer(arbeid: Coroutine[Any, Any, None]) -> None:
    os.umask(0o077)  # names and numbers lie in the data folder: for its owner's eyes alone
    try:
        uvloop.run(arbeid)
    except Innstillingsfeil as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(2) from None
