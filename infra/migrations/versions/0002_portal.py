"""Accounts and sessions of the portal."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    op.create_table('web_bruker',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('brukernavn', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('passord', sqlmodel.sql.sqltypes.AutoString(length=256), nullable=True),
    sa.Column('rolle', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('enhet', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('opprettet', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('sperret', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('brukernavn')
    )
    op.create_table('web_oekt',
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('bruker_id', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('opprettet', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('sist_brukt', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('sha256')
    )
    with op.batch_alter_table('web_oekt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_oekt_bruker_id'), ['bruker_id'], unique=False)



def upgrade_audit() -> None:
    pass
