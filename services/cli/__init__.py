"""The command line: one Typer app per word after salto."""
