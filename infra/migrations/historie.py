"""Running and writing the schema's history: one history, two databases (`salto` and `audit`), SQLite and PostgreSQL."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

MAPPE = Path(__file__).parent


def _oppsett(**attributter: Any) -> Config:
    oppsett = Config()
    oppsett.set_main_option("script_location", str(MAPPE))
    oppsett.set_main_option("path_separator", "os")
    oppsett.attributes.update(attributter)
    return oppsett


def oppgrader(forbindelse: Connection, base: str, metadata: MetaData) -> None:
    """Brings one database to the newest schema, in the caller's transaction."""
    command.upgrade(_oppsett(connection=forbindelse, base=base, metadata=metadata), "head")


def naa(forbindelse: Connection, base: str) -> str | None:
    """The revision a database is at; None when it has none."""
    return _kontekst(forbindelse, base).get_current_revision()


def kjenner(revisjon: str) -> bool:
    """Whether this program's history holds a revision; a newer program's it does not."""
    return any(r.revision == revisjon for r in ScriptDirectory.from_config(_oppsett()).walk_revisions())


def nyeste() -> str | None:
    """The revision the code wants."""
    return ScriptDirectory.from_config(_oppsett()).get_current_head()


def avvik(forbindelse: Connection, base: str, metadata: MetaData) -> list[Any]:
    """What the tables in code have that the database has not, or the other way round."""
    return list(compare_metadata(_kontekst(forbindelse, base), metadata))


def skriv(melding: str, baser: Mapping[str, tuple[Connection, MetaData]]) -> Path:
    """Writes the next revision from what differs, one function per database; a person reads it before it is used."""
    skript = command.revision(_oppsett(), message=melding)
    assert skript is not None
    assert not isinstance(skript, list)
    fil = Path(skript.path)
    deler = []
    for base, (forbindelse, metadata) in baser.items():
        endringer = produce_migrations(_kontekst(forbindelse, base), metadata).upgrade_ops
        assert endringer is not None
        kode = textwrap.dedent("    " + render_python_code(endringer, render_as_batch=True).strip())
        deler.append(f"\n\ndef upgrade_{base}() -> None:\n{textwrap.indent(kode, '    ')}\n")
    fil.write_text(fil.read_text(encoding="utf-8").rstrip() + "\n" + "".join(deler), encoding="utf-8")
    return fil


def _kontekst(forbindelse: Connection, base: str) -> MigrationContext:
    return MigrationContext.configure(
        forbindelse,
        opts={
            "version_table": f"alembic_{base}",
            "compare_type": True,
            "include_name": lambda navn, slag, _: slag != "table" or _hoerer_til(navn or "", base),
        },
    )


def _hoerer_til(tabell: str, base: str) -> bool:
    """Both databases may be one (PostgreSQL): a table is the archive's by its prefix, and else the rooms'."""
    return not tabell.startswith("alembic_") and tabell.startswith("audit_") == (base == "audit")
