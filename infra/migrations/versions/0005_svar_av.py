"""Who took an answer for a person."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('utkalling_kvittering', schema=None) as batch_op:
        batch_op.add_column(sa.Column('av_rolle', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True))
        batch_op.add_column(sa.Column('av_enhet', sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True))



def upgrade_audit() -> None:
    pass
