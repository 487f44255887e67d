"""Decisions of routing in whatever order they come: which is the newest, what it left to do, who has heard of a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('routing_beslutning', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ute', sa.JSON(), nullable=False, server_default='[]'))

    with op.batch_alter_table('utkalling_hendelse', schema=None) as batch_op:
        batch_op.add_column(sa.Column('besluttet_sekvens', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('oppgaver', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('endret_sekvens', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('fortelles_av', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.drop_column('endret_felt')


def upgrade_audit() -> None:
    pass
