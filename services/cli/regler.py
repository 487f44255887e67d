"""`salto regler`: what the routing rules say, and what they would decide for a hendelse in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle, rolle_i_enhet
from services.cli.regelproeve import proev_hendelse
from services.routing.regelsett import STANDARD, Regelsett, RegelsettFeil, les_regelsett
from services.routing.rules_regelsett import Vilkaar

Register = tuple[Sequence[RolleRad], Sequence[Fravaer]]
FilValg = Annotated[Path, typer.Option("--fil", help="Hendelsen, som i POST /hendelser (JSON).", exists=True)]
RegelsettValg = Annotated[Path, typer.Option("--regelsett", help="Et annet regelsett (YAML).", exists=True)]
JsonValg = Annotated[bool, typer.Option("--json", help="Skriv JSON.")]


def lag_app(register: Callable[[], Register] | None = None) -> typer.Typer:
    """The commands `vis` and `proev`; without a register, `proev` fills every role with someone fictitious."""
    regler = typer.Typer(help="Viser og prøver rutingreglene.", no_args_is_help=True)

    @regler.command()
    def vis(*, regelsett: RegelsettValg = STANDARD, som_json: JsonValg = False) -> None:
        """Viser reglene: når de gjelder, hvem de kaller, og grunnlaget i Oslostandarden."""
        sett = _les(regelsett)
        if som_json:
            typer.echo(sett.model_dump_json(indent=2, exclude_defaults=True))
        else:
            Console().print(_tabell(sett))

    @regler.command()
    def proev(*, fil: FilValg, regelsett: RegelsettValg = STANDARD, som_json: JsonValg = False) -> None:
        """Viser hvem reglene ville kalt for en hendelse. Ingenting lagres eller sendes."""
        svar = proev_hendelse(_hendelse(fil), _les(regelsett), *(register() if register else ()))
        typer.echo(json.dumps(svar, ensure_ascii=False, indent=2) if som_json else _lesbart(svar))
        raise typer.Exit(1 if "feil" in svar else 0)

    return regler


def _les(fil: Path) -> Regelsett:
    try:
        return les_regelsett(fil)
    except (RegelsettFeil, OSError, UnicodeDecodeError) as feil:
        typer.echo(f"Regelsettet {fil.name} kan ikke brukes:\n{feil}", err=True)
        raise typer.Exit(1) from feil


def _hendelse(fil: Path) -> dict[str, Any]:
    try:
        raa = json.loads(fil.read_text(encoding="utf-8"))
    except ValueError as feil:
        typer.echo(f"{fil.name} er ikke gyldig JSON: {feil}", err=True)
        raise typer.Exit(1) from feil
    return raa if isinstance(raa, dict) else {}


def _lesbart(svar: dict[str, Any]) -> str:
    if "feil" in svar:
        return "\n".join(f"Feil i {en['felt']}: {en['tekst']}" for en in svar["feil"])
    linjer = [f"Eier         {_rolle(svar['eier'])}"]
    for en in svar["mottakere"]:
        hva = "Spørres" if en["art"] == "foresporsel" else "Orienteres"
        linjer.append(f"{hva:<12} {_rolle(en)}: {en['grunn']} [{en['regel']}, {en['hjemmel']}]")
    linjer += [f"Mangler      {_rolle(en)}: {en['aarsak']}" for en in svar["mangler"]]
    linjer += [f"Kalles ikke  {_rolle(en)}: {en['grunn']}" for en in svar["ikke_valgt"]]
    if svar["vurdering_kreves"]:
        linjer.append("Oppgave      Sekretariatet vurderer om det er nødvendig å ta en sentral rolle.")
    return "\n".join(linjer)


def _rolle(en: dict[str, Any]) -> str:
    return rolle_i_enhet(Rolle(en["rolle"]), en["enhet"])


def _tabell(regelsett: Regelsett) -> Table:
    tabell = Table(title=f"{regelsett.navn}, versjon {regelsett.versjon}, gjelder fra {regelsett.gyldig_fra}")
    for kolonne in ("Regel", "Når", "Kaller", "Grunnlag i Oslostandarden"):
        tabell.add_column(kolonne, overflow="fold")
    for eierregel in regelsett.eier:
        eies = f"eies av {eierregel.rolle}: {eierregel.enhet}"
        tabell.add_row(eierregel.id, vilkaar_tekst(eierregel.naar), eies, eierregel.hjemmel)
    for regel in regelsett.regler:
        art = {"orientering": " (orientering)"}
        kaller = "\n".join(f"{kall.rolle}: {kall.enhet}{art.get(kall.art, '')}" for kall in regel.kaller)
        tabell.add_row(regel.id, vilkaar_tekst(regel.naar), kaller, regel.hjemmel)
    return tabell


def vilkaar_tekst(vilkaar: Vilkaar) -> str:
    """A condition as people read it: «sentrum og (type: demonstrasjon eller stor)»."""
    felter = vilkaar.model_dump(mode="json", exclude_defaults=True, exclude={"alle", "en_av", "ikke"})
    ledd = [_felt(navn.replace("_", " "), verdi) for navn, verdi in felter.items()]
    ledd += map(vilkaar_tekst, vilkaar.alle)
    if vilkaar.en_av:
        ledd.append(f"({' eller '.join(map(vilkaar_tekst, vilkaar.en_av))})")
    if vilkaar.ikke:
        ledd.append(f"ikke {vilkaar_tekst(vilkaar.ikke)}")
    return " og ".join(ledd) or "alltid"


def _felt(navn: str, verdi: bool | list[str]) -> str:
    if isinstance(verdi, bool):
        return navn if verdi else f"ikke {navn}"
    return f"{navn}: {', '.join(verdi)}"


app = lag_app()
