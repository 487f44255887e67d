"""What the register last told, and whether it is a backup that is older than that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('register_tilstand') as tabell:
        tabell.add_column(sa.Column('fortalt', sa.Uuid(), nullable=True))
        tabell.add_column(sa.Column('eldre', sa.Boolean(), nullable=False, server_default=sa.false()))


def upgrade_audit() -> None:
    pass
