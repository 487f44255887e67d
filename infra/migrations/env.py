"""Alembic's way in: the caller hands over an open connection, the name of the database and its tables."""

from __future__ import annotations

from alembic import context

felles = context.config.attributes
context.configure(
    connection=felles["connection"],
    target_metadata=felles["metadata"],
    version_table=f"alembic_{felles['base']}",
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
