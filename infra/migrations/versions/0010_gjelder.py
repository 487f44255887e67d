"""What a person was last told that a call-out is about: a stand-down names that, not where it has moved to since."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('utkalling_utkalling', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('gjelder', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False, server_default='')
        )


def upgrade_audit() -> None:
    pass
