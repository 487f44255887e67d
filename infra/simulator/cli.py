"""`salto simulator …`: a phone, a mailbox and the counts of the simulator, in the terminal."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from infra.clock import OSLO
from infra.simulator.adresse import Adresse, SimulatorFeil
from infra.simulator.klient import Simulator, Telefon

app = typer.Typer(help="Telefonene og postkassene i simulatoren.", no_args_is_help=True)

_PAUSE_SEKUNDER = 0.2
_FARGE = {"failed": "red", "undelivered": "red", "delivered": "green"}
_STATUS = {
    "accepted": "mottatt av simulatoren",
    "queued": "i kø",
    "sending": "sendes",
    "sent": "sendt",
    "delivered": "levert",
    "undelivered": "ikke levert",
    "canceled": "avlyst",
    "received": "sendt herfra",
}
Mappe = Annotated[Path, typer.Option("--data", help="Mappen der simulatoren har lagt simulator.json.")]
SomJson = Annotated[bool, typer.Option("--json", help="Skriv JSON.")]
STANDARDMAPPE = Path(os.environ.get("SALTO_DATA_DIR", "data")) / "simulator"


def _kjoer(mappe: Path, arbeid: Callable[[Simulator], Coroutine[Any, Any, None]]) -> None:
    async def alt() -> None:
        async with Simulator(Adresse.les(mappe).url) as simulator:
            await arbeid(simulator)

    try:
        asyncio.run(alt())
    except SimulatorFeil as grunn:
        typer.echo(str(grunn), err=True)
        raise typer.Exit(1) from grunn
    except OSError as grunn:
        typer.echo("Simulatoren svarer ikke. Er den startet?", err=True)
        raise typer.Exit(1) from grunn
    except KeyboardInterrupt:
        typer.echo("")


@app.command()
def telefon(
    nummer: Annotated[str, typer.Argument(help="Mobilnummeret, for eksempel 90000001.")],
    svar: Annotated[str | None, typer.Option("--svar", help="Send dette fra telefonen og avslutt.")] = None,
    foelg: Annotated[
        bool | None, typer.Option("--foelg/--ikke-foelg", help="Vis nye meldinger etter hvert (vanlig i en terminal).")
    ] = None,
    data: Mappe = STANDARDMAPPE,
    som_json: SomJson = False,
) -> None:
    """Viser samtalen på telefonen. I en terminal kan du skrive svar; tom linje eller Ctrl-C avslutter."""

    async def arbeid(simulator: Simulator) -> None:
        apparat = simulator.telefon(nummer)
        if svar is not None:
            await apparat.svarer(svar)
        if som_json:
            typer.echo(json.dumps(await apparat.meldinger(), ensure_ascii=False, indent=2))
            return
        vist = _Samtale(apparat)
        await vist.oppdater()
        if svar is None and (sys.stdin.isatty() if foelg is None else foelg):
            await _prat(apparat, vist)

    _kjoer(data, arbeid)


@app.command()
def epost(
    adresse: Annotated[str, typer.Argument(help="E-postadressen.")],
    data: Mappe = STANDARDMAPPE,
    som_json: SomJson = False,
) -> None:
    """Viser e-posten til en adresse."""

    async def arbeid(simulator: Simulator) -> None:
        brev = await simulator.epost(adresse).brev()
        if som_json:
            typer.echo(json.dumps(brev, ensure_ascii=False, indent=2))
            return
        konsoll = Console()
        for b in brev:
            konsoll.rule(f"{_klokka(b['mottatt'])}  {escape(b['emne'])}", align="left")
            konsoll.print(escape(b["tekst"] or b["html"]))
        if not brev:
            typer.echo("Ingen e-post ennå.")

    _kjoer(data, arbeid)


@app.command()
def tall(data: Mappe = STANDARDMAPPE, som_json: SomJson = False) -> None:
    """Viser hvor mye som er mottatt, og om noe er kommet dobbelt."""

    async def arbeid(simulator: Simulator) -> None:
        t = await simulator.tall()
        if som_json:
            typer.echo(json.dumps(t, ensure_ascii=False, indent=2))
            return
        typer.echo(f"SMS mottatt: {t['sms_mottatt']} ({t['sms_unike']} ulike, {len(t['dobbelt'])} doble)")
        typer.echo(f"Svar fra telefoner: {t['innkommende']}")
        typer.echo(f"E-post mottatt: {t['epost_mottatt']} ({t['epost_unike']} ulike)")

    _kjoer(data, arbeid)


class _Samtale:
    """What of the conversation is already on the screen."""

    def __init__(self, apparat: Telefon) -> None:
        self._apparat = apparat
        self._konsoll = Console(highlight=False)
        self._vist: dict[str, str] = {}

    async def oppdater(self) -> None:
        """Prints what is new, and new statuses of what is shown."""
        for m in await self._apparat.meldinger():
            if m["sid"] not in self._vist:
                self._skriv(m)
            elif self._vist[m["sid"]] != m["status"] and m["status"] in _FARGE:
                self._konsoll.print(f"       [{_FARGE[m['status']]}]{_STATUS[m['status']]}[/]")
            self._vist[m["sid"]] = m["status"]

    def _skriv(self, m: dict[str, Any]) -> None:
        inn = m["retning"] == "inn"
        hvem = "[bold green]telefonen[/]" if inn else "[bold blue]SaLTo[/]"
        status = _STATUS.get(m["status"], m["status"]) + (f" ({m['feilkode']})" if m["feilkode"] else "")
        self._konsoll.print(f"[dim]{_klokka(m['tid'])}[/]  {hvem}  [dim]{status}[/]")
        for linje in m["tekst"].splitlines() or [""]:
            self._konsoll.print(f"       {escape(linje)}")


async def _prat(apparat: Telefon, samtale: _Samtale) -> None:
    """Follows the conversation; in a terminal, lines typed are sent from the phone."""
    linjer: asyncio.Queue[str] = asyncio.Queue()
    if not sys.stdin.isatty():
        await _foelg(apparat, samtale, linjer)
        return
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: linjer.put_nowait(sys.stdin.readline()))
    typer.echo("Skriv et svar og trykk Enter. Tom linje avslutter.")
    try:
        await _foelg(apparat, samtale, linjer)
    finally:
        loop.remove_reader(sys.stdin)


async def _foelg(apparat: Telefon, samtale: _Samtale, linjer: asyncio.Queue[str]) -> None:
    linje: str | None = " "
    while linje is None or linje:
        if linje and linje.strip():
            await apparat.svarer(linje)
        await samtale.oppdater()
        try:
            async with asyncio.timeout(_PAUSE_SEKUNDER):
                linje = (await linjer.get()).strip()
        except TimeoutError:
            linje = None


def _klokka(tid: str) -> str:
    return datetime.fromisoformat(tid).astimezone(OSLO).strftime("%H.%M.%S")
