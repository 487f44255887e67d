"""`test`, `check`, `bench`, `kontrakter`, `skjermbilder`: for developers, from the development lock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

ROT = Path(__file__).parent.parent.parent
KODE = ("contracts", "infra", "services", "tests")
LAASER = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev", "-c", "requirements.lock"]}
Resten = Annotated[list[str] | None, typer.Argument(help="Gis videre")]
UKJENTE = {"allow_extra_args": True, "ignore_unknown_options": True}


def koble_paa(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("test", context_settings=UKJENTE)(kjoer_tester)
    app.command("check")(check)
    app.command("bench", context_settings=UKJENTE)(bench)
    app.command("kontrakter", hidden=True)(kontrakter)
    app.command("ny-migrering", hidden=True)(ny_migrering)
    app.command("skjermbilder", hidden=True)(skjermbilder)


def kjoer_tester(resten: Resten = None) -> None:
    """Hele testsuiten på ekte deler, på SQLite og PostgreSQL."""
    raise typer.Exit(_kjoer(["-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", *(resten or [])]))


def bench(resten: Resten = None) -> None:
    """Fart, som forhold til et gulv målt i samme kjøring."""
    raise typer.Exit(_kjoer(["-m", "tests.bench", *(resten or [])]))


def skjermbilder() -> None:
    """Tar bildene i docs/bilder på nytt av det som kjører."""
    raise typer.Exit(_kjoer(["-m", "tests.browser.skjermbilder"]))


def kontrakter() -> None:
    """Skriver JSON Schema og AsyncAPI på nytt."""
    from services.kontrakter import skriv  # noqa: PLC0415 - loads FastStream

    for sti in skriv():
        typer.echo(str(sti.relative_to(ROT)))


def check() -> None:
    """Lint, typer, importregler, kontrakter og lås."""
    steg: list[tuple[str, Sequence[str]]] = [
        ("ruff", [_verktoey("ruff"), "check", *KODE]),
        ("ruff format", [_verktoey("ruff"), "format", "--check", *KODE]),
        ("mypy", [sys.executable, "-m", "mypy"]),
        ("importregler", [_verktoey("lint-imports"), "--no-cache"]),
    ]
    feil = [navn for navn, kommando in steg if _steg(navn, kommando)]
    feil += [f"kontrakter ({', '.join(f)}): kjør ./salto kontrakter" for f in [_foreldede()] if f]
    feil += [f"{laas} er ikke som pyproject.toml" for laas in LAASER if not _laas_stemmer(laas)]
    for en in feil:
        typer.echo(f"✗ {en}", err=True)
    if not feil:
        typer.echo("✓ alt stemmer")
    raise typer.Exit(1 if feil else 0)


def _steg(navn: str, kommando: Sequence[str]) -> int:
    typer.echo(f"→ {navn}")
    return subprocess.run(kommando, cwd=ROT, check=False).returncode  # noqa: S603 - our own tools


def _verktoey(navn: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / navn)


def _foreldede() -> list[str]:
    from services.kontrakter import foreldede  # noqa: PLC0415 - loads FastStream

    typer.echo("→ kontrakter")
    return foreldede()


def _laas_stemmer(laas: str) -> bool:
    """Resolves anew from the lock's own pins: only what pyproject.toml asks for otherwise makes a difference."""
    typer.echo(f"→ {laas}")
    with tempfile.TemporaryDirectory() as mappe:
        ny = Path(mappe) / laas
        ny.write_bytes((ROT / laas).read_bytes())
        kommando = [
            _verktoey("uv"), "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header",
            "--no-annotate", "--python-version", "3.11", *LAASER[laas], "pyproject.toml", "-o", str(ny),
        ]  # fmt: skip
        if _kjoer_stille(kommando):
            return False
        return ny.read_bytes() == (ROT / laas).read_bytes() and b"://" not in ny.read_bytes()


def _kjoer_stille(kommando: Sequence[str]) -> int:
    return subprocess.run(kommando, cwd=ROT, check=False, capture_output=True).returncode  # noqa: S603 - our own tools


def _kjoer(argumenter: Sequence[str]) -> int:
    miljoe = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, *argumenter], cwd=ROT, check=False, env=miljoe).returncode  # noqa: S603


def ny_migrering(melding: str) -> None:
    """Skriver neste revisjon av skjemaet ut fra tabellene i koden. Les den før den brukes."""
    from infra.settings import Settings  # noqa: PLC0415 - loads every room's tables
    from services.migrering import ny  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as mappe:
        typer.echo(str(asyncio.run(ny(Settings(data_dir=Path(mappe)), melding))))
