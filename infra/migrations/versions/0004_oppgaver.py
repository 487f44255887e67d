"""Tasks know which answer they are about, and whose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('hendelser_oppgave', schema=None) as batch_op:
        batch_op.add_column(sa.Column('svar_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('person_id', sa.Uuid(), nullable=True))


def upgrade_audit() -> None:
    pass
