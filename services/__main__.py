"""`python -m services`: the CLI that `./salto` hands over to."""

from services.cli.app import app

app(prog_name="salto")
