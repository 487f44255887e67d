"""`salto …`: every command, by noun (API §2)."""

from __future__ import annotations

import typer

from services.cli import bruker, drift, feilkoe, hendelse, regler, svar, token, utvikling

app = typer.Typer(
    name="salto",
    help="Mobiliserer de rette i Oslo, og beviser hva som skjedde.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _romkommandoer() -> None:
    from infra.simulator.cli import app as simulator  # noqa: PLC0415 - heavy, and only when the CLI runs
    from services.audit.cli import audit, logg, rapport  # noqa: PLC0415
    from services.register.cli import app as register  # noqa: PLC0415

    app.add_typer(simulator, name="simulator", help="Demo-Oslos telefoner og postkasser.")
    app.add_typer(register, name="register", help="Hvem som har hvilken rolle.")
    app.add_typer(audit, name="audit", help="Kontroller og eksporter hendelsesloggen.")
    app.command("logg")(logg)
    app.command("rapport")(rapport)


app.add_typer(hendelse.app, name="hendelse", help="Meld, se, avlys og avslutt hendelser.")
app.add_typer(regler.app, name="regler", help="Vis og prøv rutingreglene.")
app.add_typer(svar.app, name="svar", help="Prøv hvordan svar på SMS blir forstått.")
app.add_typer(feilkoe.app, name="feilkoe", help="Meldinger som ikke lot seg behandle.")
app.add_typer(token.app, name="token", help="API-tokener.")
app.add_typer(bruker.app, name="bruker", help="Brukere av portalen.")
drift.koble_paa(app)
utvikling.koble_paa(app)
_romkommandoer()
